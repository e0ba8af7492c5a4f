"""What is due, as every list says it: of a whole list of deadlines, or the next of a task."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec

from domain.values import Awaited, Deadline, LocalText
from projections.deadlines_row import DeadlinesRow
from projections.labels import find_item_name


class _Of(msgspec.Struct, frozen=True, kw_only=True):
    """Of which task. `who`: owes it, agency or city; `item`: which of several, e.g. 2024-Q3, and `item_name`: what people
    call it, where it has a name; `kind_name`: what the definition calls a kind of its own.
    """

    task: str
    title: LocalText
    lead: str
    kind: str
    item: str | None
    item_name: LocalText | None
    kind_name: LocalText | None
    who: str


class DueOf(_Of, frozen=True, kw_only=True):
    """What is due of a task."""

    due: date
    overdue: bool


class WaitingOf(_Of, frozen=True, kw_only=True):
    """What is due and cannot be counted before the calendar of a year is there."""

    waits_for_calendar: int


class Due(msgspec.Struct, frozen=True):
    """`dated`: the soonest first; what lies before the day on which it is asked is overdue."""

    dated: list[DueOf]
    waiting: list[WaitingOf]


def due_of(rows: Iterable[DeadlinesRow], today: date) -> Due:
    """All that is due of these tasks."""
    known = list(rows)
    dated = [
        DueOf(**_whose(row, one), due=one.due, overdue=one.due < today)
        for row in known
        for one in row.deadlines
    ]
    waiting = [
        WaitingOf(**_whose(row, one), waits_for_calendar=one.year) for row in known for one in row.waiting
    ]
    return Due(sorted(dated, key=lambda one: (one.due, one.task)), waiting)


def next_of(due: Due) -> dict[str, DueOf]:
    """The next deadline of each task: the first that the list has of it."""
    found: dict[str, DueOf] = {}
    for one in due.dated:
        found.setdefault(one.task, one)
    return found


def _whose(row: DeadlinesRow, one: Deadline | Awaited) -> dict[str, Any]:
    return {
        "task": row.task,
        "title": LocalText(ko=row.title_ko, en=row.title_en),
        "lead": row.lead,
        "kind": one.kind,
        "item": one.item,
        "item_name": find_item_name(row.state, one.item),
        "kind_name": one.label,
        "who": one.who,
    }
