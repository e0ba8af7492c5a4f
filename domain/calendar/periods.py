"""How the length of a period is counted: in which unit, whether its first day counts, and what a day off at its end does.

By the Civil Act (민법) a period's first day does not count (art. 157); one of days, weeks or months ends with its last day
(art. 159), of weeks and months on the day before the one that corresponds to its first, or on the month's last where there
is none (art. 160), and where that is a Saturday or a holiday on the day after it (art. 161). By the Civil Petitions
Treatment Act (민원 처리에 관한 법률, art. 19) the first day counts; six days or more are counted without Saturdays and
holidays, and weeks and months end as by the Civil Act.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal, NamedTuple

from msgspec.structs import replace

from domain.calendar.reckoning import (
    Calendars,
    Reckoned,
    business_days_after,
    business_days_before,
    on_or_after,
    on_or_before,
)
from domain.errors import Bilingual
from domain.limits import MOST_UNITS
from domain.values import Counting, Roll, Unit

_DAY = timedelta(days=1)
BUSINESS_DAYS = Counting()
Law = Literal["civil_act", "civil_petitions"]


class UnitOfTime(NamedTuple):
    """`one`, `many`: in English; `ko`: after the number; `longest`: of how many a period may be, about a year; `business`: how many
    business days one has at most.
    """

    ko: str
    one: str
    many: str
    longest: int
    business: int


UNITS: Mapping[Unit, UnitOfTime] = {
    "business_days": UnitOfTime("영업일", "business day", "business days", 230, 1),
    "calendar_days": UnitOfTime("일", "day", "days", MOST_UNITS, 1),
    "weeks": UnitOfTime("주", "week", "weeks", 50, 5),
    "months": UnitOfTime("개월", "month", "months", 11, 23),
}
ROLLS: Mapping[Roll, Bilingual] = {
    "next": Bilingual("말일이 쉬는 날이면 다음 영업일", "on a day off moved to the next business day"),
    "previous": Bilingual("말일이 쉬는 날이면 앞 영업일", "on a day off moved to the business day before"),
    "none": Bilingual("말일이 쉬는 날이어도 그날", "not moved by a day off"),
}


class Preset(NamedTuple):
    """A law by which is counted. `least`: of how many business days a period is at least, where those are counted."""

    label: Bilingual
    first_day: bool
    least: int = 0


LAWS: Mapping[Law, Preset] = {
    "civil_act": Preset(
        Bilingual("민법 제157조, 제159조부터 제161조까지", "Civil Act, art. 157 and 159 to 161"),
        first_day=False,
    ),
    # shorter ones are counted in hours of work, which no deadline here is
    "civil_petitions": Preset(
        Bilingual("민원 처리에 관한 법률 제19조", "Civil Petitions Treatment Act, art. 19"),
        first_day=True,
        least=6,
    ),
}


def count_period(calendars: Calendars, start: date, count: int, by: Counting | None = None) -> Reckoned:
    """The period of `count` units from `start`, in Seoul; by default of business days. Raises CalendarNotOpen.

    Of a period of nothing the start itself is the last day, moved where it is a day off.
    """
    by = by or BUSINESS_DAYS
    if by.backward:
        return _count_back(calendars, start, count, by)
    if count and by.unit == "business_days":
        return replace(
            business_days_after(calendars, start - _DAY if by.first_day else start, count), start=start
        )
    end = _last_day(start, count, by) if count else start
    return _end_on(calendars, start, end, by.roll, end if count else None)


def _count_back(calendars: Calendars, start: date, count: int, by: Counting) -> Reckoned:
    """The day so much before the start that the same length from it ends there, itself not counted."""
    if by.unit == "business_days":
        return business_days_before(calendars, start, count)
    end = _so_much_before(start, count, by.unit)
    return _end_on(calendars, start, end, by.roll, end)


def _so_much_before(day: date, count: int, unit: Unit) -> date:
    """Of months the corresponding day, or the month's last where it has no such day."""
    if unit != "months":
        return day - timedelta(days=count * (7 if unit == "weeks" else 1))
    years, month = divmod(day.month - 1 - count, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _end_on(calendars: Calendars, start: date, end: date, roll: Roll, ends: date | None) -> Reckoned:
    """`end`, moved where it is a day off."""
    if roll == "none":
        return Reckoned(start, end, (end,), (), (), ends)
    moved = on_or_after(calendars, end) if roll == "next" else on_or_before(calendars, end)
    return replace(moved, start=start, ends=ends)


def _last_day(start: date, count: int, by: Counting) -> date:
    first = start if by.first_day else start + _DAY
    match by.unit:
        case "months":
            return _day_before_corresponding(first, count)
        case "weeks":
            return first + timedelta(days=7 * count - 1)
    return first + timedelta(days=count - 1)


def _day_before_corresponding(first: date, months: int) -> date:
    """The day before the one that corresponds to the first, or the month's last where that month has no such day."""
    years, month = divmod(first.month - 1 + months, 12)
    year, month = first.year + years, month + 1
    last = monthrange(year, month)[1]
    return date(year, month, last) if first.day > last else date(year, month, first.day) - _DAY


def describe_length(count: int, by: Counting | None = None) -> Bilingual:
    """How long it is in words: “20영업일”, "2 months, the first day counted"."""
    by = by or BUSINESS_DAYS
    unit = UNITS[by.unit]
    ko, en = [f"{count}{unit.ko}"], [f"{count} {unit.one if count == 1 else unit.many}"]
    if by.backward:
        ko[0] += " 전"
        en[0] += " before"
    if by.first_day:
        ko.append("첫날 산입")
        en.append("the first day counted")
    if by.roll != "next":
        ko.append(ROLLS[by.roll].ko)
        en.append(ROLLS[by.roll].en)
    return Bilingual(", ".join(ko), ", ".join(en))
