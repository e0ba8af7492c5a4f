"""A city's own steps, deadlines that are counted from its own days, and who takes the steps when."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from domain.lifecycle.starts import LONGEST_IN, STARTS
from domain.values import Unit
from scripts.random_lives.life import TAKE, Step, moment

ANSWER = "answered"  # by an agency
_PLACES = ("proposed", "approved", "in_progress", "in_progress", "in_progress/reported", "in_progress/rated")
_AT = sorted(set(_PLACES))
_RECURRING = [word for word, one in STARTS.items() if one.months is not None]
# by place, what the templates have due there
_DUE_IN: Mapping[str, tuple[str, ...]] = {
    "proposed": ("decision",),
    "approved": ("start",),
    "in_progress": ("final_report", "milestone", "progress"),
    "in_progress/reported": (),
    "in_progress/rated": ("evaluation",),
}
ChangeLength = Callable[[dict[str, Any], random.Random], None]


def _step(name: str, by: str, *fields: dict[str, Any]) -> dict[str, Any]:
    label = {"ko": f"{name} 절차를 밟음", "en": f"go through {name}"}
    return {"step": name, "label": label, "by": [by], "from": _AT, "form": list(fields)}


def _day(field: str, *, required: bool) -> dict[str, Any]:
    label = {"ko": f"{field} 날짜", "en": f"the day {field}"}
    return {"field": field, "label": label, "type": "date", "required": required}


# each leaves the task where it is
STEPS = (
    _step("looked_at", "planner"),
    _step("called", "planner", _day("held_on", required=True)),
    _step(ANSWER, "officer", _day("as_of", required=False)),
    _step("decided_on", "planner", _day("as_of", required=False)),
)
_ANSWERS = {"agency": ANSWER, "city": "decided_on"}


def make_deadlines(
    ladders: list[dict[str, Any]], chance: random.Random, change_length: ChangeLength
) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for number in range(chance.randint(2, 6)):
        place = chance.choice(_PLACES)
        stage, _, condition = place.partition("/")
        who = chance.choice(("agency", "agency", "city"))
        rule: dict[str, Any] = {
            "kind": f"own_{chr(97 + number)}",
            "who": who,
            "stage": stage,
            "condition": condition or "normal",
            "ladder": chance.choice(ladders)["name"],
            "basis": {"ko": f"지침 {number + 1}", "en": f"guideline {number + 1}"},
        }
        there = [
            one["kind"] for one in made if (one["stage"], one["condition"]) == (stage, condition or "normal")
        ]
        _choose_start(rule, [*_DUE_IN[place], *there], chance, change_length)
        made.append(rule)
    return made


def _choose_start(
    rule: dict[str, Any], kinds: list[str], chance: random.Random, change_length: ChangeLength
) -> None:
    answer = f"steps.{_ANSWERS[rule['who']]}"
    dice = chance.random()
    if dice < 0.35:
        rule["start"] = chance.choice(_RECURRING)
        unit: Unit = chance.choice(("business_days", "calendar_days", "weeks", "months"))
        months = STARTS[rule["start"]].months
        assert months is not None
        longest = LONGEST_IN[months][unit]
        rule |= {"unit": unit, "within": chance.choice((1, longest, chance.randint(1, longest)))}
        if chance.random() < 0.2:
            rule["first_day"] = chance.random() < 0.5
        rule["met_by"] = chance.choice((answer, f"{answer}.as_of"))
        return
    if dice < 0.5:
        rule |= {"start": f"{chance.randint(1, 12):02}-{chance.randint(1, 28):02}", "within": 0}
        if chance.random() < 0.6:
            rule["met_by"] = chance.choice((answer, f"{answer}.as_of"))
        return
    change_length(rule, chance)
    if chance.random() < 0.7:
        rule["met_by"] = answer
    if dice < 0.7:
        rule["start"] = chance.choice(("steps.looked_at", "steps.called", "steps.called.held_on"))
    elif kinds and dice < 0.9:
        rule["start"] = f"deadlines.{chance.choice(kinds)}"
    else:
        rule["start"] = chance.choice(("condition", "plan_start", "plan_end"))
    ahead = rule["start"] in ("plan_start", "plan_end", "steps.called.held_on")
    if rule["start"].startswith("deadlines.") or (ahead and chance.random() < 0.6):
        _count_back(rule)


def _count_back(rule: dict[str, Any]) -> None:
    for said in ("law", "first_day"):
        rule.pop(said, None)
    rule |= {"before": True, "within": max(rule["within"], 1)}


def take_steps(task: str, chance: random.Random, begins: date, until: date) -> Iterator[Step]:
    """Steps on some days of the life, often the one before once more; what the task does not stand for then is refused."""
    day, step = begins + timedelta(days=chance.randint(8, 25)), chance.choice(STEPS)
    while day < until:
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            if chance.random() < 0.6:
                step = chance.choice(STEPS)
            yield _take(task, step, day, chance)
        day += timedelta(days=chance.choice((0, 1, 3, 9, 20, 40)))
        if chance.random() < 0.3:
            day = _draw(day, chance)


def _draw(day: date, chance: random.Random) -> date:
    """Towards the days that matter: a month's last ones and the first ones after it."""
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return max(day, following + timedelta(days=chance.randint(-3, 3)))


def _take(task: str, step: dict[str, Any], day: date, chance: random.Random) -> Step:
    form = {}
    for field in step["form"]:
        if field["required"] or chance.random() < 0.7:
            form[field["field"]] = str(day + timedelta(days=chance.randint(-60, 60)))
    at = moment(day, chance.randrange(9, 18), chance.randrange(60))
    late = None
    if chance.random() < 0.35:
        late = moment(day - timedelta(days=chance.choice((0, 1, 4, 12, 30))))
    return Step(at, TAKE, task=task, late=late, values={"step": step["step"], "form": form})
