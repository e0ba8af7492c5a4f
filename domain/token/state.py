"""A token as its facts made it."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from domain.fact import Fold
from domain.token.facts import Issued, TokenFact


class Token(msgspec.Struct, frozen=True, gc=False):
    """`secret_sha256` is empty until the token is issued. `until`: the last day on which it holds."""

    role: str = ""
    agency: str | None = None
    subject: str | None = None
    secret_sha256: str = ""
    until: date = date.min
    revoked: bool = False

    @property
    def issued(self) -> bool:
        return bool(self.secret_sha256)


def evolve(token: Token, fact: TokenFact, at: datetime, version: int) -> Token:
    if isinstance(fact, Issued):
        return Token(fact.role, fact.agency, fact.subject, fact.secret_sha256, fact.until)
    return replace(token, revoked=True)


TOKEN = Fold.of("token", Token(), TokenFact, evolve)
