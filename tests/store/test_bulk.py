"""The log taken out as lines and taken in again, byte for byte."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from store.errors import NotImportable
from store.log import Store
from tests.store.copied_databases import copied
from tests.store.fact_batches import positions, put
from tests.store.test_clock import SPRING


@pytest.fixture(scope="module")
def source(cluster: str, simulated_template: str) -> Iterator[Store]:
    """Six facts of two streams, known on two days."""
    with copied(cluster, simulated_template) as dsn, Store.open(dsn) as store:
        store.move_clock(SPRING)
        put(store, "task/2024-01", count=3)
        store.move_clock(SPRING + timedelta(days=1))
        put(store, "task/2024-02", count=2)
        put(store, "task/2024-01", first=4)
        yield store


@pytest.fixture(scope="module")
def lines(source: Store) -> list[bytes]:
    return list(source.export_facts(chunk=4))


@pytest.fixture
def fresh(cluster: str, simulated_template: str) -> Iterator[Store]:
    """An empty simulated store."""
    with copied(cluster, simulated_template) as dsn, Store.open(dsn) as store:
        yield store


@pytest.fixture(scope="module")
def still_empty(cluster: str, simulated_template: str) -> Iterator[Store]:
    """The same for tests that write nothing."""
    with copied(cluster, simulated_template) as dsn, Store.open(dsn) as store:
        yield store


def test_a_log_taken_out_and_in_is_the_same_byte_for_byte(
    source: Store, fresh: Store, lines: list[bytes]
) -> None:
    assert fresh.import_facts(lines) == 6
    assert fresh.rows_after(0, 10) == source.rows_after(0, 10)
    assert list(fresh.export_facts()) == lines
    assert fresh.head().position == 6
    appended = put(fresh, "task/2024-02", first=3)
    assert appended.first_position == 7
    assert appended.known_at >= SPRING + timedelta(days=1)


def test_lines_continue_a_log_that_has_some_already(fresh: Store, lines: list[bytes]) -> None:
    fresh.import_facts(lines[:2])
    fresh.import_facts([line + b"\n" for line in lines[2:]])
    assert list(fresh.export_facts()) == lines


def changed(number: int, **fields: Any) -> Callable[[list[bytes]], list[bytes]]:
    def change(lines: list[bytes]) -> list[bytes]:
        line = json.loads(lines[number]) | fields
        return [*lines[:number], json.dumps(line).encode(), *lines[number + 1 :]]

    return change


WRONG: dict[str, tuple[Callable[[list[bytes]], list[bytes]], int]] = {
    "lines that changed places": (lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]], 3),
    "a missing line": (lambda lines: [*lines[:2], *lines[3:]], 3),
    "a line twice": (lambda lines: [*lines[:3], lines[2], *lines[3:]], 4),
    "a missing beginning": (lambda lines: lines[1:], 1),
    "a version too high": (changed(3, version=2), 4),
    "a stream begun anew": (changed(5, stream="task/2024-03"), 6),
    "a time that goes back": (changed(4, known_at="2024-03-07T01:00:00Z"), 5),
    "a recording that goes back": (changed(4, recorded_at="2020-01-01T00:00:00Z"), 5),
    "a time to come": (changed(5, recorded_at="2100-01-01T00:00:00Z"), 6),
    "a kind nobody knows": (changed(2, kind="task.flown_to_the_moon"), 3),
    "a state that is no fact": (changed(2, state="{}\n{}"), 3),
    "a field nobody knows": (changed(2, more=1), 3),
    "a line that is no JSON": (lambda lines: [*lines[:2], b"garbage", *lines[2:]], 3),
    "half a line": (lambda lines: [*lines[:5], lines[5][:40]], 6),
    "a time without a zone": (changed(2, recorded_at="2024-03-07T01:00:00"), 3),
    "a position too high for any database": (changed(2, position=2**70), 3),
    "a position below the first": (changed(0, position=-1), 1),
    "a version too high for any database": (changed(2, version=2**63), 3),
    "NUL in a stream": (changed(2, stream="task/\x00"), 3),
    "half a surrogate pair": (changed(2, stream="task/\ud800"), 3),
    "a stream without a name": (changed(2, stream=""), 3),
    "bytes that are no text": (lambda lines: [*lines[:2], lines[2][:30] + b"\xff" + lines[2][30:]], 3),
    "a fraction": (lambda lines: [lines[0].replace(b'"position":1', b'"position":1.0')], 1),
    "no number": (lambda lines: [lines[0].replace(b'"position":1', b'"position":NaN')], 1),
    "endless brackets": (lambda lines: [*lines[:2], b'{"state":' + b"[" * 100_000], 3),
    "an empty line": (lambda lines: [*lines[:1], b"", *lines[1:]], 2),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_lines_that_do_not_continue_the_log_are_refused_and_nothing_is_written(
    still_empty: Store, lines: list[bytes], wrong: str
) -> None:
    change, number = WRONG[wrong]
    with pytest.raises(NotImportable) as caught:
        still_empty.import_facts(change(lines))
    assert caught.value.details["line"] == number
    assert nothing_is_in(still_empty)


def nothing_is_in(store: Store) -> bool:
    with store.connection() as connection:
        left = connection.execute("SELECT count(*) FROM donghaeng.incoming").fetchone()
    return (positions(store), store.head().position, left) == ([], 0, (0,))


def test_what_was_refused_can_be_taken_in_when_it_is_put_right(fresh: Store, lines: list[bytes]) -> None:
    with pytest.raises(NotImportable):
        fresh.import_facts(lines[1:])
    assert fresh.import_facts(lines) == 6


@pytest.mark.parametrize(
    ("wrong", "number"),
    [("a version too high", 2), ("a stream begun anew", 4), ("a time that goes back", 3)],
)
def test_a_line_is_named_by_its_number_among_the_lines_and_not_in_the_log(
    fresh: Store, lines: list[bytes], wrong: str, number: int
) -> None:
    fresh.import_facts(lines[:2])
    with pytest.raises(NotImportable) as caught:
        fresh.import_facts(WRONG[wrong][0](lines)[2:])
    assert caught.value.details["line"] == number
    assert positions(fresh) == [1, 2]


def test_simulated_facts_are_not_taken_into_a_real_store(store: Store, lines: list[bytes]) -> None:
    with pytest.raises(NotImportable):
        store.import_facts(lines)
    assert positions(store) == []


def test_a_real_log_can_be_taken_into_another_real_store(store: Store, cluster: str, template: str) -> None:
    put(store, count=3)
    with copied(cluster, template) as dsn, Store.open(dsn) as copy:
        assert copy.import_facts(store.export_facts()) == 3
        assert copy.rows_after(0, 10) == store.rows_after(0, 10)


_PUT_DOWN = b"INSERT INTO donghaeng.incoming VALUES (%d, 'task/2024-09', 1, 'no.kind', 'no state', now(), '2024-03-09')"


def test_what_was_put_down_before_an_import_is_not_taken_over(fresh: Store, lines: list[bytes]) -> None:
    with fresh.connection() as connection:
        connection.execute(_PUT_DOWN % 1)
    assert fresh.import_facts(lines) == 6
    assert fresh.read("task/2024-09") == []


def test_what_somebody_puts_down_during_an_import_is_not_taken_over(fresh: Store, lines: list[bytes]) -> None:
    """It was not validated: without the lock on the table it would be in the log as the seventh fact."""

    def with_somebody_between() -> Iterator[bytes]:
        yield from lines[:3]
        with fresh.connection() as connection:
            connection.execute("SET lock_timeout = '200ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                connection.execute(_PUT_DOWN % 7)
            connection.execute("RESET lock_timeout")
        yield from lines[3:]

    assert fresh.import_facts(with_somebody_between()) == 6
    assert fresh.head().position == 6


def test_without_the_lock_it_would_be_taken_over(fresh: Store) -> None:
    """The control: the same steps by hand."""
    with fresh.connection() as connection, connection.transaction():
        connection.execute("DELETE FROM donghaeng.incoming")
        with fresh.connection() as other:
            other.execute(_PUT_DOWN % 1)
        connection.execute("SELECT donghaeng.take_incoming()")
    assert [row[3] for row in fresh.rows_after(0, 10)] == ["no.kind"]


def test_lines_no_longer_continue_a_log_to_which_somebody_appended_meanwhile(
    fresh: Store, lines: list[bytes]
) -> None:
    def with_somebody_between() -> Iterator[bytes]:
        yield from lines[:3]
        put(fresh, "task/2024-09")
        yield from lines[3:]

    with pytest.raises(NotImportable):
        fresh.import_facts(with_somebody_between())
    assert [fact.stream for fact in fresh.after(0, 10)] == ["task/2024-09"]


_IMPORT_AND_WAIT = """
import sys, time
from store.log import Store

def lines():
    for line in sys.stdin.buffer:
        yield line
    print("put down", flush=True)
    time.sleep(600)

with Store.open(sys.argv[1]) as store:
    store.import_facts(lines())
"""


def test_an_import_that_is_killed_in_the_middle_leaves_nothing(
    cluster: str, simulated_template: str, lines: list[bytes]
) -> None:
    with copied(cluster, simulated_template) as dsn, Store.open(dsn) as store:
        program = subprocess.Popen(
            [sys.executable, "-c", _IMPORT_AND_WAIT, dsn], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        try:
            assert program.stdin is not None
            assert program.stdout is not None
            program.stdin.write(b"\n".join(lines) + b"\n")
            program.stdin.close()
            assert program.stdout.readline() == b"put down\n"
        finally:
            program.send_signal(signal.SIGKILL)
            program.wait()
            program.stdout.close()
        assert nothing_is_in(store)
        assert store.import_facts(lines) == 6


_STRANGE = (
    *(0, -1, 2**63, 10**40, 1.5, True, None, "", "\x00", "가" * 100_000, [], {}, "0001-01-01T00:00:00Z"),
    *(
        "9999-12-31T23:59:59-12:00",
        "2024-02-30T00:00:00Z",
        "task/../x",
        "[" * 100_000,
        '{"schema_version": 1999}',
    ),
)


@pytest.mark.parametrize(
    "field", ["position", "stream", "version", "kind", "recorded_at", "known_at", "state", "one more"]
)
def test_whatever_stands_in_a_line_it_is_taken_or_refused_by_name(
    fresh: Store, lines: list[bytes], field: str
) -> None:
    first = json.loads(lines[0])
    for value in _STRANGE:
        with suppress(NotImportable):  # nothing else is raised
            fresh.import_facts([json.dumps({**first, field: value}).encode()])
    with pytest.raises(NotImportable):
        fresh.import_facts([b"[" * 100_000])
    assert fresh.head().position in (0, 1)


def test_importing_nothing_is_nothing(fresh: Store) -> None:
    assert fresh.import_facts([]) == 0
    assert fresh.head().position == 0


def test_replay_goes_through_a_span_in_chunks(source: Store) -> None:
    chunks = list(source.replay(first=2, last=5, chunk=3))
    assert [[fact.position for fact in chunk] for chunk in chunks] == [[2, 3, 4], [5]]
    assert list(source.replay(first=7)) == []
    assert [len(chunk) for chunk in source.replay(last=99)] == [6]
