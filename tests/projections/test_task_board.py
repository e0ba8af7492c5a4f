"""The task board's fold on plain lists of facts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from domain.task import facts
from domain.task.stages import Condition, Stage
from domain.values import TextRef
from projections.fresh import fold, tallied
from projections.programme_summary import PROGRAMME_SUMMARY
from projections.task_board import TASK_BOARD, TaskBoardRow
from store.recorded import Recorded
from tests.projections.facts_of_the_tests import PLAN, PROPOSED, TITLE, envelope

AT = datetime(2024, 3, 7, tzinfo=UTC)
TEXT = TextRef(id="0" * 32, commitment="0" * 64)


def recorded(*happened: Any, stream: str = "task/2024-06") -> list[Recorded[Any]]:
    return [
        Recorded(place, stream, place, fact.kind, AT, AT, envelope(), fact)
        for place, fact in enumerate(happened, start=1)
    ]


def row(*happened: Any) -> TaskBoardRow:
    found: TaskBoardRow = fold(TASK_BOARD, recorded(*happened))["2024-06"]
    return found


STARTED = (PROPOSED, facts.Approved(), facts.Started(on=date(2024, 3, 8)))


@pytest.mark.parametrize(
    ("happened", "stage", "condition", "next_date"),
    [
        ((PROPOSED,), Stage.PROPOSED, Condition.NORMAL, PLAN.start),
        ((PROPOSED, facts.Returned()), Stage.PROPOSED, Condition.RETURNED, PLAN.start),
        (STARTED[:2], Stage.APPROVED, Condition.NORMAL, PLAN.start),
        (STARTED, Stage.IN_PROGRESS, Condition.NORMAL, date(2024, 6, 1)),
        ((*STARTED, facts.Suspended()), Stage.IN_PROGRESS, Condition.SUSPENDED, date(2024, 6, 1)),
        (
            (*STARTED, facts.ProgressReported(percent=40, milestones=("early",))),
            Stage.IN_PROGRESS,
            Condition.NORMAL,
            date(2024, 9, 1),
        ),
        (
            (*STARTED, facts.ProgressReported(percent=90, milestones=("early", "late"))),
            Stage.IN_PROGRESS,
            Condition.NORMAL,
            PLAN.end,
        ),
        (
            (*STARTED, facts.FinalReportSubmitted(text=TEXT)),
            Stage.IN_PROGRESS,
            Condition.REPORTED,
            date(2024, 6, 1),
        ),
        ((*STARTED, facts.Discontinued()), Stage.DISCONTINUED, Condition.NORMAL, None),
        ((PROPOSED, facts.Rejected()), Stage.REJECTED, Condition.NORMAL, None),
    ],
)
def test_a_row_shows_where_the_task_stands_and_what_comes_next(
    happened: tuple[Any, ...], stage: Stage, condition: Condition, next_date: date | None
) -> None:
    shown = row(*happened)
    assert (shown.stage, shown.condition, shown.next_date) == (stage, condition, next_date)
    assert (shown.changed_position, shown.changed_kind) == (len(happened), happened[-1].kind)


def test_a_task_that_may_not_begin_before_a_day_is_not_shown_as_due_earlier() -> None:
    plan = replace(PLAN, not_before=date(2024, 7, 1))
    assert row(replace(PROPOSED, plan=plan)).next_date == date(2024, 7, 1)


def test_a_revision_replaces_what_it_names_and_keeps_the_rest() -> None:
    plan = replace(PLAN, budget_krw=5, milestones=())
    shown = row(PROPOSED, facts.Revised(title=replace(TITLE, ko="새 이름"), plan=plan))
    assert (shown.title_ko, shown.budget_krw, shown.lead) == ("새 이름", 5, "gto")


def test_facts_of_other_streams_leave_the_board_alone() -> None:
    others = [one for one in recorded(PROPOSED) if one.kind not in TASK_BOARD.kinds]
    assert fold(TASK_BOARD, others) == {}


def test_the_summary_counts_sums_and_never_means() -> None:
    rows = fold(TASK_BOARD, recorded(*STARTED, facts.ProgressReported(percent=40)))
    rows |= {"2024-07": fold(TASK_BOARD, recorded(PROPOSED, stream="task/2024-07"))["2024-07"]}
    assert tallied(PROGRAMME_SUMMARY, rows) == {
        (2024, "culture", "in_progress"): (1, 1000, 40, 1),
        (2024, "culture", "proposed"): (1, 1000, 0, 0),
    }
