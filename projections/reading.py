"""Reading the rows of views."""

from __future__ import annotations

from typing import Any

import msgspec

from domain.task.stages import Stage
from projections.programme_summary import PROGRAMME_SUMMARY, ProgrammeSummaryRow
from projections.task_board import TASK_BOARD, TaskBoardRow
from store.log import Store

_BOARD = (
    f"SELECT row::text FROM {TASK_BOARD.table} "
    "WHERE (%(stage)s::text IS NULL OR stage = %(stage)s) AND (%(area)s::text IS NULL OR area = %(area)s) "
    "AND (%(lead)s::text IS NULL OR lead = %(lead)s) ORDER BY key"
).encode()
_SUMMARY = (
    f"SELECT year, area, stage, tasks, budget_krw, progress_sum, progress_count "
    f"FROM {PROGRAMME_SUMMARY.table} WHERE year = %s ORDER BY area, stage"
).encode()


def board(
    store: Store, *, stage: Stage | None = None, area: str | None = None, lead: str | None = None
) -> list[TaskBoardRow]:
    """The task board's rows by task number, all or those that match."""
    with store.connection() as connection:
        rows: Any = connection.execute(_BOARD, {"stage": stage, "area": area, "lead": lead}).fetchall()
    decode = msgspec.json.Decoder(TaskBoardRow).decode
    return [decode(row[0]) for row in rows]


def summary(store: Store, year: int) -> list[ProgrammeSummaryRow]:
    """A year's sums and counts by area and stage."""
    with store.connection() as connection:
        rows: Any = connection.execute(_SUMMARY, (year,)).fetchall()
    return [
        ProgrammeSummaryRow(year, area, Stage(stage), *map(int, amounts))
        for year, area, stage, *amounts in rows
    ]
