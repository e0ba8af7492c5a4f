"""Whether an entry of an approval line counts: what the few expressions that lives use for it mean."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from scripts.random_lives.oracle.cases import Record
from scripts.random_lives.oracle.tasks import Task

Asked = Mapping[str, Any]  # the fields of what was asked for, those of a form among them


class NotToldError(Exception):
    """What an expression looks at is not there."""


def _day_of_start(task: Task) -> date:
    if task.started is None:
        raise NotToldError
    return task.started


MEANING: Mapping[str, Callable[[Task, Asked], bool]] = {
    "task.plan.budget_krw >= 100000000": lambda task, _: task.plan["budget_krw"] >= 100_000_000,
    "task.plan.budget_krw >= 300000000": lambda task, _: task.plan["budget_krw"] >= 300_000_000,
    "task.plan.budget_krw < 200000000": lambda task, _: task.plan["budget_krw"] < 200_000_000,
    "task.partners.size() > 0": lambda task, _: bool(task.partners),
    "task.percent >= 20": lambda task, _: task.progress >= 20,
    "task.started_on.getMonth() < 6": lambda task, _: _day_of_start(task).month <= 6,
    "command.percent >= 30": lambda _, asked: asked["percent"] >= 30,
    "command.plan.budget_krw > 200000000": lambda _, asked: asked["plan"]["budget_krw"] > 200_000_000,
    "command.score >= 70.0": lambda _, asked: Decimal(asked["score"]) >= 70,
    "form.amount > 10000000": lambda _, asked: int(asked["form"]["amount"]) > 10_000_000,
}


def read_asked(opened: Record) -> Asked:
    """What was asked for, from the fact that opened the line: the fields of a command, or the step and its form."""
    form = {one["field"]: one["value"] for one in opened.get("form") or ()}
    fields = json.loads(opened["asked"]) if opened["asked"] else {"step": opened["step"]}
    return {**fields, "form": form}


def list_counting(line: list[Record], task: Task, asked: Asked) -> list[Record]:
    """The entries that count, in their order."""
    return [one for one in line if "when" not in one or MEANING[one["when"]](task, asked)]
