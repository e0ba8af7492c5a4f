"""A rule that discontinues what has not begun by the middle of its plan: the start, the rule, and the requirement it acts by."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from domain.lifecycle.content import check_content
from domain.lifecycle.flaws import find_flaws
from domain.lifecycle.model import Definition
from domain.task.basis import Basis
from domain.task.commands import Approve, ReportProgress
from domain.task.stages import Condition, Stage
from tests.workflows.test_lining import give, rehearsed
from workflows.definitions.templates import templates
from workflows.scenarios.rehearsal import Rehearsal

BOTH = {"ko": "운영지침", "en": "guideline"}
IN_WORK = {"stage": "in_progress", "condition": "normal"}
ONLY = {
    "that": "role != 'system' || task.percent == 0",
    "otherwise": {"ko": "실적이 있습니다.", "en": "Work was done."},
}


def own(*requirements: dict[str, Any]) -> Definition:
    said = templates()["donghaeng-2024/3"].model_dump(mode="json", by_alias=True, exclude_unset=True)
    half = {"kind": "half_way", "who": "city", "start": "plan_middle", "within": 0, "basis": BOTH, **IN_WORK}
    rule = {
        "rule": "stop",
        "command": "task.discontinue",
        "when": "deadline_passed",
        "deadline": "half_way",
        "basis": BOTH,
        **IN_WORK,
    }
    commands = [{"command": "task.discontinue", "requirements": list(requirements)}]
    return check_content(
        said
        | {"name": "own", "commands": commands}
        | {"deadlines": [*said["deadlines"], half], "transitions": [*said["transitions"], rule]}
    )  # fmt: skip


def lived(by: Definition, until: date, *, works: bool) -> Rehearsal:
    """A plan from 2 March to 30 June 2027, of which 1 May is the middle."""
    life = rehearsed(by)
    give(life, Approve(task=life.task), "planner")
    life.advance(date(2027, 3, 2))
    if works:
        give(life, ReportProgress(task=life.task, percent=10), "officer")
    life.advance(until)
    return life


@pytest.mark.parametrize(
    ("start", "end", "middle"),
    [
        (date(2024, 1, 1), date(2024, 12, 31), date(2024, 7, 1)),
        (date(2024, 3, 1), date(2024, 3, 1), date(2024, 3, 1)),
        (date(2024, 3, 1), date(2024, 3, 2), date(2024, 3, 1)),
        (None, None, None),
    ],
)
def test_the_middle_is_the_last_day_of_the_first_half(
    start: date | None, end: date | None, middle: date | None
) -> None:
    basis = Basis(Stage.APPROVED, Condition.NORMAL, "own/1", plan_start=start, plan_end=end)
    assert basis.plan_middle == middle


def test_what_has_not_begun_by_then_is_discontinued_by_the_rule() -> None:
    by = own(ONLY)
    assert find_flaws(by) == []
    life = lived(by, date(2027, 5, 3), works=False)
    assert (str(life.state.place), life.acted) == ("in_progress", ["start_as_planned"])
    assert life.row is not None
    assert [str(one.due) for one in life.row.deadlines if one.kind == "half_way"] == ["2027-05-03"], (
        "1 May is a Saturday"
    )
    life.advance(date(2027, 5, 4))
    assert str(life.state.place) == "discontinued"
    last = life.facts[-2] if life.facts[-1].kind == "task.deadlines_set" else life.facts[-1]
    assert last.envelope.cause is not None
    assert (last.kind, last.envelope.cause.rule, last.envelope.reason) == ("task.discontinued", "stop", None)


def test_what_has_begun_is_not_and_says_why() -> None:
    life = lived(own(ONLY), date(2027, 5, 10), works=True)
    assert str(life.state.place) == "in_progress"
    assert [rule for rule, _ in life.refused_rules][-1:] == ["stop"]
    assert "Work was done." in life.refused_rules[-1][1].say("en")


def test_the_control_without_the_requirement_it_would_be() -> None:
    assert str(lived(own(), date(2027, 5, 10), works=True).state.place) == "discontinued"
