"""Whether there is what a definition's deadlines are counted from, and what fulfils them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from domain.calendar.periods import UNITS
from domain.lifecycle.rules import DeadlineRule
from domain.lifecycle.starts import Taken
from domain.lifecycle.steps import StepRule
from domain.refusals import validation_error


def check_starts(rules: Sequence[DeadlineRule], steps: Iterable[StepRule]) -> None:
    """Refuse starts that name no step, field or deadline, or no day, and deadlines before each other in a circle."""
    known = {one.step: one for one in steps}
    for number, rule in enumerate(rules):
        at = f"deadlines[{number}]"
        if (taken := rule.counted_from.taken) is not None:
            _check_taken(taken, known, f"{at}.start")
        if rule.fulfilling is not None:
            step = _check_taken(rule.fulfilling, known, f"{at}.met_by")
            if rule.place not in step.at:
                raise validation_error(
                    "not_taken_there",
                    f"{at}.met_by",
                    step=step.step,
                    stage=rule.stage,
                    condition=rule.condition,
                )
        _check_before(rule, {one.kind: one for one in rules}, f"{at}.start")


def _check_taken(taken: Taken, known: dict[str, StepRule], at: str) -> StepRule:
    step = known.get(taken.step)
    if step is None:
        raise validation_error("no_such_step", at, step=taken.step)
    if taken.field is not None:
        field = next((one for one in step.form if one.field == taken.field), None)
        if field is None:
            raise validation_error("no_such_field", at, step=taken.step, field=taken.field)
        if field.type != "date":
            raise validation_error("field_no_date", at, field=taken.field, type=field.type)
    return step


def _check_before(rule: DeadlineRule, known: dict[str, DeadlineRule], at: str) -> None:
    """Follow what it is before to the first that is before none."""
    followed, length = [rule.kind], Fraction(0)
    while (kind := rule.counted_from.deadline) is not None:
        other = known.get(kind)
        if other is None or other.place != rule.place:
            raise validation_error("no_such_deadline", at, deadline=kind)
        followed.append(kind)
        if kind in followed[:-1]:
            raise validation_error("circle_of_deadlines", at, circle=" → ".join(followed))
        length += Fraction(rule.within, UNITS[rule.unit].longest)
        rule = other
    if length > 1:  # the calendars of a year before are looked at, and no others
        raise validation_error("too_long_before", at, chain=" → ".join(followed))
