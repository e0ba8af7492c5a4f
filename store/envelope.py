"""The envelope round every fact, as it stands in the stored bytes. Released: fields are only ever added."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from domain.roles import Role
from domain.values import TextRef

Via = Literal["cli", "web", "api", "rule"]
# How who acts is known. Settled for good: each stands in facts for ever. `code`: what was handed over to be used once.
Authn = Literal["asserted", "token", "passkey", "password", "oidc", "code", "system"]


class Actor(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """Who acts. `subject`: a random id of a person in the vault, absent where nobody was identified."""

    role: Role
    agency: str | None = None
    subject: str | None = None


def spell_actor(actor: Actor) -> str:
    """An actor as `--as` takes it: ROLE, ROLE@AGENCY, either with :SUBJECT."""
    agency = f"@{actor.agency}" if actor.agency else ""
    return actor.role + agency + (f":{actor.subject}" if actor.subject else "")


def actor_of(role: Role | None, agency: str | None, subject: str | None) -> Actor | None:
    """An actor from its three columns; None where nobody was named."""
    return None if role is None else Actor(role=role, agency=agency, subject=subject)


class Cause(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """What made the system act: a fact's position or a due row, by which rule of which version."""

    fact: int | None = None
    due: str | None = None
    rule: str | None = None
    rule_version: str | None = None


class Text(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """The reference to a free text, as the envelope holds it. See domain.values.TextRef."""

    id: str
    commitment: str


VERSION = 2  # of the envelope, the highest one known here


class Envelope(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """`v`: the envelope's own version; `schema`: the version of the fact's fields; `command`: its UUID in hex.

    `effective_at` is absent when the thing took effect when it became known. `token`: the id of the token used.
    Since version 2, and 1 where neither stands there: `mandate`, the substitution or delegation by which somebody acts
    for another, as "agency/gto#5"; `machine`, a text that says by which user of
    which machine it was entered.
    """

    v: int
    schema: int
    actor: Actor
    via: Via
    authn: Authn
    command: str
    on_behalf_of: Actor | None = None
    cause: Cause | None = None
    ref: str | None = None
    reason: Text | None = None
    effective_at: datetime | None = None
    token: str | None = None
    mandate: str | None = None
    machine: Text | None = None


def text_of(ref: TextRef | None) -> Text | None:
    return None if ref is None else Text(id=ref.id, commitment=ref.commitment)
