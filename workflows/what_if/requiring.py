"""What a definition requires, asked of the past: of what rules would have done, and of what people did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from domain.errors import Bilingual, Refusal
from domain.lifecycle.model import Definition
from domain.lifecycle.requirements import Requirement
from domain.seoul import local_day
from domain.streams import identity_of
from domain.task import lifecycle
from domain.task.basis import moment_of_rule
from domain.task.facts import StepTaken
from domain.task.moving import Evaluate
from domain.task.on_task import OnTask
from domain.task.state import Task
from domain.task.stepping import TakeStep
from domain.values import Act, LocalText
from store.recorded import RecordedFact
from workflows.automation.transitions import command_of
from workflows.definitions.requiring import Look, ask, check_requirements
from workflows.definitions.scoring import check_score
from workflows.definitions.stepping import label_of
from workflows.permissions import by_right_of
from workflows.what_if.calendars_then import CalendarsThen
from workflows.what_if.difference import WhatIfDifference

# by the fact that moves a task, the command that makes it; facts that several make tell of none
_BY_FACT: Mapping[str, type[OnTask]] = {
    one.makes.kind: one
    for one in lifecycle.COMMANDS
    if one.makes is not None and sum(each.makes is one.makes for each in lifecycle.COMMANDS) == 1
}


def calendars_at(calendars: CalendarsThen, position: int) -> Look:
    """The calendars' streams as they were at that position: requirements look at no other."""

    def look(stream: str) -> Any:
        year = int(identity_of(stream))
        return calendars.at([year], position)[year]

    return look


def hindrance_of(task: str, state: Task, act: Act, by: Definition, look: Look) -> Refusal | None:
    """What the definition would refuse the rule by, asked on the day from which it would have taken effect."""
    rule = next(one for one in by.transitions if one.rule == act.rule)
    if rule.command == Evaluate.name and state.rating is None:
        return None  # there is nothing to weigh yet
    by_plan, by_rating = rule.when.startswith("deadline_"), rule.when == "rated"
    on = local_day(moment_of_rule(state, act.on, by_plan=by_plan, by_rating=by_rating))
    command: Any = command_of(task, state, act.rule, by)
    step = by.step(rule.command) if rule.is_step else None
    asked = ask(task, state, "system", on, look, command, {})
    try:
        check_requirements(by, command, asked, None if step is None else label_of(step))
        if isinstance(command, Evaluate):
            check_score("system", command, state, by)
    except Refusal as refused:
        return refused
    return None


def compare_requirements(
    task: str, before: Task, one: RecordedFact[Any], by: Definition, look: Look
) -> Iterator[WhatIfDifference[Bilingual]]:
    """What a person did, refused by what the other definition requires of it. What hangs on fields that only the command
    had is not asked; of a step all is.
    """
    given = None if one.envelope.via == "rule" else _find_command(one)
    if given is None or given.name not in by.requirements:
        return
    role = by_right_of(one.envelope.actor, one.envelope.on_behalf_of, given.kind).role
    day = local_day(one.effective_at)
    asked = ask(task, before, role, day, look, None, given.form)
    for required, expression in by.expressions(given.name):
        if expression.asks_command and given.form is None:
            continue
        answer = expression.answer(asked)
        if not answer.value:
            title, why = before.title or LocalText(ko=task), _why(required, answer.problem)
            told = (task, title, "refused", given.name, None, given.label, str(day), None, why)
            yield WhatIfDifference(*told, (one.position,), False)
            return


class _GivenCommand(NamedTuple):
    """The command or step that made a fact, as far as the fact says it. `form`: of a step."""

    kind: type[OnTask]
    name: str
    label: LocalText
    form: Mapping[str, str] | None


def _find_command(one: RecordedFact[Any]) -> _GivenCommand | None:
    fact = one.fact
    if isinstance(fact, StepTaken):
        form = {each.field: each.value for each in fact.form if not each.lies_beside}
        return _GivenCommand(TakeStep, fact.step, fact.label, form)
    kind = _BY_FACT.get(one.kind)
    if kind is None:
        return None
    return _GivenCommand(kind, kind.name, LocalText(ko=kind.label.ko, en=kind.label.en), None)


def _why(required: Requirement, problem: Bilingual | None) -> Bilingual:
    """The definition's own sentence, with the expression, and why that cannot be told where it cannot."""
    told = Bilingual("", "") if problem is None else Bilingual(f"; {problem.ko}", f"; {problem.en}")
    return Bilingual(
        *(f"{required.otherwise.say(lang)} ({required.that}{told.say(lang)})" for lang in ("ko", "en"))
    )
