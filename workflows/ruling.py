"""A command that a rule gives: by the system, once, naming the rule and what it acts on, and dated as the rule says."""

from __future__ import annotations

import hashlib
from datetime import datetime

from domain.aggregate import Command
from domain.seoul import local_day
from store.envelope import Actor, Cause
from workflows.command_envelope import CommandEnvelope

SYSTEM = Actor(role="system")


def by_rule(
    store_id: str,
    command: Command,
    *,
    rule: str,
    version: str,
    about: str | int,
    named: str | None = None,
    at: datetime | None = None,
) -> CommandEnvelope:
    """`about`: the due row that the rule looked at, e.g. `task/2024-07#5` or a stream, or the position of a fact.

    `named`: what makes it the same command, else rule and `about`. `at`: when it takes effect, where that is not when it
    is carried out; see `time_to_state`.
    """
    due, fact = (None, about) if isinstance(about, int) else (about, None)
    return CommandEnvelope(
        command=command,
        actor=SYSTEM,
        via="rule",
        authn="system",
        command_id=id_of(store_id, named or f"{rule} {about}"),
        cause=Cause(due=due, fact=fact, rule=rule, rule_version=version),
        effective_at=at,
    )


def id_of(store_id: str, named: str) -> str:
    """The id of what is so named in that store, as of `uuid.uuid5`, made a hundred thousand at a time."""
    digest = bytearray(
        hashlib.sha1(bytes.fromhex(store_id) + named.encode(), usedforsecurity=False).digest()[:16]
    )
    digest[6], digest[8] = digest[6] & 0x0F | 0x50, digest[8] & 0x3F | 0x80
    return digest.hex()


def time_to_state(at: datetime, now: datetime) -> datetime | None:
    """The moment at which a rule takes effect, where its day is over; on the day itself none is stated."""
    return at if local_day(at) < local_day(now) else None
