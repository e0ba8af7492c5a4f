"""What is due: a row a task, with the deadlines that were set last and whether they have to be counted again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.notice.facts import Due
from domain.seoul import local_day
from domain.task.basis import Basis, basis_of
from domain.task.decider import TASK
from domain.task.facts import DeadlinesSet, Proposed
from domain.task.state import Task
from domain.values import Act, Awaited, CalendarVersion, Deadline, Rung
from projections.view import View
from store.recorded import Recorded


class Reminding(msgspec.Struct, frozen=True):
    """Since when a deadline is as it is: `since`, the number of the fact that set it; `began`, the day."""

    since: int
    began: date


class Reminded(msgspec.Struct, frozen=True):
    """A rung, by its days, that notices were armed for; it stays so when the deadline goes and comes back."""

    kind: str
    item: str | None
    due: date
    days: int


class DeadlinesRow(msgspec.Struct, frozen=True):
    """`stale`: what they follow from is another since they were counted. `version`: how many facts the task has.

    `next_due`: the first of the deadlines, None where none is due; `waiting`: what cannot be counted yet; `acts`,
    `next_act`: what happens by rule, and when the first of it; `set_by`: the number of the fact that says so.
    `reminding`: of each deadline, in their order; `reminded`: what was reminded of, in that order; `next_rung`: the
    first day on which to remind. `stale_since`: the day on which something happened that moves them. `first_year`,
    `last_year`: whose calendars an open task needs. `state`: the task without its deadlines; `basis`: what those were
    counted on, None before they were.
    """

    task: str
    state: Task
    title_ko: str
    title_en: str | None
    lead: str
    version: int = 1
    stale: bool = True
    definition: str = ""
    calendars: tuple[CalendarVersion, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    waiting: tuple[Awaited, ...] = ()
    next_due: date | None = None
    acts: tuple[Act, ...] = ()
    next_act: date | None = None
    set_by: int = 0
    reminding: tuple[Reminding, ...] = ()
    reminded: tuple[Reminded, ...] = ()
    next_rung: date | None = None
    stale_since: date | None = None
    basis: Basis | None = None
    waits: bool = False
    first_year: int | None = None
    last_year: int | None = None

    def rungs_to_arm(self) -> Iterator[tuple[Deadline, Reminding, Rung]]:
        """The rungs without notices; one whose day was before the deadline began never gets any."""
        told = set(self.reminded)
        for deadline, reminding in zip(self.deadlines, self.reminding, strict=True):
            for rung in deadline.rungs:
                if rung.on >= reminding.began and _reminded(deadline, rung.days) not in told:
                    yield deadline, reminding, rung

    def told_before(self, deadline: Deadline) -> date | None:
        """The other due day that was told of this deadline last; None where it is the same, or nothing was told."""
        of = [one.due for one in self.reminded if (one.kind, one.item) == (deadline.kind, deadline.item)]
        return of[-1] if of and of[-1] != deadline.due else None


def evolve(row: DeadlinesRow | None, recorded: Recorded[Any]) -> DeadlinesRow | None:
    """The row after a task's fact, or a notice's that reminds of it."""
    fact = recorded.fact
    if isinstance(fact, Due):
        return None if row is None else _armed(row, fact)
    if row is None and not isinstance(fact, Proposed):
        return None
    before = TASK.initial if row is None else row.state
    state = replace(TASK.evolve(before, fact, recorded.effective_at, recorded.version), deadlines=None)
    day = local_day(recorded.known_at)
    assert state.title is not None, "a proposed task has one"
    names = {"title_ko": state.title.ko, "title_en": state.title.en, "lead": state.lead}
    row = row or DeadlinesRow(recorded.stream[5:], state, **names)
    row = replace(row, state=state, version=recorded.version, **names)
    basis = basis_of(state)
    if isinstance(fact, DeadlinesSet):
        return _set(row, fact, basis, day)
    stale = basis != row.basis
    since = (row.stale_since or day) if stale else None
    years = basis.years()
    return replace(
        row,
        stale=stale,
        stale_since=since,
        first_year=min(years, default=None),
        last_year=max(years, default=None),
    )


def _set(row: DeadlinesRow, fact: DeadlinesSet, basis: Basis, day: date) -> DeadlinesRow:
    """The row with these deadlines; what is as it was, was reminded of as it was."""
    before = {_same(one): told for one, told in zip(row.deadlines, row.reminding, strict=True)}
    began = Reminding(row.version, row.stale_since or day)
    return _next_rung(
        replace(
            row,
            stale=False,
            stale_since=None,
            definition=fact.definition,
            calendars=fact.calendars,
            deadlines=fact.deadlines,
            waiting=fact.waiting,
            waits=bool(fact.waiting),
            next_due=min((one.due for one in fact.deadlines), default=None),
            acts=fact.acts,
            next_act=min((one.on for one in fact.acts), default=None),
            set_by=row.version,
            reminding=tuple(before.get(_same(one)) or began for one in fact.deadlines),
            basis=basis,
        )
    )


def _armed(row: DeadlinesRow, fact: Due) -> DeadlinesRow:
    one = Reminded(fact.deadline, fact.item, fact.due, fact.days)
    # what was told last stands last, so that a day that comes back is told as changed once more
    return _next_rung(replace(row, reminded=(*(told for told in row.reminded if told != one), one)))


def _reminded(deadline: Deadline, days: int) -> Reminded:
    return Reminded(deadline.kind, deadline.item, deadline.due, days)


def _next_rung(row: DeadlinesRow) -> DeadlinesRow:
    return replace(row, next_rung=min((rung.on for _, _, rung in row.rungs_to_arm()), default=None))


def _same(deadline: Deadline) -> Deadline:
    """What makes it the same deadline: all but the days of its reminders."""
    return replace(deadline, rungs=())


DEADLINES = View(
    name="deadlines",
    version=4,
    row=DeadlinesRow,
    columns={
        "lead": "text",
        "stale": "boolean",
        "waits": "boolean",
        "next_due": "date",
        "next_act": "date",
        "next_rung": "date",
        "first_year": "integer",
        "last_year": "integer",
    },
    kinds=frozenset((*(fact.kind for fact in TASK.facts), Due.kind)),
    keys=lambda recorded: (recorded.fact.task if isinstance(recorded.fact, Due) else recorded.stream[5:],),
    evolve=evolve,
)
