"""A task lives by the definition that it has: who may give which command where is narrower there than in the program."""

from __future__ import annotations

from typing import Any

from domain.errors import Refusal
from domain.task.commands import OnTask, year_of
from domain.task.lifecycle import allowed, definition_of
from domain.task.state import Task
from store.envelope import Role
from workflows.definitions.model import definition
from workflows.permissions import RoleLabel


class RoleNotInDefinition(Refusal):
    """`instead`: the roles to which the definition gives the command."""

    ko = "정의 {definition}에서는 {role}이(가) 과제 {task}에 ‘{command}’ 명령을 내릴 수 없습니다. 할 수 있는 역할: {instead}."
    en = "By the definition {definition} the {role} may not give “{command}” to task {task}. Roles that may: {instead}."


class PlaceNotInDefinition(Refusal):
    """The program would allow it at this stage, the task's definition does not."""

    ko = "정의 {definition}에서는 ‘{stage}’ 단계(상태: {condition})의 과제 {task}에 ‘{command}’ 명령을 내릴 수 없습니다."
    en = "By the definition {definition} “{command}” is not given to task {task} while it is {stage} ({condition})."


def check_definition(role: Role, command: Any, task: Any) -> None:
    """Refuse what the task's definition does not give. What the program itself refuses is left to the decider."""
    if not isinstance(command, OnTask) or not isinstance(task, Task):
        return
    by = definition(task.definition or definition_of(year_of(command.task)))
    roles, places = by.givers.get(command.name, (frozenset(), frozenset()))
    if role not in roles:
        raise RoleNotInDefinition(
            definition=by.identity,
            role=RoleLabel(role),
            task=command.task,
            command=command.label,
            instead=tuple(RoleLabel(one) for one in sorted(roles)),
        )
    place = (task.stage, task.condition)
    if place not in places and type(command) in allowed(*place):
        raise PlaceNotInDefinition(
            definition=by.identity,
            stage=task.stage,
            condition=task.condition,
            task=command.task,
            command=command.label,
        )
