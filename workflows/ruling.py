"""A command that a rule gives: by the system, once, naming the rule and what it acts on, and dated as the rule says."""

from __future__ import annotations

import uuid
from datetime import datetime

from domain.aggregate import Command
from domain.seoul import local_day
from store.envelope import Actor, Cause
from workflows.order import Order

SYSTEM = Actor(role="system")


def by_rule(
    store_id: str,
    command: Command,
    *,
    rule: str,
    version: str,
    about: str,
    named: str | None = None,
    at: datetime | None = None,
) -> Order:
    """`about`: the fact or stream that the rule looked at; `named`: what makes it the same command, else rule and `about`.

    `at`: when it takes effect, where that is not when it is carried out; see `stated`.
    """
    return Order(
        command=command,
        actor=SYSTEM,
        via="rule",
        authn="system",
        command_id=uuid.uuid5(uuid.UUID(store_id), named or f"{rule} {about}").hex,
        cause=Cause(due=about, rule=rule, rule_version=version),
        effective_at=at,
    )


def stated(at: datetime, now: datetime) -> datetime | None:
    """The moment at which a rule takes effect, where its day is over; on the day itself none is stated."""
    return at if local_day(at) < local_day(now) else None
