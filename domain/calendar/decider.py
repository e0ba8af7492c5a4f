"""Every rule of a business calendar."""

from __future__ import annotations

from domain.aggregate import Aggregate, Given
from domain.calendar import commands as c
from domain.calendar import facts
from domain.calendar.reckoning import day_off
from domain.calendar.refusals import (
    AlreadyClosed,
    AnotherYear,
    CalendarNotOpen,
    CalendarOpenAlready,
    DayIsPast,
    NoHoliday,
)
from domain.calendar.state import Calendar, evolve


def decide(command: c.CalendarCommand, calendar: Calendar, given: Given) -> tuple[facts.CalendarFact, ...]:
    """Turn a command into facts, or refuse it."""
    if isinstance(command, c.OpenCalendar):
        return (_opened(command, calendar),)
    if not calendar.version:
        raise CalendarNotOpen(year=command.day.year)
    if command.day <= given.today:
        raise DayIsPast(day=command.day, today=given.today)
    if isinstance(command, c.Proclaim):
        why = day_off({calendar.year: calendar}, command.day)
        if why is not None:
            raise AlreadyClosed(day=command.day, why=why)
        return (facts.DayProclaimed(day=command.day, name=command.title),)
    if command.day not in calendar.holidays:
        raise NoHoliday(day=command.day)
    return (facts.DayWithdrawn(day=command.day),)


def _opened(command: c.OpenCalendar, calendar: Calendar) -> facts.CalendarOpened:
    if calendar.version:
        raise CalendarOpenAlready(year=command.year)
    for one in command.holidays:
        if one.day.year != command.year:
            raise AnotherYear(day=one.day, year=command.year)
    holidays = tuple(sorted(command.holidays, key=lambda one: one.day))
    return facts.CalendarOpened(year=command.year, holidays=holidays, source=command.source)


CALENDAR = Aggregate(
    name="calendar",
    initial=Calendar(),
    facts=(facts.CalendarOpened, facts.DayProclaimed, facts.DayWithdrawn),
    commands=(c.OpenCalendar, c.Proclaim, c.WithdrawDay),
    decide=decide,
    evolve=evolve,
)
