"""The task board's fold on plain lists of facts."""

from __future__ import annotations

from dataclasses import replace as replace_part
from datetime import UTC, date, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from domain.programme.facts import TaskAdded, TaskChanged
from domain.task import facts
from domain.task.stages import Condition, Stage
from domain.values import TextRef
from projections.fresh import fold, tally_rows
from projections.inbox import AGENCY_INBOX
from projections.programme_summary import PROGRAMME_SUMMARY
from projections.task_board import TASK_BOARD, TaskBoardRow
from projections.view import View
from store.recorded import RecordedFact
from tests.projections.appended_facts import PLAN, PROPOSED, TITLE, envelope

AT = datetime(2024, 3, 7, tzinfo=UTC)
TEXT = TextRef(id="0" * 32, commitment="0" * 64)


def recorded(*happened: Any, stream: str = "task/2024-06") -> list[RecordedFact[Any]]:
    return [
        RecordedFact(place, stream, place, fact.kind, AT, AT, envelope(), fact)
        for place, fact in enumerate(happened, start=1)
    ]


def row(*happened: Any) -> TaskBoardRow:
    found: TaskBoardRow = fold(TASK_BOARD, recorded(*happened))["2024-06"]
    return found


STARTED = (PROPOSED, facts.Approved(), facts.Started(on=date(2024, 3, 8)))


@pytest.mark.parametrize(
    ("happened", "stage", "condition"),
    [
        ((PROPOSED,), Stage.PROPOSED, Condition.NORMAL),
        ((PROPOSED, facts.Returned()), Stage.PROPOSED, Condition.RETURNED),
        (STARTED[:2], Stage.APPROVED, Condition.NORMAL),
        (STARTED, Stage.IN_PROGRESS, Condition.NORMAL),
        ((*STARTED, facts.Suspended()), Stage.IN_PROGRESS, Condition.SUSPENDED),
        ((*STARTED, facts.FinalReportSubmitted(text=TEXT)), Stage.IN_PROGRESS, Condition.REPORTED),
        ((*STARTED, facts.Discontinued()), Stage.DISCONTINUED, Condition.NORMAL),
        ((PROPOSED, facts.Rejected()), Stage.REJECTED, Condition.NORMAL),
    ],
)
def test_a_row_shows_where_the_task_stands(
    happened: tuple[Any, ...], stage: Stage, condition: Condition
) -> None:
    shown = row(*happened)
    assert (shown.stage, shown.condition) == (stage, condition)
    assert (shown.changed_position, shown.changed_kind) == (len(happened), happened[-1].kind)


LISTED = TaskAdded(task="2024-06", area="culture", lead="gto", title=TITLE)


def listed(position: int = 1) -> RecordedFact[Any]:
    return RecordedFact(position, "programme/2024", position, LISTED.kind, AT, AT, envelope(), LISTED)


def test_a_task_of_the_list_stands_there_before_anybody_proposes_it() -> None:
    (shown,) = fold(TASK_BOARD, [listed()]).values()
    assert (shown.stage, shown.lead, shown.title_ko) == (Stage.LISTED, "gto", TITLE.ko)
    assert (shown.budget_krw, shown.start, shown.end) == (None, None, None), "nobody has planned it"
    proposed = recorded(*STARTED)
    after = [replace(one, position=one.position + 1) for one in proposed]
    assert fold(TASK_BOARD, [listed(), *after])["2024-06"].stage is Stage.IN_PROGRESS
    dated_before = fold(TASK_BOARD, [*proposed, listed(9)])
    assert dated_before == fold(TASK_BOARD, proposed), "a proposal that is dated before the list says more"


@pytest.mark.parametrize("view", [TASK_BOARD, AGENCY_INBOX], ids=lambda view: view.name)
def test_of_two_changes_of_the_list_the_one_that_was_so_last_counts(view: View) -> None:
    def change(place: int, lead: str, day: int) -> RecordedFact[Any]:
        so = datetime(2024, 3, day, tzinfo=UTC)
        fact = TaskChanged(task="2024-06", lead=lead)
        said = replace(envelope(), effective_at=so)
        return RecordedFact(place, "programme/2024", place, fact.kind, AT, AT, said, fact)

    late = fold(view, [listed(), change(2, "gcf", 6), change(3, "gmf", 5)])["2024-06"]
    assert late.lead == "gcf", "what is recorded last was so before"
    same = fold(view, [listed(), change(2, "gcf", 6), change(3, "gmf", 6)])["2024-06"]
    assert same.lead == "gmf"
    assert getattr(same, "agency", "gmf") == "gmf"


def test_parts_of_a_rebuild_hold_each_listed_task_once() -> None:
    """The list is one stream of which every part is given all, and keeps what is its own."""
    others = [replace(LISTED, task=f"2024-{number:02}") for number in range(1, 20)]
    whole = [replace(listed(place), fact=one) for place, one in enumerate(others, start=1)]
    parts = [fold(replace_part(TASK_BOARD, shard=(number, 3)), whole) for number in (1, 2, 3)]
    assert sum(map(len, parts)) == len(others)
    assert parts[0] | parts[1] | parts[2] == fold(TASK_BOARD, whole)


def test_a_task_that_may_not_begin_before_a_day_is_not_shown_as_due_earlier() -> None:
    plan = replace(PLAN, not_before=date(2024, 7, 1))
    assert row(replace(PROPOSED, plan=plan)).start == date(2024, 7, 1)


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
    assert tally_rows(PROGRAMME_SUMMARY, rows) == {
        (2024, "culture", "in_progress"): (1, 1000, 40, 1),
        (2024, "culture", "proposed"): (1, 1000, 0, 0),
    }


def test_what_was_refused_withdrawn_or_never_proposed_is_no_part_of_the_years_budget() -> None:
    rows = {
        "2024-01": fold(TASK_BOARD, [listed()])["2024-06"],
        "2024-02": row(PROPOSED, facts.Rejected()),
        "2024-03": row(PROPOSED, facts.Withdrawn()),
        "2024-04": row(*STARTED, facts.Discontinued()),
    }
    budgets = {stage: sums[:2] for (_, _, stage), sums in tally_rows(PROGRAMME_SUMMARY, rows).items()}
    assert budgets == {"listed": (1, 0), "rejected": (1, 0), "withdrawn": (1, 0), "discontinued": (1, 1000)}
