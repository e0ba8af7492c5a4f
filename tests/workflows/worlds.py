"""A simulated store with its command handler and a ticker's sweep, for a task of 2024 and what becomes of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from domain.seoul import SEOUL
from projections.deadlines import DEADLINES, tasks_due
from projections.runner import project
from store.envelope import Actor
from store.log import Store
from store.recorded import RecordedFact
from workers.sweeping import sweep
from workflows.automation.reacting import Memory
from workflows.command_envelope import CommandEnvelope
from workflows.command_handler import CommandHandler

PLANNER, OFFICER = Actor(role="planner"), Actor(role="officer", agency="gto")
STREAM = "task/2024-01"


class World:
    """A simulated store with its command handler and a ticker's sweep."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.handler = CommandHandler(store, lambda: None)
        self.memory = Memory()

    def give(self, command: Any, actor: Actor = PLANNER) -> None:
        self.handler.handle(CommandEnvelope(command=command, actor=actor, via="cli"))

    def give_for(self, command: Any, reason: str = "사유", actor: Actor = PLANNER) -> None:
        """What cannot be undone, with why."""
        self.handler.handle(CommandEnvelope(command=command, actor=actor, via="cli", reason=reason))

    def at(self, *moment: int) -> int:
        """Move the clock, and sweep until nothing is left to do; how many transitions there were."""
        self.store.move_clock(datetime(*moment, tzinfo=UTC))  # type: ignore[arg-type,misc]
        before = self.transitions()
        project(self.store, DEADLINES)
        while sweep(self, self.memory):  # type: ignore[arg-type]
            project(self.store, DEADLINES)
        return self.transitions() - before

    def transitions(self) -> int:
        facts = [fact for chunk in self.store.replay() for fact in chunk]
        return sum(
            fact.envelope.via == "rule"
            and fact.kind not in ("task.deadlines_set", "notice.due", "calendar.opened")
            for fact in facts
        )

    def kinds(self, stream: str = STREAM) -> list[str]:
        return [one.kind for one in self.store.read(stream) if one.kind != "task.deadlines_set"]

    def give_late(self, command: Any, day: date, actor: Actor = PLANNER) -> None:
        """As `--effective DAY` does: it was so at the midnight with which that day begins."""
        at = datetime.combine(day, time(), SEOUL)
        self.handler.handle(CommandEnvelope(command=command, actor=actor, via="cli", effective_at=at))

    def due(self) -> list[tuple[str, str | None, str]]:
        """What is listed as due of the task: kind, item, day."""
        project(self.store, DEADLINES)
        rows = tasks_due(self.store, task=STREAM[5:])
        return [(one.kind, one.item, str(one.due)) for row in rows for one in row.deadlines]

    def waiting(self) -> list[tuple[str, str | None, int]]:
        """What is listed as waiting for a calendar: kind, item, year."""
        project(self.store, DEADLINES)
        rows = tasks_due(self.store, task=STREAM[5:])
        return [(one.kind, one.item, one.year) for row in rows for one in row.waiting]

    def last(self, kind: str, stream: str = STREAM) -> RecordedFact[Any]:
        """The last fact of that kind."""
        return [one for one in self.store.read(stream) if one.kind == kind][-1]

    def reminded(self) -> list[tuple[str, str | None, str, int]]:
        """Every reminder that was armed: kind, item, due day and rung, in order."""
        facts = [fact.fact for chunk in self.store.replay() for fact in chunk if fact.kind == "notice.due"]
        return [(one.deadline, one.item, str(one.due), one.days) for one in facts]
