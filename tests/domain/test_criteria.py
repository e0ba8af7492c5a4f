"""Criteria of an evaluation: what each is worth, how they are weighed and rounded, and what is refused of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput
from domain.lifecycle import criteria
from domain.lifecycle.content import check_content, content_of
from domain.lifecycle.criteria import Rounding, ScoreNotTold, weigh
from domain.lifecycle.inputs import Asked
from domain.lifecycle.model import Definition
from domain.task.facts import Rated
from domain.task.state import StepDone, Task
from domain.values import LocalText, Milestone, Plan
from workflows.definitions.templates import templates

NAME = LocalText(ko="이름", en="name")
PLAN = Plan(
    start=date(2024, 3, 1),
    end=date(2024, 9, 30),
    budget_krw=1,
    milestones=tuple(Milestone(id=one, name=NAME, due=date(2024, 6, 15)) for one in ("a", "b", "c")),
)
TASK = Task(plan=PLAN, percent=80, milestones_reached=("a",), rating=Rated(score="91.5", raters=7))
MILESTONES = "100.0 * double(task.milestones_reached.size()) / double(task.plan.milestones.size())"
THREE: tuple[tuple[str, int, str], ...] = (
    ("execution", 40, "task.percent"),
    ("milestones", 20, MILESTONES),
    ("citizens", 40, "task.rating"),
)


def define(*said: tuple[str, int, str], **more: Any) -> Definition:
    content = json.loads(content_of(templates()["donghaeng-2024/1"]))
    entries = [
        {"name": name, "label": {"ko": f"항목 {name}", "en": name}, "weight": weight, "score": score}
        for name, weight, score in said
    ]
    return check_content(content | {"criteria": entries} | more)


def asked(task: Task = TASK) -> Asked:
    return Asked("2024-07", task, "system", date(2024, 12, 2), lambda _: None)


def test_each_criterion_is_weighed_and_told() -> None:
    by = define(*THREE)
    weighed = weigh(by.criteria, by.vocabulary_of_criteria, Rounding(), asked())
    assert {one.name: (one.score, one.weight) for one in weighed.criteria} == {
        "execution": ("80.00", 40),
        "milestones": ("33.33", 20),
        "citizens": ("91.50", 40),
    }
    assert weighed.score == "75.27"  # 32 + 6.666 + 36.6


@pytest.mark.parametrize(
    ("rounding", "score"),
    [
        ({}, "75.27"),
        ({"digits": 1}, "75.3"),
        ({"digits": 1, "mode": "down"}, "75.2"),
        ({"digits": 0}, "75"),
    ],
)
def test_the_sum_is_rounded_as_the_definition_says(rounding: Mapping[str, Any], score: str) -> None:
    by = define(*THREE, rounding=rounding)
    assert weigh(by.criteria, by.vocabulary_of_criteria, by.rounding, asked()).score == score


def test_half_of_a_point_goes_up_or_to_the_even_one() -> None:
    by = define(("citizens", 100, "task.rating"))
    told = [
        weigh(by.criteria, by.vocabulary_of_criteria, Rounding(digits=0, mode=mode), asked(task)).score
        for mode in ("half_up", "half_even", "down")
        for task in (Task(rating=Rated(score="82.5", raters=1)),)
    ]
    assert told == ["83", "82", "82"]


@given(
    percent=st.integers(0, 100),
    rating=st.decimals("0", "100", places=2),
    weight=st.integers(1, 99),
)
def test_the_sum_is_what_another_reckoning_says(percent: int, rating: Decimal, weight: int) -> None:
    by = define(("a", weight, "task.percent"), ("b", 100 - weight, "task.rating"))
    task = Task(percent=percent, rating=Rated(score=str(rating), raters=1))
    exact = (Decimal(percent) * weight + rating * (100 - weight)) / 100
    assert weigh(by.criteria, by.vocabulary_of_criteria, by.rounding, asked(task)).score == str(
        exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    )


def test_what_is_beyond_0_and_100_counts_as_these() -> None:
    by = define(("a", 50, "task.percent - 200"), ("b", 50, "task.percent * 3"))
    assert [
        one.score for one in weigh(by.criteria, by.vocabulary_of_criteria, by.rounding, asked()).criteria
    ] == ["0.00", "100.00"]


@pytest.mark.parametrize(
    "task",
    [Task(rating=None), Task(plan=None), Task(plan=Plan(start=PLAN.start, end=PLAN.end, budget_krw=1))],
)
def test_what_is_absent_or_divided_by_nothing_cannot_be_told(task: Task) -> None:
    by = define(*THREE)
    with pytest.raises(ScoreNotTold) as refused:
        weigh(by.criteria, by.vocabulary_of_criteria, by.rounding, asked(task))
    assert "항목" in refused.value.say("ko")


JURY: Any = {
    "steps": [
        {
            "step": "judged",
            "label": {"ko": "심사", "en": "judge"},
            "by": ["planner"],
            "from": ["proposed"],
            "form": [{"field": "points", "label": {"ko": "점수", "en": "points"}, "type": "decimal"}],
        }
    ]
}


def test_a_criterion_asks_what_a_step_said_last() -> None:
    by = define(("jury", 100, "steps.judged.points"), **JURY)
    judged = StepDone(on=date(2024, 5, 2), form={"points": "71.5"})
    task = Task(rating=TASK.rating, steps={"judged": judged})
    assert weigh(by.criteria, by.vocabulary_of_criteria, by.rounding, asked(task)).score == "71.50"
    with pytest.raises(ScoreNotTold):
        weigh(by.criteria, by.vocabulary_of_criteria, by.rounding, asked())


def test_what_is_not_the_tasks_is_refused_with_what_there_is() -> None:
    with pytest.raises(BadInput) as caught:
        define(("jury", 100, "steps.judgd.points"), **JURY)
    assert "steps.judged.points" in caught.value.say("en")
    with pytest.raises(BadInput) as caught:
        define(("jury", 100, "command.score"), **JURY)
    assert "for example: task.score" in caught.value.say("en")


@pytest.mark.parametrize(
    ("said", "more", "field"),
    [
        ([("a", 60, "task.percent")], {}, "criteria"),
        ([("a", 50, "task.percent"), ("a", 50, "task.rating")], {}, "criteria[1].name"),
        ([("a", 100, "task.percent > 3")], {}, "criteria[a].score"),
        ([("a", 100, "50")], {}, "criteria[a].score"),
        ([("a", 100, "task.percnt")], {}, "criteria[a].score"),
        ([("a", 100, "command.score == '1' ? 1 : 2")], {}, "criteria[a].score"),
        ([("a", 100, "role == 'system' ? 1 : 2")], {}, "criteria[a].score"),
        ([("a", 0, "task.percent"), ("b", 100, "task.rating")], {}, "criteria[a].weight"),
        ([("a", 100, "task.percent")], {"rounding": {"digits": 7}}, "rounding.digits"),
        ([], {"rounding": {"digits": 1}, "transitions": []}, "rounding"),
        ([("a", 100, "task.percent")], {"transitions": []}, "criteria"),
    ],
)
def test_criteria_that_cannot_be_weighed_are_refused_by_their_entry(
    said: list[tuple[str, int, str]], more: dict[str, Any], field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        define(*said, **more)
    assert refused.value.details["field"] == field


def test_the_control_a_score_outside_would_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    by = define(("a", 100, "task.percent * 3"))
    monkeypatch.setattr(criteria, "_WHOLE", Decimal(1000))
    assert [
        one.score for one in weigh(by.criteria, by.vocabulary_of_criteria, by.rounding, asked()).criteria
    ] == ["240.00"]
