"""What is to be other of a plan. What is not said stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal, TypeVar

import msgspec
from msgspec.structs import replace
from pydantic import StrictInt
from pydantic_core import PydanticCustomError

from domain.plan_limits import check_plan
from domain.refusals import bad_input
from domain.values import Indicator, LocalText, Milestone, Phase, Plan, Value

Leaving = Literal["milestones", "indicators", "phases", "not_before"]  # what a plan can be without
_Item = TypeVar("_Item", Milestone, Indicator, Phase)


class PlanChanges(Value, frozen=True):
    """As of `Plan`, each absent where it stays. A list is given whole; `without`: what the plan is not to have any more."""

    start: date | None = None
    end: date | None = None
    budget_krw: StrictInt | None = None
    milestones: tuple[Milestone, ...] | None = None
    indicators: tuple[Indicator, ...] | None = None
    phases: tuple[Phase, ...] | None = None
    not_before: date | None = None
    without: tuple[Leaving, ...] = ()


def change_plan(plan: Plan, changes: PlanChanges) -> Plan:
    """The plan with what is said in place of what it had. Raises BadInput where no plan can be so."""
    said: dict[str, Any] = {
        name: value
        for name, value in msgspec.structs.asdict(changes).items()
        if name != "without" and value is not None
    }
    for name in ("milestones", "indicators", "phases"):
        if name in said:
            said[name] = _with_known_names(said[name], getattr(plan, name))
    left = {
        field.name: field.default for field in msgspec.structs.fields(Plan) if field.name in changes.without
    }
    try:
        return check_plan(replace(plan, **(said | left)))
    except PydanticCustomError as error:
        raise bad_input(error, "plan") from None


def keep_english(said: LocalText, known: LocalText | None) -> LocalText:
    """A name in Korean alone that is as it was keeps its English."""
    same = known is not None and said.en is None and said.ko == known.ko
    return known if same and known is not None else said


def _with_known_names(said: Sequence[_Item], known: Sequence[_Item]) -> tuple[_Item, ...]:
    names = {one.name.ko: one.name for one in known}
    return tuple(replace(one, name=keep_english(one.name, names.get(one.name.ko))) for one in said)
