"""What is due: a row a task, with the deadlines that were set last and whether they have to be counted again."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.task import facts
from domain.task.decider import TASK
from domain.values import Act, CalendarVersion, Deadline
from projections.view import View
from store.recorded import Recorded


class DeadlinesRow(msgspec.Struct, frozen=True):
    """`stale`: something has happened since that may move them. `version`: how many facts the task has.

    `next_due`: the first of the deadlines, None where none is due; `acts`, `next_act`: what happens by rule, and when the
    first of it; `set_by`: the number of the fact that says so.
    """

    task: str
    title_ko: str
    title_en: str | None
    lead: str
    version: int = 1
    stale: bool = True
    definition: str = ""
    calendars: tuple[CalendarVersion, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    next_due: date | None = None
    acts: tuple[Act, ...] = ()
    next_act: date | None = None
    set_by: int = 0


# what changes neither stage nor plan nor progress moves no deadline
_STILL = frozenset(
    fact.kind
    for fact in (
        facts.ReplanRequested,
        facts.ReplanRefused,
        facts.HandedOver,
        facts.PartnerAdded,
        facts.PartnerReleased,
        facts.HoldPlaced,
        facts.HoldLifted,
    )
)


def evolve(row: DeadlinesRow | None, recorded: Recorded[Any]) -> DeadlinesRow | None:
    """The row after a task's fact."""
    after = _evolve(row, recorded)
    return None if after is None else replace(after, version=recorded.version)


def _evolve(row: DeadlinesRow | None, recorded: Recorded[Any]) -> DeadlinesRow | None:
    fact = recorded.fact
    if isinstance(fact, facts.Proposed):
        return DeadlinesRow(recorded.stream[5:], fact.title.ko, fact.title.en, fact.lead)
    if row is None:
        return None
    match fact:
        case facts.DeadlinesSet():
            return replace(
                row,
                stale=False,
                definition=fact.definition,
                calendars=fact.calendars,
                deadlines=fact.deadlines,
                next_due=min((one.due for one in fact.deadlines), default=None),
                acts=fact.acts,
                next_act=min((one.on for one in fact.acts), default=None),
                set_by=recorded.version,
            )
        case facts.HandedOver():
            return replace(row, lead=fact.lead)
        case facts.Revised() if fact.title is not None:
            return replace(row, title_ko=fact.title.ko, title_en=fact.title.en, stale=True)
    return row if recorded.kind in _STILL else replace(row, stale=True)


DEADLINES = View(
    name="deadlines",
    version=2,
    row=DeadlinesRow,
    columns={"lead": "text", "stale": "boolean", "next_due": "date", "next_act": "date"},
    kinds=frozenset(fact.kind for fact in TASK.facts),
    keys=lambda recorded: (recorded.stream[5:],),
    evolve=evolve,
)
