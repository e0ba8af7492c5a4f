"""The store: the log of facts with the texts beside it, on one PostgreSQL database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import cached_property
from typing import Any, Self

import psycopg

from domain.catalogue import REGISTER, Register
from store import bulk, reading
from store.appending import append
from store.application import FactApplication
from store.connecting import APPLICATION_ROLE, Connection
from store.connections import Connections
from store.errors import ClockBackwards, NotSimulated
from store.identity import identity
from store.mapper import decode, decoder
from store.reading import Head, Loaded, decoded
from store.recorded import Appended, Batch, Recorded, text_refs
from store.texts import Look, Ref, TextRead, look_up
from store.without_gc import without_gc

__all__ = ["Head", "Loaded", "Store", "decoded"]

_AT_A_TIME = 100


class Store:
    """One city's store. Safe to share between threads, and to go on with in a forked process.

    `id`: the store's id, hex; `simulated`: its clock is moved by hand; `signing_key`: for its jobs. `register`: the
    facts that are read from it, all by this one.
    """

    def __init__(self, connections: Connections, register: Register = REGISTER) -> None:
        self.connections, self.register = connections, register
        self.decode = decode if register is REGISTER else decoder(register)
        with connections.lend() as connection:
            found = identity(connection)
        self.id, self.simulated, self.signing_key = found.id, found.simulated, found.signing_key

    @classmethod
    def open(cls, dsn: str, register: Register = REGISTER) -> Self:
        """Raises StoreUnreachable, StoreTooOld, NotMigrated, SchemaOfNewerProgram."""
        connections = Connections(dsn, APPLICATION_ROLE)
        try:
            return cls(connections, register)
        except BaseException:
            connections.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self.connections.close()

    def connection(self, given: Connection | None = None) -> AbstractContextManager[Connection]:
        """A connection in autocommit for one user at a time (or the given one), faults worded by name."""
        return self.connections.lend() if given is None else nullcontext(given)

    @cached_property
    def application(self) -> FactApplication:
        """The same log as an Application of eventsourcing, on the same connections."""
        return FactApplication(self.connections, self.decode)

    # Writing

    def append(self, batch: Batch) -> Appended:
        """Append what one command made, whole or not at all; see store.appending.append."""
        return append(self.connections, batch)

    def move_clock(self, to: datetime) -> None:
        """Move a simulated store's clock on. Raises NotSimulated, ClockBackwards."""
        with self.connection() as connection:
            try:
                connection.execute("SELECT donghaeng.move_clock(%s)", (to,))
            except psycopg.DatabaseError as error:
                if error.sqlstate == "DH005":
                    raise NotSimulated from None
                if error.sqlstate == "DH006":
                    raise ClockBackwards(now=error.diag.message_detail, to=to) from None
                raise

    def import_facts(self, lines: Iterable[bytes], told: Callable[[Any], object] = lambda row: None) -> int:
        """Take exported lines over into the log; see store.bulk.import_facts."""
        with self.connection() as connection:
            return bulk.import_facts(connection, lines, self.decode, told)

    # Reading

    def read(self, stream: str) -> list[Recorded[Any]]:
        """One stream's facts, oldest first; empty when there are none."""
        return self.load((stream,)).streams[stream]

    def streams(self, beginning: str) -> list[str]:
        """The streams whose ids begin so, in order."""
        with self.connection() as connection:
            return reading.streams(connection, beginning)

    def load(self, streams: Sequence[str], command_id: str | None = None) -> Loaded:
        """Several streams, the store's clock and a command's earlier outcome, in one round trip."""
        with self.connection() as connection:
            return reading.load(connection, streams, command_id, self.decode)

    def after(self, position: int, limit: int, connection: Connection | None = None) -> list[Recorded[Any]]:
        """At most `limit` facts after a position, in log order. There is never one missing between two."""
        return [self.decoded(row) for row in self.rows_after(position, limit, connection)]

    def rows_after(self, position: int, limit: int, connection: Connection | None = None) -> list[Any]:
        """The same facts with their stored bytes, not decoded: see `decoded`."""
        with self.connection(connection) as used:
            return reading.rows_after(used, position, limit)

    def decoded(self, row: Any) -> Recorded[Any]:
        """A row as a recorded fact. Raises UnreadableFact, NewerFact."""
        return decoded(row, self.decode)

    def at(self, positions: Sequence[int]) -> list[Recorded[Any]]:
        """The facts at these positions, in log order; what is not there is left out."""
        with self.connection() as connection:
            return reading.at(connection, positions, self.decode)

    def replay(
        self, first: int = 1, last: int | None = None, chunk: int = 5000, shard: tuple[int, int] = (1, 1)
    ) -> Iterator[list[Recorded[Any]]]:
        """The whole log, or a span of positions (both included), a hundred facts at a time; memory stays flat.

        `chunk`: how many are fetched at once. `shard`: only the streams that fall to it, (1, 2) being the first of two.
        """
        end = self.head().position if last is None else last
        for rows in self._chunks(first - 1, end, chunk, shard):
            # decoded all at once they would leave the processor's cache, at twice the time
            for start in range(0, len(rows), _AT_A_TIME):
                with without_gc():
                    facts = [decoded(row, self.decode) for row in rows[start : start + _AT_A_TIME]]
                yield facts

    def _chunks(self, position: int, end: int, chunk: int, shard: tuple[int, int]) -> Iterator[list[Any]]:
        _, of = shard
        while position < end:
            if of == 1:
                rows = self.rows_after(position, min(chunk, end - position))
                if not rows:
                    return
                position = rows[-1][0]
            else:
                up_to = min(position + chunk * of, end)
                with self.connection() as connection:
                    rows = reading.rows_of_shard(connection, position, up_to, shard)
                position = up_to
            yield rows

    def export_facts(self, chunk: int = 5000) -> Iterator[bytes]:
        """The log as JSON lines with the stored bytes; see store.bulk."""
        position = 0
        while rows := self.rows_after(position, chunk):
            yield from bulk.export_facts(rows)
            position = rows[-1][0]

    def head(self) -> Head:
        with self.connection() as connection:
            return reading.head(connection)

    def now(self) -> datetime:
        """The store's clock: the database's, or the simulated store's own."""
        return self.head().now

    def outcome(self, command_id: str) -> tuple[bytes, Appended] | None:
        """Digest and outcome of a command that was carried out, else None."""
        with self.connection() as connection:
            return reading.outcome(connection, command_id)

    def outcomes(self, command_ids: Sequence[str]) -> dict[str, tuple[bytes, Appended]]:
        """Digest and outcome by command id, of those that were carried out."""
        with self.connection() as connection:
            return reading.outcomes(connection, command_ids)

    def text(self, ref: Ref) -> TextRead:
        """A free text as a fact refers to it, or why there is none."""
        return self.texts([ref])(ref)

    def texts(self, refs: Iterable[Ref]) -> Look:
        """A look-up among the free texts that these refer to, each held against its commitment."""
        with self.connection() as connection:
            return look_up(connection, refs)

    def texts_of(self, recordeds: Iterable[Recorded[Any]]) -> Look:
        """The same for all that facts and their envelopes refer to."""
        return self.texts([ref for recorded in recordeds for ref in text_refs(recorded)])
