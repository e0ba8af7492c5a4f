"""What people read of tokens: whom each stands for, and until when."""

from __future__ import annotations

from datetime import date

import msgspec

from workflows.lookups import load_tokens
from workflows.queries.inquiry import Inquiry


class TokenRead(msgspec.Struct, frozen=True):
    """`subject`: the person who answers for it, and `person` the name, where the reader may see it; `until`: its last day, in Seoul."""

    id: str
    role: str
    agency: str | None
    subject: str | None
    person: str | None
    until: date
    revoked: bool


class TokenList(msgspec.Struct, frozen=True):
    tokens: list[TokenRead]


def list_tokens(inquiry: Inquiry) -> TokenList:
    """Every token that was ever issued; its secret is kept nowhere."""
    known = load_tokens(inquiry.store, inquiry.authorise("token.list"))
    people = inquiry.names_of([one.subject for one in known.values() if one.subject])
    return TokenList(
        [
            TokenRead(
                identity,
                one.role,
                one.agency,
                one.subject,
                people.get(one.subject or ""),
                one.until,
                one.revoked,
            )
            for identity, one in known.items()
        ]
    )
