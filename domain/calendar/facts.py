"""What can happen to a year's business calendar. The kinds and fields are stored for ever."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from domain.fact import Fact
from domain.values import LocalText, Value


class Holiday(Value, frozen=True):
    """A day on which the city's offices are closed, beside Saturdays and Sundays."""

    day: date
    name: LocalText


class CalendarOpened(Fact, frozen=True):
    """The year's holidays as they were known then. `source`: whose list it is, with its version.

    `provisional`: opened by rule, with the statutory days; the planner's own opening takes its place.
    """

    kind = "calendar.opened"
    schema_version: ClassVar[int] = 2
    year: int
    holidays: tuple[Holiday, ...]
    source: str
    provisional: bool = False


class DayProclaimed(Fact, frozen=True):
    """The city proclaimed a holiday, e.g. a temporary one (임시공휴일)."""

    kind = "calendar.day_proclaimed"
    day: date
    name: LocalText


class DayWithdrawn(Fact, frozen=True):
    """A day is no holiday after all."""

    kind = "calendar.day_withdrawn"
    day: date


CalendarFact = CalendarOpened | DayProclaimed | DayWithdrawn
