"""What whoever was refused could do instead: by role, place, definition, and what there is in the task. No list of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from domain.agency.state import Agency
from domain.aggregate import DecisionContext, Offer
from domain.errors import Bilingual
from domain.programme.state import Listed, Programme, ProgrammeStage
from domain.roles import Reach
from domain.streams import agency_stream, identity_of, year_stream
from domain.task.commands import OnTask, Propose
from domain.task.lifecycle import commands_at, leads_to
from domain.task.stages import Stage
from domain.task.state import Task
from domain.task.stepping import TakeStep
from domain.values import LocalText
from store.envelope import Actor
from workflows.definitions.enforcing import Find, definition_for, is_granted
from workflows.definitions.requiring import Look, ask, may_be_met
from workflows.permissions import by_right_of


class Offering:
    """For whoever gives a command, in whose place where they act for another. `look`: the state of a stream.

    `context_of`: what a decision there may look at; `find`: a definition by its identity.
    """

    def __init__(
        self,
        actor: Actor,
        behalf: Actor | None,
        look: Look,
        context_of: Callable[[str], DecisionContext],
        find: Find,
    ) -> None:
        self._actor, self._behalf = actor, behalf
        self._look, self._context_of, self._find = look, context_of, find

    def offers(self, stream: str, state: Any) -> tuple[Offer, ...]:
        """The commands that they could give to the task now; of other streams none is known."""
        return tuple(self._possible(stream, state)) if isinstance(state, Task) else ()

    def _possible(self, stream: str, task: Task) -> Iterator[Offer]:
        context = self._context_of(stream)
        yield from self._steps(stream, task, context.today)
        for command in commands_at(task.place):
            if self._may(command, stream, task, context.today) and command.fits(task, context):
                after = leads_to(command, task.place).stage
                yield Offer(command, ends=task.stage.is_open and not after.is_open)

    def _steps(self, stream: str, task: Task, today: date) -> Iterator[Offer]:
        """The steps of the task's definition that they could take there now."""
        if TakeStep not in commands_at(task.place):
            return
        number, right = identity_of(stream), by_right_of(self._actor, self._behalf, TakeStep)
        by = definition_for(task, number, self._find, self._look)
        for step in by.steps_at.get(task.place, ()) if self._reaches(TakeStep, right, task.lead) else ():
            asked = ask(number, task, right.role, today, self._look)
            if right.role in step.by and may_be_met(by, step.step, asked):
                yield Offer(TakeStep, step=step.step, step_label=_both(step.label))

    def _reaches(self, command: type[OnTask], right: Actor, lead: str) -> bool:
        if right.role not in command.by:
            return False
        return command.by[right.role] is Reach.ANY or right.agency in (lead, self._answering(lead))

    def _may(self, command: type[OnTask], stream: str, task: Task, today: date) -> bool:
        right = by_right_of(self._actor, self._behalf, command)
        number = identity_of(stream)
        by = definition_for(task, number, self._find, self._look)
        if right.role not in command.by or not is_granted(right.role, command, task, by):
            return False
        if not may_be_met(by, command.name, ask(number, task, right.role, today, self._look)):
            return False
        lead = task.lead
        if task.stage is Stage.UNKNOWN:
            if (listed := self._listed(stream)) is None or command is not Propose:
                return False
            lead = listed.lead
        return self._reaches(command, right, lead)

    def _listed(self, stream: str) -> Listed | None:
        """What the year's list says of the task, while the year is open."""
        task = identity_of(stream)
        programme: Programme = self._look(year_stream(task))
        return programme.tasks.get(task) if programme.stage is ProgrammeStage.OPEN else None

    def _answering(self, agency: str) -> str:
        seen: set[str] = set()
        while agency not in seen:
            seen.add(agency)
            known: Agency = self._look(agency_stream(agency))
            agency = known.successor or agency
        return agency


def _both(said: LocalText) -> Bilingual:
    return Bilingual(said.ko, said.en or said.ko)
