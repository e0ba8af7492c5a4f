"""A view whose table is damaged stands still, says so to whoever reads it, and is made anew from the facts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import Any

import psycopg
import pytest
from structlog.testing import capture_logs

import projections.damage
from projections.behind import note_views_read
from projections.board_page import board
from projections.damage import ViewDamaged, misshapen, name_damage, stop_view
from projections.positions import try_again
from projections.programme_summary import PROGRAMME_SUMMARY
from projections.rebuilding.rebuild import verify_view
from projections.rows_in_use import compare_views
from projections.runner import project
from projections.schema import statements
from projections.task_board import TASK_BOARD, summary
from projections.view import View
from projections.views import positions
from store.connecting import OWNER_ROLE, Connection, connect
from store.errors import StoreFault
from store.log import Store
from tests.projections.appended_facts import PROPOSED, append, lives
from tests.projections.counting_view import COUNTED, compare, make_tables, name_of
from tests.projections.damaged_tables import DAMAGES, flip
from tests.projections.test_rebuilding import opened, propose, rebuild, rows, tables
from tests.store.copied_databases import copied

COMPARED = ("its key's index dropped", "rights taken")  # the owner can
READ = ("its key's index dropped", "pages of its key's index")


@pytest.fixture(scope="module")
def shared_dsn(cluster: str, template: str) -> Iterator[str]:
    with copied(cluster, template) as dsn:
        with opened(dsn) as store:
            append(store, *lives(30, random.Random(7)))
        yield dsn


@pytest.fixture
def owner(shared_dsn: str) -> Iterator[Connection]:
    with closing(connect(shared_dsn, OWNER_ROLE)) as connection:
        yield connection


@pytest.fixture
def filled(shared_dsn: str, owner: Connection) -> Iterator[Store]:
    """The task board as the runner made it, whatever the test before left."""
    for table in tables(owner):
        owner.execute(f"DROP TABLE views.{table}".encode())
    owner.execute("DELETE FROM views.positions WHERE view LIKE 'task_board%' OR view LIKE 'counted%'")
    owner.execute("DELETE FROM views.builds")
    make_tables(shared_dsn, TASK_BOARD, COUNTED)
    with opened(shared_dsn) as store:
        project(store, TASK_BOARD)
        yield store


def touch(store: Store) -> None:
    """A fact of the first row."""
    append(store, ("task/2024-001", PROPOSED))


def stands_still(store: Store) -> bool:
    return positions(store)["task_board"].damaged


@pytest.mark.parametrize("how", DAMAGES)
def test_it_stops_over_its_table_once_and_is_made_anew(
    filled: Store, owner: Connection, shared_dsn: str, how: str
) -> None:
    """What folds into it, what makes it anew and what is certified, and then all is as if nothing had been."""
    DAMAGES[how](shared_dsn, TASK_BOARD.table)
    before = positions(filled)["task_board"].position
    touch(filled)
    with capture_logs() as lines:
        assert (project(filled, TASK_BOARD), project(filled, TASK_BOARD)) == (0, 0), "no job fails over it"
    place = positions(filled)["task_board"]
    assert (place.damaged, place.position, place.lag) == (True, before, 1)
    assert [line["event"] for line in lines] == ["view_damaged"], "said once"
    found = rebuild(filled, owner)
    assert [one.table for one in found.not_compared] == ([] if how in COMPARED else [name_of(TASK_BOARD)])
    assert (found.differences, found.position) == (0, before)
    assert not stands_still(filled)
    assert project(filled, TASK_BOARD) > 0
    assert compare(filled, TASK_BOARD) == []
    assert (verify_view(filled, owner, TASK_BOARD).differences, misshapen(owner, TASK_BOARD)) == (0, None)


def test_the_control_a_server_that_does_not_tell_which_table_fails_each_time(
    filled: Store, owner: Connection, shared_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    flip(shared_dsn, TASK_BOARD.table)
    touch(filled)
    monkeypatch.setattr(projections.damage, "damage", lambda *_: None)
    monkeypatch.setattr("projections.rebuilding.fold_comparison.damage", lambda *_: None)
    for _ in range(2):
        with pytest.raises(StoreFault, match="invalid page"):
            project(filled, TASK_BOARD)
    assert positions(filled)["task_board"].state == "running"
    with pytest.raises(StoreFault, match="invalid page"):
        rebuild(filled, owner)


@pytest.mark.parametrize("how", DAMAGES)
def test_a_view_that_was_made_anew_before_it_could_be_stopped_goes_on(
    filled: Store, owner: Connection, shared_dsn: str, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Who meets the damage waits for the lock on the view's position, which the rebuild holds until it is over."""
    DAMAGES[how](shared_dsn, TASK_BOARD.table)
    touch(filled)
    seen = projections.damage.stop_view

    def made_anew_meanwhile(store: Store, *found: Any) -> None:
        monkeypatch.setattr(projections.damage, "stop_view", seen)
        rebuild(filled, owner)
        seen(store, *found)

    monkeypatch.setattr(projections.damage, "stop_view", made_anew_meanwhile)
    monkeypatch.setattr("projections.runner.stop_view", made_anew_meanwhile)
    project(filled, TASK_BOARD)
    assert not stands_still(filled)
    monkeypatch.setattr(projections.damage, "_is_still_so", lambda *_: True)
    stop_view(filled, TASK_BOARD, "what was found before")
    assert stands_still(filled), "the control: who does not look again stops it"


@pytest.mark.parametrize("how", [one for one in DAMAGES if one not in READ])
def test_who_reads_it_is_told_what_to_do_and_it_is_shown_as_stopped(
    filled: Store, shared_dsn: str, how: str
) -> None:
    row = board(filled)[0]
    read = partial(board, filled, stage=row.stage, area=row.area, lead=row.lead)
    assert read(), "the control"
    DAMAGES[how](shared_dsn, TASK_BOARD.table)
    with pytest.raises(ViewDamaged) as told:
        read()
    assert "views rebuild task_board" in told.value.say("en")
    assert "views rebuild task_board" in told.value.say("ko")
    assert told.value.exit_code == 3
    assert stands_still(filled), "though nobody folds"


def test_what_can_still_be_read_is_shown_and_said_to_be_a_part(filled: Store, shared_dsn: str) -> None:
    propose(filled)
    project(filled, TASK_BOARD)
    flip(shared_dsn, PROGRAMME_SUMMARY.table)
    with note_views_read() as read:
        board(filled)
    assert read == {"task_board": None}, "the control"
    with pytest.raises(ViewDamaged):
        summary(filled, 2024)
    with note_views_read() as read:
        board(filled)
    behind = read["task_board"]
    assert behind is not None
    assert (behind.lag, behind.stopped_at) == (0, None)
    assert "views rebuild task_board" in behind.say("en")
    assert "views rebuild task_board" in behind.say("ko")


def test_only_the_table_that_cannot_be_read_is_not_compared(
    filled: Store, owner: Connection, shared_dsn: str
) -> None:
    flip(shared_dsn, PROGRAMME_SUMMARY.table)
    (one,) = rebuild(filled, owner).not_compared
    assert (one.table, one.why) == (name_of(PROGRAMME_SUMMARY), "unreadable")
    assert rebuild(filled, owner).not_compared == [], "the control: and now there is nothing to say"


def test_verifying_it_is_refused_and_leaves_it_stopped_and_lets_it_go_on_where_it_was_mended(
    filled: Store, owner: Connection
) -> None:
    owner.execute(f"ALTER TABLE {TASK_BOARD.table} RENAME TO task_board_away".encode())
    with pytest.raises(ViewDamaged, match="missing"):
        verify_view(filled, owner, TASK_BOARD)
    assert stands_still(filled)
    owner.execute(f"ALTER TABLE views.task_board_away RENAME TO {name_of(TASK_BOARD)}".encode())
    project(filled, TASK_BOARD)
    assert stands_still(filled), "nothing less than looking at all of it lets it go on"
    with filled.connection() as connection:
        try_again(connection, TASK_BOARD)
    assert verify_view(filled, owner, TASK_BOARD).differences == 0
    assert not stands_still(filled)


def test_new_tables_that_are_damaged_themselves_are_begun_anew(
    filled: Store, owner: Connection, shared_dsn: str
) -> None:
    def folds_then_breaks(store: Store, parts: list[View], up_to: int, told: object) -> None:
        for part in parts:
            project(store, part, up_to=up_to)
            if rows(owner, part.table):
                flip(shared_dsn, part.table)

    with pytest.raises(ViewDamaged):
        rebuild(filled, owner, fold=folds_then_breaks)
    assert not stands_still(filled)
    assert rebuild(filled, owner).differences == 0


def test_a_table_that_has_gone_is_not_made_empty_by_migrating(filled: Store, owner: Connection) -> None:
    """An empty one under the position of before would pass for the whole."""
    owner.execute(f"DROP TABLE {TASK_BOARD.table}".encode())
    for statement in statements((TASK_BOARD,)):
        owner.execute(statement.encode())
    assert name_of(TASK_BOARD) not in tables(owner)
    with pytest.raises(ViewDamaged):
        board(filled)
    rebuild(filled, owner)
    assert compare(filled, TASK_BOARD) == []


def test_others_are_compared_beside_a_damaged_one(filled: Store, owner: Connection, shared_dsn: str) -> None:
    """In the one snapshot of `trail verify --store` and of the night."""
    project(filled, COUNTED)
    flip(shared_dsn, TASK_BOARD.table)
    board_, counted = compare_views(filled, [TASK_BOARD, COUNTED])
    assert board_.problem is not None
    assert "views rebuild task_board" in board_.problem.en
    assert (counted.problem, counted.count) == (None, 0)
    assert counted.rows > 0


def test_what_is_wrong_with_a_question_is_not_the_tables_fault(filled: Store) -> None:
    with (
        pytest.raises(psycopg.errors.UndefinedColumn),
        filled.connection() as connection,
        name_damage(filled, [TASK_BOARD]),
    ):
        connection.execute(f"SELECT nothing FROM {TASK_BOARD.table}".encode())
    assert not stands_still(filled)
