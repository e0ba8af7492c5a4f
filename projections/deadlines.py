"""What is due: a row a task, with the deadlines that were set last and whether they have to be counted again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.notice.facts import Due
from domain.seoul import local_day
from domain.task import facts
from domain.task.decider import TASK
from domain.values import Act, CalendarVersion, Deadline, Rung
from projections.view import View
from store.recorded import Recorded


class Reminding(msgspec.Struct, frozen=True):
    """What was reminded of a deadline. `since`: the number of the fact that set it as it is; `began`: on which day.

    `armed`: the rungs, by their days, whose notices are there.
    """

    since: int
    began: date
    armed: tuple[int, ...] = ()


class DeadlinesRow(msgspec.Struct, frozen=True):
    """`stale`: something has happened since that may move them. `version`: how many facts the task has.

    `next_due`: the first of the deadlines, None where none is due; `acts`, `next_act`: what happens by rule, and when the
    first of it; `set_by`: the number of the fact that says so. `reminding`: of each deadline, in their order;
    `next_rung`: the first day on which to remind. `stale_since`: the day on which something happened that may move them.
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
    reminding: tuple[Reminding, ...] = ()
    next_rung: date | None = None
    stale_since: date | None = None

    def rungs_to_arm(self) -> Iterator[tuple[Deadline, Reminding, Rung]]:
        """The rungs without notices; one whose day was before the deadline began never gets any."""
        for deadline, reminding in zip(self.deadlines, self.reminding, strict=True):
            for rung in deadline.rungs:
                if rung.on >= reminding.began and rung.days not in reminding.armed:
                    yield deadline, reminding, rung


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
    """The row after a task's fact, or a notice's that reminds of it."""
    if isinstance(recorded.fact, Due):
        return None if row is None else _armed(row, recorded.fact)
    after = _evolve(row, recorded)
    return None if after is None else replace(after, version=recorded.version)


def _evolve(row: DeadlinesRow | None, recorded: Recorded[Any]) -> DeadlinesRow | None:
    fact = recorded.fact
    if isinstance(fact, facts.Proposed):
        day = local_day(recorded.known_at)
        return DeadlinesRow(recorded.stream[5:], fact.title.ko, fact.title.en, fact.lead, stale_since=day)
    if row is None:
        return None
    match fact:
        case facts.DeadlinesSet():
            return _with_rungs(
                row,
                local_day(recorded.known_at) if row.stale_since is None else row.stale_since,
                recorded.version,
                stale=False,
                stale_since=None,
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
            row = replace(row, title_ko=fact.title.ko, title_en=fact.title.en)
    if recorded.kind in _STILL:
        return row
    since = local_day(recorded.known_at) if row.stale_since is None else row.stale_since
    return replace(row, stale=True, stale_since=since)


def _with_rungs(row: DeadlinesRow, began: date, number: int, **changes: Any) -> DeadlinesRow:
    """The row with deadlines that fact `number` set; what is as it was, was reminded of as it was."""
    before = {_same(one): told for one, told in zip(row.deadlines, row.reminding, strict=True)}
    reminding = tuple(before.get(_same(one)) or Reminding(number, began) for one in changes["deadlines"])
    return _next_rung(replace(row, reminding=reminding, **changes))


def _armed(row: DeadlinesRow, fact: Due) -> DeadlinesRow:
    reminding = tuple(
        replace(told, armed=(*told.armed, fact.days))
        if (one.kind, one.item, told.since) == (fact.deadline, fact.item, fact.since)
        and fact.days not in told.armed
        else told
        for one, told in zip(row.deadlines, row.reminding, strict=True)
    )
    return _next_rung(replace(row, reminding=reminding))


def _next_rung(row: DeadlinesRow) -> DeadlinesRow:
    return replace(row, next_rung=min((rung.on for _, _, rung in row.rungs_to_arm()), default=None))


def _same(deadline: Deadline) -> Deadline:
    """What makes it the same deadline: all but the days of its reminders."""
    return replace(deadline, rungs=())


DEADLINES = View(
    name="deadlines",
    version=3,
    row=DeadlinesRow,
    columns={"lead": "text", "stale": "boolean", "next_due": "date", "next_act": "date", "next_rung": "date"},
    kinds=frozenset((*(fact.kind for fact in TASK.facts), Due.kind)),
    keys=lambda recorded: (recorded.fact.task if isinstance(recorded.fact, Due) else recorded.stream[5:],),
    evolve=evolve,
)
