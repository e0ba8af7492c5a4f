"""What a step of a life may look at to become a command."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from domain.aggregate import Command
from domain.streams import task_stream
from domain.task.state import TASK, Task
from domain.values import Plan
from scripts.random_lives.life import Step
from store.envelope import Actor
from store.log import Store
from store.recorded import fold_state
from workflows.lookups import answering

PLANNER = Actor(role="planner")
Given = tuple[Command, Actor]


class NothingMeant(Exception):
    """There is nothing that the step could be about, e.g. no report to correct."""


def subject_of(seed: int, person: str) -> str:
    """The random id of a person of the life, the same for the same seed."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"life {seed} {person}").hex


class Knowing:
    """What a step may look at: the store, and whose life it is."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store, self.seed = store, seed

    def person(self, step: Step, name: str = "person") -> str:
        return subject_of(self.seed, str(step.values[name]))

    def task(self, step: Step) -> Task:
        state: Task = fold_state(TASK, self.store.read(task_stream(str(step.task))))
        return state

    def plan(self, step: Step) -> Plan:
        plan = self.task(step).plan
        if plan is None:
            raise NothingMeant
        return plan

    def officer(self, step: Step) -> Actor:
        """Somebody of the agency that answers for the task now, or of the one that the step names."""
        lead = str(step.values.get("by") or self.task(step).lead or step.values.get("lead", ""))
        if "by" not in step.values:
            lead = answering(self.store, lead)
        return Actor(role="officer", agency=lead)

    def fact(self, step: Step, kinds: Sequence[str]) -> tuple[str, Any]:
        """The name of the fact that the step means, and the fact. `which`: 1 the last one of its kind, 2 the one before."""
        found = [one for one in self.store.read(task_stream(str(step.task))) if one.kind in kinds]
        which = int(step.values.get("which", 1))
        if len(found) < which:
            raise NothingMeant
        return f"{task_stream(str(step.task))}#{found[-which].version}", found[-which].fact
