"""What a requirement may ask about the definition's own steps: what the form says that is filled in now, and what the steps
that were taken said last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from domain.errors import Bilingual
from domain.lifecycle.forms import FieldRule
from domain.lifecycle.inputs import KNOWN, Asked, Input, maybe_absent
from domain.lifecycle.steps import StepRule
from domain.task.state import StepDone

_TAKEN = Bilingual("절차를 진행한 적이 있는지", "whether the step was ever taken")
_TAKEN_ON = Bilingual("절차를 마지막으로 진행한 날", "the day on which the step was taken last")


def inputs_of_form(step: StepRule) -> Iterator[Input]:
    """The fields of the form that is filled in; of a text only whether there is one."""
    for one in step.form:
        yield from _of_field(f"form.{one.field}", one, lambda asked: asked.form, absent=not one.required)


def inputs_of_steps(steps: Iterable[StepRule]) -> Iterator[Input]:
    """Of each step whether and when it was taken, and what its form said the last time."""
    for step in steps:
        at, find = f"steps.{step.step}", _last(step.step)
        yield Input(f"{at}.{KNOWN}", "bool", _TAKEN, _was_taken(find))
        yield Input(f"{at}.on", "day", _TAKEN_ON, _day_of(find))
        for one in step.form:
            yield from _of_field(f"{at}.{one.field}", one, _form_of(find), absent=True)


def _last(step: str) -> Callable[[Asked], StepDone | None]:
    return lambda asked: asked.task.steps.get(step)


def _was_taken(find: Callable[[Asked], StepDone | None]) -> Callable[[Asked], bool]:
    return lambda asked: find(asked) is not None


def _day_of(find: Callable[[Asked], StepDone | None]) -> Callable[[Asked], Any]:
    return lambda asked: None if (done := find(asked)) is None else done.on


def _form_of(find: Callable[[Asked], StepDone | None]) -> Callable[[Asked], Any]:
    return lambda asked: None if (done := find(asked)) is None else done.form


def _of_field(name: str, one: FieldRule, find: Callable[[Asked], Any], *, absent: bool) -> Iterator[Input]:
    kind = one.of_type
    label = Bilingual(f"서식의 {one.label.say('ko')}", f"the form's {one.label.say('en')}")
    if kind.input is None:
        return

    def read(asked: Asked) -> Any:
        form = find(asked)
        value = None if form is None else form.get(one.field)
        return None if value is None else kind.give(value)

    if absent:
        yield from maybe_absent(name, kind.input, label, read)
    else:
        yield Input(name, kind.input, label, read)
