"""Policy concerns, a row a concern, and what is asked of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec

from domain.concern.facts import ConcernFact
from domain.concern.state import Concern, ConcernStage
from domain.concern.state import evolve as evolve_concern
from domain.fact import kinds_of
from domain.streams import concern_stream, identity_of
from domain.values import LocalText
from projections.meetings import MEETINGS
from projections.query import Query
from projections.reading import ask, ask_rows
from projections.slices import AsOf
from projections.view import View
from store.log import Store
from store.recorded import RecordedFact


class ConcernRow(msgspec.Struct, frozen=True, gc=False):
    """`programme_year`: of the programme under which it was raised, None where a slice does not have that; `since`: when it came to
    where it stands; `state`: what of the concern the row is made of.
    """

    concern: str
    programme_year: int | None
    stage: ConcernStage
    since: datetime
    state: Concern


def evolve(row: ConcernRow | None, recorded: RecordedFact[Any]) -> ConcernRow:
    """The row after a concern's fact."""
    before = Concern() if row is None else row.state
    state = evolve_concern(before, recorded.fact, recorded.effective_at, recorded.version)
    year = None if state.raised is None else state.raised.year
    moved = row is None or (state.stage, state.round) != (before.stage, before.round)
    since = recorded.known_at if row is None or moved else row.since
    return ConcernRow(identity_of(recorded.stream), year, state.stage, since, state)


CONCERNS = View(
    name="concerns",
    version=1,
    row=ConcernRow,
    columns={"programme_year": "integer", "stage": "text"},
    kinds=kinds_of(ConcernFact),
    keys=lambda recorded: (identity_of(recorded.stream),),
    evolve=evolve,
    reading="concerns",
    by_stream=True,
)

_OF_YEAR = Query(
    "SELECT row::text FROM {concerns} AS concern WHERE %(year)s::integer IS NULL OR programme_year = %(year)s "
    "ORDER BY row->'state'->>'raised_at', key",
    CONCERNS,
)
_BEFORE = Query(
    "SELECT key FROM {concerns} AS concern WHERE %(concern)s IN "
    "(SELECT json_array_elements_text(row->'state'->'follow_ups')) ORDER BY key",
    CONCERNS,
)
_ITEMS = Query(
    "SELECT meeting.key, row->>'on', (item.key)::integer, item.value->'name' FROM {meetings} AS meeting, "
    "json_each(row->'state'->'items') AS item WHERE item.value->>'concern' = %(concern)s "
    "AND coalesce(item.value->>'dropped', 'false') = 'false' ORDER BY row->>'on', meeting.key, 3",
    MEETINGS,
)


class OnAgenda(msgspec.Struct, frozen=True):
    """An item of a meeting that deliberates a concern. `on`: the meeting's day."""

    meeting: str
    on: date
    item: int
    name: LocalText


def concerns_of(store: Store, year: int | None = None, at: AsOf | None = None) -> list[ConcernRow]:
    """The concerns of a year's programme, or all, the earliest first. `at`: of a slice of the log, here and below."""
    return ask_rows(store, ConcernRow, _OF_YEAR, {"year": year}, at)


def concerns_before(store: Store, concern: str, at: AsOf | None = None) -> list[str]:
    """From which concerns this one follows."""
    return [key for (key,) in ask(store, _BEFORE, {"concern": concern_stream(concern)}, at)]


def items_about(store: Store, concern: str, at: AsOf | None = None) -> list[OnAgenda]:
    """On which meetings' agendas it stands, by day."""
    found = ask(store, _ITEMS, {"concern": concern}, at)
    return [
        OnAgenda(meeting, date.fromisoformat(on), item, msgspec.convert(name, LocalText))
        for meeting, on, item, name in found
    ]
