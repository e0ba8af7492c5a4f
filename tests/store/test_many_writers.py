"""Eight writers at once, and what would go wrong without the lock and with the transaction's own time."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest

from store.errors import StreamConflict
from store.log import Store
from tests.store.fact_batches import batch, positions, put
from tests.store.writing_program import EACH, STREAMS

WRITERS = 8
TOP = Path(__file__).parents[2]


def at_once(work: Callable[[int], None], count: int = WRITERS) -> None:
    """Run `work` in threads that begin together; the first failure is raised."""
    start, failures = threading.Barrier(count), list[BaseException]()

    def run(number: int) -> None:
        try:
            start.wait()
            work(number)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def programs_at_once(dsn: str, count: int = WRITERS) -> None:
    """Writing programs that begin together; returns when all are done."""
    command = [sys.executable, "-m", "tests.store.writing_program", dsn]
    with ExitStack() as stack:
        programs = [
            stack.enter_context(
                subprocess.Popen(
                    [*command, str(number)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=TOP, text=True
                )
            )
            for number in range(count)
        ]
        for program in programs:
            stack.callback(program.kill)
        for program in programs:
            assert program.stdout is not None
            assert program.stdout.readline() == "ready\n"
        for program in programs:
            assert program.stdin is not None
            program.stdin.write("go\n")
            program.stdin.flush()
        assert [program.wait() for program in programs] == [0] * count


def test_eight_writers_leave_no_hole_no_double_and_times_that_never_decrease(
    store: Store, app_dsn: str
) -> None:
    seen, stop = list[int](), threading.Event()

    def watch() -> None:
        with Store.open(app_dsn) as reader:
            while not stop.is_set():
                read = positions(reader)
                assert read == list(range(1, len(read) + 1)), "n+1 was seen before n"
                seen.append(len(read))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        programs_at_once(app_dsn)
    finally:
        stop.set()
        watcher.join()
    facts = store.after(0, 10_000)
    assert [fact.position for fact in facts] == list(range(1, len(facts) + 1))
    assert len(facts) >= WRITERS * EACH
    for stream in STREAMS:
        versions = [fact.version for fact in facts if fact.stream == stream]
        assert versions == list(range(1, len(versions) + 1))
    assert all(one.recorded_at <= other.recorded_at for one, other in pairwise(facts))
    assert all(fact.known_at == fact.recorded_at for fact in facts)
    assert len(set(seen)) > 1, "the reader looked while there was writing"
    assert len({fact.envelope.command for fact in facts}) == WRITERS * EACH


def test_without_the_lock_a_reader_sees_the_second_before_the_first(owner_dsn: str) -> None:
    """The control: two writers that take their numbers from a sequence and commit the other way round."""
    with psycopg.connect(owner_dsn) as slow, psycopg.connect(owner_dsn, autocommit=True) as quick:
        quick.execute("CREATE TABLE naive (id bigserial PRIMARY KEY, what text)")
        slow.execute("INSERT INTO naive (what) VALUES ('first')")
        quick.execute("INSERT INTO naive (what) VALUES ('second')")
        assert quick.execute("SELECT id FROM naive").fetchall() == [(2,)]
        slow.commit()
        assert quick.execute("SELECT id FROM naive ORDER BY id").fetchall() == [(1,), (2,)]


def test_the_time_of_a_transaction_goes_backwards_and_ours_does_not(store: Store, owner_dsn: str) -> None:
    """now() is when the transaction began: whoever began earlier and appends later would be dated before."""
    with psycopg.connect(owner_dsn) as slow:
        (began,) = slow.execute("SELECT now()").fetchone() or ()
        put(store, "task/2024-01")
        slow.execute(
            "SELECT donghaeng.append(gen_random_uuid(), '', '{task/2024-02}', '{1}', '{task.started}', "
            "ARRAY[''::bytea], '{}', '{}', '{}', '{}', '{}')"
        )
        slow.commit()
        (first, second) = slow.execute("SELECT recorded_at FROM donghaeng.facts ORDER BY position").fetchall()
    assert began < first[0], "the control: now() would date the second fact before the first"
    assert first[0] <= second[0]


def test_a_clock_set_back_does_not_set_the_log_back(store: Store, owner_dsn: str) -> None:
    before = put(store)
    ahead = before.recorded_at + timedelta(days=1)
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("UPDATE donghaeng.head SET recorded_at = %s, known_at = %s", (ahead, ahead))
    after = put(store, first=2)
    assert (after.recorded_at, after.known_at) == (ahead, ahead)
    assert store.now() >= ahead


def test_one_command_sent_by_eight_writers_is_appended_once(store: Store, app_dsn: str) -> None:
    one, outcomes = batch(count=2), Counter[bool]()

    def send(_: int) -> None:
        with Store.open(app_dsn) as own:
            outcomes[own.append(one).repeated] += 1

    at_once(send)
    assert outcomes == {False: 1, True: WRITERS - 1}
    assert positions(store) == [1, 2]


def test_of_eight_writers_on_one_version_one_wins(store: Store, app_dsn: str) -> None:
    outcomes = Counter[str]()

    def send(_: int) -> None:
        with Store.open(app_dsn) as own:
            try:
                put(own)
                outcomes["won"] += 1
            except StreamConflict:
                outcomes["lost"] += 1

    at_once(send)
    assert outcomes == {"won": 1, "lost": WRITERS - 1}
    assert positions(store) == [1]


def test_one_store_can_be_used_by_many_threads(store: Store) -> None:
    at_once(lambda number: [put(store, f"task/2024-1{number}", first) for first in range(1, 11)] and None)
    assert positions(store) == list(range(1, 10 * WRITERS + 1))


def test_a_checked_stream_cannot_change_between_the_check_and_the_append(store: Store, app_dsn: str) -> None:
    """Each appends to its own stream provided that the others' are still empty: only one can be right."""
    won = list[int]()

    def send(number: int) -> None:
        others = tuple((f"task/2024-2{other}", 0) for other in range(WRITERS) if other != number)
        with Store.open(app_dsn) as own:
            try:
                put(own, f"task/2024-2{number}", unchanged=others)
                won.append(number)
            except StreamConflict:
                pass

    at_once(send)
    assert len(won) == 1


def test_checking_before_the_lock_lets_two_contradictory_facts_in(owner_dsn: str) -> None:
    """The control: both look, both find the other's place empty, both write."""
    with psycopg.connect(owner_dsn) as one, psycopg.connect(owner_dsn) as other:
        one.execute("CREATE TABLE naive (what text)")
        one.commit()
        for connection in (one, other):
            assert connection.execute("SELECT count(*) FROM naive").fetchone() == (0,)
        for connection in (one, other):
            connection.execute("INSERT INTO naive VALUES ('only if there is no other')")
            connection.commit()
        assert one.execute("SELECT count(*) FROM naive").fetchone() == (2,)


@pytest.mark.parametrize("isolation", list(psycopg.IsolationLevel))
def test_no_isolation_level_of_the_caller_lets_a_stale_version_in(
    store: Store, owner_dsn: str, isolation: psycopg.IsolationLevel
) -> None:
    with psycopg.connect(owner_dsn) as stale:
        stale.isolation_level = isolation
        stale.execute("SELECT count(*) FROM donghaeng.facts")
        put(store)
        with pytest.raises(psycopg.Error):
            stale.execute(
                "SELECT donghaeng.append(gen_random_uuid(), '', '{task/2024-07}', '{1}', '{task.started}', "
                "ARRAY[''::bytea], '{}', '{}', '{}', '{}', '{}')"
            )
    assert positions(store) == [1]
