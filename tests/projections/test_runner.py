"""The runner on the real store: every fact folded exactly once, whatever is killed, doubled or lost."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from domain.task import facts
from projections.fresh import compare, fold
from projections.reading import board, summary
from projections.runner import positions, project
from projections.tables import read_rows, write_rows
from projections.task_board import TASK_BOARD
from store.log import Store, decoded
from tests.projections.facts_of_the_tests import PROPOSED, append, lives


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
        connection.execute("""UPDATE views.task_board_v1 SET row = (row::jsonb || '{"progress": 99}')::json
            WHERE key = '2024-001'""")
        connection.execute("DELETE FROM views.task_board_v1 WHERE key = '2024-002'")
        connection.execute("UPDATE views.programme_summary_v1 SET tasks = tasks + 1")
    tables = {(difference.table, difference.key) for difference in compare(filled, TASK_BOARD)}
    assert {("views.task_board_v1", "2024-001"), ("views.task_board_v1", "2024-002")} <= tables
    assert any(table == "views.programme_summary_v1" for table, _ in tables)


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


def at_once(count: int, work: Callable[[], Any]) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_many_runners_at_once_fold_every_fact_once(filled: Store) -> None:
    at_once(8, lambda: project(filled, TASK_BOARD, batch=5))
    assert is_right(filled)


def without_the_lock(store: Store, batch: int) -> None:
    """The naive runner: reads the position, folds, and writes rows and position in two transactions."""
    while True:
        with store.connection() as connection:
            place: Any = connection.execute(
                "SELECT position FROM views.positions WHERE view = 'task_board'"
            ).fetchone()
            rows = store.rows_after(place[0], batch)
            if not rows:
                return
            changed = fold(TASK_BOARD, map(decoded, rows))
            before = read_rows(connection, TASK_BOARD, list(changed))
            folded = dict(before)
            for row in rows:
                recorded = decoded(row)
                if recorded.kind in TASK_BOARD.kinds:
                    key = TASK_BOARD.keys(recorded)[0]
                    folded[key] = TASK_BOARD.evolve(folded.get(key), recorded)
            time.sleep(0.001)
            write_rows(connection, TASK_BOARD, before, folded)
            connection.execute(
                "UPDATE views.positions SET position = %s WHERE view = 'task_board'", (rows[-1][0],)
            )


def test_the_control_without_one_transaction_and_a_lock_the_rows_go_wrong(filled: Store) -> None:
    at_once(8, lambda: without_the_lock(filled, 5))
    assert compare(filled, TASK_BOARD) != []


_KILLED = """
import os, sys
import projections.runner as runner
from projections.task_board import TASK_BOARD
from store.log import Store

real, left = runner.write_rows, int(sys.argv[2])

def killed_after_writing(*given):
    global left
    real(*given)
    left -= 1
    if left == 0:
        os.kill(os.getpid(), 9)

runner.write_rows = killed_after_writing
runner.project(Store.open(sys.argv[1]), TASK_BOARD, batch=20)
"""


@pytest.mark.parametrize("batches", [1, 3, 5])
def test_a_runner_killed_between_the_rows_and_the_position_loses_and_doubles_nothing(
    filled: Store, app_dsn: str, batches: int
) -> None:
    killed = subprocess.run([sys.executable, "-c", _KILLED, app_dsn, str(batches)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert positions(filled)["task_board"].position == 20 * (batches - 1)
    project(filled, TASK_BOARD)
    assert is_right(filled)


def test_a_poison_fact_stops_its_view_in_front_of_it_and_says_so(filled: Store) -> None:
    poisoned_at = 40

    def evolve(row: Any, recorded: Any) -> Any:
        if recorded.position == poisoned_at:
            raise ValueError("cannot be folded")
        return TASK_BOARD.evolve(row, recorded)

    with capture_logs() as lines:
        project(filled, replace(TASK_BOARD, evolve=evolve))
    place = positions(filled)["task_board"]
    assert (place.state, place.position, place.error_position) == ("stopped", poisoned_at - 1, poisoned_at)
    assert place.error == "ValueError: cannot be folded"
    assert [line["event"] for line in lines] == ["view_stopped"]
    assert compare(filled, TASK_BOARD) == []


def test_a_stopped_view_goes_on_by_itself_once_the_cause_is_mended(filled: Store) -> None:
    test_a_poison_fact_stops_its_view_in_front_of_it_and_says_so(filled)
    project(filled, TASK_BOARD)
    assert positions(filled)["task_board"].state == "running"
    assert is_right(filled)


@pytest.mark.parametrize(
    ("kind", "state"), [("task.flown_to_the_moon", b'{"v":1}\n{}'), ("task.approved", b"garbage")]
)
def test_a_stored_fact_that_cannot_be_read_stops_the_view(
    filled: Store, owner_dsn: str, kind: str, state: bytes
) -> None:
    last = filled.head().position
    with psycopg.connect(owner_dsn) as connection:
        connection.execute(
            "INSERT INTO donghaeng.facts VALUES (%s, 'task/x', 1, %s, %s, now(), now())",
            (last + 1, kind, state),
        )
        connection.execute("UPDATE donghaeng.head SET position = %s", (last + 1,))
    project(filled, TASK_BOARD)
    place = positions(filled)["task_board"]
    assert (place.state, place.position, place.lag) == ("stopped", last, 1)


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


def test_facts_appended_while_the_runner_runs_are_folded_too(store: Store, other_store: Store) -> None:
    append(store, ("task/2024-01", PROPOSED), ("task/2024-01", facts.Approved()))
    stop = threading.Event()

    def write() -> None:
        for number in range(100, 200):
            append(other_store, (f"task/2024-{number}", PROPOSED))
        stop.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not stop.is_set():
        project(store, TASK_BOARD, batch=3)
    writer.join()
    project(store, TASK_BOARD)
    assert is_right(store)
    assert len(board(store)) == 101
