"""What is answered, and what is read, is there after a crash; the log's lock is free while the disk is waited for."""

from __future__ import annotations

import os
import signal
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from store.application import FactApplication
from store.connecting import connect
from store.envelope import Actor
from store.log import Store
from store.mapper import encode
from tests.store.fact_batches import positions, progress, put
from tests.store.stopped_servers import family
from tests.workers.client_processes import eventually
from workers.restore_guard import may_act
from workers.servers.postgres import PostgresServer
from workflows.command_envelope import CommandEnvelope
from workflows.command_handler import CommandHandler

STREAM = "task/2024-07"
COMMAND = "0123456789abcdef0123456789abcdef"
_APPEND = "SELECT last_position FROM donghaeng.append(%s, %s, ARRAY[%s], ARRAY[%s]::bigint[], ARRAY[%s], ARRAY[%s]::bytea[])"
LATE = f"{_APPEND} WHERE set_config('synchronous_commit', 'off', true) IS NOT NULL"


@pytest.fixture
def owner(own_server: PostgresServer) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(make_conninfo(own_server.address, dbname="postgres"), autocommit=True) as connection:
        yield connection


@pytest.fixture
def still(owner: psycopg.Connection[Any], own_dsn: str) -> Iterator[None]:
    """Nothing comes onto the disk but what somebody waits for."""
    query = "SELECT pid FROM pg_stat_activity WHERE backend_type IN ('walwriter', 'background writer')"
    pids = [pid for (pid,) in owner.execute(query)]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    yield
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def plain(dsn: str) -> closing[psycopg.Connection[Any]]:
    """A session that waits for nothing when it ends: its server may be gone."""
    return closing(psycopg.connect(dsn, autocommit=True))


def is_alone(store: Store) -> bool:
    """Whether its next append waits for the disk in one message, under the lock."""
    with store.connections.lend(flushed=False) as connection:
        return connection.alone


def append_late(
    connection: psycopg.Connection[Any], version: int = 1, command: str = COMMAND, digest: bytes = b""
) -> str:
    """What `Store.append` sends first; where the log ends then."""
    new = progress(STREAM, version, command)
    given = (uuid.UUID(command), digest, STREAM, version, new.fact.kind, encode(new.envelope, new.fact))
    connection.execute(LATE, given)
    (end,) = connection.execute("SELECT pg_current_wal_insert_lsn()").fetchone() or ()
    return str(end)


def on_disk(owner: psycopg.Connection[Any], end: str) -> bool:
    (found,) = owner.execute("SELECT pg_current_wal_flush_lsn() >= %s::pg_lsn", (end,)).fetchone() or ()
    return bool(found)


def crash(server: PostgresServer) -> None:
    """As when the power goes: kill -9 of every process, and a new start."""
    assert server.process is not None
    for pid in family(server.process.pid):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    server.process.wait()
    server.start()


def found_after_crash(server: PostgresServer, dsn: str) -> list[int]:
    crash(server)
    with Store.open(dsn) as store:
        return positions(store)


@pytest.mark.usefixtures("still")
def test_what_was_answered_is_there_after_a_crash(own_server: PostgresServer, own_dsn: str) -> None:
    with Store.open(own_dsn) as store:
        put(store, STREAM)
        put(store, "task/2024-08", count=3)
        assert found_after_crash(own_server, own_dsn) == [1, 2, 3, 4]


@pytest.mark.usefixtures("still")
def test_what_was_answered_to_one_who_appends_alone_is_there_after_a_crash(
    own_server: PostgresServer, own_dsn: str
) -> None:
    with Store.open(own_dsn) as store:
        for version in (1, 2, 3, 4):
            assert is_alone(store) == (version > 2)
            put(store, STREAM, first=version)
        assert found_after_crash(own_server, own_dsn) == [1, 2, 3, 4]


@pytest.mark.usefixtures("still")
def test_what_was_appended_and_not_waited_for_is_lost_in_a_crash(
    own_server: PostgresServer, own_dsn: str
) -> None:
    """The control: without the second statement, everybody has seen the fact and it is gone."""
    with plain(own_dsn) as writer, plain(own_dsn) as reader:
        append_late(writer)
        assert reader.execute("SELECT position FROM donghaeng.facts").fetchall() == [(1,)]
        assert found_after_crash(own_server, own_dsn) == []


@pytest.mark.usefixtures("still")
def test_what_was_read_is_there_after_a_crash(own_server: PostgresServer, own_dsn: str) -> None:
    with plain(own_dsn) as writer, Store.open(own_dsn) as store:
        append_late(writer)
        assert [one.position for one in store.read(STREAM)] == [1]
        assert found_after_crash(own_server, own_dsn) == [1]


def _asked_directly(store: Store) -> None:
    with store.connection() as connection, connection.transaction():
        connection.execute("SELECT count(*) FROM donghaeng.facts")


def _refused_within(store: Store) -> None:
    with suppress(ZeroDivisionError), store.connection() as connection:
        connection.execute("SELECT count(*) FROM donghaeng.facts")
        raise ZeroDivisionError


WAYS: dict[str, Callable[[Store], object]] = {
    "a stream": lambda store: store.read(STREAM),
    "its name": lambda store: store.streams("task/"),
    "the log": lambda store: store.rows_after(0, 10),
    "a shard": lambda store: list(store.replay(shard=(1, 2))),
    "a position": lambda store: store.at([1]),
    "the end": lambda store: store.head(),
    "an outcome": lambda store: store.outcome(COMMAND),
    "outcomes": lambda store: store.outcomes([COMMAND]),
    "an export": lambda store: list(store.export_facts()),
    "eventsourcing": lambda store: FactApplication(store=store).notification_log.select(1, 10),
    "a query of its own": _asked_directly,
    "a refusal by what was read": _refused_within,
}


@pytest.mark.usefixtures("still")
def test_whatever_is_read_is_on_the_disk_first(own_dsn: str, owner: psycopg.Connection[Any]) -> None:
    with plain(own_dsn) as writer, Store.open(own_dsn) as store:
        for version, (way, read) in enumerate(WAYS.items(), start=1):
            end = append_late(writer, version, COMMAND if version == 1 else uuid.uuid4().hex)
            # the controls: plain reading leaves it where it is, and so does who says that he sees to it himself
            writer.execute("SELECT * FROM donghaeng.facts").fetchall()
            with store.connections.lend(flushed=False) as own:
                own.execute("SELECT * FROM donghaeng.facts").fetchall()
            assert not on_disk(owner, end), way
            read(store)
            assert on_disk(owner, end), way


@pytest.mark.usefixtures("still")
def test_what_is_answered_or_acted_on_without_an_append_is_on_the_disk_first(
    own_dsn: str, owner: psycopg.Connection[Any], tmp_path: Path
) -> None:
    from domain.task.commands import ReportProgress, Start  # noqa: PLC0415

    officer = Actor(role="officer", agency="gto")
    again = CommandEnvelope(
        command=ReportProgress(task="2024-07", percent=1),
        actor=officer,
        via="cli",
        command_id=uuid.uuid4().hex,
    )
    with plain(own_dsn) as writer, Store.open(own_dsn) as store:
        handler = CommandHandler(store, lambda: None)
        end = append_late(writer, 1, again.command_id, again.digest())
        assert not on_disk(owner, end)
        assert handler.handle(again).repeated
        assert on_disk(owner, end)

        end = append_late(writer, 2, uuid.uuid4().hex)
        with pytest.raises(Exception, match="task"):
            handler.handle_all(
                [CommandEnvelope(command=Start(task="2024-07"), actor=officer, via="cli")], dry_run=True
            )
        assert on_disk(owner, end)

        end = append_late(writer, 3, uuid.uuid4().hex)
        assert may_act(store, tmp_path / "data")
        assert on_disk(owner, end)


def test_a_command_that_comes_again_is_on_the_disk_before_it_is_answered(
    own_server: PostgresServer, own_dsn: str, still: None
) -> None:
    from tests.store.fact_batches import batch  # noqa: PLC0415

    one = batch(STREAM, command_id=COMMAND)
    with plain(own_dsn) as writer, Store.open(own_dsn) as store:
        append_late(writer, 1, COMMAND, one.digest)
        assert store.append(one).repeated
        assert found_after_crash(own_server, own_dsn) == [1]


def test_to_one_who_appends_alone_too_it_is_answered_late_enough(
    own_dsn: str, owner: psycopg.Connection[Any], still: None
) -> None:
    """“Carried out before” writes nothing, so that its own commit waits for nothing."""
    from tests.store.fact_batches import batch  # noqa: PLC0415

    one = batch("task/2024-08", command_id=COMMAND)
    new = progress("task/2024-08", 1, COMMAND)
    given = (uuid.UUID(COMMAND), one.digest, new.stream, 1, new.fact.kind, encode(new.envelope, new.fact))
    with plain(own_dsn) as writer, Store.open(own_dsn) as store:
        put(store, STREAM)
        put(store, STREAM, first=2)
        writer.execute(LATE, given)
        (end,) = writer.execute("SELECT pg_current_wal_insert_lsn()::text").fetchone() or ("",)
        assert is_alone(store)
        assert not on_disk(owner, end)
        assert store.append(one).repeated
        assert on_disk(owner, end)
        assert not is_alone(store)


def test_who_is_not_alone_lets_go_of_the_lock_again(own_dsn: str) -> None:
    with Store.open(own_dsn) as one, Store.open(own_dsn) as other:
        for version in (1, 2, 3):
            put(one, STREAM, first=version)
        assert is_alone(one)
        put(other, "task/2024-08")
        put(one, STREAM, first=4)
        assert not is_alone(one)
        put(other, "task/2024-08", first=2)
        put(one, STREAM, first=5)
        assert not is_alone(one)
        assert not is_alone(other)
        put(one, STREAM, first=6)
        assert is_alone(one), "the control: nobody came in between"


@contextmanager
def nobody_as_standby(owner: psycopg.Connection[Any]) -> Iterator[None]:
    """Commits wait for a standby that never comes: what happens in that time is what happens while a disk is slow."""
    owner.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
    owner.execute("SELECT pg_reload_conf()")
    assert eventually(lambda: owner.execute("SHOW synchronous_standby_names").fetchone() == ("nobody",))
    try:
        yield
    finally:
        owner.execute("ALTER SYSTEM RESET synchronous_standby_names")
        owner.execute("SELECT pg_reload_conf()")


def test_others_append_and_read_while_one_waits_and_nobody_is_answered_too_early(
    own_dsn: str, owner: psycopg.Connection[Any]
) -> None:
    answered = list[int]()

    def send(number: int) -> None:
        with Store.open(own_dsn) as own:
            answered.append(put(own, f"task/2024-0{number}").last_position)

    with Store.open(own_dsn) as reader:
        threads = [threading.Thread(target=send, args=(number,)) for number in (1, 2, 3)]
        with nobody_as_standby(owner):
            for count, thread in enumerate(threads, start=1):
                thread.start()
                assert eventually(lambda count=count: positions(reader) == [*range(1, count + 1)])
            assert answered == []
        for thread in threads:
            thread.join()
    assert sorted(answered) == [1, 2, 3]


def test_where_a_standby_is_waited_for_nobody_holds_the_lock_meanwhile(
    own_dsn: str, owner: psycopg.Connection[Any]
) -> None:
    with Store.open(own_dsn) as store:
        for version in (1, 2, 3):
            put(store, STREAM, first=version)
        assert is_alone(store), "the control"
        with nobody_as_standby(owner):
            owner.execute("ALTER SYSTEM SET synchronous_commit = 'local'")
            owner.execute("SELECT pg_reload_conf()")
            with Store.open(own_dsn) as other:
                for version in (4, 5, 6):
                    put(other, STREAM, first=version)
                assert not is_alone(other)
            owner.execute("ALTER SYSTEM RESET synchronous_commit")
            owner.execute("SELECT pg_reload_conf()")


def test_a_commit_that_waits_under_the_lock_keeps_all_others_out(
    own_dsn: str, owner: psycopg.Connection[Any]
) -> None:
    """The control: the same function, and a commit that waits as any other does."""
    new = progress(STREAM, 1, COMMAND)
    given = (uuid.UUID(COMMAND), b"", STREAM, 1, new.fact.kind, encode(new.envelope, new.fact))

    def send() -> None:
        with plain(own_dsn) as own:
            own.execute(_APPEND, given)

    with plain(own_dsn) as other:
        other.execute("SET lock_timeout = '300ms'")
        thread = threading.Thread(target=send)
        with nobody_as_standby(owner):
            thread.start()
            waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
            assert eventually(lambda: owner.execute(waiting).fetchone() is not None)
            with pytest.raises(psycopg.errors.LockNotAvailable):
                append_late(other, 1, uuid.uuid4().hex)
        thread.join()


def test_statements_that_the_server_forgot_are_prepared_anew(own_dsn: str) -> None:
    """Also where it forgot only the second: the first was done by then, and is asked for again under its id."""
    with Store.open(own_dsn) as store:
        put(store, STREAM)
        with store.connections.lend(flushed=False) as connection:
            connection.execute("DEALLOCATE ALL")
        assert not put(store, STREAM, first=2).repeated
        with store.connections.lend(flushed=False) as connection:
            (name,) = (
                connection.execute(
                    "SELECT name FROM pg_prepared_statements WHERE statement LIKE '%emit_message%standby_names%'"
                ).fetchone()
                or ()
            )
            connection.execute(f"DEALLOCATE {name}".encode())
            connection.alone = False  # as if others had appended
        assert put(store, STREAM, first=3).last_position == 3
        assert positions(store) == [1, 2, 3]


def test_a_database_that_need_not_have_its_commits_on_the_disk_is_not_believed(
    own_dsn: str, owner: Any
) -> None:
    database = psycopg.conninfo.conninfo_to_dict(own_dsn)["dbname"]
    for set_to, found in (("off", "on"), ("remote_apply", "remote_apply"), ("local", "local")):
        owner.execute(f"ALTER DATABASE {database} SET synchronous_commit = {set_to}")
        with connect(own_dsn) as connection:
            assert connection.execute("SHOW synchronous_commit").fetchone() == (found,)
