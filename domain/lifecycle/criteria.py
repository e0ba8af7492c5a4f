"""What the score of an evaluation by rule is made of: criteria with weights, each an expression over the task that is worth 0 to 100."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from domain.errors import Bilingual, Refusal
from domain.lifecycle.by_definition import ByDefinition
from domain.lifecycle.expressions import Expression, make_expression
from domain.lifecycle.inputs import Asked
from domain.lifecycle.part import Part
from domain.limits import check_once, check_title
from domain.refusals import validation_error
from domain.task.moving import Evaluate
from domain.values import CriterionScore, LocalText

MOST_CRITERIA = 10
_MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN}
_WHOLE, _NONE = Decimal(100), Decimal(0)
_OF_ONE = Decimal("0.01")  # a criterion's own score


class Criterion(Part):
    """`score`: in CEL, over the task alone (`inputs.py`); what is below 0 or above 100 counts as these. `weight`: in percent."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,29}$")]
    label: LocalText
    weight: Annotated[int, Field(ge=1, le=100)]
    score: str

    @field_validator("label")
    @classmethod
    def _is_a_line(cls, said: LocalText) -> LocalText:
        return check_title(said)

    @property
    def expression(self) -> Expression:
        """Made once."""
        return make_expression(self.score, Evaluate, "number")


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


def check_criteria(criteria: Sequence[Criterion]) -> None:
    """Refuse criteria that cannot be weighed, by their number."""
    if not criteria:
        return
    check_once([one.name for one in criteria], "criteria[{}].name")
    if (total := sum(one.weight for one in criteria)) != _WHOLE:
        raise validation_error("weights", "criteria", total=total)
    for number, one in enumerate(criteria):
        at = f"criteria[{number}].score"
        try:
            named = one.expression.inputs
        except PydanticCustomError as error:
            told = {**(error.context or {}), "at": at}
            raise PydanticCustomError(error.type, error.message_template, told) from None
        if other := next((each.name for each in named if not each.name.startswith("task.")), None):
            raise validation_error("criterion_of_task", at, name=other)


def weigh(criteria: Sequence[Criterion], rounding: Rounding, asked: Asked) -> Weighed:
    """The score of the task as it stands. Raises ScoreNotTold."""
    parts = tuple(_score(one, asked) for one in criteria)
    total = sum((Decimal(one.score) * one.weight for one in parts), _NONE) / _WHOLE
    rounded = total.quantize(Decimal(1).scaleb(-rounding.digits), _MODES[rounding.mode])
    return Weighed(str(rounded), parts)


def _score(one: Criterion, asked: Asked) -> CriterionScore:
    answer = one.expression.answer(asked)
    if answer.value is None:
        problem = answer.problem or Bilingual("값이 없음", "there is no value")
        raise ScoreNotTold(task=asked.number, criterion=one.label, problem=problem)
    within = min(max(Decimal(repr(answer.value)), _NONE), _WHOLE)
    score = within.quantize(_OF_ONE, ROUND_HALF_UP)
    return CriterionScore(name=one.name, label=one.label, weight=one.weight, score=str(score))
