"""A year's business calendar as its facts made it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from domain.calendar.facts import CalendarFact, CalendarOpened, DayProclaimed
from domain.fact import Fold
from domain.values import LocalText


class Calendar(msgspec.Struct, frozen=True):
    """`version`: how many facts it is made of, 0 before it is opened; `holidays`: names by day.

    `provisional`: opened by rule, and not by the planner yet.
    """

    year: int = 0
    version: int = 0
    holidays: Mapping[date, LocalText] = msgspec.field(default_factory=dict)
    source: str = ""
    provisional: bool = False


def evolve(calendar: Calendar, fact: CalendarFact, at: datetime, version: int) -> Calendar:
    """The calendar after the fact."""
    version = calendar.version + 1
    if isinstance(fact, CalendarOpened):
        holidays = {one.day: one.name for one in fact.holidays}
        return Calendar(fact.year, version, holidays, fact.source, fact.provisional)
    if isinstance(fact, DayProclaimed):
        return replace(calendar, version=version, holidays={**calendar.holidays, fact.day: fact.name})
    kept = {day: name for day, name in calendar.holidays.items() if day != fact.day}
    return replace(calendar, version=version, holidays=kept)


CALENDAR = Fold.of("calendar", Calendar(), CalendarFact, evolve)
