"""What people do with the city's positions and in approval lines: the commands that a step comes to, given what there is by now."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from domain.position import commands as position
from domain.position.facts import POSITION, Position
from domain.streams import position_stream, task_stream
from domain.task.lining import Object, Sign, WithdrawLine
from domain.task.open_line import OpenLine
from domain.values import LocalText, Signatory
from scripts.random_lives.knowing import PLANNER, Given, Knowing, NothingMeant
from scripts.random_lives.life import Step
from store.envelope import Actor
from store.recorded import fold_state

_DEPARTMENT = Actor(role="department")


def _position(know: Knowing, name: str) -> Position:
    state: Position = fold_state(POSITION, know.store.read(position_stream(name)))
    return state


def _declare(know: Knowing, step: Step) -> Given:
    name = step.values["position"]
    return position.Declare(
        position=name, title=LocalText(ko=step.values.get("name", f"{name} 직위"))
    ), PLANNER


def _appoint(know: Knowing, step: Step) -> Given:
    return position.Appoint(position=step.values["position"], subject=know.person(step)), PLANNER


def _holder(know: Knowing, step: Step) -> str:
    holders = sorted(_position(know, step.values["position"]).holders)
    if not holders:
        raise NothingMeant
    return holders[int(step.values["which"]) % len(holders)]


def _release(know: Knowing, step: Step) -> Given:
    return position.Release(position=step.values["position"], subject=_holder(know, step)), PLANNER


def _delegate(know: Knowing, step: Step) -> Given:
    values = step.values
    return (
        position.Delegate(
            position=values["position"],
            mandate=values["mandate"],
            holder=_holder(know, step),
            delegate=know.person(step),
            starts=date.fromisoformat(values["starts"]),
            ends=date.fromisoformat(values["ends"]) if "ends" in values else None,
        ),
        PLANNER,
    )


def _end_delegation(know: Knowing, step: Step) -> Given:
    delegations = _position(know, step.values["position"]).delegations
    if not delegations:
        raise NothingMeant
    return position.EndDelegation(position=step.values["position"], number=max(delegations)), PLANNER


def _sign(kind: type[Sign] | type[Object]) -> Callable[[Knowing, Step], Given]:
    def act(know: Knowing, step: Step) -> Given:
        chance = random.Random(f"sign {step.values['pick']}")  # noqa: S311
        line, wrong = know.task(step).line, bool(step.values.get("wrong"))
        if line is None and not (wrong and chance.random() < 0.2):
            raise NothingMeant
        by = _signer(know, step, line, chance, wrong=wrong)
        return kind(task=str(step.task), line=_number(line, chance, wrong=wrong)), by

    return act


def _signer(know: Knowing, step: Step, line: OpenLine | None, chance: random.Random, *, wrong: bool) -> Actor:
    """One of those who may sign now; of a wrong one, anybody who may sign at all."""
    asked = () if line is None else line.signatories if wrong else line.waited_for
    if not asked:
        return PLANNER
    one: Signatory = chance.choice(asked)
    if one.position is None:
        actors: Mapping[str, Actor] = {"planner": PLANNER, "department": _DEPARTMENT}
        return actors.get(str(one.role)) or Actor(role=one.role, agency=know.officer(step).agency)  # type: ignore[arg-type]
    state = _position(know, one.position)
    people = [*state.holders, *(each.delegate for each in state.delegations.values())]
    if not people:
        raise NothingMeant
    return Actor(role=chance.choice(("planner", "department")), subject=chance.choice(sorted(people)))


def _number(line: OpenLine | None, chance: random.Random, *, wrong: bool) -> int | None:
    if line is None or chance.random() < 0.7:
        return None
    return line.number + (1 if wrong and chance.random() < 0.3 else 0)


def _withdraw(know: Knowing, step: Step) -> Given:
    """By who asked; of a wrong one, by the department."""
    line = know.task(step).line
    if line is None:
        raise NothingMeant
    facts = know.store.read(task_stream(str(step.task)))
    asked: Any = next(one.envelope.actor for one in facts if one.version == line.number)
    return WithdrawLine(task=str(step.task)), _DEPARTMENT if step.values.get("wrong") else asked


ACTS_OF_LINES: Mapping[str, Callable[[Knowing, Step], Given]] = {
    "position_declare": _declare,
    "position_appoint": _appoint,
    "position_release": _release,
    "position_delegate": _delegate,
    "position_end_delegation": _end_delegation,
    "task_sign": _sign(Sign),
    "task_object": _sign(Object),
    "task_withdraw_line": _withdraw,
}
