"""Judges the steps of definitions of their own: where each was taken, by whom, where it led, and what its form says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from scripts.random_lives.oracle.cases import Fact, Finding, Record, seoul_day
from scripts.random_lives.oracle.definitions import Definition
from scripts.random_lives.oracle.life import Life
from scripts.random_lives.oracle.open_lines import SIGNED
from scripts.random_lives.oracle.tasks import STEP, Task, read_place

MOST_KRW = 10**15
# what ends a task, in a place of a definition's own, where that says nothing of it: by stage, with the roles
_ENDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "proposed": {"task.reject": ("planner",), "task.withdraw": ("officer",)},
    "approved": {"task.withdraw": ("officer",)},
    "in_progress": {"task.discontinue": ("planner",), "task.carry_over": ("planner",)},
}
# what leads on from there where a definition gives it there
_LEADS: Mapping[str, tuple[str, ...]] = {"task.approve": ("planner",)}
_AGENCY, _CITY = {"officer", "head"}, {"planner", "department"}


def judge_steps(life: Life) -> list[Finding]:
    findings = []
    for facts in life.tasks.values():
        for fact in facts:
            if fact.kind == STEP:
                day = seoul_day(fact.known).isoformat()
                findings += [
                    Finding("step", fact.stream, day, text, fact.position) for text in _judge(life, fact)
                ]
    return findings


def _judge(life: Life, fact: Fact) -> Iterator[str]:
    definition, name = life.definition_of(fact.name, fact.position), fact.data["step"]
    rule = definition.steps.get(name) if definition else None
    if definition is None or rule is None:
        yield f"The step {name} was taken, which its definition does not have."
        return
    if fact.data["definition"] != definition.name:
        yield f"The step says that it is of {fact.data['definition']}; the task lives by {definition.name}."
    stood = _write(life.task_before(fact.name, fact.position))
    if fact.data["from_place"] != stood:
        yield f"The step {name} says that it was taken at {fact.data['from_place']}; the task stood at {stood}."
    if stood not in rule["from"]:
        yield f"The step {name} was taken at {stood}, where it is not taken."
    if fact.data["to_place"] != rule.get("to", stood):
        yield f"The step {name} led to {fact.data['to_place']}; by its definition to {rule.get('to', stood)}."
    role = _who_asked(life, fact)
    if role not in rule["by"]:
        yield f"The step {name} was taken by the {role}, who may not."
    if fact.data["label"] != rule["label"]:
        yield f"The step {name} is called {fact.data['label']}; its definition calls it {rule['label']}."
    yield from _judge_form(name, fact.data.get("form") or (), rule.get("form") or ())


def _who_asked(life: Life, fact: Fact) -> str:
    """Of what the last signature of an approval line carried out, the role of who asked for it."""
    signed = [one for one in life.tasks[fact.name] if one.version == fact.version - 1 and one.kind == SIGNED]
    line = life.task_before(fact.name, signed[0].position).line if signed else None
    return line.opened.role if line and line.is_last(signed[0].data["entry"]) else fact.role


def _write(task: Task) -> str:
    return task.stage if task.condition == "normal" else f"{task.stage}/{task.condition}"


def _judge_form(step: str, filled: Any, rules: Any) -> Iterator[str]:
    values = {one["field"]: one.get("value", "") for one in filled}
    known = {one["field"]: one for one in rules}
    for name in values.keys() - known.keys():
        yield f"The form of {step} says {name}, which it does not ask for."
    for name, rule in known.items():
        if name not in values and rule.get("required", True):
            yield f"The form of {step} says nothing of {name}, which is required."
        if name in values and not _fits(values[name], rule):
            yield f"The form of {step} says {name} {values[name]!r}, which is not as it may be."


def _fits(value: str, rule: Record) -> bool:
    try:
        return _IS[rule["type"]](value, rule)
    except (ValueError, InvalidOperation):
        return False


def _is_between(value: str, rule: Record, least: int, most: int) -> bool:
    least, most = Decimal(rule.get("least", least)), Decimal(rule.get("most", most))  # type: ignore[assignment]
    return least <= Decimal(value) <= most


_IS: Mapping[str, Callable[[str, Record], bool]] = {
    "krw": lambda value, rule: value.isdecimal() and _is_between(value, rule, 0, MOST_KRW),
    "integer": lambda value, rule: str(int(value)) == value and _is_between(value, rule, -MOST_KRW, MOST_KRW),
    "percent": lambda value, rule: _is_between(value, rule, 0, 100),
    "date": lambda value, rule: date.fromisoformat(value).isoformat() == value,
    "yes_no": lambda value, rule: value in ("true", "false"),
    "choice": lambda value, rule: value in {one["choice"] for one in rule["choices"]},
}


def whose_turn(task: Task, definition: Definition | None) -> tuple[bool, bool]:
    """In a place of a definition's own: whether the agency, and whether the city, may lead the task on."""
    if definition is None:
        return False, False
    here, roles = _write(task), set[str]()
    for rule in definition.steps.values():
        if here in rule["from"] and rule.get("to", here) != here:
            roles |= set(rule["by"])
    for name, by in _ENDS[task.stage].items():
        said = definition.commands.get(name, {})
        if here in said.get("from", [here]):
            roles |= set(said.get("by", by))
    for name, by in _LEADS.items():
        said = definition.commands.get(name, {})
        if here in said.get("from", []):
            roles |= set(said.get("by", by))
    return bool(roles & _AGENCY), bool(roles & _CITY)


def is_own(task: Task, definition: Definition | None) -> bool:
    """Whether it stands in a place of its definition's own."""
    return definition is not None and read_place(_write(task)) in {
        read_place(one) for one in definition.places
    }
