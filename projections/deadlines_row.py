"""A task's row of deadlines, and the fold of it: what is due, what is to be counted again, and what was reminded of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.notice.facts import Due
from domain.programme.facts import TaskAdded, TaskChanged
from domain.seoul import local_day
from domain.streams import identity_of
from domain.task.basis import Basis, basis_of, is_same_basis
from domain.task.facts import DeadlinesSet, NumberFreed, ProposalRequested, Proposed, RequestLapsed
from domain.task.stages import Stage
from domain.task.state import Task
from domain.task.state import evolve as evolve_task
from domain.values import Act, Awaited, CalendarVersion, Deadline, ReminderStep
from store.recorded import RecordedFact


class Reminding(msgspec.Struct, frozen=True, gc=False):
    """Since when a deadline is as it is: `since`, the number of the fact that set it; `began`, the day."""

    since: int
    began: date


class Reminded(msgspec.Struct, frozen=True, gc=False):
    """A rung, by its days, that notices were armed for; it stays so when the deadline goes and comes back."""

    kind: str
    item: str | None
    due: date
    days: int


class ToRequest(msgspec.Struct, frozen=True, gc=False):
    """The fact after which the lead is to be asked for the proposal, by its name and position, and when it was so."""

    fact: str
    position: int
    at: datetime


class DeadlinesRow(msgspec.Struct, frozen=True, gc=False):
    """`stale`: what they follow from is another since they were counted. `version`: how many facts the task has.

    `next_due`: the first of the deadlines, None where none is due; `waiting`: what cannot be counted yet; `acts`,
    `next_act`: what happens by rule, and when the first of it; `set_by`: the number of the fact that says so.
    `reminding`: of each deadline, in their order; `reminded`: what was reminded of, in that order; `next_rung`: the
    first day on which to remind. `stale_since`: the day on which something happened that moves them. `first_year`,
    `last_year`: whose calendars an open task needs. `state`: the task without its deadlines; `basis`: what those were
    counted on, None before they were. `listed_by`: the definition by which the year's list has it, None where the list says
    none; `to_request`: why its lead is to be asked for the proposal; `request`: what is to be seen to of that: `due`, or
    `made` while the proposal is waited for.
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
    listed_by: str | None = None
    to_request: ToRequest | None = None
    request: str | None = None

    def steps_to_arm(self) -> Iterator[tuple[Deadline, Reminding, ReminderStep]]:
        """The rungs without notices; one whose day was before the deadline began never gets any."""
        told = set(self.reminded)
        for deadline, reminding in zip(self.deadlines, self.reminding, strict=True):
            for rung in deadline.rungs:
                if rung.on >= reminding.began and _as_reminded(deadline, rung.days) not in told:
                    yield deadline, reminding, rung

    def day_told_before(self, deadline: Deadline) -> date | None:
        """The other due day that was told of this deadline last; None where it is the same, or nothing was told."""
        of = [one.due for one in self.reminded if (one.kind, one.item) == (deadline.kind, deadline.item)]
        return of[-1] if of and of[-1] != deadline.due else None


def evolve(row: DeadlinesRow | None, recorded: RecordedFact[Any]) -> DeadlinesRow | None:
    """The row after a task's fact, or a notice's that reminds of it."""
    fact = recorded.fact
    beside = _BESIDE_THE_TASK.get(type(fact))
    if beside is not None:
        return beside(row, recorded)
    if row is None and not isinstance(fact, Proposed | ProposalRequested):
        return None
    before = Task() if row is None else row.state
    at = recorded.envelope.effective_at or recorded.known_at
    state = evolve_task(before, fact, at, recorded.version)
    if state.deadlines is not None:
        state = replace(state, deadlines=None)
    assert state.title is not None, "a proposed task has one"
    names: dict[str, Any] = {"title_ko": state.title.ko, "title_en": state.title.en, "lead": state.lead}
    if row is None:
        row = DeadlinesRow(identity_of(recorded.stream), state, **names)
    row = replace(row, state=state, version=recorded.version, **names)
    if type(fact) in _ABOUT_REQUESTS:
        row = _with_request(row, recorded)
    sets = isinstance(fact, DeadlinesSet)
    if not sets and is_same_basis(before, state):
        return row  # most facts are of this kind; what follows from the basis stands as it stood
    day, basis = local_day(recorded.known_at), basis_of(state)
    if sets:
        return _apply_set(row, fact, basis, day)
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


def _apply_listing(row: DeadlinesRow | None, recorded: RecordedFact[Any]) -> DeadlinesRow | None:
    """The row after what the year's list says, of a year that says by which definition it goes."""
    fact = recorded.fact
    if row is not None or fact.definition is None:
        return row
    title = fact.title
    row = DeadlinesRow(fact.task, Task(), title.ko, title.en, fact.lead, version=0, stale=False)
    return _to_request(replace(row, listed_by=fact.definition), recorded)


def _correct_listed(row: DeadlinesRow | None, recorded: RecordedFact[Any]) -> DeadlinesRow | None:
    fact = recorded.fact
    told = any(one is not None for one in (fact.title, fact.area, fact.lead))
    if row is None or row.listed_by is None or row.state.stage is not Stage.UNKNOWN or not told:
        return row
    return _to_request(row, recorded)


def _with_request(row: DeadlinesRow, recorded: RecordedFact[Any]) -> DeadlinesRow:
    """The row after a fact of the task, by which it may come to be waited for, or be so no more."""
    if isinstance(recorded.fact, NumberFreed):
        return row if row.listed_by is None else _to_request(row, recorded)
    waits = row.state.stage is Stage.UNKNOWN and row.state.requested_since is not None
    return replace(row, to_request=None, request="made" if waits else None)


_ABOUT_REQUESTS = frozenset((NumberFreed, Proposed, ProposalRequested, RequestLapsed))


def _to_request(row: DeadlinesRow, recorded: RecordedFact[Any]) -> DeadlinesRow:
    name = f"{recorded.stream}#{recorded.version}"
    asked = ToRequest(name, recorded.position, recorded.effective_at)
    return replace(row, to_request=asked, request="due")


def _apply_set(row: DeadlinesRow, fact: DeadlinesSet, basis: Basis, day: date) -> DeadlinesRow:
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


def _apply_armed(row: DeadlinesRow | None, recorded: RecordedFact[Any]) -> DeadlinesRow | None:
    if row is None:
        return None
    fact = recorded.fact
    one = Reminded(fact.deadline, fact.item, fact.due, fact.days)
    # what was told last stands last, so that a day that comes back is told as changed once more
    return _next_rung(replace(row, reminded=(*(told for told in row.reminded if told != one), one)))


_BESIDE_THE_TASK: Mapping[type, Callable[[DeadlinesRow | None, RecordedFact[Any]], DeadlinesRow | None]] = {
    Due: _apply_armed,
    TaskAdded: _apply_listing,
    TaskChanged: _correct_listed,
}


def _as_reminded(deadline: Deadline, days: int) -> Reminded:
    return Reminded(deadline.kind, deadline.item, deadline.due, days)


def _next_rung(row: DeadlinesRow) -> DeadlinesRow:
    return replace(row, next_rung=min((rung.on for _, _, rung in row.steps_to_arm()), default=None))


def _same(deadline: Deadline) -> tuple[str, str | None, date]:
    """What makes it the same deadline, as for what was reminded of: the day by which it is due, however that is counted."""
    return deadline.kind, deadline.item, deadline.due
