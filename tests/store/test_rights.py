"""Who may do what in the database itself."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors
from psycopg.conninfo import make_conninfo

from store.log import Store
from store.recorded import NewText
from tests.store.copied_databases import copied
from tests.store.fact_batches import positions, put
from tests.texts_by_hand import reference

TEXT = "0" * 32
CHANGES = [
    "INSERT INTO donghaeng.facts SELECT position + 1, stream, version + 1, kind, state, recorded_at, known_at FROM donghaeng.facts",
    "INSERT INTO donghaeng.commands SELECT gen_random_uuid(), digest, 1, 1, recorded_at, known_at FROM donghaeng.commands",
    "INSERT INTO donghaeng.texts (id, salt, body) VALUES (gen_random_uuid(), '', 'forged')",
    "INSERT INTO donghaeng.head SELECT false, 9, now(), now()",
    "INSERT INTO donghaeng.store VALUES (false, gen_random_uuid(), true, '')",
    "COPY donghaeng.facts FROM STDIN",
    "UPDATE donghaeng.stored_events SET topic = 'task.approved'",
    "DELETE FROM donghaeng.stored_events",
    "UPDATE donghaeng.facts SET kind = 'task.approved'",
    "DELETE FROM donghaeng.facts",
    "TRUNCATE donghaeng.facts",
    "TRUNCATE donghaeng.commands",
    "TRUNCATE donghaeng.store",
    "TRUNCATE donghaeng.head",
    "TRUNCATE donghaeng.texts",
    "DELETE FROM donghaeng.head",
    "DELETE FROM donghaeng.store",
    "UPDATE donghaeng.commands SET digest = ''",
    "DELETE FROM donghaeng.commands",
    "UPDATE donghaeng.store SET simulated = true",
    "UPDATE donghaeng.head SET position = 0",
    "UPDATE donghaeng.head SET clock = now()",
    "UPDATE donghaeng.texts SET body = ''",
    "DELETE FROM donghaeng.texts",
    *(
        change.format(table=table)
        for table in ("refused", "accesses", "watched")
        for change in (
            "INSERT INTO donghaeng.{table} OVERRIDING SYSTEM VALUE SELECT * FROM donghaeng.{table}",
            "COPY donghaeng.{table} FROM STDIN",
            "UPDATE donghaeng.{table} SET at = now()",
            "DELETE FROM donghaeng.{table}",
            "TRUNCATE donghaeng.{table}",
            "ALTER TABLE donghaeng.{table} DISABLE TRIGGER ALL",
            "ALTER TABLE donghaeng.{table} ADD COLUMN more text",
            "DROP TABLE donghaeng.{table}",
        )
    ),
    "SELECT donghaeng.prune_accesses('2000-01-01')",
    "SELECT donghaeng.next_watched()",
    "SELECT donghaeng.say_in_watched('pruned', '{}')",
    "ALTER TABLE donghaeng.facts DISABLE TRIGGER ALL",
    "ALTER TABLE donghaeng.facts DISABLE TRIGGER facts_never_change",
    "DROP TRIGGER facts_never_change ON donghaeng.facts",
    "SET session_replication_role = replica",
    "ALTER FUNCTION donghaeng.append SECURITY INVOKER",
    "DROP TABLE donghaeng.facts CASCADE",
    "CREATE TABLE donghaeng.more (id bigint)",
    "CREATE OR REPLACE FUNCTION donghaeng.never_changes() RETURNS trigger LANGUAGE sql AS ''",
    "SET ROLE donghaeng_owner",
]
NEVER = [change for change in CHANGES if change.startswith(("UPDATE", "DELETE", "TRUNCATE"))]
NEVER = [
    change for change in NEVER if not any(table in change for table in ("head", "texts", "stored_events"))
]
NEVER.remove("DELETE FROM donghaeng.accesses")  # row by row, as each is two years old: test_accesses.py


@pytest.fixture(scope="module")
def untouched(cluster: str, template: str) -> Iterator[str]:
    """A store with one fact, as its owner, for tests that change nothing."""
    with copied(cluster, template) as dsn:
        with Store.open(dsn) as store:
            put(store, texts=(NewText(TEXT, b"salt", "본문"),))
        yield dsn
        with Store.open(dsn) as store:
            assert store.text(reference(NewText(TEXT, b"salt", "본문"))).body == "본문"
            assert positions(store) == [1]


@pytest.mark.parametrize("change", CHANGES)
def test_the_application_cannot_change_what_is_written(untouched: str, change: str) -> None:
    with (
        psycopg.connect(make_conninfo(untouched, user="donghaeng_app"), autocommit=True) as connection,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        connection.execute(change.encode())


@pytest.mark.parametrize("change", NEVER)
def test_not_even_the_owner_changes_what_is_written(untouched: str, change: str) -> None:
    with (
        psycopg.connect(untouched, autocommit=True) as connection,
        pytest.raises(psycopg.Error, match="never changed"),
    ):
        connection.execute(change.encode())


def test_the_application_can_give_itself_no_right(untouched: str) -> None:
    with psycopg.connect(make_conninfo(untouched, user="donghaeng_app"), autocommit=True) as connection:
        connection.execute(
            "GRANT UPDATE, DELETE ON donghaeng.facts TO donghaeng_app"
        )  # a warning, and nothing else
        for right in ("UPDATE", "DELETE"):
            row = connection.execute("SELECT has_table_privilege('donghaeng.facts', %s)", (right,)).fetchone()
            assert row == (False,)


def test_without_the_trigger_the_owner_could(store: Store, owner_dsn: str) -> None:
    """The control. What an owner does who goes this far, only the trail with its witnesses can show."""
    put(store)
    with psycopg.connect(owner_dsn, autocommit=True) as connection:
        connection.execute("ALTER TABLE donghaeng.facts DISABLE TRIGGER USER")
        connection.execute("DELETE FROM donghaeng.facts")
    assert positions(store) == []


def test_a_login_that_is_somebody_else_acts_as_the_application(owner_dsn: str) -> None:
    with Store.open(owner_dsn) as store, store.connection() as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("donghaeng_app",)
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("DELETE FROM donghaeng.facts")


def test_objects_of_the_caller_do_not_stand_in_for_those_of_the_function(store: Store, app_dsn: str) -> None:
    """A function with the owner's rights that found the caller's `facts` first would write where he wants."""
    with psycopg.connect(app_dsn, autocommit=True) as connection:
        connection.execute("CREATE TEMP TABLE facts (LIKE donghaeng.facts)")
        connection.execute("CREATE TEMP TABLE head (LIKE donghaeng.head)")
        connection.execute("SET search_path TO pg_temp, donghaeng")
        connection.execute(
            "SELECT donghaeng.append(gen_random_uuid(), '', '{task/2024-07}', '{1}', '{task.started}', "
            "ARRAY[''::bytea], '{}', '{}', '{}', '{}', '{}')"
        )
        assert connection.execute("SELECT count(*) FROM pg_temp.facts").fetchone() == (0,)
    assert [row[0] for row in store.rows_after(0, 9)] == [1]


def test_nobody_else_may_append(owner_dsn: str) -> None:
    with psycopg.connect(owner_dsn, autocommit=True) as connection:
        connection.execute("SET ROLE donghaeng_vault")
        for attempt in (
            "SELECT count(*) FROM donghaeng.facts",
            "SELECT donghaeng.append(gen_random_uuid(), '', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(attempt.encode())
