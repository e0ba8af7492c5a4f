"""The year's summary: a tally over the task board by year, area and stage."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from domain.rounding import mean
from domain.task.stages import Stage
from projections.view import Tally

NOT_STARTED = frozenset({Stage.LISTED, Stage.PROPOSED, Stage.APPROVED, Stage.REJECTED, Stage.WITHDRAWN})
WITHOUT_BUDGET = frozenset({Stage.LISTED, Stage.REJECTED, Stage.WITHDRAWN})


class ProgrammeSummaryRow(msgspec.Struct, frozen=True):
    """`budget_krw`: sum, without what was rejected or withdrawn; `progress_sum`, `progress_count`: over tasks whose work has begun, in percent."""

    year: int
    area: str
    stage: Stage
    tasks: int
    budget_krw: int
    progress_sum: int
    progress_count: int


def mean_progress(rows: Iterable[ProgrammeSummaryRow], digits: int = 1) -> str | None:
    """The mean progress in percent of the tasks whose work has begun, halves rounded up; None where no work has begun."""
    total = count = 0
    for row in rows:
        total, count = total + row.progress_sum, count + row.progress_count
    return mean(total, count, digits)


def budget_counted(stage: Stage, budget_krw: int | None) -> int:
    """What a task's plan adds to the year's budget: nothing before there is one, nor once the city or the agency said no."""
    return 0 if stage in WITHOUT_BUDGET else budget_krw or 0


def _contribution(row: Any) -> tuple[tuple[int, str, str], tuple[int, int, int, int]]:
    begun = row.stage not in NOT_STARTED
    amounts = (1, budget_counted(row.stage, row.budget_krw), row.progress if begun else 0, int(begun))
    return (row.year, row.area, row.stage.value), amounts


PROGRAMME_SUMMARY = Tally(
    name="programme_summary",
    version=6,
    row=ProgrammeSummaryRow,
    keys={"year": "integer", "area": "text", "stage": "text"},
    amounts=("tasks", "budget_krw", "progress_sum", "progress_count"),
    contribution=_contribution,
)
