"""On which days the milestones of a simulated year are told: most near their day, some early, some late, some never."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Literal

import msgspec

from domain.calendar.commands import OpenCalendar
from domain.calendar.reckoning import Calendars, business_day, on_or_after
from domain.calendar.state import Calendar
from domain.values import LocalText, Plan

_DAY = timedelta(days=1)

Fate = int | Literal["report", "never"]
# business days after the milestone's day on which it is told by itself; else in the report of its quarter, or never
_FATES: tuple[Fate, ...] = (0, 0, 0, -1, -1, -1, -2, -2, -3, -5, -8, 1, 3, 7, "report", "never")


def deal(chance: random.Random) -> Iterator[Fate]:
    """Fates without end, in the same shares in every year of some sixteen milestones."""
    while True:
        yield from chance.sample(_FATES, len(_FATES))


class Told(msgspec.Struct, frozen=True):
    """`by_itself`: the day on which each is told by itself, in the plan's order; `never`: those that nobody ever tells.

    Those in neither stand in the report of the quarter in which their day was.
    """

    by_itself: Mapping[str, date]
    never: frozenset[str]

    def in_reports(self, milestone: str) -> bool:
        return milestone not in self.by_itself and milestone not in self.never


class Span(msgspec.Struct, frozen=True):
    """Days on which nothing can be told of a task, the last one included."""

    starts: date
    ends: date


def tell(
    plan: Plan, start: date, calendars: Calendars, closed: Collection[Span], fates: Iterator[Fate]
) -> Told:
    """`start`: the day on which the work begins; `closed`: spans in which the task stands still or changes hands.

    The end of a season is seen by everybody, so it is told; and what would be told in the next year stands in the
    year's last report.
    """
    by_itself: dict[str, date] = {}
    never: set[str] = set()
    for one, fate in zip(plan.milestones, fates, strict=False):
        if isinstance(fate, int):
            day = _day_told(one.due, fate, start, calendars, closed)
            if day.year == one.due.year:
                by_itself[one.id] = day
        elif fate == "never" and not plan.phases:
            never.add(one.id)
    return Told(by_itself, frozenset(never))


def _day_told(due: date, after: int, start: date, calendars: Calendars, closed: Collection[Span]) -> date:
    def open_from(day: date) -> date:
        return on_or_after(calendars, day).due

    day = max(business_day(calendars, open_from(due), after), open_from(start + _DAY))
    for span in closed:
        if span.starts <= day <= span.ends:
            day = open_from(span.ends + _DAY)
    return day


def calendars_of(openings: Iterable[OpenCalendar], proclaimed: Mapping[date, LocalText]) -> Calendars:
    """What these commands come to, with the days off that are proclaimed later."""
    return {
        one.year: Calendar(one.year, 1, {day.day: day.name for day in one.holidays} | dict(proclaimed))
        for one in openings
    }
