"""Nothing waits for ever: a server that is stopped, a way that swallows everything, and locks that somebody keeps."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from domain.errors import OutcomeUnknown
from store import appending
from store.appending import COMMAND_SECONDS
from store.connecting import Connection, connect, session
from store.errors import StoreBusy, StoreSilent
from store.log import Store
from store.migrate import migrate
from store.waits import JOB, READING, WHOLE, Waits, in_all, seconds_left, spend
from tests.store.cutting_proxy import CuttingProxy
from tests.store.fact_batches import batch, positions, put
from tests.store.stopped_servers import stopped
from workers.servers.postgres import PostgresServer

SHORT = Waits(answer=1.0)
SLACK = 1.5  # of a machine that does other things too
APPEND_LOCK = "SELECT pg_advisory_xact_lock(20240307)"


def seconds_of(work: Callable[[], object], *, raises: type[Exception]) -> float:
    began = time.monotonic()
    with pytest.raises(raises):
        work()
    return time.monotonic() - began


def test_a_server_that_is_stopped_is_given_up_in_time_and_what_became_of_it_is_said(
    own_server: PostgresServer, own_dsn: str
) -> None:
    one = batch()
    with Store.open(own_dsn, waits=SHORT) as store:
        put(store, "task/2024-08")
        with stopped(own_server):
            assert seconds_of(store.head, raises=StoreSilent) < 1 + SLACK
        store.head()
        with stopped(own_server), in_all(2.0):  # a command's time, all of it together
            assert seconds_of(lambda: store.append(one), raises=OutcomeUnknown) < 2 + 2 + SLACK
        store.append(one)
        assert positions(store) == [1, 2], "once, whatever became of the first time"


def test_the_control_without_a_deadline_of_our_own_it_waits_as_long_as_the_server_is_stopped(
    own_server: PostgresServer, own_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Connection, "wait", psycopg.Connection.wait)
    with Store.open(own_dsn, waits=SHORT) as store:
        store.head()
        reading = threading.Thread(target=store.head)
        with stopped(own_server):
            reading.start()
            reading.join(2 + SLACK)
            assert reading.is_alive()
        reading.join()
    assert not reading.is_alive()


def test_a_way_that_swallows_the_reply_is_left_and_another_taken(store: Store, app_dsn: str) -> None:
    one = batch()
    with (
        CuttingProxy(app_dsn, "after the commit, silence", uuid.UUID(one.command_id).bytes) as proxy,
        Store.open(proxy.dsn, waits=SHORT) as far,
    ):
        began = time.monotonic()
        assert far.append(one).repeated, "it was carried out the first time"
        assert 1 <= time.monotonic() - began < 1 + SLACK
        assert proxy.connections == 2
    assert positions(store) == [1]


@contextmanager
def holding(dsn: str, statement: str, *, transaction: bool = True) -> Iterator[psycopg.Connection[Any]]:
    """Somebody who takes a lock and does nothing with it."""
    with psycopg.connect(dsn, autocommit=not transaction, application_name="somebody") as connection:
        connection.execute(statement.encode())
        try:
            yield connection
        finally:
            connection.close()


HELD = (APPEND_LOCK, "SELECT FROM donghaeng.head FOR UPDATE")


@pytest.mark.parametrize("lock", HELD)
def test_who_waits_for_a_lock_is_told_in_time_who_holds_it_and_nothing_is_written(
    store: Store, owner_dsn: str, app_dsn: str, lock: str
) -> None:
    with Store.open(app_dsn, waits=SHORT) as own, holding(owner_dsn, lock) as holder:
        began = time.monotonic()
        with pytest.raises(StoreBusy) as refused:
            put(own)
        assert time.monotonic() - began < 1 + SLACK
        assert f"held by session {holder.info.backend_pid} (donghaeng_owner, somebody)" in refused.value.say(
            "en"
        )
        assert f"{holder.info.backend_pid}" in refused.value.say("ko")
    assert positions(store) == []


@pytest.mark.parametrize("transaction", [True, False], ids=["transaction", "session"])
def test_the_holder_of_our_own_role_who_does_nothing_is_ended_and_the_command_carried_out(
    store: Store, app_dsn: str, transaction: bool
) -> None:
    lock = APPEND_LOCK if transaction else "SELECT pg_advisory_lock(20240307)"
    with Store.open(app_dsn, waits=SHORT) as own, holding(app_dsn, lock, transaction=transaction) as holder:
        began = time.monotonic()
        put(own)
        assert 0.8 < time.monotonic() - began < 2 + SLACK
        with pytest.raises(psycopg.OperationalError, match="terminating connection"):
            holder.execute("SELECT 1")
    assert positions(store) == [1]


def test_the_control_with_nobody_ended_it_is_refused(app_dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = appending.holders
    monkeypatch.setattr(appending, "holders", lambda connection, end: found(connection))
    with (
        Store.open(app_dsn, waits=SHORT) as own,
        holding(app_dsn, "SELECT pg_advisory_lock(20240307)", transaction=False),
        pytest.raises(StoreBusy),
    ):
        put(own)


def test_the_server_ends_anybody_who_holds_a_lock_in_a_transaction_and_does_nothing(
    owner_dsn: str, app_dsn: str
) -> None:
    """Also whom the application's role may not end: by the database's own setting, which `migrate` makes."""
    name = psycopg.conninfo.conninfo_to_dict(owner_dsn)["dbname"]
    with session(owner_dsn) as owner:
        with psycopg.connect(owner_dsn) as plain:
            assert plain.execute("SHOW idle_in_transaction_session_timeout").fetchone() == ("0",), (
                "the control"
            )
        migrate(owner_dsn)
        with psycopg.connect(owner_dsn) as plain:
            assert plain.execute("SHOW idle_in_transaction_session_timeout").fetchone() == ("8s",)
        owner.execute(f"ALTER DATABASE {name} SET idle_in_transaction_session_timeout = '800ms'".encode())
        migrate(owner_dsn)  # what somebody has set stays
    with Store.open(app_dsn, waits=SHORT) as own, holding(owner_dsn, APPEND_LOCK):
        began = time.monotonic()
        put(own)
        assert 0.5 < time.monotonic() - began < 1 + SLACK


def test_what_may_take_long_goes_on_as_long_as_the_server_is_at_work_and_no_longer(
    own_server: PostgresServer, own_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = Waits(answer=0.4, whole=True)
    with connect(own_dsn, waits=long) as connection:
        connection.execute("SELECT pg_sleep(1.5)")
    with connect(own_dsn, waits=SHORT) as connection, pytest.raises(psycopg.errors.QueryCanceled):
        connection.execute("SELECT pg_sleep(1.5)")
    with connect(own_dsn, waits=long) as connection, stopped(own_server):
        assert seconds_of(lambda: connection.execute("SELECT 1"), raises=psycopg.OperationalError) < 6 + SLACK


def test_a_transaction_of_ours_that_does_nothing_is_ended(app_dsn: str) -> None:
    with connect(app_dsn, waits=Waits(answer=1.0, idle=0.2)) as connection:
        connection.execute("BEGIN")
        time.sleep(0.5)
        with pytest.raises(psycopg.Error, match="idle-in-transaction"):
            connection.execute("SELECT 1")


def test_the_server_gives_up_before_we_do_and_ends_who_holds_before_that() -> None:
    for waits in (READING, JOB, WHOLE):
        assert waits.holder < waits.lock < waits.answer
        assert waits.whole or waits.lock < waits.statement < waits.answer
    assert READING.answer < COMMAND_SECONDS, "there is time to ask what became of it"


def test_what_is_left_is_shared_by_what_is_asked_one_after_the_other() -> None:
    assert seconds_left(10) == 10
    with in_all(1.0):
        spend(time.monotonic() - 0.1)
        assert seconds_left(10) <= 0.9
        with in_all(5.0):
            spend(time.monotonic() - 0.1)
        assert 0 < seconds_left(10) <= 0.8
    assert seconds_left(10) == 10
