"""What a task's definition requires of a command beside role and place: asked before the decider is, and told with what was looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from domain.calendar.reckoning import day_off
from domain.calendar.state import Calendar
from domain.errors import Label, Lang, Refusal
from domain.lifecycle.by_definition import ByDefinition
from domain.lifecycle.expressions import Answer
from domain.lifecycle.inputs import Asked
from domain.lifecycle.model import Definition
from domain.lifecycle.requirements import Requirement
from domain.roles import Role
from domain.streams import calendar_stream
from domain.task.commands import OnTask
from domain.task.state import Task
from domain.task.stepping import TakeStep

Look = Callable[[str], Any]  # the state of a stream


class RequirementNotMet(ByDefinition, Refusal):
    """`otherwise`: in the definition's own words; `that`: the expression; `inputs`: what it looked at."""

    in_json = ("definition", "task", "command_name", "that", "otherwise", "inputs")
    ko = (
        "정의 {definition}의 요건에 맞지 않아 과제 {task}에 ‘{command}’ 명령을 내릴 수 없습니다: {otherwise} "
        "(요건: {that}, 확인한 값: {inputs})"
    )
    en = (
        "By the definition {definition} “{command}” cannot be given to task {task}: {otherwise} "
        "(required: {that}; looked at: {inputs})"
    )


class RequirementNotTold(ByDefinition, Refusal):
    """What cannot be told is not met. `problem`: why it cannot; else as RequirementNotMet."""

    in_json = (*RequirementNotMet.in_json, "problem")
    ko = (
        "정의 {definition}의 요건을 확인할 수 없어({problem}) 과제 {task}에 ‘{command}’ 명령을 내릴 수 없습니다: {otherwise} "
        "(요건: {that}, 확인한 값: {inputs})"
    )
    en = (
        "By the definition {definition} “{command}” cannot be given to task {task}, since it cannot be told whether what is "
        "required holds ({problem}): {otherwise} (required: {that}; looked at: {inputs})"
    )


class LookedAt(NamedTuple):
    """Values by name, as a sentence has them."""

    values: Mapping[str, Any]

    def say(self, lang: Lang) -> str:
        none = "없음" if lang == "ko" else "none"
        return ", ".join(
            f"{name} = {none if value is None else in_cel(value)}" for name, value in self.values.items()
        )


def in_cel(value: Any) -> str:
    """A value as an expression would write it."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case date():
            return f'day("{value}")'
        case list():
            return f"[{', '.join(map(in_cel, value))}]"
    return str(value)


def ask(
    number: str,
    task: Task,
    role: Role,
    on: date,
    look: Look,
    command: OnTask | None = None,
    form: Mapping[str, str] | None = None,
) -> Asked:
    """What is asked about. `number`: the task's; `form`: of a step, as facts hold it."""
    return Asked(number, task, role, on, partial(_is_business_day, look), command, form)


def _is_business_day(look: Look, day: date) -> bool | None:
    calendar: Calendar = look(calendar_stream(day.year))
    return day_off({day.year: calendar}, day) is None if calendar.version else None


def check_requirements(by: Definition, command: OnTask, asked: Asked, step: Label | None = None) -> None:
    """Refuse by the first that does not hold. `step`: what is taken, where the command takes a step of the definition."""
    name = command.step if isinstance(command, TakeStep) else command.name
    for one, expression in by.expressions(name):
        answer = expression.answer(asked)
        if not answer.value:
            raise _refusal(by, command, one, answer, step or command.label)


def _refusal(by: Definition, command: OnTask, one: Requirement, answer: Answer, label: Label) -> Refusal:
    told: dict[str, Any] = {
        "definition": by.identity,
        "task": command.task,
        "command": label,
        "command_name": command.name,
        "otherwise": one.otherwise,
        "that": one.that,
        "inputs": LookedAt(answer.inputs),
    }
    if answer.problem is None:
        return RequirementNotMet(**told)
    return RequirementNotTold(**told, problem=answer.problem)


def may_be_met(by: Definition, name: str, asked: Asked) -> bool:
    """Whether all holds that can be told before the fields are of the command or step."""
    return all(
        expression.asks_command or expression.answer(asked).value for _, expression in by.expressions(name)
    )
