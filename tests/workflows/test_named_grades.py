"""What a city calls its grades stands in the fact of the evaluation, by rule or by hand, and in that of its correction."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.errors import BadInput
from domain.lifecycle.content import check_content
from domain.lifecycle.model import Definition
from domain.task.commands import Approve, CorrectEvaluated, Evaluate, SubmitFinalReport
from domain.task.facts import Evaluated
from projections.labels import grade_label
from projections.sentences.narration import Narration
from projections.sentences.tasks import TASKS
from tests.workflows.test_lining import give, rehearsed
from workflows.definitions.drawing import in_words
from workflows.definitions.templates import templates
from workflows.scenarios.rehearsal import Rehearsal

NAMES = {"S": {"ko": "탁월", "en": "outstanding"}, "A": {"ko": "우수", "en": "good"}}


def own(names: dict[str, dict[str, str]] = NAMES) -> Definition:
    said = templates()["donghaeng-2024/3"].model_dump(mode="json", by_alias=True, exclude_unset=True)
    grades = [
        one | ({"label": names[one["grade"]]} if one["grade"] in names else {}) for one in said["grades"]
    ]
    return check_content(said | {"name": "own", "grades": grades})


def evaluated(by: Definition) -> Rehearsal:
    """By hand, with an S."""
    life = rehearsed(by)
    give(life, Approve(task=life.task), "planner")
    life.advance(date(2027, 7, 1))
    give(life, SubmitFinalReport(task=life.task, text="끝"), "officer")
    life.follow()
    give(life, Evaluate(task=life.task, score="95", grade="S"), "planner", reason="평가")
    return life


def told(life: Rehearsal, lang: Any) -> str:
    fact = next(one.fact for one in reversed(life.facts) if one.kind == "task.evaluated")
    return TASKS["task.evaluated"](Narration(fact, "시", str, str, lang))


def test_an_evaluation_has_the_citys_word_and_so_has_its_history() -> None:
    life = evaluated(own())
    (fact,) = [one.fact for one in life.facts if isinstance(one.fact, Evaluated)]
    assert fact.grade_name is not None
    assert (fact.grade, fact.grade_name.ko, life.state.grade_name) == ("S", "탁월", fact.grade_name)
    assert "탁월(S)등급으로" in told(life, "ko")
    assert "grade outstanding (S)" in told(life, "en")


def test_without_a_name_it_is_its_letter() -> None:
    life = evaluated(own({}))
    assert life.state.grade_name is None
    assert "95점, S등급으로" in told(life, "ko")
    assert grade_label("S", None).en == "S"


def test_a_corrected_grade_has_its_own_name() -> None:
    life = evaluated(own())
    number = next(one.version for one in life.facts if one.kind == "task.evaluated")
    correct = CorrectEvaluated(task=life.task, fact=f"task/{life.task}#{number}", score="85", grade="A")
    give(life, correct, "planner", reason="정정")
    assert life.state.grade_name is not None
    assert (life.state.grade, life.state.grade_name.ko) == ("A", "우수")


def test_names_that_read_alike_are_refused_and_shown_where_they_are_not() -> None:
    with pytest.raises(BadInput) as caught:
        own({"S": {"ko": "우 수", "en": "best"}, "A": {"ko": "우수", "en": "good"}})
    assert caught.value.details["field"] == "grades[A].label.ko"
    assert "탁월(S) ≥ " in "\n".join(in_words(own(), "ko"))
