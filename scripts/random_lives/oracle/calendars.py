"""Which days are business days by the facts of calendars, and counting by them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from scripts.random_lives.oracle import shapes
from scripts.random_lives.oracle.cases import Fact, day_of, seoul_day

DAY = timedelta(days=1)


class NotOpenError(Exception):
    """The calendar of a year that the count needs is not open."""

    def __init__(self, year: int) -> None:
        super().__init__(f"the calendar of {year} is not open")
        self.year = year


@dataclass(frozen=True)
class Calendars:
    """The days off of each year that is open, beside Saturdays and Sundays."""

    years: dict[int, frozenset[date]]

    def is_business_day(self, day: date) -> bool:
        if day.year not in self.years:
            if day.weekday() >= 5:
                return False
            raise NotOpenError(day.year)
        return day.weekday() < 5 and day not in self.years[day.year]

    def within(self, start: date, count: int) -> date:
        """The count-th business day after the start; for 0 the start itself or the next one."""
        return self.rung(start, count) if count else self.next_business_day(start)

    def rung(self, due: date, count: int) -> date:
        """So many business days after the due day, or before it where the count is below nought."""
        day, step = due, DAY if count > 0 else -DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_business_day(day):
                day += step
        return day

    def last_business_day(self, day: date) -> date:
        """The day itself, or the last one before it."""
        while not self.is_business_day(day):
            day -= DAY
        return day

    def next_business_day(self, day: date) -> date:
        while not self.is_business_day(day):
            day += DAY
        return day


def fold_calendars(facts: Iterable[Fact]) -> Calendars:
    """The calendars behind these facts, which come in the order in which they became known."""
    days: dict[int, frozenset[date]] = {}
    moved: dict[date, bool] = {}
    for fact in facts:
        if fact.kind == "calendar.opened":
            _open(days, moved, fact)
        elif fact.kind in {"calendar.day_proclaimed", "calendar.day_withdrawn"}:
            day, off = day_of(fact.data["day"]), fact.kind == "calendar.day_proclaimed"
            moved[day] = off
            days[day.year] = days.get(day.year, frozenset()) | {day} if off else days[day.year] - {day}
    return Calendars(days)


def _open(days: dict[int, frozenset[date]], moved: dict[date, bool], fact: Fact) -> None:
    """Days that are past stay as they were counted; days proclaimed or withdrawn before stay so."""
    year, today = int(fact.data["year"]), seoul_day(fact.known)
    listed = shapes.holidays(fact.data)
    before = days.get(year)
    if before is not None:
        listed = {day for day in listed if day >= today} | {day for day in before if day < today}
        for day, off in moved.items():
            if day.year == year:
                listed = listed | {day} if off else listed - {day}
    days[year] = frozenset(listed)


class CalendarHistory:
    """The calendars as they stood before each position of the log."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.facts = [fact for fact in facts if fact.kind.startswith("calendar.")]
        self._folded: dict[int, Calendars] = {}

    def before(self, position: int) -> Calendars:
        count = sum(fact.position < position for fact in self.facts)
        if count not in self._folded:
            self._folded[count] = fold_calendars(self.facts[:count])
        return self._folded[count]
