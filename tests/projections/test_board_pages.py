"""The task board by pages: together they are the whole, and each costs what a page costs, however many tasks there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import psycopg
import pytest

from domain.task.stages import Stage
from projections import board_page
from projections.board_page import BoardPage, board
from projections.runner import project
from projections.slices import AsOf
from projections.task_board import TASK_BOARD
from store import recorder
from store.log import Store
from tests.conftest import _copied
from tests.projections.timed_logs import of_every_kind, put

MOST, TASKS = 3, 6000
ASKED: dict[str, dict[str, Any]] = {
    "all": {},
    "a stage": {"stage": Stage.DISCONTINUED},
    "an area": {"area": "culture"},
    "an agency": {"lead": "a1"},
    "two": {"area": "living", "lead": "a0"},
}


@pytest.fixture(scope="module")
def filled(cluster: str, template: str) -> Iterator[Store]:
    for dsn in _copied(cluster, template):
        with Store.open(psycopg.conninfo.make_conninfo(dsn, user="donghaeng_app")) as opened:
            put(opened, of_every_kind())
            project(opened, TASK_BOARD)
            yield opened


def pages(store: Store, at: AsOf | None, asked: dict[str, Any]) -> Iterator[BoardPage]:
    after, more = None, True
    while more:
        page = board_page.board_page(store, after=after, most=MOST, at=at, **asked)
        yield page
        more, after = page.more, page.rows[-1].task if page.rows else None


@pytest.mark.parametrize("at", [None, AsOf(60)], ids=["now", "a slice"])
@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED.keys())
def test_the_pages_together_are_the_list(filled: Store, at: AsOf | None, asked: dict[str, Any]) -> None:
    whole = board(filled, at=at, **asked)
    found = list(pages(filled, at, asked))
    assert [row for page in found for row in page.rows] == whole
    assert [len(page.rows) for page in found[:-1]] == [MOST] * (len(found) - 1), "no page is short"
    assert whole or at is not None, "there is something to page"


def test_a_page_that_ends_with_the_last_task_says_that_there_is_no_more(filled: Store) -> None:
    rows = board(filled)
    whole = board_page.board_page(filled, most=len(rows))
    assert (whole.rows, whole.more) == (rows, False)
    assert board_page.board_page(filled, most=len(rows) - 1).more, "the control"
    assert board_page.board_page(filled, after=rows[-1].task, most=5) == BoardPage([], more=False)


@pytest.fixture(scope="module")
def many(cluster: str, template: str) -> Iterator[psycopg.Connection[Any]]:
    """A board of so many tasks that nobody would read it whole, with the statistics that a store has after a while."""
    for dsn in _copied(cluster, template):
        app = psycopg.conninfo.make_conninfo(dsn, user="donghaeng_app")
        with Store.open(app) as opened, psycopg.connect(dsn, autocommit=True) as owner:
            put(opened, of_every_kind())
            project(opened, TASK_BOARD)
            row = msgspec.json.encode(board(opened)[0]).decode()
            owner.execute(
                f"INSERT INTO {TASK_BOARD.table} (key, row, stage, area, lead) "
                "SELECT to_char(n, 'FM2025-000000'), %s::json, CASE WHEN n %% 20 = 0 THEN 'approved' ELSE 'evaluated' END, "
                "CASE WHEN n %% 20 = 1 THEN 'economy' ELSE 'living' END, 'b' || n %% 26 FROM generate_series(1, %s) AS n",
                (row, TASKS),
            )
            owner.execute(
                "INSERT INTO donghaeng.facts SELECT 1000 + n, 'task/2025-' || n, 1, 'task.approved', '', now(), now() "
                "FROM generate_series(1, %s) AS n",
                (TASKS,),
            )
            owner.execute("VACUUM ANALYZE")
            yield owner


def looked_at(owner: psycopg.Connection[Any], query: bytes, given: Any) -> float:
    """How many rows of tables the server went through for this query."""
    row: Any = owner.execute(b"EXPLAIN (ANALYZE, FORMAT json) " + query, given).fetchone()
    return _looked_at(row[0][0]["Plan"])


def _looked_at(plan: dict[str, Any]) -> float:
    own = 0.0
    if plan["Node Type"] in ("Seq Scan", "Index Scan", "Bitmap Heap Scan"):
        own = (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"]
    return own + sum(map(_looked_at, plan.get("Plans", ())))


SOME: list[dict[str, Any]] = [
    {"stage": "approved"},
    {"stage": "approved", "after": "2025-003000"},
    {"area": "economy"},
    {"lead": ["b7"]},
]


@pytest.mark.parametrize("asked", [{}, {"after": "2025-003000"}, *SOME], ids=str)
def test_a_page_looks_at_no_more_rows_than_it_shows(
    many: psycopg.Connection[Any], asked: dict[str, Any]
) -> None:
    query = board_page._query(frozenset(asked)).sql
    assert looked_at(many, query, asked | {"limit": MOST + 1}) <= MOST + 1


@pytest.mark.parametrize("asked", SOME, ids=str)
def test_the_control_without_the_indexes_it_looks_at_many(
    many: psycopg.Connection[Any], asked: dict[str, Any]
) -> None:
    assert TASK_BOARD.indexes is not None
    with many.transaction(force_rollback=True):
        for name in TASK_BOARD.indexes:
            many.execute(f"DROP INDEX {TASK_BOARD.table}_{name}".encode())
        assert (
            looked_at(many, board_page._query(frozenset(asked)).sql, asked | {"limit": MOST + 1}) > 10 * MOST
        )


def test_streams_are_found_by_a_kind_without_going_through_the_log(many: psycopg.Connection[Any]) -> None:
    """The log grows with every task; the agencies do not."""
    given = ("agency/", "agency/\x7f", "agency.registered")
    agencies = looked_at(many, recorder._STREAMS_WITH, given)
    by_kind = b"SELECT DISTINCT stream FROM donghaeng.facts WHERE kind = %s ORDER BY stream"
    row: Any = many.execute("SELECT count(*) FROM donghaeng.facts").fetchone()
    assert agencies < row[0] / 2
    assert looked_at(many, by_kind, given[2:]) >= row[0], "the control"
    found = [
        many.execute(query, values).fetchall()
        for query, values in ((recorder._STREAMS_WITH, given), (by_kind, given[2:]))
    ]
    assert found[0] == found[1] != []
