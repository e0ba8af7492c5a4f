"""Which steps of its definition a task can take: for who is asked for a form, and for who reads of the task."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from domain.catalogue import aggregate_of
from domain.lifecycle.model import Definition
from domain.lifecycle.steps import StepRule
from domain.roles import Reach
from domain.streams import task_stream
from domain.task.state import TASK, Task
from domain.task.stepping import TakeStep
from store.envelope import Actor
from store.log import Store
from store.recorded import fold_state
from workflows.definitions.adopted import definitions_of
from workflows.definitions.enforcing import definition_for
from workflows.definitions.requiring import ask, may_be_met
from workflows.possible_steps import FieldAsked, StepPossible


def definition_of_task(store: Store, task: str) -> tuple[Task, Definition]:
    """The task as it stands, with the definition that it pins."""
    state: Task = fold_state(TASK, store.read(task_stream(task)))
    return state, definition_for(state, task, definitions_of(store).of, partial(_look, store))


def find_step(store: Store, task: str, name: str) -> StepRule | None:
    """The step of the task's definition; None where it has none of that name."""
    return definition_of_task(store, task)[1].step(name)


def steps_possible(
    store: Store, number: str, task: Task, by: Definition, actor: Actor, today: date, answering: str
) -> list[StepPossible]:
    """What the actor can take now, but for what hangs on the form. `answering`: who answers for the lead agency now."""
    reach = TakeStep.by.get(actor.role)
    if reach is None or (reach is Reach.OWN and actor.agency not in (task.lead, answering)):
        return []
    asked = ask(number, task, actor.role, today, partial(_look, store))
    return [
        _describe(one, task)
        for one in by.steps_at.get(task.place, ())
        if actor.role in one.by and may_be_met(by, one.step, asked)
    ]


def _describe(one: StepRule, task: Task) -> StepPossible:
    to = one.leads_to(task.place)
    form = tuple(FieldAsked(f.field, f.label, f.type, f.required, f.wanted) for f in one.form)
    return StepPossible(
        one.step, one.label, None if to == task.place else str(to), one.by, one.needs_reason, form
    )


def _look(store: Store, stream: str) -> Any:
    return fold_state(aggregate_of(stream), store.read(stream))
