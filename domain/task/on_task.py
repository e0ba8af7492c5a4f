"""What every command about a task has."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from domain.aggregate import Command, DecisionContext
from domain.limited import TaskNumber
from domain.streams import task_stream
from domain.task import facts
from domain.task.stages import Place
from domain.task.state import Task


class OnTask(Command):
    """A command about one task, e.g. 2024-07.

    `where`: the places in which it may be given; `makes`: the fact that moves the task, where it makes one; `guards`:
    what its decider checks beside place and permission, by name. Which an agency's head may delegate: domain.delegation.
    """

    where: ClassVar[Collection[Place]]
    makes: ClassVar[type[facts.OfTask] | None] = None
    guards: ClassVar[tuple[str, ...]] = ()
    task: TaskNumber

    @classmethod
    def fits(cls, task: Task, context: DecisionContext) -> bool:
        """Whether there is something for it in a task that stands where it may be given, whatever would be typed."""
        return True

    @property
    def stream(self) -> str:
        return task_stream(self.task)
