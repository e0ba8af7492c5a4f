"""A failover that loses its last facts: nobody appends on top of the loss until a person decides, nor was any of it sealed."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from domain.epoch.commands import BeginEpoch
from store.envelope import Actor
from store.errors import StoreWentBack
from store.log import Store
from store.migrate import migrate
from tests.conftest import top
from tests.store.fact_batches import positions, put
from tests.workers.sealing.witnessed_trails import facts_of, giving
from tests.workers.standbys import Standby, lsn_of
from workers.bootstrap import open_engine
from workers.doctor.engine import store as examined
from workers.engine import Engine
from workers.restore_guard import may_act, remember_epoch, state_of_store
from workers.sealing import standbys
from workers.sealing.errors import StandbysBehind
from workers.sealing.folder import Signed, TrailFolder
from workers.sealing.keeping import begin
from workers.sealing.sealer import seal
from workers.servers import Addresses
from workers.servers.data_folder import ensure_folder
from workers.servers.postgres import PostgresServer
from workflows.command_envelope import CommandEnvelope


@pytest.fixture
def primary(data: Path) -> Iterator[PostgresServer]:
    server = PostgresServer(data, ensure_folder(data / "logs") / "postgres.log")
    server.start()
    try:
        migrate(server.address)
        yield server
    finally:
        server.stop()


def accept(engine: Engine) -> None:
    found = state_of_store(engine.store, engine.data)
    command = BeginEpoch(number=found.next_epoch, after=found.position)
    engine.handler.handle(
        CommandEnvelope(command=command, actor=Actor(role="planner"), via="cli", reason="장애 조치")
    )
    remember_epoch(engine.store, engine.data)


def test_a_failover_that_lost_its_tail_is_noticed_by_all_before_anything_is_appended(
    primary: PostgresServer, servers: Addresses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standbys, "PATIENCE_SECONDS", 0.5)
    standby = Standby(primary)
    standby.start()
    dsn = standby.with_it(make_conninfo(primary.address, user="donghaeng_app"))
    addresses = Addresses(None, dsn, servers.redis)
    with ExitStack() as held:
        held.callback(standby.stop)
        here, elsewhere, without = (
            held.enter_context(open_engine(addresses, tmp_path / name)) for name in ("here", "b", "c")
        )
        here = replace(here, seal_standbys=1)
        begin(here, giving(here), None, new_log=False)
        put(here.store, count=3)
        sealed = seal(here).size
        assert sealed >= 3
        standby.caught_up(lsn_of(primary.address))
        kept = here.store.head().position

        standby.stop()
        put(here.store, first=4, count=3)
        with pytest.raises(StandbysBehind, match=r"0 are connected, 1 are needed"):
            seal(here)
        assert TrailFolder(here.data).load_signed().size == sealed, (
            "nothing that the failover loses was signed"
        )
        lost = here.store.head().position
        assert lost > kept
        assert may_act(here.store, here.data)

        assert primary.process is not None
        primary.process.send_signal(signal.SIGKILL)
        primary.process.wait()
        standby.start()
        standby.promote()

        assert without.store.head().position == kept, "readings go on"
        with closing(Store.open(dsn)) as naive:
            monkeypatch.setattr(naive.connections, "check", lambda: None)
            assert put(naive, "task/2024-08").first_position == kept + 1 <= lost, (
                "the control: reuses what was lost"
            )
        with pytest.raises(
            StoreWentBack, match=f"ends at fact {kept + 1}, and was acted on or sealed up to fact {lost}"
        ):
            put(here.store, "task/2024-11")
        for other in (elsewhere, without):  # which remember nothing of it
            with pytest.raises(StoreWentBack):
                put(other.store, "task/2024-09")
            assert not may_act(other.store, other.data)
        assert next(one for one in examined(without) if one.check == "epoch").state == "wrong"
        assert positions(here.store)[-1] == kept + 1

        accept(elsewhere)  # on any machine
        assert state_of_store(here.store, here.data).state == "current"
        assert may_act(here.store, here.data)
        put(here.store, "task/2024-09")
        put(without.store, "task/2024-10")
        with pytest.raises(StandbysBehind):
            seal(here)
        assert seal(replace(here, seal_standbys=0)).size > sealed, "of the same log: a continuation"
        assert len(facts_of(here, "trail.sealed")) == 2


@pytest.mark.parametrize("promoted", ["the one that has all", "the one that lacks the end"])
def test_with_two_named_standbys_of_which_one_has_to_answer_nothing_acknowledged_is_lost(
    primary: PostgresServer, servers: Addresses, tmp_path: Path, promoted: str
) -> None:
    ahead, behind = (Standby(primary, name=name) for name in ("ahead", "behind"))
    dsn = behind.with_it(ahead.with_it(make_conninfo(primary.address, user="donghaeng_app")))
    with ExitStack() as held:
        for one in (ahead, behind):
            one.start()
            held.callback(one.stop)
        with psycopg.connect(primary.address, autocommit=True) as owner:
            owner.execute("ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (ahead, behind)'")
            owner.execute("SELECT pg_reload_conf()")
        engine = held.enter_context(open_engine(Addresses(None, dsn, servers.redis), tmp_path / "here"))
        engine = replace(engine, seal_standbys=1)
        begin(engine, giving(engine), None, new_log=False)
        put(engine.store, count=3)
        behind.caught_up(lsn_of(primary.address))
        behind.stop()
        acknowledged = put(engine.store, first=4, count=3).last_position
        assert seal(engine).size >= acknowledged, "one of the two is enough to go on"
        last = engine.store.head().position

        assert primary.process is not None
        primary.process.send_signal(signal.SIGKILL)
        primary.process.wait()
        behind.start()
        if promoted == "the one that has all":
            assert ahead.received() > behind.received(), "as operations.md says to look"
            ahead.promote()
            assert engine.store.head().position == last
            assert may_act(engine.store, engine.data)
            assert put(engine.store, "task/2024-08").first_position == last + 1
        else:  # the control
            behind.promote()
            with pytest.raises(StoreWentBack):
                put(engine.store, "task/2024-08")


@pytest.fixture
def engine(
    store: Store, owner_dsn: str, app_dsn: str, servers: Addresses, tmp_path: Path
) -> Iterator[Engine]:
    with open_engine(Addresses(owner_dsn, app_dsn, servers.redis), tmp_path / "data") as built:
        yield built


@pytest.mark.parametrize("whose", ["this store's", "another's"])
def test_a_log_shorter_than_what_was_signed_acts_no_more_whatever_else_is_remembered(
    engine: Engine, whose: str
) -> None:
    put(engine.store, count=3)
    identity = engine.store.id if whose == "this store's" else "0" * 32
    ensure_folder(engine.data / "trail")
    TrailFolder(engine.data).remember(Signed(f"donghaeng/real/{identity}", 10, "00"))
    if whose == "another's":
        assert may_act(engine.store, engine.data), "the control"
        return
    assert not may_act(engine.store, engine.data)
    with pytest.raises(StoreWentBack, match="up to fact 10"):
        put(engine.store, first=4)
    accept(engine)
    assert may_act(engine.store, engine.data), "a person has decided, and the trail begins anew"
    put(engine.store, first=4)


def test_who_appended_further_than_the_log_reaches_notices_it_by_itself(engine: Engine, store: Store) -> None:
    put(engine.store, count=3)
    engine.store.connections.appended = 5  # as if two had been lost
    engine.store.connections.made += 1  # and the connection made anew
    with pytest.raises(StoreWentBack):
        put(engine.store, first=4)
    with pytest.raises(StoreWentBack):
        put(store, first=4)
    accept(engine)
    put(store, first=4)


def test_a_decision_is_not_undone_by_who_noticed_it_before(engine: Engine, store: Store) -> None:
    put(engine.store, count=3)
    engine.store.connections.appended = 5
    engine.store.connections.made += 1
    with pytest.raises(StoreWentBack):
        put(engine.store, first=4)
    noticed = engine.store.load_halt()
    assert noticed is not None
    accept(engine)
    store.halt(noticed)  # which was on its way
    assert store.load_halt() is None
    put(store, first=4)


def test_a_damaged_memory_stops_its_own_machine_and_not_the_others(engine: Engine, store: Store) -> None:
    put(engine.store, count=3)
    assert may_act(engine.store, engine.data)
    (engine.data / "acted-on" / store.id).write_bytes(b"{")
    assert not may_act(engine.store, engine.data)
    assert store.load_halt() is None
    put(store, first=4)


def test_what_is_remembered_reads_as_before(engine: Engine) -> None:
    put(engine.store)
    assert may_act(engine.store, engine.data)
    found: Any = msgspec.json.decode((engine.data / "acted-on" / engine.store.id).read_bytes())
    assert set(found) == {"epoch", "position", "fact"}, "an older program beside this one reads it too"


def test_with_the_right_that_operations_names_an_owner_that_is_no_superuser_sees_how_far_standbys_are(
    primary: PostgresServer, servers: Addresses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standbys, "PATIENCE_SECONDS", 0.5)
    page = (top() / "docs" / "operations.md").read_text(encoding="utf-8")
    (typed,) = re.findall(r"^```sql\n(GRANT pg_read_all_stats .*?)^```$", page, re.MULTILINE | re.DOTALL)
    with psycopg.connect(primary.address, autocommit=True) as connection:
        connection.execute("CREATE ROLE dba SUPERUSER LOGIN")
    dba = make_conninfo(primary.address, user="dba")
    with psycopg.connect(dba, autocommit=True) as superuser:
        # as it is on a server of one's own: the owner of all is a role without login or rights beyond
        for statement in (
            "ALTER ROLE donghaeng_owner RENAME TO postgres",
            "CREATE ROLE donghaeng_owner NOLOGIN",
            "ALTER FUNCTION donghaeng.flushed_on OWNER TO donghaeng_owner",
        ):
            superuser.execute(statement)
        standby = Standby(primary, dba)
        standby.start()
        addresses = Addresses(None, make_conninfo(primary.address, user="donghaeng_app"), servers.redis)
        with ExitStack() as held:
            held.callback(standby.stop)
            here = replace(held.enter_context(open_engine(addresses, tmp_path / "here")), seal_standbys=1)
            begin(here, giving(here), None, new_log=False)
            put(here.store, count=3)
            with pytest.raises(StandbysBehind):
                seal(here)  # the control: the standby is there, and is not seen
            superuser.execute(typed.encode())
            assert seal(here).size >= 3
