"""How far a view's rows were compared with the facts, as a mark that only the tables' owner can set.

Triggers of the same owner take the mark back in front of any row beneath it that is put in, changed or taken out, so
that the application's role, which writes the rows, cannot change what was compared without the mark saying so. The
table is not logged: after a crash of the server nothing counts as compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec
from psycopg.errors import UndefinedTable

from projections.positions import stands_at
from projections.view import View
from store.connecting import APPLICATION_ROLE, Connection

_TABLE = f"""
CREATE UNLOGGED TABLE IF NOT EXISTS donghaeng.compared (
    view         text PRIMARY KEY,
    version      integer NOT NULL,
    position     bigint NOT NULL DEFAULT 0,
    at           timestamptz,
    pending      bigint NOT NULL DEFAULT 0,
    changed_at   timestamptz,
    changed_from bigint
);
GRANT SELECT ON donghaeng.compared TO {APPLICATION_ROLE}"""
_TAKEN_BACK = """
CREATE OR REPLACE FUNCTION donghaeng.take_mark_back() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, donghaeng, pg_temp AS $$
DECLARE lowest bigint;
BEGIN
    -- one that sees the mark as it was when it began would not take a later one back
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'rows of % are written in read committed transactions only', TG_ARGV[0];
    END IF;
    CASE TG_OP
        WHEN 'INSERT' THEN SELECT min(position) INTO lowest FROM come;
        WHEN 'DELETE' THEN SELECT min(position) INTO lowest FROM gone;
        WHEN 'UPDATE' THEN
            SELECT least((SELECT min(position) FROM gone), (SELECT min(position) FROM come)) INTO lowest;
        ELSE lowest := 1;
    END CASE;
    UPDATE donghaeng.compared c SET position = least(c.position, lowest - 1), pending = least(c.pending, lowest - 1),
        changed_at = clock_timestamp(), changed_from = lowest
    WHERE c.view = TG_ARGV[0] AND greatest(c.position, c.pending) >= lowest;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION donghaeng.take_mark_back FROM PUBLIC"""
_EVENTS = {
    "insert": "REFERENCING NEW TABLE AS come",
    "delete": "REFERENCING OLD TABLE AS gone",
    "update": "REFERENCING OLD TABLE AS gone NEW TABLE AS come",
    "truncate": "",
}
_SEEN = (
    "SELECT c.position, c.at, c.changed_at, c.changed_from FROM donghaeng.compared c "
    "WHERE c.view = %s AND c.version = %s"
)
_PENDING = (
    "INSERT INTO donghaeng.compared (view, version, pending) VALUES (%s, %s, %s) ON CONFLICT (view) DO UPDATE SET "
    "version = excluded.version, pending = excluded.pending, "
    "position = CASE WHEN compared.version = excluded.version THEN compared.position ELSE 0 END"
)
_SET = (
    "UPDATE donghaeng.compared SET position = least(pending, %s), at = clock_timestamp(), pending = 0, "
    "changed_at = CASE WHEN least(pending, %s) < %s THEN changed_at END, "
    "changed_from = CASE WHEN least(pending, %s) < %s THEN changed_from END WHERE view = %s"
)


class Mark(msgspec.Struct, frozen=True):
    """`position`: up to which the rows were compared, at that time, and are as they were then.

    `changed_at`: when rows beneath the mark were changed since, from the position `changed_from` on.
    """

    position: int
    at: datetime | None = None
    changed_at: datetime | None = None
    changed_from: int | None = None


def statements() -> list[str]:
    """The table and what takes marks back; safe to repeat."""
    return [_TABLE, _TAKEN_BACK]


def triggers_of(view: View) -> list[str]:
    """What takes the view's mark back, where it has one; safe to repeat."""
    if not view.marked:
        return []
    return [
        f"CREATE OR REPLACE TRIGGER take_mark_back_{event} AFTER {event.upper()} ON {view.table} {tables} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION donghaeng.take_mark_back('{view.name}')"
        for event, tables in _EVENTS.items()
    ]


def mark_of(connection: Connection, view: View) -> Mark:
    """How far the view's rows were compared and are as they were."""
    try:
        row: Any = connection.execute(_SEEN, (view.name, view.version)).fetchone()
    except UndefinedTable:  # of before there were marks: migrating makes the table
        return Mark(0)
    return Mark(0) if row is None else Mark(*row)


def forget_mark(owner: Connection, view: View) -> None:
    """The view has other rows now: none of them were compared. In the transaction that is open."""
    if view.marked:
        for statement in triggers_of(view):
            owner.execute(statement.encode())
        owner.execute("DELETE FROM donghaeng.compared WHERE view = %s", (view.name,))


class Marking:
    """`good`: up to where the rows turned out to be what the facts make of them."""

    good = 0


@contextmanager
def marking(owner: Connection, view: View) -> Iterator[Marking]:
    """Sets the mark at the end to where the rows are good, or in front of what was changed while they were compared.

    Whoever is writing rows as this begins is waited for, so that what is compared after it holds what they wrote.
    """
    with owner.transaction():
        owner.execute("SET LOCAL lock_timeout = '5s'")
        owner.execute(f"LOCK TABLE {view.table} IN SHARE ROW EXCLUSIVE MODE".encode())
        for statement in triggers_of(view):  # whatever became of them: without them the mark says nothing
            owner.execute(statement.encode())
        last = stands_at(owner, view)
        owner.execute(_PENDING, (view.name, view.version, last))
    found = Marking()
    yield found
    good = found.good
    owner.execute(_SET, (good, good, last, good, last, view.name))
