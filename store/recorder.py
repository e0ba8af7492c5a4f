"""The one way in and out of the log: eventsourcing's recorder over our connections and the database's one function."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from typing import Any

from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.rows import dict_row

from store.appending import send
from store.arrays import Identities, Integers, Texts
from store.connecting import Connection
from store.connections import Connections
from store.errors import StreamConflict
from store.flushing import flush
from store.following import FactSubscription
from store.mapper import command_of
from store.recorded import Appended, Batch, Head
from trail.stored import COLUMNS, KIND, KNOWN_AT, POSITION, STREAM, VERSION, StoredFact

_FACTS = f"SELECT {COLUMNS} FROM donghaeng.facts"  # noqa: S608
_PAGE = f"{_FACTS} WHERE position > %b ORDER BY position LIMIT %b"
_AFTER = _PAGE.encode()
# the limit within, as above, keeps to the index where a planner without statistics would sort
_OF_SHARD = (
    f"SELECT * FROM ({_PAGE}) AS span "  # noqa: S608
    "WHERE position <= %b AND (hashtext(stream) & 32767) %% %b = %b ORDER BY position"
).encode()
_AT = f"{_FACTS} WHERE position = ANY(%b) ORDER BY position".encode()
_STREAMS = (
    b"SELECT stream FROM donghaeng.facts WHERE stream > %s AND stream < %s AND version = 1 ORDER BY stream"
)
# by the streams' ids, which have an index: the kinds have none, and the log grows with every task
_STREAMS_WITH = b"SELECT DISTINCT stream FROM donghaeng.facts WHERE stream > %s AND stream < %s AND kind = %s ORDER BY stream"
_HEAD = (
    b"SELECT position, recorded_at, known_at, coalesce(clock, greatest(clock_timestamp(), known_at)) "
    b"FROM donghaeng.head"
)
_OUTCOMES = (
    b"SELECT id, digest, first_position, last_position, recorded_at, known_at FROM donghaeng.commands "
    b"WHERE id = ANY(%b)"
)
_COMMANDS_FROM = "SELECT id FROM donghaeng.commands WHERE id BETWEEN %s AND %s ORDER BY id LIMIT %s"
# One round trip for all that a command needs: the store's clock, the command's earlier outcome, the streams.
# Beside the facts a row of the clock and, if there is one, of the command; they have no stream.
_LOAD = f"""
    SELECT position, '', 0::bigint, '(clock)', recorded_at,
        coalesce(clock, greatest(clock_timestamp(), known_at)), ''::bytea
    FROM donghaeng.head
    UNION ALL
    SELECT first_position, '', last_position, '(command)', recorded_at, known_at, digest
    FROM donghaeng.commands WHERE id = %b
    UNION ALL
    {_FACTS} WHERE stream = ANY(%b)""".encode()  # noqa: S608
_LOAD_ONE = _LOAD.replace(b"= ANY(%b)", b"= %b")  # a plain index scan: a third less time for the usual case


class _Pool:
    """Our connections in the place of psycopg's pool, which is broken after a fork."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def open(self, wait: bool, timeout: float) -> None:
        """They open by themselves."""

    def close(self) -> None:
        """They belong to the store."""

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        with self._connections.lend() as connection:
            ours = connection.row_factory
            connection.row_factory = dict_row  # type: ignore[assignment]
            try:
                yield connection
            finally:
                connection.row_factory = ours


class _Datastore(PostgresDatastore):
    def __init__(self, connections: Connections) -> None:
        super().__init__("", "", "", "", "", schema="donghaeng", originator_id_type="text")
        self.pool = _Pool(connections)  # type: ignore[assignment]

    def register_type_adapters(self) -> None:
        """Nothing: the types are of eventsourcing's own inserts."""


class FactRecorder(PostgresApplicationRecorder):
    """Whatever enters or leaves the log does so here, whether this program asks or an application of eventsourcing.

    As an ApplicationRecorder it reads through the view stored_events. All other readings give rows, which
    `FactMapper.to_recorded` decodes. What is read is on the disk when it is returned.
    """

    def __init__(self, connections: Connections) -> None:
        super().__init__(_Datastore(connections))
        self._connections = connections

    def create_table(self) -> None:
        """Nothing: `donghaeng migrate` is the only one that changes the schema."""

    # In

    def append(self, events: Sequence[StoredEvent], batch: Batch) -> Appended:
        """Append what one command made, or several at once; see store.appending.send. `events`: its facts as stored."""
        return send(self._connections, events, batch)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:
        """Append events of one command; their positions. The same again returns the same positions.

        Raises IntegrityError when a stream is not at the version before.
        """
        if not stored_events:
            return []
        digest = hashlib.sha256(b"".join(event.state for event in stored_events)).digest()
        batch = Batch(command_id=command_of(stored_events[0].state), digest=digest, facts=())
        try:
            appended = self.append(stored_events, batch)
        except StreamConflict as conflict:
            raise IntegrityError(str(conflict)) from conflict
        return list(range(appended.first_position, appended.last_position + 1))

    # Out

    def load(
        self, streams: Sequence[str], command_id: str | None, connection: Connection | None = None
    ) -> tuple[dict[str, list[StoredFact]], datetime, tuple[bytes, Appended] | None]:
        """Several streams, each by version, the store's clock and a command's earlier outcome, in one round trip.

        What others have just appended is waited for: what is decided on it must not be taken back by a crash.
        """
        identity = None if command_id is None else uuid.UUID(command_id)
        query, wanted = (_LOAD_ONE, streams[0]) if len(streams) == 1 else (_LOAD, Texts(streams))
        found: dict[str, list[StoredFact]] = {stream: [] for stream in streams}
        known = None
        end = newest = 0
        with self._on(connection, flushed=False) as used:
            rows = used.execute(query, (identity, wanted), prepare=True, binary=True).fetchall()
            now = rows[0][KNOWN_AT]
            for row in rows:
                if row[STREAM]:
                    found[row[STREAM]].append(row)
                elif row[KIND] == "(clock)":
                    end, now = row[POSITION], row[KNOWN_AT]
                else:
                    first, _, last, _, recorded_at, known_at, digest = row
                    newest = max(newest, last)
                    known = (digest, Appended(first, last, recorded_at, known_at, repeated=True))
            for facts in filter(None, found.values()):
                facts.sort(key=_version)
                newest = max(newest, facts[-1][POSITION])
            if newest > used.flushed:
                flush(used)
                used.flushed = end
        return found, now, known

    def rows_after(self, position: int, limit: int, connection: Connection | None = None) -> list[StoredFact]:
        """At most `limit` rows after a position, in log order."""
        with self._on(connection) as used:
            return used.execute(_AFTER, (position, limit), prepare=True, binary=True).fetchall()

    def rows_of_shard(self, after: int, last: int, shard: tuple[int, int]) -> list[StoredFact]:
        """The rows after a position up to another, of those streams that fall to this shard: the first of two is (1, 2)."""
        number, of = shard
        given = (after, last - after, last, of, number - 1)
        with self._on() as used:
            return used.execute(_OF_SHARD, given, prepare=True, binary=True).fetchall()

    def rows_at(self, positions: Sequence[int], connection: Connection | None = None) -> list[StoredFact]:
        """The rows at these positions, in log order; what is not there is left out."""
        with self._on(connection) as used:
            return used.execute(_AT, (Integers(positions),), binary=True).fetchall()

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> FactSubscription:
        """The notifications after a position, and then whatever comes. Nothing is lost by a wake-up that was missed."""
        return FactSubscription(self, self.rows_after, gt, topics)

    def streams(self, beginning: str) -> list[str]:
        """The streams whose ids begin so and go on, in order."""
        with self._on() as used:
            return [row[0] for row in used.execute(_STREAMS, (beginning, beginning + "\x7f"))]

    def streams_with(self, kind: str) -> list[str]:
        """The streams that hold a fact of this kind, in order, of those named after what the kind is of: `agency/…` of
        `agency.merged`. All of their facts are looked at.
        """
        beginning = kind.partition(".")[0] + "/"
        with self._on() as used:
            return [row[0] for row in used.execute(_STREAMS_WITH, (beginning, beginning + "\x7f", kind))]

    def head(self, connection: Connection | None = None) -> Head:
        """The end of the log."""
        with self._on(connection) as used:
            row: Any = used.execute(_HEAD, prepare=True, binary=True).fetchone()
        return Head(*row)

    def commands_from(self, beginning: str, most: int) -> list[str]:
        """The ids of the first commands carried out whose 32 hex digits begin so."""
        first, last = beginning.ljust(32, "0"), beginning.ljust(32, "f")
        with self._on() as used:
            rows = used.execute(_COMMANDS_FROM, (uuid.UUID(first), uuid.UUID(last), most))
            return [row[0].hex for row in rows]

    def outcomes(self, command_ids: Sequence[str]) -> dict[str, tuple[bytes, Appended]]:
        """Digest and outcome by command id, of those that were carried out. They are answered, and so stay as an append does."""
        wanted = Identities(uuid.UUID(one).bytes for one in command_ids)
        with self._on() as used:
            rows: Any = used.execute(_OUTCOMES, (wanted,), prepare=True, binary=True).fetchall()
            if rows:
                flush(used)
        return {
            identity.hex: (digest, Appended(first, last, recorded_at, known_at, repeated=True))
            for identity, digest, first, last, recorded_at, known_at in rows
        }

    def _on(
        self, given: Connection | None = None, *, flushed: bool = True
    ) -> AbstractContextManager[Connection]:
        return self._connections.lend(flushed=flushed) if given is None else nullcontext(given)


def _version(row: StoredFact) -> int:
    return row[VERSION]
