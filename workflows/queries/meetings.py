"""What people read of meetings: all of a year, what was decided and is not done, and one with agenda, decisions and history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

import msgspec

from domain.errors import Refusal
from domain.meeting.facts import Format, Terms, Vote
from domain.meeting.state import MEETING, Meeting, MeetingStage
from domain.streams import identity_of, meeting_stream
from domain.values import LocalText
from projections.history_line import Line
from projections.meetings import MeetingRow, decisions_open, meetings_of
from projections.slices import of_stream
from store.recorded import fold_state
from workflows.decisions_waiting import OpenDecision, describe_open
from workflows.queries.inquiry import Inquiry
from workflows.queries.texts_read import TextsRead

DecisionState = Literal["open", "overdue", "carried_out", "done"]


class NoSuchMeeting(Refusal):
    ko = "회의 {meeting}은(는) 소집되지 않았습니다. `donghaeng meeting list`로 확인하십시오."
    en = "The meeting {meeting} was never called. See `donghaeng meeting list`."


class MeetingRead(msgspec.Struct, frozen=True):
    """`on`, `time`, `venue`: as it is by now; `open`: how many of its decisions are not done, `overdue`: by their last day.

    `series`: which of the definition's it belongs to, `series_name`: what that calls it.
    """

    meeting: str
    year: int
    name: LocalText
    theme: LocalText | None
    stage: MeetingStage
    on: date
    time: str | None
    venue: LocalText
    format: Format
    items: int
    decisions: int
    open: int
    overdue: int
    series: str | None
    series_name: LocalText | None


class MeetingList(msgspec.Struct, frozen=True):
    meetings: list[MeetingRead]


class OpenDecisions(msgspec.Struct, frozen=True):
    decisions: list[OpenDecision]


class ItemRead(msgspec.Struct, frozen=True):
    """In the order in which they are taken. `agency`: whose it is, None where the city's; `text`, `notes`: as people wrote them;
    `concern`: which policy concern it deliberates; `papers`: the files that go with it, by name.
    """

    item: int
    name: LocalText
    agency: str | None
    withdrawn: bool
    text: str | None
    notes: list[str]
    concern: str | None
    papers: list[str]


class SeatRead(msgspec.Struct, frozen=True):
    """`member`: whether it belongs to the meeting; `present`: whether somebody took it; `subject`: who did, `stands_in_for`: in whose stead, by the vault's ids."""

    seat: str
    member: bool
    present: bool
    chair: bool
    subject: str | None = None
    stands_in_for: str | None = None


class CommandCarriedOut(msgspec.Struct, frozen=True):
    command: str
    label: LocalText
    stream: str


class DecisionRead(msgspec.Struct, frozen=True):
    """`state`: `carried_out` with the decision itself, `done` as somebody said, `overdue` or `open`. `result`: what came of it."""

    decision: int
    wording: LocalText
    item: int | None
    agency: str | None
    due: date | None
    state: DecisionState
    text: str | None
    result: str | None
    vote: Vote | None
    carried_out: list[CommandCarriedOut]


class VotedDownRead(msgspec.Struct, frozen=True):
    wording: LocalText
    item: int | None
    vote: Vote


class ObjectionRead(msgspec.Struct, frozen=True):
    """`upheld`, `settlement`: None while it is open."""

    objection: int
    agency: str | None
    text: str
    upheld: bool | None
    settlement: str | None


class MeetingShown(msgspec.Struct, frozen=True):
    """`terms`: by what it goes, of the definition under which it was called; `seats_taken`, `seats_needed`: of those who belong to
    it. `object_until`: the last day to object to the minutes, None before they went round. `people`: the names of persons by id,
    where the reader may see them.
    """

    meeting: MeetingRead
    definition: str
    terms: Terms
    seats: list[SeatRead]
    seats_taken: int
    seats_needed: int
    items: list[ItemRead]
    decisions: list[DecisionRead]
    voted_down: list[VotedDownRead]
    notes: list[str]
    objections: list[ObjectionRead]
    object_until: date | None
    people: Mapping[str, str]
    history: list[Line]


def list_meetings(inquiry: Inquiry, year: int | None = None, series: str | None = None) -> MeetingList:
    """Those of a year's programme, of a series, or all, by day."""
    at = inquiry.authorise("meetings", (inquiry.own_agency,))
    rows = meetings_of(inquiry.store, year, at)
    found = [_read(row, inquiry.today) for row in rows if row.programme_year is not None]
    return MeetingList([one for one in found if series in (None, one.series)])


def list_open_decisions(inquiry: Inquiry, agency: str | None = None) -> OpenDecisions:
    """What was decided and is not done, of everybody or of one agency, the soonest due first."""
    at = inquiry.authorise("meetings", (inquiry.own_agency,))
    return OpenDecisions(
        [
            describe_open(row, inquiry.today)
            for row in decisions_open(inquiry.store, at)
            if agency in (None, row.agency)
        ]
    )


def show_meeting(inquiry: Inquiry, meeting: str) -> MeetingShown:
    """Raises NoSuchMeeting."""
    from workflows.telling import history_of  # noqa: PLC0415 - with all sentences, of which lists tell none

    store, stream = inquiry.store, meeting_stream(meeting)
    at = inquiry.authorise("meetings", (inquiry.own_agency,))
    facts = of_stream(store.read(stream), at)
    state: Meeting = fold_state(MEETING, facts)
    if state.called is None:
        raise NoSuchMeeting(meeting=meeting)
    said = TextsRead(store, facts, inquiry)
    row = MeetingRow(meeting, state.called.year, state.stage, state.on, state)
    seats = _seats(state)
    people = [who for one in seats for who in (one.subject, one.stands_in_for) if who is not None]
    invited = [identity_of(one) for one in state.members if one.startswith("subject/")]
    return MeetingShown(
        _read(row, inquiry.today),
        state.called.definition,
        state.called.terms,
        seats,
        state.seats_taken,
        state.seats_needed,
        _items(state, said),
        [_decision(state, number, said, inquiry.today) for number in sorted(state.decisions)],
        [VotedDownRead(one.wording, one.item, one.vote) for one in state.voted_down],
        [said.of(one.text) for one in state.notes if one.item is None],
        [_objection(state, number, said) for number in sorted(state.objections)],
        None if state.circulated is None else state.circulated.object_until,
        inquiry.names_of([*people, *invited]),
        history_of(store, stream, inquiry.lang, at, inquiry.names_of),
    )


def _read(row: MeetingRow, today: date) -> MeetingRead:
    state = row.state
    called = state.called
    assert called is not None
    waiting = [one for one in state.decisions.values() if not one.done]
    return MeetingRead(
        meeting=row.meeting,
        year=called.year,
        name=called.name,
        theme=called.theme,
        stage=state.stage,
        on=state.on or called.on,
        time=state.time,
        venue=state.venue or called.venue,
        format=called.format,
        items=len(state.agenda),
        decisions=len(state.decisions),
        open=len(waiting),
        series=called.series,
        series_name=called.series_name,
        overdue=sum(one.decided.due is not None and one.decided.due < today for one in waiting),
    )


def _seats(state: Meeting) -> list[SeatRead]:
    every = dict.fromkeys((*state.members, *state.present))
    return [
        SeatRead(
            seat,
            seat in state.members,
            seat in state.present,
            seat == state.presiding,
            None if seat not in state.present else state.present[seat].subject,
            None if seat not in state.present else state.present[seat].stands_in_for,
        )
        for seat in every
    ]


def _items(state: Meeting, said: TextsRead) -> list[ItemRead]:
    dropped = [number for number in sorted(state.items) if state.items[number].dropped]
    return [
        ItemRead(
            number,
            state.items[number].name,
            state.items[number].agency,
            state.items[number].dropped,
            said.find(state.items[number].text),
            [said.of(one.text) for one in state.notes if one.item == number],
            state.items[number].concern,
            list(state.items[number].papers),
        )
        for number in (*state.agenda, *dropped)
    ]


def _decision(state: Meeting, number: int, said: TextsRead, today: date) -> DecisionRead:
    one = state.decisions[number]
    made = one.decided
    standing: DecisionState = "carried_out" if made.carried_out else "done" if one.done else "open"
    if standing == "open" and made.due is not None and made.due < today:
        standing = "overdue"
    return DecisionRead(
        number,
        made.wording,
        made.item,
        made.agency,
        made.due,
        standing,
        said.find(made.text),
        said.find(one.result),
        made.vote,
        [CommandCarriedOut(each.command, each.command_label, each.stream) for each in made.carried_out],
    )


def _objection(state: Meeting, number: int, said: TextsRead) -> ObjectionRead:
    one = state.objections[number]
    settled = one.settlement
    return ObjectionRead(
        number,
        one.objected.agency,
        said.of(one.objected.text),
        None if settled is None else settled.upheld,
        None if settled is None else said.of(settled.text),
    )
