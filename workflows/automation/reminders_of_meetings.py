"""What is reminded of of meetings: decisions that are not done, by their ladder; invitations, cancellations and minutes that go
round, at once.

The days of rungs are counted by the calendars as they are on the day: a decision's last day is what it says, and never moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from domain.calendar.reckoning import Calendars, business_day, on_or_before
from domain.calendar.refusals import CalendarNotOpen
from domain.lifecycle.meetings import rungs_of_meeting
from domain.lifecycle.model import Definition
from domain.lifecycle.rules import ReminderStepRule
from domain.meeting.deadline_kinds import (
    CANCELLATION,
    INVITATION,
    MEETING_KINDS,
    OpenOfMeeting,
    list_open,
)
from domain.meeting.state import MEETING, Meeting
from domain.notice.facts import Due
from domain.seoul import local_day
from domain.streams import meeting_stream
from domain.values import Deadline, ReminderStep
from projections.meetings import meetings_to_tell_of
from projections.notices import NoticeRow, notices_about
from store.log import Store
from store.recorded import RecordedFact, fold_state
from workflows.automation.reacting import Tick
from workflows.automation.rungs import Addressing, Key, Rung, Source
from workflows.calendars import calendars
from workflows.definitions.adopted import definitions_of
from workflows.recipients import Directory

_AT_ONCE = 50
_DAY = timedelta(days=1)
Facts = Sequence[RecordedFact[Any]]


class _Coming(NamedTuple):
    """A rung that has no notices yet."""

    one: OpenOfMeeting
    days: int
    to: tuple[str, ...]
    on: date


def _look(tick: Tick, directory: Directory) -> Iterator[list[Rung]]:
    known = meetings_to_tell_of(tick.store, tick.today)
    left = [
        (name, facts)
        for name, facts in known.items()
        if tick.memory.told_of_meetings.get(name) != (facts, tick.today)
        and meeting_stream(name) not in tick.unsettled
    ]
    for first in range(0, len(left), _AT_ONCE):
        some = left[first : first + _AT_ONCE]
        streams, rows = _load(tick.store, [name for name, _ in some])
        found: list[Rung] = []
        for name, count in some:
            rungs = _find_rungs(tick, directory, name, streams[meeting_stream(name)], rows[name])
            if not rungs:  # until it moves on, or another day comes
                tick.memory.told_of_meetings[name] = (count, tick.today)
            found += rungs
        yield found


def _find_rungs(
    tick: Tick, directory: Directory, name: str, facts: Facts, rows: Sequence[NoticeRow]
) -> list[Rung]:
    """Those of a meeting whose day has come."""
    coming = [one for one in _list_coming(tick.store, facts, rows, tick.today) if one.on <= tick.today]
    return list(_rungs_of(name, facts, coming, rows, directory))


def _load(store: Store, meetings: Sequence[str]) -> tuple[Mapping[str, Facts], Mapping[str, list[NoticeRow]]]:
    """The facts of these meetings, and what was armed of each."""
    streams = store.load([meeting_stream(name) for name in meetings]).streams
    rows: dict[str, list[NoticeRow]] = {name: [] for name in meetings}
    for row in notices_about(store, list(streams)):
        rows[row.stream.partition("/")[2]].append(row)
    return streams, rows


def _list_coming(store: Store, facts: Facts, rows: Sequence[NoticeRow], today: date) -> Iterator[_Coming]:
    """The rungs without notices whose day was not before that of which is told."""
    meeting: Meeting = fold_state(MEETING, facts)
    if meeting.called is None:
        return
    by = definitions_of(store).of(meeting.called.definition)
    told = {(row.deadline, row.item, row.due, row.days) for row in rows}
    found = _list_open(meeting, rows, today)
    years = {one.due.year + more for one in found for more in (-1, 0, 1)}
    known = calendars(store, years)
    for one in found:
        for coming in _list_rungs(one, by, _began(one, facts), known):
            if (one.kind, one.item, one.due, coming.days) not in told:
                yield coming


def _list_open(meeting: Meeting, rows: Sequence[NoticeRow], today: date) -> list[OpenOfMeeting]:
    """What is open of it; where nobody was told that there is a meeting, nobody is told that it is cancelled."""
    invited = {_agency_in(row.item) for row in rows if row.deadline == INVITATION and row.message is not None}
    return [one for one in list_open(meeting, today) if one.kind != CANCELLATION or one.agency in invited]


def _list_rungs(one: OpenOfMeeting, by: Definition, began: date, known: Calendars) -> Iterator[_Coming]:
    for rung in rungs_of_meeting(by.meetings, by.ladders, one.kind, of_city=one.agency is None):
        on = _day_of(one, rung, began, known)
        if on is not None:
            yield _Coming(one, rung.days, rung.to, on)


def _began(one: OpenOfMeeting, facts: Facts) -> date:
    """Since when it is so: of who was invited later, since then."""
    named = [fact for fact in facts if f"agency/{one.agency}" in getattr(fact.fact, "invited", ())]
    later = [] if one.agency is None or not one.at_once else [fact.known_at for fact in named[:1]]
    return local_day(max([facts[one.since - 1].known_at, *later]))


def _day_of(one: OpenOfMeeting, rung: ReminderStepRule, began: date, known: Calendars) -> date | None:
    """None where nobody can count it, or it was over when it began."""
    if one.at_once and not rung.days:
        return began
    try:
        on = business_day(known, one.due, rung.days) if rung.days else on_or_before(known, one.due).due
    except CalendarNotOpen:
        return None
    return on if on >= began + (_DAY if one.at_once else timedelta()) else None


def _rungs_of(
    name: str, facts: Facts, coming: Sequence[_Coming], rows: Sequence[NoticeRow], directory: Directory
) -> Iterator[Rung]:
    meeting: Meeting = fold_state(MEETING, facts)
    assert meeting.called is not None, "what was not called has nothing open"
    for one, days, to, on in coming:
        step = ReminderStep(days=days, on=on)
        yield Rung(
            meeting_stream(name),
            meeting.called.definition,
            _deadline(one),
            one.since,
            step,
            directory.answering(one.agency, meeting.called.year),
            to,
            was=_day_told_before(one, rows),
            at_once=one.at_once and not days,
        )


def _deadline(one: OpenOfMeeting) -> Deadline:
    return Deadline(
        kind=one.kind,
        item=one.item,
        who="city" if one.agency is None else "agency",
        start=one.due,
        days=0,
        due=one.due,
        label=MEETING_KINDS[one.kind].label,
    )


def _day_told_before(one: OpenOfMeeting, rows: Sequence[NoticeRow]) -> date | None:
    """The other day of the meeting that the agency was invited for last."""
    if one.kind != INVITATION:
        return None
    before = [
        (int((row.item or "0").partition("-")[0]), row.due)
        for row in rows
        if row.deadline == INVITATION and _agency_in(row.item) == one.agency and row.item != one.item
    ]
    last = max(before, default=None)
    return None if last is None or last[1] == one.due else last[1]


def _agency_in(item: str | None) -> str:
    return (item or "").partition("-")[2]


def _next_rung(store: Store, after: date) -> date | None:
    today = local_day(store.now())
    names = list(meetings_to_tell_of(store, today))
    streams, rows = _load(store, names) if names else ({}, {})
    days = (
        one.on
        for name in names
        for one in _list_coming(store, streams[meeting_stream(name)], rows[name], today)
        if one.on > after
    )
    return min(days, default=None)


def _find_due(store: Store, streams: Mapping[str, Facts]) -> Mapping[str, set[Key]]:
    today = local_day(store.now())
    return {
        name: {(one.kind, one.item, one.due) for one in list_open(fold_state(MEETING, facts), today)}
        for name, facts in streams.items()
    }


def _address(store: Store, told: Due, life: Facts, directory: Directory) -> Addressing | None:
    meeting: Meeting = fold_state(MEETING, life)
    wanted = told.deadline, told.item, told.due
    one = next(
        (one for one in list_open(meeting, directory.day) if (one.kind, one.item, one.due) == wanted), None
    )
    if one is None or meeting.called is None:
        return None
    by = definitions_of(store).of(meeting.called.definition)
    rungs = rungs_of_meeting(by.meetings, by.ladders, one.kind, of_city=one.agency is None)
    steps = next((rung.to for rung in rungs if rung.days == told.days), ("planner",))
    return Addressing(
        told, steps, directory.answering(one.agency, meeting.called.year), one.at_once and not told.days
    )


OF_MEETINGS = Source(_look, _next_rung, _find_due, _address)
