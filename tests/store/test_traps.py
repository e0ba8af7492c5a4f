"""What eventsourcing's own recorder does that ours must not. Other traps are tried where they belong:
a lost reply and a fork in test_lost_connection, tables made at once in test_migrate, gaps in test_application."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from typing import Any

import psycopg
import pytest
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate
from eventsourcing.persistence import ProgrammingError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore, PostgresSubscription
from psycopg.conninfo import conninfo_to_dict

from store.application import FactApplication
from store.log import Store
from tests.store.fact_batches import batch, positions, progress, put

_BIG_SAVE = """
import sys
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
with PostgresDatastore(*sys.argv[1:5], "", originator_id_type="text") as datastore:
    recorder = PostgresApplicationRecorder(datastore, events_table_name="naive_events")
    recorder.create_table()
    events = [StoredEvent("task/2024-07", n, "task.started", b"x" * 200) for n in range(1, 5_001)]
    recorder.insert_events(events)
"""


def address(dsn: str) -> list[str]:
    at = conninfo_to_dict(dsn)
    return [str(at[name]) for name in ("dbname", "host", "port", "user")]


def one(dsn: str, query: str) -> Any:
    with psycopg.connect(dsn) as connection:
        return (connection.execute(query.encode()).fetchone() or (None,))[0]


def test_as_many_bytes_as_hang_the_pipeline_are_appended_by_ours(store: Store) -> None:
    store.append(batch(count=20_000))
    assert store.head().position == 20_000


@pytest.mark.slow
def test_a_big_save_of_eventsourcing_hangs_for_ever(owner_dsn: str) -> None:
    """The control: server and client both wait until the other reads."""
    client = subprocess.Popen([sys.executable, "-c", _BIG_SAVE, *address(owner_dsn)])
    waiting = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND state = 'active' AND wait_event = 'ClientRead' AND query LIKE '%INSERT INTO%'"
    )
    try:
        deadline, in_a_row = time.monotonic() + 60, 0
        while in_a_row < 20 and client.poll() is None and time.monotonic() < deadline:
            in_a_row = in_a_row + 1 if one(owner_dsn, waiting) else 0
            time.sleep(0.1)
        assert in_a_row == 20, "the server waits for the client, again and again"
        assert client.poll() is None, "and the client for the server"
    finally:
        client.kill()
        client.wait()


def test_the_setting_that_drops_the_lock_does_nothing_to_ours(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTGRES_ENABLE_DB_FUNCTIONS", "y")
    new = batch().facts
    FactApplication(store=store).save(*new)
    assert positions(store) == [1]
    assert not store.recorder.datastore.enable_db_functions  # type: ignore[attr-defined]


def test_with_its_database_function_eventsourcing_shows_the_second_before_the_first(owner_dsn: str) -> None:
    """The control: the function takes no lock."""
    with PostgresDatastore(
        *address(owner_dsn), "", originator_id_type="text", enable_db_functions=True
    ) as datastore:
        recorder = PostgresApplicationRecorder(datastore, events_table_name="naive_events")
        recorder.create_table()
        with psycopg.connect(owner_dsn) as slow:
            slow.execute(
                "SELECT es_insert_events_text(ARRAY[('task/1', 1, 't', '')::public.stored_event_text])"
            )
            recorder.insert_events([StoredEvent("task/2", 1, "task.started", b"")])
            assert [item.id for item in recorder.select_notifications(1, 10)] == [2]
            slow.commit()
        assert [item.id for item in recorder.select_notifications(1, 10)] == [1, 2]


class _LateListener(PostgresSubscription):
    """A subscription whose listening thread gets its turn late, as it may on a busy machine."""

    gate: threading.Event

    def _listen(self) -> None:
        self.gate.wait()
        super()._listen()


class _Watched(PostgresApplicationRecorder):
    pulled: threading.Event

    def select_notifications(self, *args: Any, **kwargs: Any) -> Any:
        found = super().select_notifications(*args, **kwargs)
        self.pulled.set()
        return found


def test_the_subscription_of_eventsourcing_loses_a_wake_up(owner_dsn: str) -> None:
    """The control: what is written between its first pull and its LISTEN waits for whatever is written next."""
    _LateListener.gate, _Watched.pulled = threading.Event(), threading.Event()
    with PostgresDatastore(*address(owner_dsn), "", originator_id_type="text", pool_size=4) as datastore:
        recorder = _Watched(datastore, events_table_name="naive_events")
        recorder.create_table()
        received = list[int]()
        with _LateListener(recorder) as subscription:
            _Watched.pulled.wait(10)
            recorder.insert_events([StoredEvent("task/1", 1, "task.started", b"")])
            _LateListener.gate.set()
            reader = threading.Thread(target=lambda: received.extend(next(subscription).id for _ in range(2)))
            reader.start()
            listening = "SELECT count(*) FROM pg_stat_activity WHERE query ILIKE 'listen%' AND datname = current_database()"
            while not one(owner_dsn, listening):
                time.sleep(0.01)
            time.sleep(0.5)
            assert received == []
            recorder.insert_events([StoredEvent("task/1", 2, "task.started", b"")])
            reader.join(10)
            assert received == [1, 2]


def test_ours_looks_again_by_itself_and_so_loses_none(store: Store) -> None:
    """What comes between any two of its looks is found by the next one, whatever woke it or did not."""
    put(store)
    with store.recorder.subscribe() as subscription:
        assert next(subscription).id == 1
        put(store, first=2)
        assert next(subscription).id == 2


def test_saving_can_raise_after_the_commit_in_eventsourcing(owner_dsn: str) -> None:
    """The control: the events are there, the caller is told that it failed."""

    class Snapshotting(Application[Any]):
        snapshotting_intervals = {Aggregate: 1}  # noqa: RUF012

    dbname, host, port, user = address(owner_dsn)
    env = {"PERSISTENCE_MODULE": "eventsourcing.postgres", "POSTGRES_PASSWORD": ""}
    env |= {"POSTGRES_DBNAME": dbname, "POSTGRES_HOST": host, "POSTGRES_PORT": port, "POSTGRES_USER": user}
    application = Snapshotting(env)
    with psycopg.connect(owner_dsn, autocommit=True) as connection:
        connection.execute("DROP TABLE snapshotting_snapshots")
    with pytest.raises(ProgrammingError):
        application.save(Aggregate())
    assert application.recorder.max_notification_id() == 1
    application.factory.close()


def test_ours_has_nothing_left_to_do_after_the_commit(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IS_SNAPSHOTTING_ENABLED", "y")
    new = progress("task/2024-07", 1, batch().command_id)
    (recording,) = FactApplication(store=store).save(new)
    assert recording.notification.id == store.head().position == 1
