"""The minutes of a meeting: they go round, are objected to, and are confirmed. What stands in them is made from the facts."""

from __future__ import annotations

from datetime import date

from domain.aggregate import DecisionContext
from domain.calendar.reckoning import business_days_after
from domain.limits import ref_of
from domain.meeting import commands as c
from domain.meeting import facts
from domain.meeting import refusals as refused
from domain.meeting.state import Meeting
from domain.seoul import local_day
from domain.streams import calendar_stream

YEARS_AFTER = 4  # of whose calendars, from the meeting's on, the span to object may be


def circulate(
    command: c.CirculateMinutes, meeting: Meeting, context: DecisionContext
) -> facts.MinutesCirculated:
    assert meeting.called is not None, "its stage was checked"
    assert meeting.on is not None, "a meeting that was called has a day"
    _check_settled(command, meeting)
    day = local_day(context.effective_at)
    years = range(meeting.on.year, meeting.on.year + YEARS_AFTER)
    calendars = {year: context.others[calendar_stream(year)] for year in years}
    until = business_days_after(calendars, day, meeting.called.terms.objection_days).due
    return facts.MinutesCirculated(up_to=len(context.history), object_until=until)


def object_to(command: c.Object, meeting: Meeting, context: DecisionContext) -> facts.Objected:
    until, day = _last_day(meeting), local_day(context.effective_at)
    if day > until:
        raise refused.ObjectionsOver(meeting=command.meeting, until=until, day=day)
    if command.agency is not None and f"agency/{command.agency}" not in meeting.members:
        raise refused.SeatNotInvited(meeting=command.meeting, seat=f"agency/{command.agency}")
    return facts.Objected(len(context.history) + 1, ref_of(command.text), command.agency)


def settle(command: c.SettleObjection, meeting: Meeting, context: DecisionContext) -> facts.ObjectionSettled:
    if command.objection not in meeting.objections_open:
        known = meeting.objections_open or "–"
        raise refused.NoSuchObjection(meeting=command.meeting, objection=command.objection, known=known)
    return facts.ObjectionSettled(command.objection, command.upheld, ref_of(command.text))


def confirm(command: c.ConfirmMinutes, meeting: Meeting, context: DecisionContext) -> facts.MinutesConfirmed:
    _check_settled(command, meeting)
    until, day = _last_day(meeting), local_day(context.effective_at)
    if day <= until:
        raise refused.ObjectionsMayCome(meeting=command.meeting, until=until, day=day)
    return facts.MinutesConfirmed()


def _last_day(meeting: Meeting) -> date:
    """To object."""
    assert meeting.circulated is not None, "its stage was checked"
    return meeting.circulated.object_until


def _check_settled(command: c.OnMeeting, meeting: Meeting) -> None:
    if meeting.objections_open:
        raise refused.ObjectionsOpen(meeting=command.meeting, objections=meeting.objections_open)
