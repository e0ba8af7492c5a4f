"""The runner on the real store: batches, the rows it writes, and what is read from them."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from domain.task import facts
from projections.board_page import board
from projections.fresh import fold
from projections.programme_summary import PROGRAMME_SUMMARY
from projections.runner import project
from projections.task_board import TASK_BOARD, summary
from projections.views import positions
from store.errors import NotMigrated
from store.log import Store
from tests.projections.appended_facts import PLAN, PROPOSED, append, lives
from tests.projections.counting_view import BY_LEAD, COUNTED, compare, make_tables


@pytest.fixture
def filled(store: Store) -> Store:
    """Thirty tasks' lives, mixed."""
    append(store, *lives(30, random.Random(7)))
    return store


def is_right(store: Store) -> bool:
    """The rows in use are what a fresh fold makes of the whole log."""
    place = positions(store)["task_board"]
    return place.lag == 0 and compare(store, TASK_BOARD) == []


@pytest.mark.parametrize("batch", [1, 2, 7, 64, 2000])
def test_any_size_of_batches_leads_to_the_same_rows(filled: Store, batch: int) -> None:
    assert project(filled, TASK_BOARD, batch=batch) == filled.head().position
    assert is_right(filled)


def test_a_second_run_finds_nothing_to_do(filled: Store) -> None:
    project(filled, TASK_BOARD)
    before = board(filled)
    assert project(filled, TASK_BOARD) == 0
    assert board(filled) == before


def test_the_comparison_finds_a_row_that_somebody_changed(filled: Store, owner_dsn: str) -> None:
    project(filled, TASK_BOARD)
    with psycopg.connect(owner_dsn) as connection:
        connection.execute(
            f"""UPDATE {TASK_BOARD.table} SET row = (row::jsonb || '{{"progress": 99}}')::json
            WHERE key = '2024-001'""".encode()
        )
        connection.execute(f"DELETE FROM {TASK_BOARD.table} WHERE key = '2024-002'".encode())
        connection.execute(f"UPDATE {PROGRAMME_SUMMARY.table} SET tasks = tasks + 1".encode())
    tables = {(difference.table, difference.key) for difference in compare(filled, TASK_BOARD)}
    assert {(TASK_BOARD.table, "2024-001"), (TASK_BOARD.table, "2024-002")} <= tables
    assert any(table == PROGRAMME_SUMMARY.table for table, _ in tables)


def test_the_comparison_finds_a_column_that_is_not_what_its_row_says(filled: Store, owner_dsn: str) -> None:
    project(filled, TASK_BOARD)
    with psycopg.connect(owner_dsn) as connection:
        connection.execute(
            f"UPDATE {TASK_BOARD.table} SET area = 'elsewhere' WHERE key = '2024-001'".encode()
        )
        connection.execute(
            f"UPDATE {TASK_BOARD.table} SET condition = 'elsewhere' WHERE key = '2024-003'".encode()
        )
    assert [difference.key for difference in compare(filled, TASK_BOARD)] == ["2024-001", "2024-003"]


def test_rows_come_back_as_they_were_folded(filled: Store) -> None:
    project(filled, TASK_BOARD)
    assert {row.task: row for row in board(filled)} == fold(TASK_BOARD, filled.after(0, 10_000))


def test_sums_beyond_any_integer_of_the_database_are_read_whole(store: Store) -> None:
    rich = structs.replace(PROPOSED, plan=structs.replace(PLAN, budget_krw=10**30))
    append(store, ("task/2024-01", rich), ("task/2024-02", rich))
    project(store, TASK_BOARD)
    assert [row.budget_krw for row in summary(store, 2024)] == [2 * (10**30)]
    assert compare(store, TASK_BOARD) == []


def test_a_view_without_tables_asks_for_the_migration(filled: Store) -> None:
    with pytest.raises(NotMigrated):
        project(filled, replace(TASK_BOARD, version=99))


def test_a_row_that_goes_takes_its_part_of_the_tally_with_it(store: Store, owner_dsn: str) -> None:
    make_tables(owner_dsn, COUNTED)
    append(store, ("task/2024-01", PROPOSED), ("task/2024-01", facts.Approved()))
    project(store, COUNTED)
    assert counted(store) == (1, 1)
    append(store, ("task/2024-01", facts.Discontinued()))
    project(store, COUNTED)
    assert counted(store) == (0, 0)
    assert compare(store, COUNTED) == []


def counted(store: Store) -> tuple[int, ...]:
    """How many rows there are in the counting view and in its tally."""
    with store.connection() as connection:
        row: Any = connection.execute(
            f"SELECT (SELECT count(*) FROM {COUNTED.table}), (SELECT count(*) FROM {BY_LEAD.table})".encode()
        ).fetchone()
    return tuple(row)


def test_the_summary_is_read_by_year(filled: Store) -> None:
    project(filled, TASK_BOARD)
    assert sum(row.tasks for row in summary(filled, 2024)) == 30
    assert summary(filled, 2023) == []


def test_the_board_is_filtered_by_its_columns(filled: Store) -> None:
    project(filled, TASK_BOARD)
    rows = board(filled)
    assert board(filled, lead="a1") == [row for row in rows if row.lead == "a1"]
    assert board(filled, area="living") == [row for row in rows if row.area == "living"]
    stage = rows[0].stage
    assert board(filled, stage=stage) == [row for row in rows if row.stage == stage]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), batch=st.integers(1, 30))
def test_after_any_lives_the_rows_and_the_tally_equal_a_fresh_fold(
    store: Store, seed: int, batch: int
) -> None:
    chance = random.Random(seed)
    offset = store.head().position
    renamed = [
        (f"task/{2025 + offset % 50}-{stream[-2:]}{offset}", fact) for stream, fact in lives(4, chance)
    ]
    append(store, *renamed)
    project(store, TASK_BOARD, batch=batch)
    assert is_right(store)


def test_rows_are_never_looked_up_by_a_plan_from_when_the_table_was_small(filled: Store) -> None:
    project(filled, TASK_BOARD, batch=5)
    with filled.connection() as connection:
        kept: Any = connection.execute("SELECT statement FROM pg_prepared_statements").fetchall()
    about_rows = [statement for (statement,) in kept if TASK_BOARD.table in statement]
    assert about_rows
    assert not [statement for statement in about_rows if not statement.startswith("INSERT")]
