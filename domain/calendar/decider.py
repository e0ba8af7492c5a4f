"""Every rule of a business calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from domain.aggregate import Aggregate, DecisionContext
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
from domain.calendar.state import CALENDAR, Calendar
from domain.values import LocalText


def decide(
    command: c.CalendarCommand, calendar: Calendar, context: DecisionContext
) -> tuple[facts.CalendarFact, ...]:
    """Turn a command into facts, or refuse it."""
    if isinstance(command, c.OpenCalendar):
        return (_open(command, calendar, context),)
    if not calendar.version:
        raise CalendarNotOpen(year=command.day.year)
    if command.day <= context.today:
        raise DayIsPast(day=command.day, today=context.today)
    if isinstance(command, c.Proclaim):
        why = day_off({calendar.year: calendar}, command.day)
        if why is not None:
            raise AlreadyClosed(day=command.day, why=why)
        return (facts.DayProclaimed(day=command.day, name=command.title),)
    if command.day not in calendar.holidays:
        raise NoHoliday(day=command.day)
    return (facts.DayWithdrawn(day=command.day),)


def _open(command: c.OpenCalendar, calendar: Calendar, context: DecisionContext) -> facts.CalendarOpened:
    if calendar.version and (command.provisional or not calendar.provisional):
        raise CalendarOpenAlready(year=command.year)
    for one in command.holidays:
        if one.day.year != command.year:
            raise AnotherYear(day=one.day, year=command.year)
    listed = {one.day: one.name for one in command.holidays}
    if calendar.version:
        listed = _confirm(listed, calendar, context)
    holidays = tuple(facts.Holiday(day=day, name=name) for day, name in sorted(listed.items()))
    return facts.CalendarOpened(
        year=command.year, holidays=holidays, source=command.source, provisional=command.provisional
    )


def _confirm(
    listed: Mapping[date, LocalText], provisional: Calendar, context: DecisionContext
) -> dict[date, LocalText]:
    """The planner's days, but nothing that is past changes, and what was proclaimed or withdrawn since stays so."""
    kept = {one.day for one in context.history if isinstance(one, facts.DayProclaimed | facts.DayWithdrawn)}

    def settled(day: date) -> bool:
        return day in kept or day <= context.today

    before = {day: name for day, name in provisional.holidays.items() if settled(day)}
    return before | {day: name for day, name in listed.items() if not settled(day)}


AGGREGATE = Aggregate.on(CALENDAR, c.CalendarCommand, decide)
