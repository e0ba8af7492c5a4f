"""Requirements that are always or never true over their inputs' types are found; what is sometimes so is let through."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest

from domain.errors import Refusal
from domain.lifecycle import flaws
from domain.lifecycle.constancy import find_constant
from domain.lifecycle.domains import Giving
from domain.lifecycle.flaws import check_flaws, find_flaws
from domain.lifecycle.model import Definition
from workflows.definitions.templates import templates

SAID = templates()["donghaeng-2024/1"].model_dump(mode="json", by_alias=True, exclude_unset=True)
WORDS = {"ko": "안 됨", "en": "it is not so"}
FORM = [
    {"field": "amount", "type": "krw", "least": "10", "most": "500"},
    {"field": "other", "type": "krw"},
    {"field": "share", "type": "percent"},
    {"field": "count", "type": "integer", "least": "1", "most": "5"},
    {"field": "day", "type": "date", "least": "2026-01-01", "required": False},
    {"field": "done", "type": "yes_no"},
    {"field": "who", "type": "agency"},
    {
        "field": "outcome",
        "type": "choice",
        "choices": [{"choice": one, "label": {"ko": one, "en": one}} for one in ("whole", "reduced")],
    },
]


def definition(that: str, command: str = "") -> Definition:
    """Required of a step of the planner's and the department's, or of a command."""
    required = [{"that": that, "otherwise": WORDS}]
    step: dict[str, Any] = {
        "step": "review",
        "label": {"ko": "심사", "en": "review it"},
        "by": ["planner", "department"],
        "from": ["proposed"],
        "form": [one | {"label": {"ko": one["field"], "en": str(one["field"])}} for one in FORM],
    }
    if not command:
        return Definition.model_validate(SAID | {"steps": [step | {"requirements": required}]})
    commands = [{"command": command, "requirements": required}]
    return Definition.model_validate(SAID | {"steps": [step], "commands": commands})


def found(that: str, command: str = "") -> str:
    problems = [one.problem.en for one in find_flaws(definition(that, command))]
    return " ".join(problems).partition(",")[0]


@pytest.mark.parametrize(
    "that",
    [
        "form.amount >= 10",
        "form.amount < 501",
        "form.amount <= 500 && form.share <= 100.0",
        "form.count in [1, 2, 3, 4, 5]",
        "form.count * 2 <= 10",
        "form.done || !form.done",
        "form.outcome == 'whole' || form.outcome == 'reduced'",
        "form.outcome != 'cut'",
        "role == 'planner' || role == 'department'",
        "task.stage == 'proposed'",
        "!form.day.known || form.day >= day('2026-01-01')",
        "form.share < 50.0 || form.share >= 50.0",
        "form.amount < form.count || form.amount >= form.count",
        "form.count < form.amount",
        "form.who == 'gto' || form.who != 'gto'",
        "task.percent >= 0",
    ],
)
def test_what_is_always_true_is_found(that: str) -> None:
    assert found(that) == "it is always true"


@pytest.mark.parametrize(
    "that",
    [
        "form.amount < 10",
        "form.amount > 500",
        "form.share > 100.0",
        "form.count == 6",
        "form.outcome == 'cut'",
        "role == 'officer'",
        "form.done && !form.done",
        "form.day < day('2026-01-01')",
        "form.day.known && form.day < day('2025-12-31')",
        "form.amount > 100 && form.amount < 101",
        "form.share > 60.0 && form.share < 60.0",
        "form.amount <= form.count",
        "form.amount < form.other && form.other < form.amount",
        "task.percent > 100",
        "!steps.review.known && steps.review.amount > 5",
        "form.who == 'gto' && form.who == 'gco'",
    ],
)
def test_what_is_never_true_is_found(that: str) -> None:
    assert found(that) == "it is never true"


@pytest.mark.parametrize(
    "that",
    [
        "form.amount > 10",
        "form.amount == 500",
        "form.amount > 100 && form.amount < 102",
        "form.share > 60.0 && form.share < 60.1",
        "form.count == 5",
        "form.outcome == 'whole'",
        "role == 'planner'",
        "form.day >= day('2026-01-01')",  # it need not be filled in
        "form.day.known",
        "form.amount <= task.plan.budget_krw",
        "form.amount < form.other && form.other < 12",
        "task.percent < form.amount",
        "steps.review.known && steps.review.amount > 5",
        "!steps.review.known || steps.review.amount > 5",
        "form.who == 'gto'",
        "task.lead == form.who",
        "task.percent > 99",
        "on > day('2027-01-01')",
        "form.amount == 100 ? form.done : form.count > 2",
    ],
)
def test_what_is_sometimes_true_is_let_through(that: str) -> None:
    assert found(that) == ""


@pytest.mark.parametrize(
    "that",
    [
        "form.amount - form.amount == 0",  # reckoned with
        "form.amount + 1 > 10",
        "task.partners.size() >= 0",  # a list
        "form.who.size() >= 0",
        "form.who < 'a' || form.who >= 'a'",  # texts in their order
        "task.plan.known",  # it has one wherever it is asked: what inputs have to do with each other
    ],
)
def test_what_is_not_looked_at_is_let_through(that: str) -> None:
    assert found(that) == ""


def test_it_is_said_by_its_entry_with_what_was_looked_at_and_refused() -> None:
    by = definition("form.amount > 500 || role == 'officer'")
    (flaw,) = find_flaws(by)
    assert flaw.entry == "steps[review].requirements[0].that"
    assert "form.amount: 10–500, role: planner, department" in flaw.problem.en
    assert "참이 될 수 없음" in flaw.problem.ko
    with pytest.raises(Refusal, match="never true"):
        check_flaws(by)
    (flaw,) = find_flaws(definition("task.percent <= 100", "task.approve"))
    assert (flaw.entry, flaw.problem.en[:21]) == (
        "commands[task.approve].requirements[0].that",
        "it is always true, wh",
    )


def test_roles_are_those_to_whom_the_command_is_given() -> None:
    assert found("role == 'planner'", "task.approve") == "it is always true"
    assert found("role == 'planner'", "task.withdraw") == "it is never true"
    assert found("role == 'system'", "task.withdraw") == ""


def test_the_control_without_the_search_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flaws, "find_constant", lambda *_: None)
    assert found("form.amount > 500") == ""


def _random_expression(chance: random.Random, depth: int = 3) -> str:
    if depth and chance.random() < 0.75:
        parts = [_random_expression(chance, depth - 1) for _ in range(2)]
        return chance.choice((f"({parts[0]} && {parts[1]})", f"({parts[0]} || {parts[1]})", f"!({parts[0]})"))
    sign = chance.choice(("<", "<=", ">", ">=", "==", "!="))
    number = chance.choice((9, 10, 11, 12, 499, 500, 501))
    return chance.choice(
        (
            f"form.amount {sign} {number}",
            f"{number} {sign} form.other",
            f"form.amount {sign} form.other",
            f"form.share {sign} {chance.choice(('0.0', '50.0', '100.0'))}",
            f"form.day {sign} day('2026-01-0{chance.randint(1, 3)}')",
            f"form.count {sign} {chance.randint(0, 6)}",
            "form.day.known",
            "form.done",
            "form.outcome == 'whole'",
            "role == 'planner'",
        )
    )


def _random_values(chance: random.Random, names: list[str]) -> dict[str, Any]:
    there = chance.random() < 0.6
    values: dict[str, Any] = {
        "form.amount": chance.choice((10, 11, 12, 13, 498, 499, 500, chance.randint(10, 500))),
        "form.other": chance.choice((0, 9, 10, 11, 12, 499, 500, 501, chance.randint(0, 10**15))),
        "form.share": chance.choice((0.0, 0.1, 50.0, 50.1, 99.9, 100.0)),
        "form.count": chance.randint(1, 5),
        "form.day": date(2026, 1, chance.randint(1, 4)) if there else None,
        "form.day.known": there,
        "form.done": chance.random() < 0.5,
        "form.outcome": chance.choice(("whole", "reduced")),
        "role": chance.choice(("planner", "department")),
    }
    return {name: values[name] for name in names}


def test_what_is_said_to_be_constant_never_comes_to_anything_else() -> None:
    """Random expressions, each asked with random values: those that are told constant, most often by chance, must be so."""
    chance, told = random.Random(18), {"always": 0, "never": 0}
    for _ in range(400):
        by = definition(_random_expression(chance))
        step = by.step("review")
        assert step is not None
        fields = {f"form.{one.field}": one for one in step.form}
        ((_, expression),) = by.expressions("review")
        giving = Giving(step.by, step.at, fields)
        constant = find_constant(expression, by.vocabulary_for("review"), giving)
        if constant is None:
            continue
        told[constant.is_true] += 1
        names = [one.name for one in expression.inputs]
        for _ in range(60):
            value = expression.evaluate(_random_values(chance, names)).value
            assert (value is True) == (constant.is_true == "always"), expression.source
    assert min(told.values()) > 10, told
