"""What inspectors read of attempts that were refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from domain.calendar.reckoning import end_of
from domain.seoul import midnight
from store.envelope import Actor, spell_actor
from store.refused import RefusedRow, load_refused
from workflows.queries.inquiry import Inquiry


class AttemptRead(RefusedRow, frozen=True, kw_only=True):
    """`actor`: as --as takes it, None where nobody is known."""

    actor: str | None  # type: ignore[assignment]


class AttemptList(msgspec.Struct, frozen=True):
    """The newest first."""

    refused: Sequence[AttemptRead]


def list_attempts(
    inquiry: Inquiry,
    *,
    actor: Actor | None = None,
    unnamed: bool = False,
    command: str | None = None,
    first: date | None = None,
    last: date | None = None,
    most: int = 500,
) -> AttemptList:
    """Commands, readings, and tokens that opened nothing. `actor`: what it does not name may be anything; `unnamed`: only
    where nobody is known; `first`, `last`: days in Seoul, both included.
    """
    inquiry.authorise("refused")
    since, until = moments(first, last)
    rows = load_refused(
        inquiry.store,
        actor=actor,
        unnamed=unnamed,
        command=command,
        since=since,
        until=until,
        most=most,
    )
    return AttemptList([_attempt_read(row) for row in rows])


def moments(first: date | None, last: date | None) -> tuple[datetime | None, datetime | None]:
    """From the first moment of a day in Seoul up to the last of another, as aware moments."""
    return (
        None if first is None else midnight(first),
        None if last is None else end_of(last),
    )


def _attempt_read(row: RefusedRow) -> AttemptRead:
    actor = None if row.actor is None else spell_actor(row.actor)
    return AttemptRead(**msgspec.structs.asdict(row) | {"actor": actor})
