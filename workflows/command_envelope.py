"""What is handed to the command handler, and what comes back from it."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from domain.errors import Refusal
from store.envelope import Actor, Authn, Cause, Via

if TYPE_CHECKING:
    from domain.aggregate import Command

_in_order = msgspec.json.Encoder(order="sorted").encode


class Giver(NamedTuple):
    """Who gives a command, by which way in, how known, and by which token where that is how."""

    actor: Actor
    via: Via
    authn: Authn = "asserted"
    token: str | None = None


class CommandEnvelope(msgspec.Struct, frozen=True, kw_only=True):
    """A command with who gives it, how, and why.

    `command_id`: UUID in hex; the same id is carried out once. `effective_at`: only for late entries, aware.
    `token`: the id of the token by which the actor is known. `on_behalf_of`: in whose place the actor acts. `files`: the bytes
    of the files that the command names, by their SHA-256, which stands in it.
    """

    command: Command
    actor: Actor
    via: Via
    authn: Authn = "asserted"
    command_id: str = msgspec.field(default_factory=lambda: uuid.uuid4().hex)
    on_behalf_of: Actor | None = None
    cause: Cause | None = None
    ref: str | None = None
    reason: str | None = None
    effective_at: datetime | None = None
    token: str | None = None
    files: Mapping[str, bytes] = {}

    def digest(self) -> bytes:
        """SHA-256 over all that was asked for, so that an id cannot be used again for something else.

        What is absent is left out, so that a field added later changes no digest.
        """
        envelope = {
            name: msgspec.to_builtins(value)
            for name in ("actor", "on_behalf_of", "cause", "ref", "reason", "effective_at")
            if (value := getattr(self, name)) is not None
        }
        fields = self.command.model_dump(mode="json", exclude_none=True)
        asked = {"command": self.command.name, "fields": fields, "order": envelope}
        return hashlib.sha256(_in_order(asked)).digest()


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """Where the command's facts stand. `repeated`: it had been carried out before under this id."""

    command_id: str
    stream: str
    kinds: tuple[str, ...]
    first_position: int
    last_position: int
    known_at: datetime
    repeated: bool


class BadCommandId(Refusal):
    """A command id is a UUID."""

    ko = "명령 번호 ‘{given}’은(는) UUID가 아닙니다. UUID를 지정하거나 --command-id를 빼고 실행하십시오."
    en = "The command id “{given}” is not a UUID. Give a UUID, or leave --command-id out."


def command_id(given: str | None) -> str:
    """The UUID in hex, or a new one."""
    if given is None:
        return uuid.uuid4().hex
    try:
        return uuid.UUID(given).hex
    except ValueError:
        raise BadCommandId(given=given) from None
