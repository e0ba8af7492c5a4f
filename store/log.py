"""The store: the log of facts with the texts beside it, on one PostgreSQL database. Appending is in appending.py."""

from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Self

import msgspec
import psycopg
from psycopg import errors

from store.appending import append
from store.bulk import export_facts, import_facts
from store.connecting import Connection, connect
from store.errors import (
    ClockBackwards,
    NotMigrated,
    NotSimulated,
    SchemaOfNewerProgram,
    StoreFault,
    StoreUnreachable,
)
from store.mapper import decode
from store.migrate import SCHEMA_VERSION
from store.recorded import Appended, Batch, Recorded, text_ids
from store.without_gc import without_gc

_AFTER = (
    "SELECT position, stream, version, kind, recorded_at, known_at, state FROM donghaeng.facts "
    "WHERE position > %b ORDER BY position LIMIT %b"
)
_COMMAND = "SELECT digest, first_position, last_position, recorded_at, known_at FROM donghaeng.commands WHERE id = %b"
# One round trip for all that a command needs: the store's clock, the command's earlier outcome, the streams.
_LOAD = """
    SELECT 0, coalesce(h.clock, clock_timestamp()), c.digest, c.first_position, c.last_position, c.recorded_at,
        c.known_at, NULL
    FROM donghaeng.head h LEFT JOIN donghaeng.commands c ON c.id = %b
    UNION ALL
    (SELECT 1, f.recorded_at, f.state, f.position, f.version, f.known_at, NULL, f.stream || ' ' || f.kind
    FROM donghaeng.facts f WHERE f.stream = ANY(%b) ORDER BY f.stream, f.version)
"""


class Head(msgspec.Struct, frozen=True):
    """The end of the log. At position 0 there is nothing yet, and the times mean nothing."""

    position: int
    recorded_at: datetime
    known_at: datetime


class Loaded(msgspec.Struct, frozen=True):
    """`now`: the store's clock; `known`: digest and outcome of the command, if it was carried out before."""

    streams: dict[str, list[Recorded[Any]]]
    now: datetime
    known: tuple[bytes, Appended] | None = None


class Store:
    """One city's store. Safe to share between threads; each has its own connection, made anew after a fork.

    `id`: the store's id, hex; `simulated`: its clock is moved by hand; `signing_key`: for its jobs.
    """

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._local = threading.local()
        self._connections: list[Connection] = []
        self._read_identity()

    @classmethod
    def open(cls, dsn: str) -> Self:
        """Raises StoreUnreachable, StoreTooOld, NotMigrated, SchemaOfNewerProgram."""
        return cls(dsn)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every thread's connection."""
        while self._connections:
            self._connections.pop().close()
        self._local = threading.local()

    # Writing

    def append(self, batch: Batch) -> Appended:
        """Append what one command made, whole or not at all; see store.appending.append."""
        return append(self._connection, self.drop_connection, batch)

    def move_clock(self, to: datetime) -> None:
        """Move a simulated store's clock on. Raises NotSimulated, ClockBackwards."""
        with self.connection() as connection:
            try:
                connection.execute("SELECT donghaeng.move_clock(%s)", (to,))
            except psycopg.Error as error:
                if error.sqlstate == "DH005":
                    raise NotSimulated from None
                if error.sqlstate == "DH006":
                    raise ClockBackwards(now=error.diag.message_detail, to=to) from None
                raise

    def import_facts(self, lines: Iterator[bytes]) -> int:
        """Take exported lines over into the log; see store.bulk.import_facts."""
        with self.connection() as connection:
            return import_facts(connection, lines)

    # Reading

    def read(self, stream: str) -> list[Recorded[Any]]:
        """One stream's facts, oldest first; empty when there are none."""
        return self.load((stream,)).streams[stream]

    def load(self, streams: Sequence[str], command_id: str | None = None) -> Loaded:
        """Several streams, the store's clock and a command's earlier outcome, in one round trip."""
        identity = None if command_id is None else uuid.UUID(command_id)
        with self.connection() as connection:
            rows = connection.execute(_LOAD, (identity, list(streams)), prepare=True, binary=True).fetchall()
        found: dict[str, list[Recorded[Any]]] = {stream: [] for stream in streams}
        (_, now, *outcome, _), *facts = rows
        for _, recorded_at, state, position, version, known_at, _, name in facts:
            stream, _, kind = name.partition(" ")
            row = (position, stream, version, kind, recorded_at, known_at, state)
            found[stream].append(_recorded(row))
        return Loaded(streams=found, now=now, known=_known(outcome))

    def after(self, position: int, limit: int, connection: Connection | None = None) -> list[Recorded[Any]]:
        """At most `limit` facts after a position, in log order. There is never one missing between two."""
        return [_recorded(row) for row in self.rows_after(position, limit, connection)]

    def rows_after(self, position: int, limit: int, connection: Connection | None = None) -> list[Any]:
        """The same facts with their stored bytes, not decoded: see `decoded`."""
        with self.connection(connection) as used:
            return used.execute(_AFTER, (position, limit), prepare=True, binary=True).fetchall()

    def replay(
        self, first: int = 1, last: int | None = None, chunk: int = 5000
    ) -> Iterator[list[Recorded[Any]]]:
        """The whole log, or a span of positions (both included), in chunks; memory stays flat."""
        position = first - 1
        end = self.head().position if last is None else last
        while position < end:
            with without_gc():
                facts = self.after(position, min(chunk, end - position))
            if not facts:
                return
            position = facts[-1].position
            yield facts

    def export_facts(self, chunk: int = 5000) -> Iterator[bytes]:
        """The log as JSON lines with the stored bytes; see store.bulk."""
        position = 0
        while rows := self.rows_after(position, chunk):
            yield from export_facts(rows)
            position = rows[-1][0]

    def head(self) -> Head:
        with self.connection() as connection:
            query = "SELECT position, recorded_at, known_at FROM donghaeng.head"
            row: Any = connection.execute(query, prepare=True, binary=True).fetchone()
            return Head(*row)

    def now(self) -> datetime:
        """The store's clock: the database's, or the simulated store's own."""
        with self.connection() as connection:
            row: Any = connection.execute(
                "SELECT coalesce(clock, clock_timestamp()) FROM donghaeng.head"
            ).fetchone()
            return datetime.fromisoformat(row[0].isoformat())

    def outcome(self, command_id: str) -> tuple[bytes, Appended] | None:
        """Digest and outcome of a command that was carried out, else None."""
        with self.connection() as connection:
            return _known(connection.execute(_COMMAND, (uuid.UUID(command_id),), binary=True).fetchone())

    def text(self, identity: str) -> str | None:
        """A free text; None when it is redacted or was never there."""
        return self.texts([identity]).get(identity)

    def texts_of(self, facts: Sequence[Recorded[Any]]) -> dict[str, str]:
        """All free texts that these facts and their envelopes refer to, by id; redacted ones are absent."""
        return self.texts([identity for fact in facts for identity in text_ids(fact)])

    def texts(self, identities: Sequence[str]) -> dict[str, str]:
        """Free texts by id; redacted ones are absent."""
        with self.connection() as connection:
            query = b"SELECT id, body FROM donghaeng.texts WHERE id = ANY(%s::uuid[]) AND body IS NOT NULL"
            rows: Any = connection.execute(query, (list(identities),)).fetchall()
            return {row[0].hex: row[1] for row in rows}

    # Connections

    @contextmanager
    def connection(self, given: Connection | None = None) -> Iterator[Connection]:
        """This thread's connection (or the given one), with the server's faults worded. Autocommit."""
        connection = given or self._connection()
        try:
            yield connection
        except (psycopg.OperationalError, psycopg.InterfaceError) as error:
            words = " ".join(str(error).split())
            if connection.closed:
                self.drop_connection()
                raise StoreUnreachable(problem=words) from error
            raise StoreFault(problem=words) from error

    def drop_connection(self) -> None:
        """Forget this thread's connection; the next use makes a new one."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            self._local.connection = None
            connection.close()
            self._connections = [other for other in self._connections if other is not connection]

    def _connection(self) -> Connection:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None or connection.closed or self._local.process != os.getpid():
            # A connection made before a fork belongs to the parent: it is left alone, not closed.
            connection = connect(self._dsn, role="donghaeng_app")
            self._local.connection, self._local.process = connection, os.getpid()
            self._connections.append(connection)
        return connection

    def _read_identity(self) -> None:
        with self.connection() as connection:
            try:
                version: Any = connection.execute(
                    "SELECT version_num FROM donghaeng.schema_version"
                ).fetchone()
            except (errors.UndefinedTable, errors.InvalidSchemaName, errors.InsufficientPrivilege):
                version = None
            found = "–" if version is None else str(version[0])
            if found > SCHEMA_VERSION and version is not None:
                raise SchemaOfNewerProgram(found=found, known=SCHEMA_VERSION)
            if found != SCHEMA_VERSION:
                raise NotMigrated(found=found, needed=SCHEMA_VERSION)
            row: Any = connection.execute("SELECT id, simulated, signing_key FROM donghaeng.store").fetchone()
        self.id: str = row[0].hex
        self.simulated: bool = row[1]
        self.signing_key: bytes = bytes(row[2])


def decoded(row: Any) -> Recorded[Any]:
    """A row of `rows_after` as a recorded fact. Raises UnreadableFact, NewerFact."""
    return _recorded(row)


def _recorded(row: Any) -> Recorded[Any]:
    position, stream, version, kind, recorded_at, known_at, state = row
    envelope, fact = decode(kind, state)
    return Recorded(position, stream, version, kind, recorded_at, known_at, envelope, fact)


def _known(row: Any) -> tuple[bytes, Appended] | None:
    if row is None or row[0] is None:
        return None
    digest, first, last, recorded_at, known_at = row
    return bytes(digest), Appended(first, last, recorded_at, known_at, repeated=True)
