"""Every rule of meetings. What a decision gives is carried out by who carries out commands (`workflows/orders.py`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from domain.agency.rules import check_active
from domain.agency.state import Agency
from domain.aggregate import Aggregate, DecisionContext
from domain.attachments import attachments_of
from domain.calendar.reckoning import business_days_before
from domain.limits import ref_of
from domain.meeting import commands as c
from domain.meeting import facts
from domain.meeting import refusals as refused
from domain.meeting.agenda import check_item, describe_whose
from domain.meeting.holding import decide_on, finish_decision, open_meeting, record_joining, vote_down
from domain.meeting.minutes import YEARS_AFTER, circulate, confirm, object_to, settle
from domain.meeting.state import MEETING, Meeting, MeetingStage
from domain.position.facts import Position
from domain.programme.state import Programme, ProgrammeStage
from domain.seoul import local_day
from domain.streams import (
    agency_stream,
    calendar_stream,
    concern_stream,
    programme_stream,
    subject_stream,
)
from domain.subject.state import Person


def decide(
    command: c.MeetingCommand, meeting: Meeting, context: DecisionContext
) -> tuple[facts.MeetingFact, ...]:
    """Turn a command into facts, or refuse it."""
    if isinstance(command, c.Call):
        return (_call(command, meeting, context),)
    _check_stage(command, meeting, context)
    return (_DECIDE[type(command)](command, meeting, context),)


def _check_stage(command: c.OnMeeting, meeting: Meeting, context: DecisionContext) -> None:
    then: Meeting = meeting if context.then is None else context.then
    if meeting.called is None or then.called is None:
        raise refused.MeetingNotCalled(command=command.label, meeting=command.meeting)
    allowed = _ALLOWED[type(command)]
    if meeting.stage not in allowed:
        raise refused.MeetingNotNow(
            command=command.label, meeting=command.meeting, stage=meeting.stage, allowed=allowed
        )


def _call(command: c.Call, meeting: Meeting, context: DecisionContext) -> facts.Called:
    if meeting.called is not None:
        raise refused.MeetingCalledAlready(meeting=command.meeting)
    programme: Programme = context.others[programme_stream(command.year)]
    if programme.stage is not ProgrammeStage.OPEN or programme.definition is None:
        raise refused.MeetingYearNotOpen(meeting=command.meeting, year=command.year, stage=programme.stage)
    chair = () if command.chair is None else (f"position/{command.chair}",)
    _check_seats(command, (*command.invited, *chair), context)
    rules = context.definition_of(programme.definition).meetings
    series = None if command.series is None else rules.find_series(command.series)
    if command.series is not None and series is None:
        known = tuple(one.name for one in rules.series) or ("–",)
        told = {"definition": programme.definition, "series": command.series, "known": known}
        raise refused.MeetingSeriesUnknown(meeting=command.meeting, **told)
    terms = facts.Terms(
        agenda_days=rules.agenda_business_days,
        objection_days=rules.objection_business_days,
        quorum=rules.quorum,
        majority=rules.majority,
    )
    invited = tuple(dict.fromkeys(command.invited))
    return command.make_fact(
        facts.Called,
        name=command.title,
        definition=programme.definition,
        terms=terms,
        invited=invited,
        series_name=None if series is None else series.label,
    )


def _invite(command: c.Invite, meeting: Meeting, context: DecisionContext) -> facts.Invited:
    _check_seats(command, command.invited, context)
    for seat in command.invited:
        if seat in meeting.invited:
            raise refused.InvitedAlready(meeting=command.meeting, seat=seat)
    return facts.Invited(tuple(dict.fromkeys(command.invited)))


def _check_seats(command: c.OnMeeting, seats: Iterable[str], context: DecisionContext) -> None:
    for seat in seats:
        _check_seat(command, seat, context.others[seat])


def _open(command: c.Open, meeting: Meeting, context: DecisionContext) -> facts.Opened:
    _check_seats(command, command.chairs, context)
    return open_meeting(command, meeting, context)


def _check_seat(command: c.OnMeeting, seat: str, there: Any) -> None:
    match there:
        case Agency():
            check_active(command, seat.partition("/")[2], there)
            return
        case Position():
            known = there.name is not None
        case Person():
            known = there.registered and not there.erased
        case _:
            known = False
    if not known:
        raise refused.SeatUnknown(meeting=command.meeting, seat=seat)


def _move(command: c.Move, meeting: Meeting, context: DecisionContext) -> facts.Moved:
    after = (command.on, command.time, command.venue or meeting.venue)
    if after == (meeting.on, meeting.time, meeting.venue):
        raise refused.MeetingDayUnchanged(meeting=command.meeting)
    return command.make_fact(facts.Moved)


def _add_item(command: c.AddItem, meeting: Meeting, context: DecisionContext) -> facts.ItemAdded:
    assert meeting.called is not None, "its stage was checked"
    assert meeting.on is not None, "a meeting that was called has a day"
    if command.agency is not None:
        check_active(command, command.agency, context.others[agency_stream(command.agency)])
    if command.concern is not None and context.others[concern_stream(command.concern)].raised is None:
        raise refused.ItemOfNoConcern(meeting=command.meeting, concern=command.concern)
    calendars = {year: context.others[calendar_stream(year)] for year in _years(meeting)}
    until = business_days_before(calendars, meeting.on, meeting.called.terms.agenda_days).due
    day = local_day(context.effective_at)
    if day > until:
        raise refused.AgendaOver(meeting=command.meeting, until=until, day=day)
    text = None if command.text is None else ref_of(command.text)
    papers = attachments_of(command.papers)
    item = max(meeting.items, default=0) + 1
    return command.make_fact(facts.ItemAdded, name=command.title, item=item, text=text, papers=papers)


def _years(meeting: Meeting) -> tuple[int, ...]:
    """Whose calendars say until when items are put in."""
    return () if meeting.on is None else (meeting.on.year - 1, meeting.on.year)


def _order_items(command: c.OrderItems, meeting: Meeting, context: DecisionContext) -> facts.ItemsOrdered:
    for number, item in enumerate(command.order):
        check_item(command, item, meeting)
        if item in command.order[:number]:
            raise refused.ItemTwice(meeting=command.meeting, item=item)
    return facts.ItemsOrdered(command.order)


def _withdraw_item(
    command: c.WithdrawItem, meeting: Meeting, context: DecisionContext
) -> facts.ItemWithdrawn:
    check_item(command, command.item, meeting)
    whose = meeting.items[command.item].agency
    if command.agency is not None and command.agency != whose:
        raise refused.ItemOfAnother(meeting=command.meeting, item=command.item, whose=describe_whose(whose))
    return facts.ItemWithdrawn(command.item)


def _note(command: c.Note, meeting: Meeting, context: DecisionContext) -> facts.Noted:
    if command.item is not None:
        check_item(command, command.item, meeting)
    return facts.Noted(text=ref_of(command.text), item=command.item)


_DECIDE: Mapping[type, Callable[[Any, Meeting, DecisionContext], facts.MeetingFact]] = {
    c.Invite: _invite,
    c.Move: _move,
    c.Cancel: lambda command, meeting, context: facts.Cancelled(),
    c.AddItem: _add_item,
    c.OrderItems: _order_items,
    c.WithdrawItem: _withdraw_item,
    c.Open: _open,
    c.Join: record_joining,
    c.Note: _note,
    c.Decide: decide_on,
    c.VoteDown: vote_down,
    c.FinishDecision: finish_decision,
    c.Close: lambda command, meeting, context: facts.Closed(),
    c.CirculateMinutes: circulate,
    c.Object: object_to,
    c.SettleObjection: settle,
    c.ConfirmMinutes: confirm,
}
_BEFORE, _HELD = (MeetingStage.CALLED,), (MeetingStage.OPEN,)
_AFTER = (MeetingStage.OPEN, MeetingStage.CLOSED, MeetingStage.CIRCULATED, MeetingStage.CONFIRMED)
_ALLOWED: Mapping[type, tuple[MeetingStage, ...]] = {
    **dict.fromkeys((c.Invite, c.Move, c.Cancel, c.AddItem, c.Open), _BEFORE),
    **dict.fromkeys((c.OrderItems, c.WithdrawItem), _BEFORE + _HELD),
    **dict.fromkeys((c.Join, c.Note, c.Decide, c.VoteDown, c.Close), _HELD),
    c.FinishDecision: _AFTER,
    c.CirculateMinutes: (MeetingStage.CLOSED, MeetingStage.CIRCULATED),
    **dict.fromkeys((c.Object, c.SettleObjection, c.ConfirmMinutes), (MeetingStage.CIRCULATED,)),
}


def reads(command: c.MeetingCommand, meeting: Meeting) -> tuple[str, ...]:
    """The year's programme, who is invited or comes, and the calendars by which a day is counted."""
    match command:
        case c.Call():
            chair = () if command.chair is None else (f"position/{command.chair}",)
            return (programme_stream(command.year), *command.invited, *chair)
        case c.Invite():
            return command.invited
        case c.AddItem() | c.Decide():
            agency = () if command.agency is None else (agency_stream(command.agency),)
            if isinstance(command, c.Decide):
                return agency
            concern = () if command.concern is None else (concern_stream(command.concern),)
            return (*agency, *concern, *map(calendar_stream, _years(meeting)))
        case c.CirculateMinutes() if meeting.on is not None:
            return tuple(map(calendar_stream, range(meeting.on.year, meeting.on.year + YEARS_AFTER)))
        case c.Open() | c.Join():
            people = (one for each in command.present for one in (each.subject, each.stands_in_for))
            chairs = command.chairs if isinstance(command, c.Open) else ()
            return (*(subject_stream(one) for one in people if one is not None), *chairs)
    return ()


AGGREGATE = Aggregate.on(MEETING, c.MeetingCommand, decide, reads)
