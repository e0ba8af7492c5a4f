"""What a task came to, in words: its plan, its indicators, the citizens' rating, the evaluation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain.errors import Bilingual
from domain.units import say_amount
from domain.values import Indicator, Plan


def describe_plan(plan: Plan, figures: Mapping[str, str]) -> Iterator[Bilingual]:
    """The plan in force, and each of its indicators with the latest value. `figures`: those by indicator."""
    won = f"{plan.budget_krw:,}"
    yield Bilingual(
        f"추진계획 {plan.start}~{plan.end}, 예산 {won}원",
        f"plan from {plan.start} to {plan.end}, with a budget of KRW {won}",
    )
    for one in plan.indicators:
        yield _describe_indicator(one, figures.get(one.id))


def describe_marks(
    rated: tuple[str, int] | None, score: str | None, grade: Bilingual | None
) -> Iterator[Bilingual]:
    """`rated`: the citizens' score, by how many of them."""
    if rated is not None:
        points, raters = rated
        yield Bilingual(
            f"시민평가 {points}점({raters:,}명)", f"citizens' rating {points} (raters: {raters:,})"
        )
    if score is not None and grade is not None:
        yield Bilingual(f"평가 {score}점, {grade.ko}", f"evaluation {score}, grade {grade.en}")


def _describe_indicator(one: Indicator, value: str | None) -> Bilingual:
    target = say_amount(one.target, one.unit)
    now = Bilingual("–", "–") if value is None else say_amount(value, one.unit)
    return Bilingual(
        f"성과지표 {one.name.ko}: {now.ko}(목표 {target.ko})",
        f"indicator {one.name.say('en')}: {now.en} (target {target.en})",
    )
