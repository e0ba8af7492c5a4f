"""A task lives by the definition that it has: who may give which command where is narrower there than in the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from domain.aggregate import Offer, offers_nothing
from domain.definition.commands import Adopt, Draft
from domain.definition_names import definition_of
from domain.errors import Refusal
from domain.lifecycle.content import content_of, parse_content
from domain.lifecycle.flaws import check_flaws
from domain.lifecycle.model import Definition
from domain.money.commands import OnMoney
from domain.programme.commands import Open
from domain.programme.state import Programme
from domain.roles import Role, RoleLabel
from domain.streams import position_stream, task_stream, year_of, year_stream
from domain.task.commands import OnTask
from domain.task.lifecycle import commands_at
from domain.task.lining import OnLine
from domain.task.moving import Evaluate
from domain.task.state import Task
from domain.task.stepping import TakeStep
from domain.values import FilledField
from workflows.definitions.requiring import Look, ask, check_requirements
from workflows.definitions.scoring import check_score
from workflows.definitions.stepping import Taken, check_step, label_of, take, take_filled
from workflows.definitions.templates import templates

Find = Callable[[str], Definition]  # by identity. Raises UnknownDefinition


class RoleNotInDefinition(Refusal):
    """`instead`: the roles to which the definition gives the command."""

    ko = "정의 {definition}에서는 {role}이(가) 과제 {task}에 ‘{command}’ 명령을 내릴 수 없습니다. 할 수 있는 역할: {instead}."
    en = "By the definition {definition} the {role} may not give “{command}” to task {task}. Roles that may: {instead}."


class PlaceNotInDefinition(Refusal):
    """The program would allow it at this stage, the task's definition does not. `allowed`: what could be done instead."""

    ko = (
        "정의 {definition}에서는 ‘{stage}’ 단계(상태: {condition})의 과제 {task}에 ‘{command}’ 명령을 내릴 수 없습니다. "
        "지금 할 수 있는 명령: {allowed}."
    )
    en = (
        "By the definition {definition} “{command}” is not given to task {task} while it is {stage} ({condition}). "
        "Possible now: {allowed}."
    )


class NameOfTemplate(Refusal):
    """Other content under the name and version of a definition that comes along."""

    ko = "정의 {definition}은(는) 프로그램에 포함된 정의의 이름과 버전입니다. 내용이 다르므로 다른 이름을 지으십시오."
    en = "{definition} is the name and version of a definition that comes along, and this is other content. Give it another name."


class PositionUndeclared(Refusal):
    """`positions`: which approval lines of the definition name, all of them; `position`: the first."""

    ko = (
        "정의 {definition}을(를) 채택할 수 없습니다: 결재선에 있는 시 직위가 등록되지 않았습니다: {positions}. "
        "`donghaeng position add {position}`처럼 먼저 등록하십시오."
    )
    en = (
        "The definition {definition} cannot be adopted: its approval lines name positions that the city has not: {positions}. "
        "Declare each first, as with `donghaeng position add {position}`."
    )


def definition_for(task: Task, number: str, find: Find, look: Look | None = None) -> Definition:
    """By which the task lives: before it is proposed, and where nobody waits for that, the one that the year's list names.

    `look`: the state of a stream; without it the list is not asked.
    """
    if not task.definition and look is not None:
        programme: Programme = look(year_stream(number))
        listed = programme.tasks.get(number)
        return find((listed and listed.definition) or definition_of(year_of(number)))
    return find(task.definition or definition_of(year_of(number)))


def find_definition(command: Any, state: Any, find: Find, look: Look) -> Definition | None:
    """By which the task lives that the command is about, also beside the task's own stream; None where it is about none."""
    if isinstance(command, OnTask) and isinstance(state, Task):
        return definition_for(state, command.task, find, look)
    if isinstance(command, OnMoney):
        return definition_for(look(task_stream(command.task)), command.task, find, look)
    return None


def is_granted(role: Role, command: type[OnTask], task: Task, by: Definition) -> bool:
    """Whether the definition gives the command to the role where the task stands; who signs, its lines say."""
    if issubclass(command, OnLine):
        return True
    grant = by.grants.get(command.name)
    return grant is not None and role in grant.by and task.place in grant.places


def _check_not_as_template(command: Adopt | Draft) -> None:
    """What is called as a template is the template: stores from before definitions were facts go by it without having it."""
    definition = parse_content(command.content)
    template = templates().get(definition.identity)
    if template is not None and content_of(template) != content_of(definition):
        raise NameOfTemplate(definition=definition.identity)


def _check_adopted(command: Adopt | Draft, look: Look | None) -> None:
    _check_not_as_template(command)
    if isinstance(command, Draft):
        return
    definition = parse_content(command.content)
    check_flaws(definition)
    if look is None:
        return
    named = sorted(definition.positions)
    undeclared = tuple(one for one in named if look(position_stream(one)).name is None)
    if undeclared:  # nobody could ever sign for them, or be told
        raise PositionUndeclared(definition=definition.identity, position=undeclared[0], positions=undeclared)


def check_definition(
    role: Role,
    command: Any,
    task: Any,
    by: Definition | None,
    find: Find,
    offers: Callable[[str, Any], tuple[Offer, ...]] = offers_nothing,
    look: Look | None = None,
) -> None:
    """Refuse what the task's definition `by` does not give, a year by a definition that there is not, and to adopt what cannot be.

    What the program itself refuses is left to the decider.
    """
    if isinstance(command, Adopt | Draft):
        _check_adopted(command, look)
    if isinstance(command, Open) and command.definition is not None:
        find(command.definition)
    if by is None or not isinstance(command, OnTask):
        return
    if isinstance(command, OnLine):
        return  # who signs the line says
    if isinstance(command, TakeStep):
        if TakeStep in commands_at(task.place):
            check_step(role, command, task, by, lambda: offers(command.stream, task))
        return
    grant = by.grants.get(command.name)
    roles, places = ((), ()) if grant is None else (grant.by, grant.places)
    if role not in roles:
        raise RoleNotInDefinition(
            definition=by.identity,
            role=RoleLabel(role),
            task=command.task,
            command=command.label,
            instead=tuple(RoleLabel(one) for one in sorted(roles)),
        )
    if task.place not in places and type(command) in commands_at(task.place):
        raise PlaceNotInDefinition(
            definition=by.identity,
            stage=task.stage,
            condition=by.name_of(task.place) or task.condition,
            task=command.task,
            command=command.label,
            allowed=offers(command.stream, task),
        )


def find_step(
    command: Any,
    task: Any,
    by: Definition | None,
    look: Look,
    files: Mapping[str, bytes],
    filled: tuple[FilledField, ...] | None = None,
) -> Taken | None:
    """What the step that is to be taken comes to; None where none is, or where the decider refuses it. `files`: the bytes of
    those that are attached, by their SHA-256; `filled`: its form, where that has been read before.
    """
    if by is None or not isinstance(command, TakeStep) or TakeStep not in commands_at(task.place):
        return None
    step = by.step(command.step)
    assert step is not None, "that was looked at"
    return (
        take(step, command, task, by, look, files) if filled is None else take_filled(step, filled, task, by)
    )


def check_required(
    role: Role,
    command: Any,
    task: Any,
    on: date,
    by: Definition | None,
    look: Look,
    taken: Taken | None = None,
) -> None:
    """Refuse what the task's definition requires and does not hold, where it gives the command at all. `on`: when it takes effect."""
    if by is None or not isinstance(command, OnTask) or isinstance(command, OnLine):
        return
    if taken is not None:
        asked = ask(command.task, task, role, on, look, command, taken.form)
        check_requirements(by, command, asked, label_of(taken.step))
    elif command.name in by.requirements and is_granted(role, type(command), task, by):
        check_requirements(by, command, ask(command.task, task, role, on, look, command))
    if isinstance(command, Evaluate):
        check_score(role, command, task, by)
