"""A case, read: its facts by stream, its calendars, and the moments at which the clockwork was at rest."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import accumulate

from scripts.random_lives.oracle.calendars import CalendarHistory
from scripts.random_lives.oracle.cases import (
    Case,
    Fact,
    bare,
    day_of,
    midnight,
    moment,
    read_facts,
    seoul_day,
)
from scripts.random_lives.oracle.definitions import Definition, read_adopted, read_definitions
from scripts.random_lives.oracle.due import Reckoning, reckon
from scripts.random_lives.oracle.tasks import STEP, Task, fold_task

COUNT = "task.deadlines_set"
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Life:
    case: Case

    @cached_property
    def facts(self) -> list[Fact]:
        return read_facts(self.case.facts)

    @cached_property
    def streams(self) -> dict[str, list[Fact]]:
        streams: dict[str, list[Fact]] = {}
        for fact in self.facts:
            streams.setdefault(fact.stream, []).append(fact)
        return streams

    @cached_property
    def tasks(self) -> dict[str, list[Fact]]:
        """The facts of each task, by its bare name."""
        return {bare(name): facts for name, facts in self.streams.items() if name.startswith("task/")}

    @cached_property
    def definitions(self) -> dict[str, Definition]:
        """Those that come along, and those that the log adopted."""
        adopted = [f.data["content"] for f in self.facts if f.kind == "definition.adopted"]
        return read_definitions(self.case.definitions) | read_adopted(adopted)

    @cached_property
    def calendars(self) -> CalendarHistory:
        return CalendarHistory(self.facts)

    @cached_property
    def listed(self) -> dict[str, Fact]:
        """The entry of each task on a year's list."""
        return {bare(f.data["task"]): f for f in self.facts if f.kind == "programme.task_added"}

    @cached_property
    def until(self) -> datetime:
        return moment(self.case.until)

    @cached_property
    def away(self) -> list[Span]:
        return [(moment(begin), moment(end)) for begin, end in self.case.away]

    @cached_property
    def lost(self) -> list[Span]:
        return [(moment(begin), moment(end)) for begin, end in self.case.lost]

    def is_lost(self, at: datetime) -> bool:
        """Whether the store, which was put back, knows nothing of that moment."""
        return any(begin < at <= end for begin, end in self.lost)

    def find_acceptance(self, before: int) -> Fact | None:
        """The fact before that position by which a person last let a restored store go on."""
        found = [f for f in self.facts if f.kind == "store.epoch_begun" and f.position < before]
        return found[-1] if found else None

    def runs(self, at: datetime) -> bool:
        """Whether the clockwork was running. At the end of a span it has not caught up yet."""
        return at <= self.until and not any(begin <= at <= end for begin, end in self.away)

    def position_at(self, at: datetime) -> int:
        """The position before which all facts known by that moment lie."""
        count = bisect_right(self._latest, at)
        return self.facts[count - 1].position + 1 if count else 0

    @cached_property
    def _latest(self) -> list[datetime]:
        """Behind each fact, the latest moment at which any so far became known."""
        return list(accumulate((fact.known for fact in self.facts), max))

    def rests(self) -> list[datetime]:
        """The ends of months at which the clockwork ran, and the end of the life."""
        if not self.facts:
            return []
        rests, day = [], seoul_day(self.facts[0].known).replace(day=1)
        while True:
            day = (day + timedelta(days=32)).replace(day=1)
            at = midnight(day) - timedelta(minutes=1)
            if at >= self.until:
                break
            rests.append(at)
        return [at for at in [*rests, self.until] if self.runs(at)]

    def definition_of(self, name: str, before: int) -> Definition | None:
        """The one under which the task was asked for or proposed, or to which it was moved by the last count."""
        told = ""
        for fact in self.tasks.get(name, []):
            if fact.position < before and fact.kind in {
                "task.proposal_requested",
                "task.proposed",
                STEP,
                COUNT,
            }:
                told = fact.data.get("definition", told)
        return self.definitions.get(told)

    def definition_of_year(self, name: str, before: int) -> Definition | None:
        """The one that the year of a task goes by, where nobody has asked for it or proposed it yet."""
        told = ""
        for fact in self.streams.get(f"programme/{name[:4]}", []):
            if fact.position < before:
                told = fact.data.get("definition") or told
        return self.definitions.get(told)

    def task_before(self, name: str, position: int) -> Task:
        """The task behind its facts before that position. Nobody changes what is handed out."""
        facts = [f for f in self.tasks.get(name, []) if f.position < position and f.kind != COUNT]
        key = (name, facts[-1].position if facts else 0)
        if key not in self._folded:
            self._folded[key] = fold_task(name, facts)
        return self._folded[key]

    @cached_property
    def _folded(self) -> dict[tuple[str, int], Task]:
        return {}

    @cached_property
    def _reckoned(self) -> dict[tuple[int, str, int], Reckoning]:
        return {}

    def not_before(self, task: Task) -> date | None:
        """The bar of the plan, or of the year's list where that is later."""
        entry = self.listed.get(task.name)
        bars = [task.plan.get("not_before"), entry.data.get("not_before") if entry else None]
        return max((day_of(bar) for bar in bars if bar), default=None)

    def reckoning_before(self, name: str, position: int, definition: Definition | None = None) -> Reckoning:
        """What is due of the task by the facts before that position."""
        task = self.task_before(name, position)
        definition = definition or self.definition_of(name, position)
        if not (task.stage or task.waits) or definition is None:
            return Reckoning()
        calendars = self.calendars.before(position)
        key = (id(task), definition.name, id(calendars))
        if key not in self._reckoned:
            self._reckoned[key] = reckon(task, definition, calendars, self.not_before(task))
        return self._reckoned[key]

    def last_count(self, name: str, before: int) -> Fact | None:
        counts = [f for f in self.tasks.get(name, []) if f.kind == COUNT and f.position < before]
        return counts[-1] if counts else None

    def open_deadlines(self, name: str, before: int) -> set[tuple[str, str, date]]:
        """(kind, item, due) of what the last count before that position says is due."""
        count = self.last_count(name, before)
        told = count.data.get("deadlines") or () if count else ()
        return {(one["kind"], one.get("item") or "", day_of(one["due"])) for one in told}
