"""The log taken out as lines and taken in again, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from store.errors import NotImportable
from store.log import Store
from tests.store.facts_of_the_tests import positions, put
from tests.store.test_clock import SPRING


@pytest.fixture
def lines(simulated_store: Store) -> list[bytes]:
    """Six facts of two streams, known on two days."""
    simulated_store.move_clock(SPRING)
    put(simulated_store, "task/2024-01", count=3)
    simulated_store.move_clock(SPRING + timedelta(days=1))
    put(simulated_store, "task/2024-02", count=2)
    put(simulated_store, "task/2024-01", first=4)
    return list(simulated_store.export_facts(chunk=4))


@pytest.fixture
def fresh(cluster: str, simulated_template: str) -> Any:
    """An empty simulated store."""
    name = f"fresh_{simulated_template}"
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {simulated_template}")
        with Store.open(psycopg.conninfo.make_conninfo(cluster, dbname=name)) as store:
            yield store
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_log_taken_out_and_in_is_the_same_byte_for_byte(
    simulated_store: Store, fresh: Store, lines: list[bytes]
) -> None:
    assert fresh.import_facts(lines) == 6
    assert fresh.rows_after(0, 10) == simulated_store.rows_after(0, 10)
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
    "a missing line": (lambda lines: [*lines[:2], *lines[3:]], 3),
    "a line twice": (lambda lines: [*lines[:3], lines[2], *lines[3:]], 3),
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
    "an empty line": (lambda lines: [*lines[:1], b"", *lines[1:]], 2),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_lines_that_do_not_continue_the_log_are_refused_and_nothing_is_written(
    fresh: Store, lines: list[bytes], wrong: str
) -> None:
    change, number = WRONG[wrong]
    with pytest.raises(NotImportable) as caught:
        fresh.import_facts(change(lines))
    assert caught.value.details["line"] == number
    assert positions(fresh) == []
    assert fresh.import_facts(lines) == 6, "and nothing was left behind"


def test_simulated_facts_are_not_taken_into_a_real_store(store: Store, lines: list[bytes]) -> None:
    with pytest.raises(NotImportable):
        store.import_facts(lines)
    assert positions(store) == []


def test_a_real_log_can_be_taken_into_another_real_store(store: Store, cluster: str, template: str) -> None:
    put(store, count=3)
    name = f"copy_{template}"
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        with Store.open(psycopg.conninfo.make_conninfo(cluster, dbname=name)) as copy:
            assert copy.import_facts(store.export_facts()) == 3
            assert copy.rows_after(0, 10) == store.rows_after(0, 10)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_what_was_put_down_beside_an_import_is_not_taken_over(fresh: Store, lines: list[bytes]) -> None:
    with fresh.connection() as connection:
        connection.execute(
            "INSERT INTO donghaeng.incoming VALUES (1, 'task/2024-09', 1, 'task.started', '', now(), now())"
        )
    assert fresh.import_facts(lines) == 6
    assert fresh.read("task/2024-09") == []


def test_importing_nothing_is_nothing(fresh: Store) -> None:
    assert fresh.import_facts([]) == 0
    assert fresh.head().position == 0


def test_replay_goes_through_a_span_in_chunks(simulated_store: Store, lines: list[bytes]) -> None:
    chunks = list(simulated_store.replay(first=2, last=5, chunk=3))
    assert [[fact.position for fact in chunk] for chunk in chunks] == [[2, 3, 4], [5]]
    assert list(simulated_store.replay(first=7)) == []
    assert [len(chunk) for chunk in simulated_store.replay(last=99)] == [6]
