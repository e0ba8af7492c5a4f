"""The limits on what is set to be due: as many as a plan has parts, with days and names that can be."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from domain.limits import (
    FIRST_YEAR,
    LAST_YEAR,
    MOST_ITEMS,
    MOST_RUNGS,
    MOST_UNITS,
    check_item_id,
    check_title,
)
from domain.refusals import validation_error
from domain.values import Act, Awaited, CalendarVersion, Deadline

# a plan has at most so many milestones, and quarters as the calendar has years; of what else recurs a part is due at once
MOST_DEADLINES = 2 * MOST_ITEMS + 4 * (LAST_YEAR - FIRST_YEAR) + 1000


def _check_due(due: tuple[Deadline | Awaited, ...]) -> None:
    if len(due) > MOST_DEADLINES:
        raise validation_error("too_many", max=MOST_DEADLINES)
    for number, one in enumerate(due):
        for field in ("kind", "who", "item"):
            if (value := getattr(one, field)) is not None:
                check_item_id(value, f"[{number}].{field}")
        if one.label is not None:
            check_title(one.label, f"[{number}].label")
        if not 0 <= one.days <= MOST_UNITS:
            raise validation_error("less_than_equal", f"[{number}].days", le=MOST_UNITS)


def _check_deadlines(deadlines: tuple[Deadline, ...]) -> tuple[Deadline, ...]:
    _check_due(deadlines)
    for number, one in enumerate(deadlines):
        if len(one.rungs) > MOST_RUNGS:
            raise validation_error("too_many", f"[{number}].rungs", max=MOST_RUNGS)
    return deadlines


def _check_waiting(waiting: tuple[Awaited, ...]) -> tuple[Awaited, ...]:
    _check_due(waiting)
    return waiting


def _check_calendars(calendars: tuple[CalendarVersion, ...]) -> tuple[CalendarVersion, ...]:
    if len(calendars) > LAST_YEAR - FIRST_YEAR + 1:
        raise validation_error("too_many", max=LAST_YEAR - FIRST_YEAR + 1)
    for number, one in enumerate(calendars):
        if not FIRST_YEAR <= one.year <= LAST_YEAR:
            raise validation_error("year_range", f"[{number}].year", min=FIRST_YEAR, max=LAST_YEAR)
        if not 1 <= one.version <= 10_000:
            raise validation_error("less_than_equal", f"[{number}].version", le=10_000)
    return calendars


def _check_acts(acts: tuple[Act, ...]) -> tuple[Act, ...]:
    if len(acts) > MOST_ITEMS:
        raise validation_error("too_many", max=MOST_ITEMS)
    for number, one in enumerate(acts):
        check_item_id(one.rule, f"[{number}].rule")
    return acts


SoundCalendars = Annotated[tuple[CalendarVersion, ...], AfterValidator(_check_calendars)]
SoundDeadlines = Annotated[tuple[Deadline, ...], AfterValidator(_check_deadlines)]
SoundActs = Annotated[tuple[Act, ...], AfterValidator(_check_acts)]
SoundWaiting = Annotated[tuple[Awaited, ...], AfterValidator(_check_waiting)]
