"""The task board by pages: the rows that come after a task, found by an index however many tasks there are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import islice
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.task.stages import Stage
from projections.query import Query
from projections.reading import ask
from projections.rows_as_of import rows_behind
from projections.slices import AsOf
from projections.successions import successions
from projections.task_board import TASK_BOARD, TaskBoardRow
from store.log import Store


class BoardPage(msgspec.Struct, frozen=True):
    """Rows by task number. `more`: others that match come after the last of them."""

    rows: list[TaskBoardRow]
    more: bool


def board(
    store: Store,
    *,
    stage: Stage | None = None,
    area: str | None = None,
    lead: str | None = None,
    at: AsOf | None = None,
) -> list[TaskBoardRow]:
    """The task board's rows by task number, all or those that match. `at`: of a slice of the log."""
    return board_page(store, stage=stage, area=area, lead=lead, at=at).rows


def board_page(
    store: Store,
    *,
    stage: Stage | None = None,
    area: str | None = None,
    lead: str | None = None,
    after: str | None = None,
    most: int | None = None,
    at: AsOf | None = None,
) -> BoardPage:
    """Of the rows that match those whose number comes after that task's, at most so many, None: all.

    `lead`: the agency that answers for the task now, also after mergers. `at`: of a slice of the log.
    """
    known = successions(store, at)
    given = {"stage": stage, "area": area, "lead": known.predecessors_of(lead), "after": after}
    asked = {name: value for name, value in given.items() if value is not None}
    one_more = None if most is None else most + 1
    rows = _in_use(store, asked, one_more) if at is None else _of_slice(store, asked, one_more, at)
    shown = [replace(row, lead=known.answering(row.lead)) for row in rows[:most]]
    return BoardPage(shown, len(rows) > len(shown))


def _in_use(store: Store, asked: Mapping[str, Any], most: int | None) -> list[TaskBoardRow]:
    decode = msgspec.json.Decoder(TaskBoardRow).decode
    return [decode(row) for _, row in ask(store, _query(frozenset(asked)), {**asked, "limit": most})]


def _of_slice(store: Store, asked: Mapping[str, Any], most: int | None, at: AsOf) -> list[TaskBoardRow]:
    """The same of rows that stand in no table, and so have no index: the next ones, until there are enough."""
    wanted = {name: value for name, value in asked.items() if name != "after"}

    def matches(row: TaskBoardRow) -> bool:
        return all(
            getattr(row, name) in (value if name == "lead" else (value,)) for name, value in wanted.items()
        )

    behind = rows_behind(store, TASK_BOARD, at, asked.get("after"))
    return list(islice(filter(matches, behind), most))


@cache
def _query(asked: frozenset[str]) -> Query:
    """Only what is asked for stands in it, so that the server sees which index leads to the first rows."""
    conditions = {
        "stage": "stage = %(stage)s",
        "area": "area = %(area)s",
        "lead": "lead = one.lead",
        "after": "key > %(after)s",
    }
    where = " AND ".join(conditions[name] for name in conditions if name in asked) or "true"
    page = f"SELECT key, row::text FROM {{task_board}} AS task WHERE {where} ORDER BY key LIMIT %(limit)s"
    if "lead" in asked:  # each by itself: of several at once no index gives the first ones
        page = (
            f"SELECT key, row FROM unnest(%(lead)s::text[]) AS one(lead) CROSS JOIN LATERAL ({page}) AS its "
            "ORDER BY key LIMIT %(limit)s"
        )
    return Query(page, TASK_BOARD)
