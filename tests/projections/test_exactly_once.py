"""Every fact is folded exactly once, whatever is killed, doubled, shuffled or lost; beside it what happens without."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import psycopg
import pytest

from projections.folding import Folding
from projections.fresh import fold
from projections.positions import stands_at
from projections.runner import project
from projections.tables import add_to_tally, read_rows, write_rows
from projections.view import View
from store.log import Store
from tests.conftest import top
from tests.projections.appended_facts import PROPOSED, append, lives
from tests.projections.counting_view import COUNTED, compare, make_tables

_PARKED = 4711  # the advisory lock at which a process is held between the rows and the position
_PROGRAM = """
import sys
from store.log import Store
from tests.projections.counting_view import COUNTED
from {module} import {name} as run

run(Store.open(sys.argv[1]), COUNTED, 20)
"""
_WAITING = f"""SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = {_PARKED} AND NOT granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""


@pytest.fixture
def filled(store: Store, owner_dsn: str) -> Store:
    """Thirty tasks' lives, mixed, and the counting view."""
    make_tables(owner_dsn, COUNTED)
    append(store, *lives(30, random.Random(7)))
    return store


def at(store: Store) -> int:
    with store.connection() as connection:
        return stands_at(connection, COUNTED)


def surplus(store: Store) -> int:
    """By how many facts the rows in use tell more than the log; negative where they tell less."""
    with store.connection() as connection:
        row: Any = connection.execute(f"SELECT sum(facts) FROM {COUNTED.table}".encode()).fetchone()
    fresh = fold(COUNTED, store.after(0, 10_000))
    return int(row[0]) - sum(one.facts for one in fresh.values())


def is_right(store: Store) -> bool:
    return at(store) == store.head().position and compare(store, COUNTED) == []


def in_two_transactions(
    store: Store,
    view: View,
    batch: int,
    position_first: bool = False,
    after_reading: Callable[[], object] = lambda: None,
) -> None:
    """The naive runner: no lock, and rows and position each in a transaction of their own."""
    while True:
        with store.connection() as connection:
            position = stands_at(connection, view)
            rows = store.rows_after(position, batch)
            if not rows:
                return
            folding = Folding(store, view, rows)
            folding.run(partial(read_rows, connection, view))

            after_reading()

            def move(to: int = rows[-1][0]) -> None:
                connection.execute(
                    "UPDATE views.positions SET position = %s WHERE view = %s", (to, view.name)
                )

            if position_first:
                move()
            with connection.transaction():
                write_rows(connection, view, folding.before, folding.after)
                for tally in view.tallies:
                    add_to_tally(connection, tally, folding.before, folding.after)
            if not position_first:
                move()


def with_the_position_first(store: Store, view: View, batch: int) -> None:
    in_two_transactions(store, view, batch, position_first=True)


@contextmanager
def gate(owner_dsn: str) -> Iterator[Callable[[str, str], None]]:
    """Holds whoever changes this table at this position, in the middle of the statement."""
    with psycopg.connect(owner_dsn, autocommit=True) as connection:

        def park(table: str, condition: str) -> None:
            connection.execute(f"SELECT pg_advisory_lock({_PARKED})".encode())
            connection.execute(
                f"""CREATE FUNCTION views.park() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF {condition} THEN PERFORM pg_advisory_xact_lock({_PARKED}); END IF;
                RETURN NEW;
            END $$""".encode()
            )
            connection.execute(
                f"""CREATE TRIGGER park BEFORE INSERT OR UPDATE ON {table}
                FOR EACH ROW EXECUTE FUNCTION views.park()""".encode()
            )

        yield park


@pytest.fixture
def parked(owner_dsn: str) -> Iterator[Callable[[str, str], None]]:
    with gate(owner_dsn) as park:
        yield park


def killed_while_parked(app_dsn: str, owner_dsn: str, module: str, name: str) -> None:
    """Run it in a process of its own until it stands at the gate; kill it there; open the gate."""
    program = _PROGRAM.format(module=module, name=name)
    process = subprocess.Popen([sys.executable, "-c", program, app_dsn], cwd=top())
    with psycopg.connect(owner_dsn, autocommit=True) as connection:
        while not (found := connection.execute(_WAITING.encode()).fetchall()):
            assert process.poll() is None, "it ended before it came to the gate"
            time.sleep(0.01)
        process.kill()
        assert process.wait() == -signal.SIGKILL
        # the server would notice only when it next writes to the lost client
        connection.execute("SELECT pg_terminate_backend(%s, 10000)", found[0])
        connection.execute("DROP FUNCTION views.park CASCADE")


@pytest.mark.parametrize("batches", [1, 3, 5])
def test_killed_between_the_rows_and_the_position_nothing_is_lost_or_doubled(
    filled: Store, app_dsn: str, owner_dsn: str, parked: Any, batches: int
) -> None:
    parked("views.positions", f"NEW.position = {20 * batches}")
    killed_while_parked(app_dsn, owner_dsn, "projections.runner", "project")
    assert at(filled) == 20 * (batches - 1)
    assert compare(filled, COUNTED) == []
    project(filled, COUNTED)
    assert is_right(filled)


def test_the_control_in_two_transactions_a_kill_doubles_the_facts(
    filled: Store, app_dsn: str, owner_dsn: str, parked: Any
) -> None:
    parked("views.positions", "NEW.position = 60")
    killed_while_parked(app_dsn, owner_dsn, __name__, in_two_transactions.__name__)
    project(filled, COUNTED)
    assert surplus(filled) > 0


def test_the_control_with_the_position_first_a_kill_loses_the_facts(
    filled: Store, app_dsn: str, owner_dsn: str, parked: Any
) -> None:
    parked(COUNTED.table, "(SELECT position = 60 FROM views.positions WHERE view = 'counted')")
    killed_while_parked(app_dsn, owner_dsn, __name__, with_the_position_first.__name__)
    project(filled, COUNTED)
    assert surplus(filled) < 0


def at_once(*works: Callable[[], Any]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_many_runners_at_once_fold_every_fact_once(filled: Store) -> None:
    at_once(*[lambda: project(filled, COUNTED, batch=5)] * 8)
    assert is_right(filled)


def test_the_control_two_runners_without_the_lock_double_the_facts(filled: Store) -> None:
    both_have_read = threading.Barrier(2)
    at_once(*[lambda: in_two_transactions(filled, COUNTED, 10_000, after_reading=both_have_read.wait)] * 2)
    assert compare(filled, COUNTED) != []


def test_wake_ups_doubled_shuffled_and_lost_while_facts_arrive(filled: Store, other_store: Store) -> None:
    chance = random.Random(3)
    chances = [random.Random(number) for number in range(4)]

    def write() -> None:
        for number in range(100, 160):
            append(other_store, (f"task/2024-{number}", PROPOSED))

    def wake(own: random.Random) -> None:
        for _ in range(25):
            if own.random() < 0.7:  # else the wake-up is lost
                project(filled, COUNTED, batch=own.choice([1, 3, 50]))

    works = [write, *(lambda own=own: wake(own) for own in chances)]
    chance.shuffle(works)
    at_once(*works)
    project(filled, COUNTED)
    assert is_right(filled)
