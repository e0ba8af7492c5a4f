"""Business days, counted so that the count explains itself. Pure: calendars come in, the days and why come out.

A period's first day does not count (초일불산입, Civil Act art. 157). A period that ends on a day off ends on the next
business day (art. 161). A day ends at midnight in Seoul.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

import msgspec
from msgspec.structs import replace

from domain.calendar.refusals import CalendarNotOpen
from domain.calendar.state import Calendar
from domain.seoul import midnight
from domain.values import LocalText

Calendars = Mapping[int, Calendar]
_DAY = timedelta(days=1)
SATURDAY, SUNDAY = LocalText(ko="토요일", en="Saturday"), LocalText(ko="일요일", en="Sunday")


class Skipped(msgspec.Struct, frozen=True):
    """A day that does not count, and why."""

    day: date
    name: LocalText


class Reckoned(msgspec.Struct, frozen=True):
    """`start`: the day from which is counted, itself not counted; `counted`: the days that were, the last being `due`.

    Where the day itself or the next business day is asked for, `due` is the only day counted, and may be `start`. `ends`:
    on which day a period of days, weeks or months ends, before it is moved; `due` is then the only day counted.

    `calendars`: year and version of each calendar that was looked at.
    """

    start: date
    due: date
    counted: tuple[date, ...]
    skipped: tuple[Skipped, ...]
    calendars: tuple[tuple[int, int], ...]
    ends: date | None = None


def day_off(calendars: Calendars, day: date) -> LocalText | None:
    """Why offices are closed on the day; None on a business day. Raises CalendarNotOpen."""
    calendar = calendars.get(day.year)
    if calendar is None or not calendar.version:
        raise CalendarNotOpen(year=day.year)
    named = calendar.holidays.get(day)
    if named is not None:
        return named
    weekday = day.weekday()
    return None if weekday < 5 else SATURDAY if weekday == 5 else SUNDAY


def business_days_after(calendars: Calendars, start: date, count: int) -> Reckoned:
    """The `count`-th business day after `start`: the last day of "within `count` business days". Raises CalendarNotOpen."""
    return _reckon(calendars, start, count)


def business_days_before(calendars: Calendars, start: date, count: int) -> Reckoned:
    """The `count`-th business day before `start`. Raises CalendarNotOpen."""
    return _reckon(calendars, start, count, -_DAY)


def business_day(calendars: Calendars, day: date, count: int) -> date:
    """The `count`-th business day after a business day, before it where negative, else itself. Raises CalendarNotOpen."""
    step = _DAY if count > 0 else -_DAY
    for _ in range(abs(count)):
        day += step
        while day_off(calendars, day) is not None:
            day += step
    return day


def business_days_left(calendars: Calendars, day: date, due: date) -> int:
    """How many business days come after the day until `due`; negative where that is over. Raises CalendarNotOpen."""
    first, last = min(day, due), max(day, due)
    span = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    count = sum(day_off(calendars, one) is None for one in span)
    return count if day <= due else -count


def on_or_after(calendars: Calendars, day: date) -> Reckoned:
    """The day itself where it is a business day, else the next one. Raises CalendarNotOpen."""
    return replace(_reckon(calendars, day - _DAY, 1), start=day)


def on_or_before(calendars: Calendars, day: date) -> Reckoned:
    """The day itself where it is a business day, else the one before. Raises CalendarNotOpen."""
    skipped, due = [], day
    while (why := day_off(calendars, due)) is not None:
        skipped.append(Skipped(due, why))
        due -= _DAY
    years = sorted({day.year, due.year})
    versions = tuple((year, calendars[year].version) for year in years)
    return Reckoned(day, due, (due,), tuple(reversed(skipped)), versions)


def end_of(day: date) -> datetime:
    """The moment at which the day is over in Seoul."""
    return midnight(day + _DAY)


def _reckon(calendars: Calendars, start: date, count: int, step: timedelta = _DAY) -> Reckoned:
    if count == 0:
        return Reckoned(start, start, (), (), ())
    counted: list[date] = []
    skipped: list[Skipped] = []
    for day in _days_from(start, step):
        why = day_off(calendars, day)
        if why is not None:
            skipped.append(Skipped(day, why))
            continue
        counted.append(day)
        if len(counted) == count:
            break
    years = sorted({day.year for day in (start + step, counted[-1])})
    versions = tuple((year, calendars[year].version) for year in years)
    return Reckoned(start, counted[-1], tuple(counted), tuple(skipped), versions)


def _days_from(day: date, step: timedelta) -> Iterator[date]:
    while True:
        day += step
        yield day
