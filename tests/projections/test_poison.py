"""A fact that a view cannot take stops that view in front of it, loudly, and no other."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace as with_changes
from structlog.testing import capture_logs

from projections.runner import project
from projections.task_board import TASK_BOARD
from projections.view import View
from projections.views import positions
from store.log import Store
from tests.projections.appended_facts import PROPOSED, append, lives
from tests.projections.counting_view import COUNTED, compare, make_tables

AT = 118  # the last fact of its task, so that nothing later hides what was done to its row


@pytest.fixture
def filled(store: Store) -> Store:
    append(store, *lives(30, random.Random(7)))
    return store


def is_right(store: Store) -> bool:
    place = positions(store)["task_board"]
    return (place.lag, place.state, place.error) == (0, "running", None) and compare(store, TASK_BOARD) == []


def poisoned(then: Callable[[Any], Any]) -> View:
    """The task board with something else done to the row of the fact at AT."""

    def evolve(row: Any, recorded: Any) -> Any:
        folded = TASK_BOARD.evolve(row, recorded)
        return then(folded) if recorded.position == AT else folded

    return replace(TASK_BOARD, evolve=evolve)


def raising(_: Any) -> Any:
    raise ValueError("cannot be folded")


def with_nul(row: Any) -> Any:
    return with_changes(row, area="a\0b")


def with_half_a_letter(row: Any) -> Any:
    return with_changes(row, title_ko="\ud800")


def with_a_year_beyond_the_column(row: Any) -> Any:
    return with_changes(row, year=10**12)


def that_no_tally_counts(row: Any) -> Any:
    return with_changes(row, progress=None)


@pytest.mark.parametrize("batch", [1, 7, 2000])
@pytest.mark.parametrize(
    "then",
    [
        raising,
        with_nul,
        with_half_a_letter,
        with_a_year_beyond_the_column,
        that_no_tally_counts,
    ],
)
def test_the_view_stands_in_front_of_the_fact_and_says_which_and_why(
    filled: Store, then: Callable[[Any], Any], batch: int
) -> None:
    with capture_logs() as lines:
        assert project(filled, poisoned(then), batch) == AT - 1
    place = positions(filled)["task_board"]
    assert (place.state, place.position, place.error_position) == ("stopped", AT - 1, AT)
    assert place.error
    assert [(line["event"], line["position"]) for line in lines] == [("view_stopped", AT)]
    assert compare(filled, TASK_BOARD) == []
    project(filled, TASK_BOARD)
    assert is_right(filled)


def test_a_stopped_view_is_tried_again_without_crying_each_time(filled: Store) -> None:
    project(filled, poisoned(raising))
    with capture_logs() as lines:
        assert [project(filled, poisoned(raising)) for _ in range(3)] == [0, 0, 0]
    assert lines == []
    assert positions(filled)["task_board"].error == "ValueError: cannot be folded"


def test_another_fault_at_the_same_fact_is_told(filled: Store) -> None:
    project(filled, poisoned(raising))
    with capture_logs() as lines:
        project(filled, poisoned(with_nul))
    assert [line["event"] for line in lines] == ["view_stopped"]
    assert "0x00" in str(positions(filled)["task_board"].error)


def test_other_views_go_on(filled: Store, owner_dsn: str) -> None:
    make_tables(owner_dsn, COUNTED)
    project(filled, poisoned(raising))
    assert project(filled, COUNTED) == filled.head().position
    assert compare(filled, COUNTED) == []


def test_what_a_table_cannot_hold_is_left_out_of_the_error_it_shows(filled: Store) -> None:
    def then(_: Any) -> Any:
        raise ValueError("NUL \0, half a letter \ud800,\nand " + 10_000 * "much more ")

    project(filled, poisoned(then))
    error = positions(filled)["task_board"].error
    assert error is not None
    assert error.startswith("ValueError: NUL �, half a letter �, and much more")
    assert len(error) == 500


def test_a_fault_that_does_not_come_again_is_not_the_facts(filled: Store) -> None:
    """As when a job's time is up while it folds."""
    once = iter([True])

    def then(row: Any) -> Any:
        if next(once, False):
            raise TimeoutError
        return row

    with capture_logs() as lines, pytest.raises(TimeoutError):
        project(filled, poisoned(then))
    assert lines == []
    place = positions(filled)["task_board"]
    assert (place.state, place.position) == ("running", 0)
    project(filled, TASK_BOARD)
    assert is_right(filled)


def test_a_fact_that_touches_two_rows_is_folded_into_both_or_none(filled: Store) -> None:
    def evolve(row: Any, recorded: Any) -> Any:
        if recorded.position == AT and row is not None and row.lead == "shadow":
            raise ValueError("the second row cannot take it")
        folded = TASK_BOARD.evolve(row, recorded)
        return folded if row is None else with_changes(folded, lead=row.lead)

    rows: dict[str, Any] = {}
    both = replace(TASK_BOARD, keys=lambda one: (one.stream, one.stream + "/shadow"), evolve=evolve)
    for recorded in filled.after(0, AT - 1):
        both.fold(rows, recorded)
    (poison,) = filled.after(AT - 1, 1)
    shadow = poison.stream + "/shadow"
    rows[shadow] = with_changes(rows[shadow], lead="shadow")
    before = dict(rows)
    with pytest.raises(ValueError, match="second row"):
        both.fold(rows, poison)
    assert rows == before


def test_a_row_in_the_table_that_cannot_be_read_stops_the_view_at_the_fact_that_needs_it(
    filled: Store, owner_dsn: str
) -> None:
    project(filled, TASK_BOARD)
    with psycopg.connect(owner_dsn) as connection:
        connection.execute(f"UPDATE {TASK_BOARD.table} SET row = '{{}}' WHERE key = '2024-001'".encode())
    last = filled.head().position
    append(filled, ("task/2024-900", PROPOSED), ("task/2024-001", PROPOSED), ("task/2024-901", PROPOSED))
    project(filled, TASK_BOARD)
    place = positions(filled)["task_board"]
    assert (place.state, place.error_position) == ("stopped", last + 2)


def test_a_missing_table_is_nobodys_poison(filled: Store, owner_dsn: str) -> None:
    with psycopg.connect(owner_dsn) as connection:
        connection.execute(f"ALTER TABLE {TASK_BOARD.table} RENAME TO elsewhere".encode())
    with capture_logs() as lines:
        assert project(filled, TASK_BOARD) == 0
    assert [line["event"] for line in lines] == ["view_damaged"]
    place = positions(filled)["task_board"]
    assert (place.damaged, place.position, place.error_position) == (True, 0, None)


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
