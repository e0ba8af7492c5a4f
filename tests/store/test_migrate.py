"""The one command that changes the schema."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg.conninfo import make_conninfo

from store.accesses import accesses, record_access
from store.connecting import SCHEMA_VERSION
from store.errors import MayNotMigrate, NotMigrated, SchemaOfNewerProgram, StoreIsReal
from store.log import Store
from store.migrate import complete, make_schema, migrate, migrating
from store.watched import adoption_of, load_entries_after, load_own_entries
from tests.store.fact_batches import put
from tests.store.test_many_writers import at_once
from tests.store.watched_rows import reading
from workers.servers.postgres import DATABASE, PostgresServer

MANAGER = f"manager_{os.getpid()}"


@pytest.fixture
def empty(cluster: str) -> Iterator[str]:
    """A database in which nothing has been done yet, as superuser."""
    name = f"empty_{os.getpid()}"
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield make_conninfo(cluster, dbname=name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def managed(cluster: str, empty: str) -> Iterator[str]:
    """The same as its owner, who is no superuser but may make roles, as on a managed server."""
    name = f"empty_{os.getpid()}"
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {MANAGER} LOGIN CREATEROLE")
        for role in ("donghaeng_owner", "donghaeng_app", "donghaeng_vault"):
            connection.execute(f"GRANT {role} TO {MANAGER}")
        connection.execute(f"ALTER DATABASE {name} OWNER TO {MANAGER}")
        yield make_conninfo(empty, user=MANAGER)
        connection.execute(f"ALTER DATABASE {name} OWNER TO donghaeng_owner")
        connection.execute(f"DROP OWNED BY {MANAGER}")
        connection.execute(f"DROP ROLE {MANAGER}")


def rows(dsn: str, query: str) -> list[Any]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(query.encode()).fetchall()


def test_migrating_again_changes_nothing(empty: str) -> None:
    catalogue = "SELECT oid, relname, relowner FROM pg_class WHERE relnamespace::regnamespace::text = 'donghaeng' ORDER BY 1"
    migrate(empty)
    before = rows(empty, catalogue), rows(empty, "SELECT id, signing_key FROM donghaeng.store")
    migrate(empty)
    assert (rows(empty, catalogue), rows(empty, "SELECT id, signing_key FROM donghaeng.store")) == before


def test_many_at_once_make_one_store(empty: str) -> None:
    at_once(lambda _: migrate(empty, views=["CREATE TABLE IF NOT EXISTS views.example (key text)"]))
    assert rows(empty, "SELECT count(*) FROM donghaeng.store") == [(1,)]
    with Store.open(empty) as store:
        put(store)


def test_programs_prepare_several_databases_of_a_new_cluster_at_once(own_server: PostgresServer) -> None:
    """Roles belong to the cluster and not to the database, so that each program meets the others there."""
    cluster = make_conninfo(own_server.address, dbname="postgres")
    names = [f"city_{number}" for number in range(2)]
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
        for role in ("donghaeng_app", "donghaeng_vault"):
            connection.execute(f"DROP ROLE {role}")
        for name in (DATABASE, *names):  # the first is what other tests copy, and stays
            connection.execute(f"CREATE DATABASE {name}")
    addresses = [make_conninfo(cluster, dbname=name) for name in (DATABASE, *names)]
    program = "import sys; from store.migrate import migrate; migrate(sys.argv[1])"
    started = [subprocess.Popen([sys.executable, "-c", program, address]) for address in addresses * 2]
    assert [one.wait() for one in started] == [0] * 6
    for address in addresses[1:]:
        with Store.open(make_conninfo(address, user="donghaeng_app")) as store:
            put(store)
            assert store.head().position == 1
    for name in names:
        with psycopg.connect(cluster, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_making_a_role_at_once_without_care_fails(empty: str) -> None:
    """The control: both look, neither finds the role, both make it."""
    make = f"CREATE ROLE naive_{os.getpid()}".encode()
    with psycopg.connect(empty) as one, psycopg.connect(empty) as other:
        for connection in (one, other):
            assert connection.execute("SELECT FROM pg_roles WHERE rolname LIKE 'naive%'").fetchone() is None
        one.execute(make)
        failures = list[type]()

        def second() -> None:
            try:
                other.execute(make)
            except psycopg.Error as error:
                failures.append(type(error))

        thread = threading.Thread(target=second)
        thread.start()
        waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        while rows(empty, waits) == [(0,)]:
            pass
        one.commit()
        thread.join()
        one.execute(make.replace(b"CREATE", b"DROP"))
    assert failures == [psycopg.errors.UniqueViolation]


def test_creating_tables_at_once_without_a_lock_fails(empty: str) -> None:
    """The control: IF NOT EXISTS looks before it waits."""
    statement, failures = b"CREATE TABLE IF NOT EXISTS naive (id bigint)", list[type]()

    def second() -> None:
        with psycopg.connect(empty) as other:
            try:
                other.execute(statement)
            except psycopg.Error as error:
                failures.append(type(error))

    with psycopg.connect(empty) as first:
        first.execute(statement)
        thread = threading.Thread(target=second)
        thread.start()
        waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        while rows(empty, waits) == [(0,)]:
            pass
        first.commit()
    thread.join()
    assert failures == [psycopg.errors.UniqueViolation]


def test_an_owner_who_may_make_roles_can_migrate_without_being_superuser(managed: str) -> None:
    migrate(managed)
    with Store.open(managed) as store:
        put(store)
    owners = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'donghaeng'"
    assert rows(managed, owners) == [("donghaeng_owner",)]


def test_a_login_without_rights_is_told_which_it_needs(empty: str) -> None:
    with pytest.raises(MayNotMigrate):
        migrate(make_conninfo(empty, user="donghaeng_app"))
    with pytest.raises(NotMigrated):
        Store.open(empty)


def test_a_store_is_simulated_from_the_beginning_or_never(empty: str) -> None:
    migrate(empty)
    with pytest.raises(StoreIsReal):
        migrate(empty, simulated=True)
    with Store.open(empty) as store:
        assert not store.simulated


def test_a_simulated_store_stays_so(empty: str) -> None:
    migrate(empty, simulated=True)
    migrate(empty)
    with Store.open(empty) as store:
        assert store.simulated


def test_a_database_that_was_never_migrated_says_what_to_run(empty: str) -> None:
    with pytest.raises(NotMigrated, match="donghaeng migrate"):
        Store.open(empty)


def test_a_schema_of_a_newer_program_is_refused_on_opening_and_on_migrating(owner_dsn: str) -> None:
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("UPDATE donghaeng.schema_version SET version_num = '9999'")
    with pytest.raises(SchemaOfNewerProgram, match="9999"):
        Store.open(owner_dsn)
    with pytest.raises(SchemaOfNewerProgram, match="9999"):
        migrate(owner_dsn)


def test_an_older_schema_must_be_migrated_first(owner_dsn: str) -> None:
    with psycopg.connect(owner_dsn) as connection:
        connection.execute("UPDATE donghaeng.schema_version SET version_num = '0000'")
    with pytest.raises(NotMigrated, match="0000"):
        Store.open(owner_dsn)


def test_the_program_knows_the_newest_version_of_the_schema() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[2] / "store" / "schema"))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == SCHEMA_VERSION


def test_every_store_has_an_id_and_a_key_of_its_own(empty: str, store: Store) -> None:
    migrate(empty)
    with Store.open(empty) as other:
        assert len(other.id) == 32
        assert (other.id, other.signing_key) != (store.id, store.signing_key)
        assert len(other.signing_key) == 32


def test_what_stood_there_before_gets_its_positions_and_is_said_to_have(empty: str) -> None:
    with migrating(empty) as migration:
        make_schema(migration, "0006")
        complete(migration, False, ())
    with psycopg.connect(empty, autocommit=True) as old:
        record = (
            "SELECT donghaeng.record_access('planner', NULL, NULL, 'asserted', NULL, 'subject.show', '{}', '{}', "
            "'{}', %s, 'cli', NULL, NULL, NULL, false)"
        )
        old.execute(record, ("하나",))
        old.execute(
            "SELECT donghaeng.record_refused('{command}', '{officer}', '{gto}', ARRAY[NULL], ARRAY[NULL], '{cli}', "
            "'{asserted}', ARRAY[NULL], '{task.start}', '{task/2024-07}', ARRAY[NULL::uuid], '{NotPermitted}')"
        )
        old.execute(record, ("둘",))
    migrate(empty)
    with Store.open(empty) as store:
        record_access(store, reading())
        assert [one.what for one in load_entries_after(store, 0, 9)] == [
            "reading",
            "refusal",
            "reading",
            "adopted",
            "reading",
        ]
        assert all(one.found == one.row_sha256 for one in load_entries_after(store, 0, 9))
        (said,) = map(adoption_of, load_own_entries(store))
        assert said is not None
        assert said.count == 3
        assert [row.purpose for row in accesses(store)][1:] == ["둘", "하나"]
