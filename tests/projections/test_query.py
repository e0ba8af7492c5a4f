"""A query names its tables, and the same text is asked of the tables in use, of those beside them and of given rows."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import psycopg
import pytest

import projections
from projections.behind import note_views_read
from projections.query import Query
from projections.reading import ask, ask_column
from projections.runner import project
from projections.slices import AsOf
from projections.task_board import TASK_BOARD
from projections.view import View
from projections.views import VIEWS
from store.log import Store
from tests.projections.timed_logs import of_every_kind, put

COUNTED = "SELECT count(*) FROM {task_board} AS task"


def declared() -> Iterator[tuple[str, object]]:
    """All that the room's modules define."""
    for one in pkgutil.walk_packages(projections.__path__, "projections."):
        module = importlib.import_module(one.name)
        yield from vars(module).items()


def test_no_view_is_forgotten_in_the_list() -> None:
    views = {id(one): name for name, one in declared() if isinstance(one, View)}
    assert {name for key, name in views.items() if key not in {id(view) for view in VIEWS.values()}} == set()
    assert len(views) == len(VIEWS), "each is declared once"


def test_every_query_is_understood_by_the_server(store: Store) -> None:
    queries = {id(one): one for _, one in declared() if isinstance(one, Query)}
    assert len(queries) > 20
    with store.connection() as connection:
        for query in queries.values():
            names = re.findall(r"%\((\w+)\)s", query.sql.decode())
            given = dict.fromkeys(names) or [None] * len(re.findall(b"%[sb]", query.sql))
            connection.execute(b"EXPLAIN " + query.sql, given)


def test_a_table_of_no_view_that_is_asked_is_refused_at_once() -> None:
    with pytest.raises(KeyError):
        Query("SELECT key FROM {deadlines} AS task", TASK_BOARD)
    with pytest.raises(ValueError, match="task_board is not asked"):
        Query("SELECT 1", TASK_BOARD)


def test_a_view_beside_is_asked_beside() -> None:
    assert f"FROM {TASK_BOARD.table} AS".encode() in Query(COUNTED, TASK_BOARD).sql
    assert f"FROM {TASK_BOARD.table}_next AS".encode() in Query(COUNTED, TASK_BOARD.as_shadow("_next")).sql


def test_a_slice_is_never_asked_of_the_tables_in_use(store: Store) -> None:
    put(store, of_every_kind())
    project(store, TASK_BOARD)
    query = Query(COUNTED, TASK_BOARD)
    assert TASK_BOARD.table.encode() not in query.of_given
    (now,), (before,) = ask_column(store, query), ask_column(store, query, at=AsOf(3))
    assert before < now
    with store.connection() as connection:
        connection.execute(f"DELETE FROM {TASK_BOARD.table}".encode())
    assert ask_column(store, query) == [0], "the control"
    assert ask_column(store, query, at=AsOf(store.head().position)) == [now]


def test_who_asks_is_told_of_each_view_that_was_asked(store: Store) -> None:
    put(store, of_every_kind())
    with note_views_read() as read:
        ask(store, Query(COUNTED, TASK_BOARD))
    assert read.keys() == {"task_board"}
    assert read["task_board"] is not None


def test_a_query_does_not_hide_what_is_wrong_with_it(store: Store) -> None:
    with pytest.raises(psycopg.errors.UndefinedColumn):
        ask(store, Query("SELECT nothing FROM {task_board} AS task", TASK_BOARD))
