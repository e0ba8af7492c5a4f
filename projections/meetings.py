"""Meetings, a row a meeting, and what was decided and is not done, a row a decision; and what is asked of both."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec

from domain.fact import kinds_of
from domain.meeting.deadline_kinds import last_day
from domain.meeting.facts import Decided, DecisionDone, MeetingFact
from domain.meeting.state import Meeting, MeetingStage
from domain.meeting.state import evolve as evolve_meeting
from domain.streams import identity_of
from domain.values import LocalText
from projections.query import Query
from projections.reading import ask, ask_rows
from projections.slices import AsOf
from projections.successions import successions
from projections.view import View
from store.log import Store
from store.recorded import RecordedFact


class MeetingRow(msgspec.Struct, frozen=True, gc=False):
    """`programme_year`: of the programme under which it was called, None where a slice does not have that; `state`: what of the meeting
    the row is made of. `facts`: how many there are; `tells_until`: until when somebody may have to be told something of it, None
    where nobody has.
    """

    meeting: str
    programme_year: int | None  # an export parts rows by a `year`, in whose order these keys are not
    stage: MeetingStage
    on: date | None
    state: Meeting
    facts: int = 0
    tells_until: date | None = None


class OpenDecisionRow(msgspec.Struct, frozen=True, gc=False):
    """`agency`: who carries it out, None where the city does; `due`: until when; `since`: when it was decided."""

    meeting: str
    decision: int
    wording: LocalText
    agency: str | None
    due: date
    since: datetime
    item: int | None = None


def evolve(row: MeetingRow | None, recorded: RecordedFact[Any]) -> MeetingRow:
    """The row after a meeting's fact."""
    before = Meeting() if row is None else row.state
    state = evolve_meeting(before, recorded.fact, recorded.effective_at, recorded.version)
    year = None if state.called is None else state.called.year
    return MeetingRow(
        identity_of(recorded.stream), year, state.stage, state.on, state, recorded.version, last_day(state)
    )


def evolve_decision(row: OpenDecisionRow | None, recorded: RecordedFact[Any]) -> OpenDecisionRow | None:
    """The row after a decision, or after it was said to be done. What was carried out with it was never open."""
    fact = recorded.fact
    if not isinstance(fact, Decided) or fact.carried_out or fact.due is None:
        return None
    return OpenDecisionRow(
        identity_of(recorded.stream),
        fact.decision,
        fact.wording,
        fact.agency,
        fact.due,
        recorded.known_at,
        fact.item,
    )


MEETINGS = View(
    name="meetings",
    version=2,
    row=MeetingRow,
    columns={"programme_year": "integer", "stage": "text", "facts": "integer", "tells_until": "date"},
    kinds=kinds_of(MeetingFact),
    keys=lambda recorded: (identity_of(recorded.stream),),
    evolve=evolve,
    reading="meetings",
    by_stream=True,
)
DECISIONS_OPEN = View(
    name="decisions_open",
    version=1,
    row=OpenDecisionRow,
    columns={"agency": "text", "due": "date"},
    kinds=kinds_of(Decided | DecisionDone),
    keys=lambda recorded: (f"{identity_of(recorded.stream)}#{recorded.fact.decision}",),
    evolve=evolve_decision,
    reading="meetings",
    by_stream=True,
)

_OF_YEAR = Query(
    "SELECT row::text FROM {meetings} AS meeting WHERE %(year)s::integer IS NULL OR programme_year = %(year)s "
    "ORDER BY row->>'on', key",
    MEETINGS,
)
_TELLING = Query(
    "SELECT key, facts FROM {meetings} AS meeting WHERE tells_until >= %s ORDER BY key", MEETINGS
)
_OPEN = Query("SELECT row::text FROM {decisions_open} AS decision ORDER BY due, key", DECISIONS_OPEN)


def meetings_of(store: Store, year: int | None = None, at: AsOf | None = None) -> list[MeetingRow]:
    """The meetings of a year's programme, or all, by day. `at`: of a slice of the log, here and below."""
    return ask_rows(store, MeetingRow, _OF_YEAR, {"year": year}, at)


def meetings_to_tell_of(store: Store, today: date) -> dict[str, int]:
    """The meetings of which somebody may have to be told something on that day, each with how many facts it has."""
    return dict(ask(store, _TELLING, (today,)))


def decisions_open(store: Store, at: AsOf | None = None) -> list[OpenDecisionRow]:
    """What was decided and is not done, the soonest due first; of an agency that was merged, under its successor's name."""
    known = successions(store, at)
    rows = ask_rows(store, OpenDecisionRow, _OPEN, at=at)
    return [
        row if row.agency is None else msgspec.structs.replace(row, agency=known.answering(row.agency))
        for row in rows
    ]
