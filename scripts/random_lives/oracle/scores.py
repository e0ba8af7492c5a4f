"""What an evaluation by rule comes to: the citizens' rating, or the definition's criteria, of the few expressions that lives use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

from scripts.random_lives.oracle import shapes
from scripts.random_lives.oracle.cases import Record
from scripts.random_lives.oracle.tasks import Task

_MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN}
_CENT = Decimal("0.01")


def _rating(task: Task) -> Fraction:
    assert task.rated is not None
    return Fraction(task.rated.data["score"])


def _milestones(task: Task) -> Fraction:
    """How many of the plan's are reached, of a hundred; all where there are none."""
    planned = shapes.milestones(task.plan)
    return Fraction(100 * len(task.reached), len(planned)) if planned else Fraction(100)


MEANING: Mapping[str, Callable[[Task], Fraction]] = {
    "task.rating": _rating,
    "task.percent": lambda task: Fraction(task.progress),
    "task.percent * 2": lambda task: Fraction(task.progress * 2),
    "task.plan.milestones.size() == 0 ? 100.0 : 100.0 * double(task.milestones_reached.size())"
    " / double(task.plan.milestones.size())": _milestones,
}


def score_of(task: Task, criteria: list[Record], rounding: Record) -> Decimal:
    """Each is worth 0 to 100 with two digits; the sum is rounded as the definition says."""
    if not criteria:
        return Decimal(_rating(task).numerator) / _rating(task).denominator
    total = Decimal(0)
    for one in criteria:
        worth = min(max(MEANING[one["score"]](task), Fraction(0)), Fraction(100))
        cents = (Decimal(worth.numerator) / worth.denominator).quantize(_CENT, ROUND_HALF_UP)
        total += cents * one["weight"]
    digits = rounding.get("digits", 2)
    return (total / 100).quantize(Decimal(1).scaleb(-digits), _MODES[rounding.get("mode", "half_up")])
