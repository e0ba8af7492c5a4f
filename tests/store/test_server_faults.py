"""A server that is there and cannot do it, or goes while it does it."""

from __future__ import annotations

import random
import resource
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from domain.errors import OutcomeUnknown
from domain.task.facts import ProgressReported
from store import appending
from store.errors import StoreFault, StoreUnreachable
from store.log import Store
from store.recorded import Appended, Batch, NewFact
from tests.store.fact_batches import batch, envelope, positions, put
from workers.servers.postgres import PostgresServer

MEGABYTE = 1 << 20


def test_a_server_that_may_not_write_is_said_and_nothing_is_written(store: Store) -> None:
    with store.connection() as connection:
        connection.execute("SET default_transaction_read_only = on")
    with pytest.raises(StoreFault, match="read-only"):
        put(store)
    with store.connection() as connection:
        connection.execute("SET default_transaction_read_only = off")
    put(store)
    assert positions(store) == [1]


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """What is started in the block cannot make a larger file: as good as a full disk. `size`: bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def large(size: int) -> Batch:
    """Facts of about `size` bytes that do not compress."""
    identity, chance = uuid.uuid4().hex, random.Random(1)
    facts = (
        ProgressReported(percent=1, milestones=(chance.randbytes(MEGABYTE // 2).hex(),))
        for _ in range(size // MEGABYTE)
    )
    new = (NewFact("task/2024-07", at, envelope(identity), fact) for at, fact in enumerate(facts, start=1))
    return Batch(identity, b"", tuple(new))


def test_a_server_whose_disk_is_full_is_said_and_nothing_is_written(
    own_server: PostgresServer, own_dsn: str
) -> None:
    own_server.stop()
    with files_of_at_most(17 * MEGABYTE):  # its own journal files have 16
        own_server.start()
    one = large(20 * MEGABYTE)
    with Store.open(own_dsn) as store:
        with pytest.raises(StoreFault, match="too large"):
            store.append(one)
        assert positions(store) == []
        put(store, "task/2024-08")
        own_server.stop()
        own_server.start()
        assert not store.append(one).repeated
        assert positions(store) == list(range(1, 22))


@contextmanager
def an_append_that_waits(store: Store, dsn: str, one: Batch) -> Iterator[list[Appended | Exception]]:
    """The block runs while the append waits for its turn in the server; the list then holds what came of it."""
    came = list[Appended | Exception]()

    def run() -> None:
        try:
            came.append(store.append(one))
        except Exception as error:
            came.append(error)

    waiting = (
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory' AND datname = current_database()"
    )
    thread = threading.Thread(target=run)
    holder = psycopg.connect(make_conninfo(dsn, user="donghaeng_owner"))
    try:
        holder.execute("SELECT pg_advisory_xact_lock(20240307)")
        thread.start()
        while holder.execute(waiting.encode()).fetchone() == (0,):
            time.sleep(0.01)
        yield came
    finally:
        holder.close()
        thread.join()


def test_an_append_in_a_server_that_shuts_down_for_good_has_an_unknown_outcome(
    own_server: PostgresServer, own_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appending, "_PATIENCE_SECONDS", 0.5)
    one = batch()
    with Store.open(own_dsn) as store:
        with an_append_that_waits(store, own_dsn, one) as came:
            own_server.stop()
        assert isinstance(came[0], OutcomeUnknown)
        assert came[0].exit_code == 4
        own_server.start()
        assert not store.append(one).repeated, "it had not been carried out, and now is"
        assert positions(store) == [1]


def test_an_append_outlives_a_server_that_starts_anew(own_server: PostgresServer, own_dsn: str) -> None:
    one = batch()
    with Store.open(own_dsn) as store:
        with an_append_that_waits(store, own_dsn, one) as came:
            own_server.stop()
            own_server.start()
        assert isinstance(came[0], Appended)
        assert store.append(one).repeated
        assert positions(store) == [1]


def test_an_append_outlives_a_server_that_crashes(own_server: PostgresServer, own_dsn: str) -> None:
    one = batch()
    assert own_server.process is not None
    with Store.open(own_dsn) as store:
        put(store, "task/2024-08")
        with an_append_that_waits(store, own_dsn, one) as came:
            own_server.process.kill()
            own_server.process.wait()
            own_server.start()
        assert isinstance(came[0], Appended)
        assert positions(store) == [1, 2]


def test_a_server_that_takes_no_more_connections_is_said(store: Store, owner_dsn: str, app_dsn: str) -> None:
    with (
        psycopg.connect(owner_dsn, autocommit=True) as connection,
        store.connection(),
    ):  # its only one is lent
        connection.execute("ALTER ROLE donghaeng_app CONNECTION LIMIT 0")
        try:
            with pytest.raises(StoreUnreachable, match="too many connections"):
                Store.open(app_dsn)
            with pytest.raises(StoreUnreachable):
                put(store)
        finally:
            connection.execute("ALTER ROLE donghaeng_app CONNECTION LIMIT -1")
    assert positions(store) == []
