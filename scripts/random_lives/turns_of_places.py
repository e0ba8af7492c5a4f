"""The steps of a definition's own that people take, or try to, in the life of a task."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from domain.lifecycle.forms import FieldRule
from domain.lifecycle.steps import StepRule
from domain.streams import task_stream
from domain.task.stepping import FieldValue, TakeStep
from scripts.random_lives.knowing import PLANNER, Given, Knowing, NothingMeant
from scripts.random_lives.life import TAKE, Step, moment
from scripts.random_lives.own_lines import ASK
from scripts.random_lives.own_starts import ANSWER
from store.envelope import Actor
from workflows.steps_of_tasks import definition_of_task

_DEPARTMENT = Actor(role="department")
_WRONG = (
    0.12  # how often somebody takes what cannot be taken there, or not by them, or fills the form in wrongly
)


def steps_between(tasks: list[str], begins: date, until: date, chance: random.Random) -> Iterator[Step]:
    """For each task some days on which somebody takes a step, whichever there is then."""
    for task in tasks:
        day = begins + timedelta(days=chance.randint(0, 6))
        while day < until:
            at = moment(day, chance.randrange(9, 18), chance.randrange(60))
            late = None if chance.random() < 0.8 else moment(day - timedelta(days=chance.choice((0, 1, 4))))
            yield Step(at, TAKE, task=task, late=late, values=_draw(chance))
            day += timedelta(days=chance.choice((0, 1, 2, 3, 5, 8, 13, 21, 34)) or 1)


def _draw(chance: random.Random) -> dict[str, Any]:
    values = {"pick": round(chance.random(), 3), "fill": chance.randrange(10**6)}
    return values | ({"wrong": True} if chance.random() < _WRONG else {})


def take_step(know: Knowing, step: Step) -> Given:
    """The step that is named, or one of those that a person may take where the task stands; if it is to be a wrong one, any."""
    if "step" in step.values:
        return _take_named(know, step)
    if not know.store.read(task_stream(str(step.task))):
        raise NothingMeant
    task, by = definition_of_task(know.store, str(step.task))
    wrong = bool(step.values.get("wrong"))
    found = by.steps if wrong else by.steps_at.get(task.place, ())
    possible = [
        (one, role)
        for one in found
        for role in (one.by if not wrong else ("officer", "planner", "department"))
    ]
    possible = [pair for pair in possible if pair[1] != "system"]
    if not possible:
        raise NothingMeant
    chosen, role = possible[int(step.values["pick"] * len(possible))]
    actors: Mapping[str, Actor] = {"planner": PLANNER, "department": _DEPARTMENT}
    actor = actors.get(role) or know.officer(step)
    form = fill_in(chosen, random.Random(f"form {step.values['fill']}"), wrong=wrong)  # noqa: S311
    return TakeStep(task=str(step.task), step=chosen.step, form=form), actor


def _take_named(know: Knowing, step: Step) -> Given:
    """By whoever may: what an agency answers or asks for its officer, all else the planner."""
    form = tuple(FieldValue(field=name, value=value) for name, value in step.values["form"].items())
    by = know.officer(step) if step.values["step"] in (ANSWER, ASK) else PLANNER
    return TakeStep(task=str(step.task), step=step.values["step"], form=form), by


def fill_in(step: StepRule, chance: random.Random, *, wrong: bool) -> tuple[FieldValue, ...]:
    """The form's fields; a wrong one leaves out what is required, or goes over a limit."""
    filled = [(one, _value(one, chance)) for one in step.form if one.required or chance.random() < 0.5]
    if wrong and filled:
        at = chance.randrange(len(filled))
        beyond = {"krw": "2000000000", "percent": "101", "integer": "13", "choice": "other"}
        value = beyond.get(filled[at][0].type)
        filled[at : at + 1] = [] if value is None else [(filled[at][0], value)]
    return tuple(FieldValue(field=one.field, value=value) for one, value in filled)


def _value(one: FieldRule, chance: random.Random) -> str:
    match one.type:
        case "krw":
            return f"{chance.randint(0, 1000) * 1_000_000:,}"
        case "percent":
            return f"{chance.randint(0, 1000) / 10}"
        case "integer":
            return str(chance.randint(1, 12))
        case "date":
            return str(date(2026, 1, 1) + timedelta(days=chance.randrange(900)))
        case "yes_no":
            return chance.choice(("예", "아니요", "yes", "no"))
    return chance.choice([each.choice for each in one.choices])
