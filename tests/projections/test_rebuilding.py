"""A view is folded anew beside the one in use, compared with it at one position, and put in its place."""

from __future__ import annotations

import hashlib
import itertools
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from msgspec.structs import replace as with_changes

from domain.view.commands import SkipFact
from projections.fresh import Unfoldable
from projections.positions import ViewNotBuilt
from projections.programme_summary import PROGRAMME_SUMMARY
from projections.rebuilding.certificate import Certificate
from projections.rebuilding.errors import BeingRebuilt, NotSwitched, OwnerNeeded, ReadersBusy
from projections.rebuilding.rebuild import drop_unused, one_after_the_other, rebuild_view, verify_view
from projections.runner import project
from projections.schema import statements
from projections.task_board import TASK_BOARD
from projections.view import View
from projections.views import VIEWS, positions
from store.connecting import APPLICATION_ROLE, OWNER_ROLE, Connection, connect
from store.envelope import Actor
from store.errors import StoreFault
from store.log import Store
from tests.projections.appended_facts import PROPOSED, append, lives
from tests.projections.counting_view import COUNTED, compare, make_tables, name_of
from tests.projections.test_exactly_once import gate, killed_while_parked
from tests.store.copied_databases import copied
from workflows.command_envelope import CommandEnvelope
from workflows.command_handler import CommandHandler

AT = 118  # the last fact of its task


def indexes(owner: Connection, table: str) -> set[str]:
    query = "SELECT indexname FROM pg_indexes WHERE schemaname || '.' || tablename = %s"
    return {name for (name,) in owner.execute(query, (table,)).fetchall()}


_tasks = itertools.count(500)


@pytest.fixture
def parked(shared_dsn: str) -> Iterator[Callable[[str, str], None]]:
    with gate(shared_dsn) as park:
        yield park


@pytest.fixture(scope="module")
def shared_dsn(cluster: str, template: str) -> Iterator[str]:
    """One database for all tests here, with a log to fold."""
    with copied(cluster, template) as dsn:
        with closing(connect(dsn)) as given, opened(dsn) as store:
            given.execute(f"ALTER DATABASE {given.info.dbname} SET synchronous_commit = off".encode())
            append(store, *lives(30, random.Random(7)))
        yield dsn


@contextmanager
def opened(dsn: str) -> Iterator[Store]:
    with Store.open(psycopg.conninfo.make_conninfo(dsn, user="donghaeng_app")) as store:
        yield store


@pytest.fixture
def owner(shared_dsn: str) -> Iterator[Connection]:
    with closing(connect(shared_dsn, OWNER_ROLE)) as connection:
        yield connection


@pytest.fixture
def filled(shared_dsn: str, owner: Connection) -> Iterator[Store]:
    """The view as the runner made it, whatever the test before left."""
    for table in tables(owner):
        owner.execute(f"DROP TABLE views.{table}".encode())
    owner.execute("DELETE FROM views.positions WHERE view LIKE 'task_board%' OR view LIKE 'counted%'")
    owner.execute("DELETE FROM views.builds")
    make_tables(shared_dsn, TASK_BOARD)
    with opened(shared_dsn) as store:
        project(store, TASK_BOARD)
        yield store


@pytest.fixture
def second_owner(shared_dsn: str) -> Iterator[Connection]:
    with closing(connect(shared_dsn, OWNER_ROLE)) as connection:
        yield connection


def propose(store: Store) -> None:
    append(store, (f"task/2024-{next(_tasks)}", PROPOSED))


class Kept:
    """The certificates on record, by command id."""

    def __init__(self) -> None:
        self.by_id: dict[str, Certificate] = {}

    def __call__(self, certificate: Certificate, command_id: str) -> None:
        self.by_id[command_id] = certificate


def rebuild(store: Store, owner: Connection, view: View = TASK_BOARD, **more: Any) -> Certificate:
    return rebuild_view(store, owner, view, Kept(), **more)


def tables(owner: Connection) -> list[str]:
    query = "SELECT tablename FROM pg_tables WHERE tablename ~ '^(task_board|programme_summary|counted)' ORDER BY 1"
    return [row[0] for row in owner.execute(query).fetchall()]


def rows(owner: Connection, table: str = TASK_BOARD.table) -> dict[str, str]:
    return dict(owner.execute(f"SELECT key, row::text FROM {table} ORDER BY key".encode()).fetchall())


def poisoned(then: Callable[[Any], Any]) -> View:
    def evolve(row: Any, recorded: Any) -> Any:
        folded = TASK_BOARD.evolve(row, recorded)
        return then(folded) if recorded.position == AT else folded

    return replace(TASK_BOARD, evolve=evolve)


def raising(_: Any) -> Any:
    raise ValueError("cannot be folded")


def tampered(owner: Connection) -> str:
    row: Any = owner.execute(
        f"UPDATE {TASK_BOARD.table} SET row = replace(row::text, '\"budget_krw\":', '\"budget_krw\":9')::json "
        "WHERE key = '2024-002' RETURNING row::text".encode()
    ).fetchone()
    return str(row[0])


def test_the_same_rows_take_the_place_of_the_same_rows(filled: Store, owner: Connection) -> None:
    before = rows(owner)
    done = rebuild(filled, owner)
    assert (done.position, done.rows, done.differences) == (filled.head().position, len(before), 0)
    assert rows(owner) == before
    lines = "".join(f"{key}\t{row}\n" for key, row in sorted(before.items()))
    assert done.rows_sha256 == hashlib.sha256(lines.encode()).hexdigest()
    names = [name_of(one) for one in (PROGRAMME_SUMMARY, TASK_BOARD)]
    assert tables(owner) == [name + end for name in names for end in ("", "_old")]
    propose(filled)
    project(filled, TASK_BOARD)
    assert compare(filled, TASK_BOARD) == []
    assert rebuild(filled, owner).rows == done.rows + 1
    assert drop_unused(filled, owner, TASK_BOARD, Kept()) == [
        f"{PROGRAMME_SUMMARY.table}_old",
        f"{TASK_BOARD.table}_old",
    ]
    assert compare(filled, TASK_BOARD) == []


def test_the_tables_are_as_before_with_their_indexes_and_rights(filled: Store, owner: Connection) -> None:
    query = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) ORDER BY 1"
    names = ([name_of(one) for one in TASK_BOARD.tables],)
    before = owner.execute(query, names).fetchall()
    rebuild(filled, owner)
    assert owner.execute(query, names).fetchall() == before


def test_the_server_knows_the_new_rows_before_they_are_read(filled: Store, owner: Connection) -> None:
    rebuild(filled, owner)
    for table in (TASK_BOARD.table, *(tally.table for tally in TASK_BOARD.tallies)):
        counted = (
            f"SELECT (SELECT count(*) FROM {table}), reltuples FROM pg_class WHERE oid = '{table}'::regclass"
        )
        row: Any = owner.execute(counted.encode()).fetchone()
        assert row[0] == row[1] > 0


def test_rows_that_somebody_changed_refuse_the_switch(filled: Store, owner: Connection) -> None:
    wrong = tampered(owner)
    with pytest.raises(NotSwitched, match="2024-002"):
        rebuild(filled, owner)
    assert rows(owner)["2024-002"] == wrong
    found = verify_view(filled, owner, TASK_BOARD)
    assert (found.differences, found.unexplained) == (1, 1)
    done = rebuild(filled, owner, accept=True)
    assert done.causes == {"unexplained": 1}
    assert compare(filled, TASK_BOARD) == []


def test_the_control_rows_of_another_program_are_explained_and_switched(
    filled: Store, owner: Connection
) -> None:
    tampered(owner)
    owner.execute("UPDATE views.positions SET code = 'several'")
    assert rebuild(filled, owner).causes == {"code": 1}
    assert positions(filled)["task_board"].code != "several"
    assert compare(filled, TASK_BOARD) == []


@pytest.mark.parametrize(
    "statement",
    [
        f"DELETE FROM {TASK_BOARD.table} WHERE key = '2024-002'",
        f"UPDATE {TASK_BOARD.table} SET stage = 'approved' WHERE key = '2024-002'",
        f"UPDATE {PROGRAMME_SUMMARY.table} SET tasks = tasks + 1 WHERE area = 'living'",
        f"DELETE FROM {PROGRAMME_SUMMARY.table}",
        f"INSERT INTO {TASK_BOARD.table} (key, row) VALUES ('2024-999', '{{}}')",
    ],
)
def test_whatever_was_changed_is_found(filled: Store, owner: Connection, statement: str) -> None:
    owner.execute(statement.encode())
    with pytest.raises(NotSwitched):
        rebuild(filled, owner)


def test_a_fold_that_is_not_pure_refuses_the_switch(filled: Store, owner: Connection) -> None:
    numbers = itertools.count(1)
    view = poisoned(lambda row: with_changes(row, budget_krw=next(numbers)))
    assert rebuild(filled, owner, view).causes.keys() == {"code"}
    with pytest.raises(NotSwitched):
        rebuild(filled, owner, view)


def test_a_skipped_fact_that_can_be_folded_now_explains_its_row_and_no_other(
    store: Store, owner_dsn: str
) -> None:
    append(store, *lives(30, random.Random(7)))
    able = [False]
    view = poisoned(lambda row: row if able[0] else raising(row))
    with closing(connect(owner_dsn, OWNER_ROLE)) as owner:
        skipped_and_brought_back(store, owner, view, able)


def skipped_and_brought_back(filled: Store, owner: Connection, view: View, able: list[bool]) -> None:
    project(filled, view)
    command = SkipFact(view="task_board", position=AT)
    CommandHandler(filled, lambda: None).handle(
        CommandEnvelope(command=command, actor=Actor(role="planner"), via="cli", reason="!")
    )
    project(filled, view)
    assert verify_view(filled, owner, view).differences == 0
    able[0] = True
    found = verify_view(filled, owner, view)
    assert found.differences > 0
    assert found.causes.keys() == {"skip"}
    owner.execute(f"UPDATE {PROGRAMME_SUMMARY.table} SET budget_krw = budget_krw + 1".encode())
    with pytest.raises(NotSwitched, match="programme_summary"):
        rebuild(filled, owner, view)
    owner.execute(f"UPDATE {PROGRAMME_SUMMARY.table} SET budget_krw = budget_krw - 1".encode())
    assert rebuild(filled, owner, view).causes.keys() == {"skip"}
    assert compare(filled, view) == []


def test_only_one_at_a_time(filled: Store, owner: Connection, second_owner: Connection) -> None:
    def again(*given: Any) -> None:
        with pytest.raises(BeingRebuilt):
            rebuild(filled, second_owner)
        with pytest.raises(BeingRebuilt):
            verify_view(filled, second_owner, TASK_BOARD)
        one_after_the_other(*given)

    rebuild(filled, owner, fold=again)


def test_a_poison_fact_stops_it_and_is_named(filled: Store, owner: Connection) -> None:
    before = rows(owner)
    with pytest.raises(Unfoldable, match=str(AT)):
        rebuild(filled, owner, poisoned(raising))
    assert rows(owner) == before
    assert positions(filled)["task_board"].error is None


class Interrupted(Exception):
    pass


def test_interrupted_it_goes_on_where_it_was(filled: Store, owner: Connection) -> None:
    def some(store: Store, parts: Any, up_to: int, told: Any) -> None:
        project(store, parts[0], batch=50, most=50, up_to=up_to)
        raise Interrupted

    for _ in range(2):
        with pytest.raises(Interrupted):
            rebuild(filled, owner, fold=some)
    ((at,),) = owner.execute("SELECT position FROM views.positions WHERE view = 'task_board_next'").fetchall()
    assert at == 100
    assert compare(filled, TASK_BOARD) == []
    assert rebuild(filled, owner).differences == 0


def test_what_another_program_began_is_begun_anew(filled: Store, owner: Connection) -> None:
    with pytest.raises(Unfoldable):
        rebuild(filled, owner, poisoned(raising))
    assert rebuild(filled, owner).differences == 0


def test_a_full_disk_is_told_and_leaves_what_is_in_use(filled: Store, owner: Connection) -> None:
    before = rows(owner)

    def on_full_disk(store: Store, parts: Any, up_to: int, told: Any) -> None:
        owner.execute("""CREATE FUNCTION views.full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
        END $$""")
        owner.execute(
            f"CREATE TRIGGER full_disk BEFORE INSERT ON {parts[0].table} EXECUTE FUNCTION views.full()".encode()
        )
        one_after_the_other(store, parts, up_to, told)

    with pytest.raises(StoreFault, match="No space left"):
        rebuild(filled, owner, fold=on_full_disk)
    assert rows(owner) == before
    assert rows(owner, f"{TASK_BOARD.table}_next") == {}
    owner.execute("DROP FUNCTION views.full CASCADE")
    assert rebuild(filled, owner).differences == 0


def test_commands_and_readers_go_on_through_the_switch(
    filled: Store, shared_dsn: str, owner: Connection
) -> None:
    with opened(shared_dsn) as other_store:
        switched_while_others_work(filled, other_store, owner)


def switched_while_others_work(filled: Store, other_store: Store, owner: Connection) -> None:
    ended, seen, known = threading.Event(), [], len(rows(owner))

    def live() -> None:
        for number in itertools.count(1):
            propose(other_store)
            project(other_store, TASK_BOARD)
            with other_store.connection() as connection:
                query = f"SELECT count(*) FROM {TASK_BOARD.table}".encode()
                (found,) = connection.execute(query, prepare=True).fetchall()
            seen.append((found[0], number))
            if ended.is_set():
                return

    thread = threading.Thread(target=live)
    thread.start()
    try:
        for _ in range(4):
            assert rebuild(filled, owner).differences == 0
    finally:
        ended.set()
        thread.join()
    assert [count for count, _ in seen] == [known + number for _, number in seen]
    project(filled, TASK_BOARD)
    assert compare(filled, TASK_BOARD) == []


def in_another_process(store: Store, view: View, batch: int) -> None:
    with store.connection() as connection:
        dsn = psycopg.conninfo.make_conninfo(connection.info.dsn, user="donghaeng_owner")
    with closing(connect(dsn)) as owner:
        rebuild(store, owner, view)


@pytest.mark.parametrize(
    ("at", "left"), [("NEW.view = 'counted_next'", 0), ("NEW.view = 'counted' AND TG_OP = 'UPDATE'", 150)]
)
def test_killed_in_a_batch_or_in_the_switch_nothing_is_half_done_and_the_next_run_goes_on(
    filled: Store, shared_dsn: str, parked: Any, at: str, left: int
) -> None:
    app_dsn = psycopg.conninfo.make_conninfo(shared_dsn, user="donghaeng_app")
    make_tables(shared_dsn, COUNTED)
    project(filled, COUNTED)
    parked("views.positions", f"{at} AND NEW.position > 0")
    killed_while_parked(app_dsn, shared_dsn, __name__, in_another_process.__name__)
    with closing(connect(shared_dsn, OWNER_ROLE)) as owner:
        assert "counted_v1_old" not in tables(owner)
        assert len(rows(owner, "views.counted_v1_next")) == (
            0 if left == 0 else len(rows(owner, COUNTED.table))
        )
        assert compare(filled, COUNTED) == []
        assert rebuild(filled, owner, COUNTED).differences == 0
        assert f"{name_of(COUNTED)}_old" in tables(owner)


def test_who_reads_for_long_is_waited_for_and_then_left_alone(
    filled: Store, owner: Connection, second_owner: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.rebuilding.switching._TRIES", 1)
    with second_owner.transaction():
        second_owner.execute(f"SELECT count(*) FROM {TASK_BOARD.table}".encode())
        with pytest.raises(ReadersBusy):
            rebuild(filled, owner)
    assert rebuild(filled, owner).differences == 0


def test_a_crash_after_the_switch_leaves_the_certificate_to_the_next_run(
    filled: Store, owner: Connection
) -> None:
    def crashing(certificate: Certificate, command_id: str) -> None:
        raise Interrupted(command_id)

    with pytest.raises(Interrupted) as crash:
        rebuild_view(filled, owner, TASK_BOARD, crashing)
    kept = Kept()
    second = rebuild_view(filled, owner, TASK_BOARD, kept)
    first = kept.by_id.pop(str(crash.value))
    assert (first.rows_sha256, list(kept.by_id.values())) == (second.rows_sha256, [second])


def test_in_shards_the_rows_are_the_same(filled: Store, owner: Connection) -> None:
    whole = rebuild(filled, owner)
    for shards in (2, 3):
        assert rebuild(filled, owner, shards=shards).rows_sha256 == whole.rows_sha256
    found = verify_view(filled, owner, TASK_BOARD, shards=2)
    assert (found.rows_sha256, found.differences) == (whole.rows_sha256, 0)


def test_the_control_a_shard_left_out_is_found(filled: Store, owner: Connection) -> None:
    def first_twice(store: Store, parts: Any, up_to: int, told: Any) -> None:
        if len(parts) > 1:
            project(store, parts[0], up_to=up_to)
            owner.execute(
                "UPDATE views.positions SET position = %s WHERE view = %s", (up_to, parts[1].checkpoint_name)
            )
        one_after_the_other(store, parts, up_to, told)

    with pytest.raises(NotSwitched):
        rebuild(filled, owner, fold=first_twice, shards=2)


def test_a_newer_version_is_built_while_the_older_one_is_in_use(
    filled: Store, owner: Connection, shared_dsn: str
) -> None:
    make_tables(shared_dsn, COUNTED)
    project(filled, COUNTED)
    newer = replace(COUNTED, version=2, tallies=tuple(replace(one, version=2) for one in COUNTED.tallies))
    for statement in statements([newer]):
        owner.execute(statement.encode())
    assert name_of(newer) not in tables(owner)
    with pytest.raises(ViewNotBuilt, match="version 1"):
        project(filled, newer)
    before = rows(owner, COUNTED.table)
    done = rebuild(filled, owner, newer)
    assert (done.before, done.position, rows(owner, newer.table)) == (1, filled.head().position, before)
    propose(filled)
    for view in (COUNTED, newer):
        project(filled, view)
        assert compare(filled, view) == []
    assert drop_unused(filled, owner, newer, Kept()) == sorted(one.table for one in COUNTED.tables)
    assert compare(filled, newer) == []


def test_rows_that_differ_by_version_are_counted_and_switched(
    filled: Store, owner: Connection, shared_dsn: str
) -> None:
    make_tables(shared_dsn, COUNTED)
    project(filled, COUNTED)

    def evolve(row: Any, recorded: Any) -> Any:
        done = COUNTED.evolve(row, recorded)
        return done and with_changes(done, lead="x")

    tallies = tuple(replace(one, version=2) for one in COUNTED.tallies)
    newer = replace(COUNTED, version=2, tallies=tallies, evolve=evolve)
    done = rebuild(filled, owner, newer)
    assert done.causes == {"version": done.rows}


def test_who_may_not_make_tables_is_told(filled: Store, shared_dsn: str) -> None:
    with closing(connect(shared_dsn, APPLICATION_ROLE)) as application, pytest.raises(OwnerNeeded):
        rebuild(filled, application)


def test_a_rebuild_writes_nothing_into_the_log(filled: Store, owner: Connection) -> None:
    before = filled.head().position
    rebuild(filled, owner)
    verify_view(filled, owner, TASK_BOARD)
    assert filled.head().position == before


def test_every_tally_has_its_views_version_so_that_two_versions_never_share_one() -> None:
    assert [one.name for view in VIEWS.values() for one in view.tallies if one.version != view.version] == []


def test_no_two_streams_meet_in_a_row_of_a_view_that_is_folded_by_stream(filled: Store) -> None:
    for view in VIEWS.values():
        touched: dict[str, set[str]] = {}
        for one in filled.after(0, 10_000):
            if one.kind in view.kinds:
                for key in view.keys(one):
                    touched.setdefault(key, set()).add(one.stream)
        assert not view.by_stream or all(len(streams) == 1 for streams in touched.values())


def test_migrating_takes_away_the_indexes_that_a_view_had_before_and_no_others(
    filled: Store, owner: Connection
) -> None:
    assert TASK_BOARD.indexes is not None
    column = next(name for name in TASK_BOARD.columns if name not in TASK_BOARD.indexes)
    table = TASK_BOARD.table
    declared = indexes(owner, table)
    owner.execute(f"CREATE INDEX {name_of(TASK_BOARD)}_{column} ON {table} ({column})".encode())
    owner.execute(f"CREATE INDEX of_the_administrator ON {table} ({column})".encode())
    assert len(indexes(owner, table)) == len(declared) + 2, "the control"
    for statement in statements((TASK_BOARD,)):
        owner.execute(statement.encode())
    assert indexes(owner, table) == {*declared, "of_the_administrator"}
    assert compare(filled, TASK_BOARD) == []
