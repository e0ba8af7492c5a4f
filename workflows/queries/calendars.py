"""What people read of calendars: a year's days off."""

from __future__ import annotations

from datetime import date

import msgspec

from domain.calendar.refusals import CalendarNotOpen
from domain.values import LocalText
from workflows.calendars import calendars
from workflows.queries.inquiry import Inquiry


class Holiday(msgspec.Struct, frozen=True):
    day: date
    name: LocalText


class CalendarShown(msgspec.Struct, frozen=True):
    """A year's days off beside Saturdays and Sundays. `source`: of the list that it was opened with."""

    year: int
    version: int
    source: str
    holidays: list[Holiday]


def show_calendar(inquiry: Inquiry, year: int) -> CalendarShown:
    """Raises CalendarNotOpen."""
    found = calendars(inquiry.store, [year], inquiry.authorise("calendar"))[year]
    if not found.version:
        raise CalendarNotOpen(year=year)
    days = [Holiday(day, name) for day, name in sorted(found.holidays.items())]
    return CalendarShown(year, found.version, found.source, days)
