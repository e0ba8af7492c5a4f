"""What concerns wait for: opinions of agencies until their last day, and then the city, which resolves them and reviews what came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Literal

import msgspec

from domain.concern.state import ConcernStage
from domain.values import LocalText
from projections.concerns import ConcernRow, concerns_of
from projections.slices import AsOf
from projections.successions import Successions, successions
from store.log import Store

Wanted = Literal["opinion", "resolve", "take_up", "review"]


class ConcernWaiting(msgspec.Struct, frozen=True):
    """`wanted`: an opinion, until the day `due`; else by the city: that it is resolved, taken up again or reviewed, from that day
    on. `agency`: whose opinion, None where all are asked or the city has to do it.
    """

    concern: str
    name: LocalText
    wanted: Wanted
    agency: str | None
    due: date
    since: datetime


def concerns_of_agency(
    store: Store, agency: str | None, today: date, at: AsOf | None
) -> list[ConcernWaiting]:
    """For an agency's inbox, or for all agencies'. `at`: of a slice of the log, here and below."""
    known = successions(store, at)
    asked = (row for row in concerns_of(store, at=at) if is_asked(row, today))
    return [one for row in asked for one in _ask(row, agency, known)]


def concerns_of_city(store: Store, today: date, at: AsOf | None) -> list[ConcernWaiting]:
    """For the planner's inbox."""
    return [one for row in concerns_of(store, at=at) if (one := find_for_city(row, today)) is not None]


def is_asked(row: ConcernRow, today: date) -> bool:
    """Whether opinions can be given today."""
    until = row.state.until
    return row.stage is ConcernStage.OPEN and until is not None and today <= until


def _ask(row: ConcernRow, agency: str | None, known: Successions) -> Iterator[ConcernWaiting]:
    """Whoever is asked and has given none in this round; of an agency that was merged, its successor. The one that raised it
    has said what it thinks, unless it is named.
    """
    raised, until = row.state.raised, row.state.until
    if raised is None or until is None:
        return
    heard = {known.answering(one) for one in row.state.heard if one is not None}
    if row.state.invited:
        asked = {known.answering(one) for one in row.state.invited}
        missing: list[str | None] = [one for one in sorted(asked - heard) if agency in (None, one)]
    else:
        missing = [] if agency is not None and agency in {*heard, raised.agency} else [agency]
    for one in missing:
        yield ConcernWaiting(row.concern, raised.name, "opinion", one, until, row.since)


def find_for_city(row: ConcernRow, today: date) -> ConcernWaiting | None:
    """What the city has to do by now."""
    state = row.state
    wanted: dict[ConcernStage, tuple[Wanted, date | None, bool]] = {
        ConcernStage.OPEN: ("resolve", state.until, False),
        ConcernStage.DEFERRED: ("take_up", state.deferred_until, False),
        ConcernStage.CHOSEN: ("review", state.review_on, True),
    }
    what, due, on_it = wanted.get(row.stage, ("resolve", None, False))
    if state.raised is None or due is None or today < due or (today == due and not on_it):
        return None
    return ConcernWaiting(row.concern, state.raised.name, what, None, due, row.since)
