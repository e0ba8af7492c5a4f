"""What a task's definition requires of the commands that are possible now: each expression with what it looks at and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from domain.errors import Bilingual
from domain.lifecycle.expressions import Answer, Expression
from domain.lifecycle.model import Definition
from domain.lifecycle.requirements import Requirement
from domain.roles import Role
from domain.task.state import Task
from domain.values import LocalText
from workflows.definitions.requiring import Look, ask

_ROLE = "role"


class Required(msgspec.Struct, frozen=True):
    """`command`: by its name, or a step of the definition by its own. `role`: for whom it was asked, None where that is all one. `inputs`: by name, None where there is no value.

    `value`: None where it cannot be told: `problem` says why, or it hangs on what is given with the command (`asks`).
    """

    command: str
    that: str
    otherwise: LocalText
    role: Role | None
    inputs: Mapping[str, Any]
    asks: tuple[str, ...]
    value: bool | None
    problem: Bilingual | None


def explain_requirements(
    by: Definition, number: str, task: Task, today: date, look: Look
) -> Iterator[Required]:
    """Of each command that the definition gives where the task stands, to anybody."""
    for grant in by.grants.values():
        if task.place in grant.places:
            yield from _explain_all(by, grant.command.name, grant.by, number, task, today, look)
    for step in by.steps_at.get(task.place, ()):
        yield from _explain_all(by, step.step, step.by, number, task, today, look)


def _explain_all(
    by: Definition, name: str, roles: tuple[Role, ...], number: str, task: Task, today: date, look: Look
) -> Iterator[Required]:
    for one, expression in by.expressions(name):
        for role in _roles(expression, roles):
            asked = ask(number, task, role or roles[0], today, look)
            yield _explain(name, one, expression, role, expression.answer(asked))


def _explain(
    name: str, one: Requirement, expression: Expression, role: Role | None, answer: Answer
) -> Required:
    asks = tuple(each.name for each in expression.inputs if each.of_command)
    return Required(
        name,
        one.that,
        one.otherwise,
        role,
        {name: value for name, value in answer.inputs.items() if name not in asks},
        asks,
        None if asks else answer.value,
        None if asks else answer.problem,
    )


def _roles(expression: Expression, roles: tuple[Role, ...]) -> tuple[Role | None, ...]:
    return roles if any(one.name == _ROLE for one in expression.inputs) else (None,)
