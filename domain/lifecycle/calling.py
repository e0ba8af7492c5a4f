"""What a definition calls its kinds of deadlines and its grades: as it says, or by what meets a deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.lifecycle.naming import check_alike
from domain.lifecycle.rules import DeadlineRule, GradeRule
from domain.lifecycle.steps import Own
from domain.lifecycle.ways import describe_place
from domain.task.deadline_kinds import DEADLINE_KINDS, LINE_TURN, deadline_label
from domain.values import LocalText


def check_called(deadlines: Sequence[DeadlineRule], grades: Sequence[GradeRule]) -> None:
    """Refuse names that read as others do, of the program's kinds too."""
    kinds = [
        (f"deadlines[{number}].label", one.label)
        for number, one in enumerate(deadlines)
        if one.label is not None
    ]
    check_alike(kinds, (one.label for one in DEADLINE_KINDS.values()))
    check_alike(
        (f"grades[{number}].label", one.label) for number, one in enumerate(grades) if one.label is not None
    )


def name_kinds(deadlines: Sequence[DeadlineRule], own: Own) -> Mapping[str, LocalText]:
    """By kind of the definition's own: what it says; else the signature, the step that fulfils it, or the place to be left."""
    mine = (one for one in deadlines if one.kind not in DEADLINE_KINDS)
    return {one.kind: one.label or _call_by_what_meets(one, own) for one in mine}


def _call_by_what_meets(rule: DeadlineRule, own: Own) -> LocalText:
    if rule.fulfilling is not None:
        return next(one.label for one in own.steps if one.step == rule.fulfilling.step)
    if rule.start == LINE_TURN:
        called = deadline_label("signature")
    else:
        called = own.names.get(rule.place) or describe_place(rule.place)
    return LocalText(ko=called.ko, en=called.en)
