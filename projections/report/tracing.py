"""A task folded with where each of its values came from, what it owed by when, and its stages by day."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from domain.seoul import local_day
from domain.task import facts
from domain.task.deadline_kinds import DEADLINE_KINDS, LINE_TURN
from domain.task.stages import Condition, Stage
from domain.task.state import TASK, Task
from domain.values import Deadline, LocalText, Plan
from projections.task_board import TASK_BOARD, TaskBoardRow
from store.recorded import RecordedFact

_VALUES = ("plan", "title", "lead", "started_on", "percent", "rating", "score", "grade", "final_report_on")


class Obligation(msgspec.Struct, frozen=True):
    """One thing that was due of a task, followed from the fact that set it to the one that ended it.

    `agency`: which owed it, None where the city did: whoever led the task when it was met or fell away, and while it is
    open, whoever leads now; `handed`: the fact that gave it to that agency, where it was another's first. `due`: as last
    set, by the fact at `set_by`; `first`: the fact that set it first. `outcome`: `gone` where it fell away, as when the
    task was suspended. `on`, `by`: the day in Seoul and the position of what ended it.
    """

    task: str
    kind: str
    item: str | None
    agency: str | None
    due: date
    first: int
    set_by: int
    outcome: Literal["open", "met", "gone"] = "open"
    on: date | None = None
    by: int | None = None
    handed: int | None = None
    counted_from: str | None = None
    met_by: str | None = None
    label: LocalText | None = None


class StageSpan(msgspec.Struct, frozen=True):
    """Where the task stood from this day in Seoul on. `known`: the day on which it became known."""

    stage: Stage
    condition: Condition
    on: date
    known: date
    position: int


class Progress(msgspec.Struct, frozen=True):
    """The percent that held from the day on which it became known."""

    percent: int
    known: date
    position: int


class _Lead(msgspec.Struct, frozen=True):
    """Which agency leads, by the fact at `since`."""

    agency: str
    since: int

    def answers(self, owed: Obligation) -> Obligation:
        if owed.agency is None or owed.agency == self.agency:
            return owed
        return replace(owed, agency=self.agency, handed=self.since)


class Traced(msgspec.Struct):
    """`since`: the position of the fact that gave each value, by the state's field; `figures`, `reached`: the same by
    indicator and by milestone (with the day in Seoul on which it was reported). `plans`: all that were in force.
    """

    number: str
    task: Task = msgspec.field(default_factory=Task)
    board: dict[str, TaskBoardRow] = msgspec.field(default_factory=dict)
    facts: list[RecordedFact[Any]] = msgspec.field(default_factory=list)
    since: dict[str, int] = msgspec.field(default_factory=dict)
    figures: dict[str, int] = msgspec.field(default_factory=dict)
    reached: dict[str, tuple[date, int]] = msgspec.field(default_factory=dict)
    plans: list[tuple[Plan, int]] = msgspec.field(default_factory=list)
    standings: list[StageSpan] = msgspec.field(default_factory=list)
    progress: list[Progress] = msgspec.field(default_factory=list)
    open: dict[tuple[str, str | None], Obligation] = msgspec.field(default_factory=dict)
    ended: list[Obligation] = msgspec.field(default_factory=list)
    _lately: list[tuple[RecordedFact[Any], _Lead]] = msgspec.field(default_factory=list)

    @property
    def row(self) -> TaskBoardRow:
        """The task's row of the task board."""
        return self.board[self.number]

    @property
    def proposed(self) -> int:
        """The fact by which it was proposed first."""
        return next(one.position for one in self.facts if isinstance(one.fact, facts.Proposed))

    @property
    def obligations(self) -> list[Obligation]:
        """All that was ever due, by day."""
        found = [*self.ended, *map(self._lead.answers, self.open.values())]
        return sorted(found, key=lambda one: (one.due, one.kind, one.item or "", one.first))

    def add(self, recorded: RecordedFact[Any]) -> None:
        """Fold the task's next fact."""
        before = self.task
        self.task = TASK.evolve(before, recorded.fact, recorded.effective_at, recorded.version)
        TASK_BOARD.fold(self.board, recorded)
        self.facts.append(recorded)
        for name in _VALUES:
            if getattr(self.task, name) != getattr(before, name):
                self.since[name] = recorded.position
        self._measure(before, recorded)
        self._stand(before, recorded)
        if isinstance(recorded.fact, facts.DeadlinesSet):
            self._owe(recorded, recorded.fact.deadlines)
            self._lately = []
        else:
            self._lately.append((recorded, self._lead))

    @property
    def _lead(self) -> _Lead:
        return _Lead(self.task.lead, self.since.get("lead", 0))

    def _measure(self, before: Task, recorded: RecordedFact[Any]) -> None:
        after, day = self.task, local_day(recorded.effective_at)
        if after.plan is not None and after.plan != before.plan:
            self.plans.append((after.plan, recorded.position))
        for indicator, value in after.figures.items():
            if before.figures.get(indicator) != value:
                self.figures[indicator] = recorded.position
        for milestone in set(after.milestones_reached) - set(before.milestones_reached):
            self.reached.setdefault(milestone, (day, recorded.position))
        given = after.stamps.get("percent") != before.stamps.get("percent")
        if given or after.percent != before.percent:
            self.progress.append(Progress(after.percent, local_day(recorded.known_at), recorded.position))

    def _stand(self, before: Task, recorded: RecordedFact[Any]) -> None:
        after = self.task
        if (after.stage, after.condition) != (before.stage, before.condition):
            known, on = local_day(recorded.known_at), local_day(recorded.effective_at)
            self.standings.append(StageSpan(after.stage, after.condition, on, known, recorded.position))

    def _owe(self, recorded: RecordedFact[Any], deadlines: tuple[Deadline, ...]) -> None:
        due = {(one.kind, one.item): one for one in deadlines}
        for key in [key for key in self.open if key not in due]:
            self.ended.append(self._end(self.open.pop(key), recorded))
        for key, deadline in due.items():
            known = self.open.get(key)
            agency = self.task.lead if deadline.who == "agency" else None
            if known is None:
                place = recorded.position
                self.open[key] = Obligation(
                    self.number,
                    *key,
                    agency,
                    deadline.due,
                    place,
                    place,
                    counted_from=deadline.counted_from,
                    met_by=deadline.met_by,
                    label=deadline.label,
                )
            elif known.due != deadline.due:
                self.open[key] = replace(known, due=deadline.due, set_by=recorded.position)

    def _end(self, owed: Obligation, recorded: RecordedFact[Any]) -> Obligation:
        """Met by what happened since deadlines were last set, or fallen away."""
        for one, lead in self._lately:
            if _meets(owed, one.fact):
                on = local_day(one.effective_at)
                return replace(lead.answers(owed), outcome="met", on=on, by=one.position)
        last, lead = self._lately[-1] if self._lately else (recorded, self._lead)
        on = local_day(last.effective_at)
        return replace(lead.answers(owed), outcome="gone", on=on, by=last.position)


def _meets(owed: Obligation, fact: facts.TaskFact) -> bool:
    """Whether it may have been done by the fact: as its kind says, or by a step of the definition that the deadline names."""
    if owed.met_by is not None:
        return isinstance(fact, facts.StepTaken) and owed.met_by.split(".")[1] == fact.step
    kind = DEADLINE_KINDS.get("signature" if owed.counted_from == LINE_TURN else owed.kind)
    if kind is None or not isinstance(fact, kind.met_by):
        return False
    return owed.kind != "milestone" or owed.item in fact.milestones
