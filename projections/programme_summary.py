"""The year's summary: a tally over the task board by year, area and stage."""

from __future__ import annotations

from typing import Any

import msgspec

from domain.task.stages import Stage
from projections.view import Tally

NOT_STARTED = frozenset({Stage.PROPOSED, Stage.APPROVED, Stage.REJECTED, Stage.WITHDRAWN})


class ProgrammeSummaryRow(msgspec.Struct, frozen=True):
    """`budget_krw`: sum; `progress_sum`, `progress_count`: over tasks whose work has begun, in percent."""

    year: int
    area: str
    stage: Stage
    tasks: int
    budget_krw: int
    progress_sum: int
    progress_count: int


def _contribution(row: Any) -> tuple[tuple[int, str, str], tuple[int, int, int, int]]:
    begun = row.stage not in NOT_STARTED
    amounts = (1, row.budget_krw, row.progress if begun else 0, int(begun))
    return (row.year, row.area, row.stage.value), amounts


PROGRAMME_SUMMARY = Tally(
    name="programme_summary",
    version=4,
    row=ProgrammeSummaryRow,
    keys={"year": "integer", "area": "text", "stage": "text"},
    amounts=("tasks", "budget_krw", "progress_sum", "progress_count"),
    contribution=_contribution,
)
