"""What the score of an evaluation by rule is made of: criteria with weights, each an expression over the task that is worth 0 to 100."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, field_validator

from domain.errors import Bilingual, Refusal
from domain.lifecycle.by_definition import ByDefinition
from domain.lifecycle.expressions import Answer, Expression, make_expression
from domain.lifecycle.inputs import OF_TASK, Asked
from domain.lifecycle.inputs_of_commands import Vocabulary
from domain.lifecycle.inputs_of_steps import inputs_of_steps
from domain.lifecycle.part import Part
from domain.lifecycle.steps import StepRule
from domain.limits import check_once, check_title
from domain.refusals import locate_errors, validation_error
from domain.values import CriterionScore, LocalText

MOST_CRITERIA = 10
_MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN}
_WHOLE, _NONE = Decimal(100), Decimal(0)
_OF_ONE = Decimal("0.01")  # a criterion's own score


class Criterion(Part):
    """`score`: in CEL, over the task and the steps taken of it (`vocabulary_of_criteria`); what is below 0 or above 100 counts as these. `weight`: in percent."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,29}$")]
    label: LocalText
    weight: Annotated[int, Field(ge=1, le=100)]
    score: str

    @field_validator("label")
    @classmethod
    def _is_a_line(cls, said: LocalText) -> LocalText:
        return check_title(said)

    def expression(self, vocabulary: Vocabulary) -> Expression:
        """Made once."""
        return make_expression(self.score, vocabulary, "number")


class Rounding(Part):
    """Of the sum: to so many digits behind the point."""

    digits: Annotated[int, Field(ge=0, le=2)] = 2
    mode: Literal["half_up", "half_even", "down"] = "half_up"


class Weighed(NamedTuple):
    """`score`: 0 to 100 as a decimal string; `criteria`: what each came to."""

    score: str
    criteria: tuple[CriterionScore, ...]


class ScoreNotTold(ByDefinition, Refusal):
    """What cannot be told is not weighed."""

    in_json = ("task", "criterion", "problem")
    ko = "과제 {task}의 평가 점수를 산정할 수 없습니다. 평가항목 ‘{criterion}’: {problem}. 과제의 기록을 보완하거나 직접 평가하십시오."
    en = "The score of task {task} cannot be told. Criterion “{criterion}”: {problem}. Enter what is missing, or evaluate the task by hand."


def vocabulary_of_criteria(steps: Iterable[StepRule]) -> Vocabulary:
    """What is the task's own: neither who enters the score, nor on which day."""
    return Vocabulary([*(one for one in OF_TASK if one.name.startswith("task.")), *inputs_of_steps(steps)])


def check_criteria(criteria: Sequence[Criterion], vocabulary: Vocabulary) -> None:
    """Refuse criteria that cannot be weighed, by their number."""
    if not criteria:
        return
    check_once([one.name for one in criteria], "criteria[{}].name")
    if (total := sum(one.weight for one in criteria)) != _WHOLE:
        raise validation_error("weights", "criteria", total=total)
    for number, one in enumerate(criteria):
        with locate_errors(f"criteria[{number}].score"):
            one.expression(vocabulary)


def weigh(criteria: Sequence[Criterion], vocabulary: Vocabulary, rounding: Rounding, asked: Asked) -> Weighed:
    """The score of the task as it stands. Raises ScoreNotTold."""
    parts = tuple(_score(one, one.expression(vocabulary).answer(asked), asked.number) for one in criteria)
    total = sum((Decimal(one.score) * one.weight for one in parts), _NONE) / _WHOLE
    rounded = total.quantize(Decimal(1).scaleb(-rounding.digits), _MODES[rounding.mode])
    return Weighed(str(rounded), parts)


def _score(one: Criterion, answer: Answer, number: str) -> CriterionScore:
    if answer.value is None:
        problem = answer.problem or Bilingual("값이 없음", "there is no value")
        raise ScoreNotTold(task=number, criterion=one.label, problem=problem)
    within = min(max(Decimal(repr(answer.value)), _NONE), _WHOLE)
    score = within.quantize(_OF_ONE, ROUND_HALF_UP)
    return CriterionScore(name=one.name, label=one.label, weight=one.weight, score=str(score))
