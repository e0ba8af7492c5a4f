"""What can be asked of a year's business calendar."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from domain.aggregate import Command
from domain.calendar.facts import Holiday
from domain.errors import Bilingual
from domain.limited import Line, Title, Year
from domain.limits import MOST_ITEMS, check_once, check_title
from domain.plan_limits import Day
from domain.refusals import validation_error
from domain.roles import PLANNER, SYSTEM
from domain.streams import calendar_stream


def _check_holidays(holidays: tuple[Holiday, ...]) -> tuple[Holiday, ...]:
    if len(holidays) > MOST_ITEMS:
        raise validation_error("too_many", max=MOST_ITEMS)
    for number, one in enumerate(holidays):
        check_title(one.name, f"[{number}].name")
    check_once([str(one.day) for one in holidays], "[{}].day")
    return holidays


class OpenCalendar(Command):
    """Record a year's holidays as they are known now, so that what a list says later changes no history.

    `provisional`: by rule, until the planner opens the year.
    """

    name = "calendar.open"
    label = Bilingual("달력 개설", "open the calendar")
    by = PLANNER | SYSTEM
    year: Year
    holidays: Annotated[tuple[Holiday, ...], AfterValidator(_check_holidays)]
    source: Line
    provisional: bool = False

    @property
    def stream(self) -> str:
        return calendar_stream(self.year)


class _OnDay(Command):
    day: Day

    @property
    def stream(self) -> str:
        return calendar_stream(self.day.year)


class Proclaim(_OnDay):
    """Make a day a holiday."""

    name = "calendar.proclaim"
    label = Bilingual("휴일 지정", "proclaim the holiday")
    by = PLANNER
    title: Title


class WithdrawDay(_OnDay):
    """Make a day a business day again."""

    name = "calendar.withdraw"
    label = Bilingual("휴일 지정 취소", "withdraw the holiday")
    by = PLANNER


CalendarCommand = OpenCalendar | Proclaim | WithdrawDay
