"""When the reply does not come: nothing is lost, nothing is done twice, and what is not known is said."""

from __future__ import annotations

import os
import uuid

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from domain.errors import OutcomeUnknown
from store import appending
from store.errors import StoreUnreachable
from store.log import Store
from tests.store.cutting_proxy import Cut, CuttingProxy
from tests.store.fact_batches import batch, positions, put
from workers.servers.postgres import PostgresServer

CUTS: list[Cut] = ["before the request arrives", "after the commit, before the reply"]


@pytest.mark.parametrize("cut", CUTS)
def test_a_batch_whose_connection_is_cut_is_appended_once(store: Store, app_dsn: str, cut: Cut) -> None:
    one = batch(count=2)
    with CuttingProxy(app_dsn, cut, uuid.UUID(one.command_id).bytes) as proxy, Store.open(proxy.dsn) as far:
        outcome = far.append(one)
        assert (outcome.first_position, outcome.last_position) == (1, 2)
        assert proxy.cuts == 0
        assert proxy.connections == 2
        put(far, first=3)
    assert positions(store) == [1, 2, 3]


def test_a_reply_lost_again_and_again_changes_nothing(store: Store, app_dsn: str) -> None:
    one = batch()
    with (
        CuttingProxy(app_dsn, "after the commit, before the reply", uuid.UUID(one.command_id).bytes) as proxy,
        Store.open(proxy.dsn) as far,
    ):
        proxy.cuts = 5
        far.append(one)
    assert positions(store) == [1]


def test_of_eventsourcing_a_lost_reply_comes_back_as_a_conflict_with_oneself(owner_dsn: str) -> None:
    """The control: its recorder sends again, finds its own event there and reports that somebody else won."""
    with CuttingProxy(owner_dsn, "after the commit, before the reply", b"COMMIT") as proxy:
        proxy.cuts = 0
        at = conninfo_to_dict(proxy.dsn)
        names = ("dbname", "host", "port", "user")
        with PostgresDatastore(
            *(str(at[name]) for name in names), "", originator_id_type="text"
        ) as datastore:
            recorder = PostgresApplicationRecorder(datastore, events_table_name="naive_events")
            recorder.create_table()
            proxy.cuts = 1
            with pytest.raises(IntegrityError):
                recorder.insert_events([StoredEvent("task/2024-07", 1, "task.started", b"{}")])
            assert recorder.max_notification_id() == 1


def test_when_the_server_goes_after_the_request_the_outcome_is_unknown_and_may_be_asked_again(
    own_server: PostgresServer, own_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appending, "_PATIENCE_SECONDS", 0.5)
    one = batch()
    with (
        CuttingProxy(
            own_dsn, "after the commit, before the reply", uuid.UUID(one.command_id).bytes, own_server.stop
        ) as proxy,
        Store.open(proxy.dsn) as far,
    ):
        with pytest.raises(OutcomeUnknown, match=one.command_id):
            far.append(one)
        own_server.start()
        assert far.append(one).repeated
        assert positions(far) == [1]


def test_a_fault_on_asking_again_does_not_pass_for_the_outcome_of_the_first_time(
    store: Store, app_dsn: str, owner_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appending, "_PATIENCE_SECONDS", 0.5)
    one = batch()

    def run(statement: bytes) -> None:
        with psycopg.connect(owner_dsn, autocommit=True) as connection:
            connection.execute(statement)

    mark = uuid.UUID(one.command_id).bytes
    take_away = b"REVOKE EXECUTE ON FUNCTION donghaeng.append FROM donghaeng_app"
    with (
        CuttingProxy(app_dsn, CUTS[1], mark, lambda: run(take_away)) as proxy,
        Store.open(proxy.dsn) as far,
        pytest.raises(OutcomeUnknown),
    ):
        far.append(one)
    run(b"GRANT EXECUTE ON FUNCTION donghaeng.append TO donghaeng_app")
    assert store.append(one).repeated
    assert positions(store) == [1]


def test_when_the_server_was_gone_before_nothing_was_sent_and_that_is_said(
    own_server: PostgresServer, own_dsn: str
) -> None:
    with Store.open(own_dsn) as store:
        put(store)
        own_server.stop()
        with pytest.raises(StoreUnreachable):
            put(store, first=2)
        with pytest.raises(StoreUnreachable):
            store.head()
        own_server.start()
        put(store, first=2)
        assert positions(store) == [1, 2]


def test_a_session_that_the_server_ends_is_made_anew(store: Store, owner_dsn: str) -> None:
    put(store)
    end_sessions = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(owner_dsn, autocommit=True) as connection:
        connection.execute(end_sessions)
        assert store.head().position == 1
        connection.execute(end_sessions)
        put(store, first=2)
    assert positions(store) == [1, 2]


def test_a_forked_process_leaves_its_parents_sessions_alone(store: Store) -> None:
    put(store)
    child = os.fork()
    if child == 0:
        done = 1
        try:
            put(store, first=2)
            store.close()
            done = 0
        finally:
            os._exit(done)
    assert os.waitpid(child, 0)[1] == 0
    put(store, first=3)
    assert positions(store) == [1, 2, 3]


def test_a_session_used_on_both_sides_of_a_fork_is_broken(owner_dsn: str) -> None:
    """The control: parent and child talk over the same session, and the child's good-bye ends the parent's."""
    connection = psycopg.connect(owner_dsn, autocommit=True)
    child = os.fork()
    if child == 0:
        connection.close()
        os._exit(0)
    os.waitpid(child, 0)
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    connection.close()
