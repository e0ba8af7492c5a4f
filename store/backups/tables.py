"""Which tables a backup holds: every one of our schemas that is not folded from the log and outlives a crash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from psycopg import sql

from store.connecting import Connection

_TABLES = """
    SELECT c.oid, n.nspname, c.relname, array_agg(a.attname::text ORDER BY a.attnum)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspowner = 'donghaeng_owner'::regrole
        AND n.nspname !~ '^(pg_|information_schema$|views$)' AND (n.nspname, c.relname) <> ('donghaeng', 'schema_version')
        AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    GROUP BY c.oid, n.nspname, c.relname ORDER BY n.nspname, c.relname"""
_REFERENCES = "SELECT conrelid, confrelid FROM pg_constraint WHERE contype = 'f' AND conrelid <> confrelid"
_SEQUENCES = """
    SELECT quote_ident(s.schemaname) || '.' || quote_ident(s.sequencename), s.last_value
    FROM pg_sequences s JOIN pg_namespace n ON n.nspname = s.schemaname
    WHERE n.nspowner = 'donghaeng_owner'::regrole AND n.nspname !~ '^(pg_|information_schema$|views$)'
        AND s.last_value IS NOT NULL"""
# The same words for the same values, whoever has set what for the server or the login.
_AS_ALWAYS = (
    "SET LOCAL TIME ZONE 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'postgres'; "
    "SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL row_security = off"
)


class Table(msgspec.Struct, frozen=True):
    """A table by schema and name, with the columns that are stored and not computed."""

    schema: str
    name: str
    columns: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"

    @property
    def ordered(self) -> bool:
        """The log comes in its order, so that its sum says something; nothing else has one."""
        return str(self) == "donghaeng.facts"


def speak_as_always(connection: Connection) -> None:
    """For the rest of the transaction, values as texts come out alike everywhere."""
    connection.execute(_AS_ALWAYS)


def tables(connection: Connection) -> list[Table]:
    """All that a backup holds; what is referred to comes before what refers to it."""
    rows: Any = connection.execute(_TABLES).fetchall()
    found = {row[0]: Table(row[1], row[2], tuple(row[3])) for row in rows}
    references: Any = connection.execute(_REFERENCES).fetchall()
    needs = {one: {to for by, to in references if by == one and to in found} for one in found}
    return [found[one] for one in _in_order(needs)]


def sequences(connection: Connection) -> dict[str, int]:
    """Last values of the sequences that were used, by quoted name."""
    return dict(connection.execute(_SEQUENCES).fetchall())


def copy_out(table: Table) -> sql.Composed:
    columns, name = _names(table)
    order = sql.SQL(" ORDER BY position") if table.ordered else sql.SQL("")
    return sql.SQL("COPY (SELECT {} FROM {}{}) TO STDOUT").format(columns, name, order)


def copy_in(table: Table) -> sql.Composed:
    columns, name = _names(table)
    return sql.SQL("COPY {} ({}) FROM STDIN").format(name, columns)


def count(connection: Connection, table: Table) -> int:
    row: Any = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(_names(table)[1])).fetchone()
    return int(row[0])


def triggers(table: Table, *, on: bool) -> sql.Composed:
    """Rows are put back as they were: nothing of ours may answer to that, or stamp them anew."""
    done = sql.SQL("ENABLE" if on else "DISABLE")
    return sql.SQL("ALTER TABLE {} {} TRIGGER USER").format(_names(table)[1], done)


def delete_statement(table: Table) -> sql.Composed:
    """Without what a migration may have put there."""
    return sql.SQL("DELETE FROM {}").format(_names(table)[1])


def _names(table: Table) -> tuple[sql.Composed, sql.Identifier]:
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    return columns, sql.Identifier(table.schema, table.name)


def _in_order(needs: Mapping[int, set[int]]) -> Sequence[int]:
    done: list[int] = []
    while len(done) < len(needs):
        ready = [one for one in needs if one not in done and needs[one] <= set(done)]
        if not ready:
            raise ValueError("tables refer to each other in a circle")
        done += ready
    return done
