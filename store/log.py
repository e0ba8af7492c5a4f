"""The store: the log of facts with the texts beside it, on one PostgreSQL database."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any, Self

import psycopg

from domain.register import REGISTER, Register
from store import bulk
from store.connecting import APPLICATION_ROLE, Connection
from store.connections import Connections
from store.errors import ClockBackwards, NotSimulated
from store.flushing import flush
from store.halting import Halt, halt, load_halt
from store.identity import identity
from store.mapper import FactMapper
from store.recorded import Appended, Batch, Head, Loaded, RecordedFact, text_refs
from store.recorder import FactRecorder
from store.texts import Look, Ref, TextRead, look_up
from store.waits import READING, Waits
from store.without_gc import without_gc
from trail.stored import POSITION, StoredFact

__all__ = ["Head", "Loaded", "Store"]

_AT_A_TIME = 100


class Store:
    """One city's store. Safe to share between threads, and to go on with in a forked process.

    `recorder`: by which all goes into the log and out of it; `mapper`: which makes stored bytes of facts and back. `id`: the store's id, hex; `simulated`: its clock is moved by hand; `signing_key`: for its jobs. `register`: the
    facts that are read from it, all by this one.
    """

    def __init__(self, connections: Connections, register: Register = REGISTER) -> None:
        self.connections, self.register = connections, register
        self.recorder, self.mapper = FactRecorder(connections), FactMapper(register)
        with connections.lend() as connection:
            found = identity(connection)
        self.id, self.simulated, self.signing_key = found.id, found.simulated, found.signing_key

    @classmethod
    def open(cls, dsn: str, register: Register = REGISTER, waits: Waits = READING) -> Self:
        """`waits`: for how long its answers are waited for. Raises StoreUnreachable, StoreTooOld, NotMigrated, SchemaOfNewerProgram."""
        connections = Connections(dsn, APPLICATION_ROLE, waits)
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

    # Writing

    def append(self, batch: Batch) -> Appended:
        """Append what one command made, whole or not at all; see FactRecorder.append. Raises also Unstorable."""
        return self.recorder.append([self.mapper.to_stored_event(new) for new in batch.facts], batch)

    def flush(self) -> None:
        """Wait until what was read is where an answered command is: on the disk, also of a synchronous standby."""
        with self.connections.lend(flushed=False) as connection:
            flush(connection)

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

    def halt(self, found: Halt) -> None:
        """Nothing is appended any more until a person decides; see store.halting."""
        with self.connection() as connection:
            halt(connection, found)

    def load_halt(self) -> Halt | None:
        """Why nothing is appended, if that is so."""
        with self.connection() as connection:
            return load_halt(connection)

    def import_facts(self, lines: Iterable[bytes], told: Callable[[Any], object] = lambda row: None) -> int:
        """Take exported lines over into the log; see store.bulk.import_facts."""
        with self.connection() as connection:
            return bulk.import_facts(connection, lines, self.mapper.decode, told)

    # Reading: what is returned is on the disk, also what others are just appending

    def read(self, stream: str) -> list[RecordedFact[Any]]:
        """One stream's facts, oldest first; empty when there are none."""
        return self.load((stream,)).streams[stream]

    def streams(self, beginning: str) -> list[str]:
        """The streams whose ids begin so, in order."""
        return self.recorder.streams(beginning)

    def commands_from(self, beginning: str, most: int) -> list[str]:
        """The ids of the first commands carried out that begin so, which are hex digits."""
        return self.recorder.commands_from(beginning, most)

    def streams_with(self, kind: str) -> list[str]:
        """The streams that hold a fact of this kind, in order; see FactRecorder.streams_with."""
        return self.recorder.streams_with(kind)

    def load(
        self, streams: Sequence[str], command_id: str | None = None, connection: Connection | None = None
    ) -> Loaded:
        """Several streams, the store's clock and a command's earlier outcome, in one round trip; see FactRecorder.load."""
        found, now, known = self.recorder.load(streams, command_id, connection)
        decode = self.mapper.to_recorded
        return Loaded({stream: list(map(decode, rows)) for stream, rows in found.items()}, now, known)

    def after(
        self, position: int, limit: int, connection: Connection | None = None
    ) -> list[RecordedFact[Any]]:
        """At most `limit` facts after a position, in log order. There is never one missing between two."""
        return [self.decode(row) for row in self.rows_after(position, limit, connection)]

    def rows_after(self, position: int, limit: int, connection: Connection | None = None) -> list[StoredFact]:
        """The same facts with their stored bytes, not decoded: see `decoded`."""
        return self.recorder.rows_after(position, limit, connection)

    def decode(self, row: StoredFact) -> RecordedFact[Any]:
        """A row as a recorded fact. Raises UnreadableFact, NewerFact."""
        return self.mapper.to_recorded(row)

    def at(self, positions: Sequence[int]) -> list[RecordedFact[Any]]:
        """The facts at these positions, in log order; what is not there is left out."""
        return [self.decode(row) for row in self.recorder.rows_at(positions)]

    def replay(
        self, first: int = 1, last: int | None = None, chunk: int = 5000, shard: tuple[int, int] = (1, 1)
    ) -> Iterator[list[RecordedFact[Any]]]:
        """The whole log, or a span of positions (both included), a hundred facts at a time; memory stays flat.

        `chunk`: how many are fetched at once. `shard`: only the streams that fall to it, (1, 2) being the first of two.
        """
        end, to_recorded = self.head().position if last is None else last, self.mapper.to_recorded
        for rows in self._chunks(first - 1, end, chunk, shard):
            # decoded all at once they would leave the processor's cache, at twice the time
            for start in range(0, len(rows), _AT_A_TIME):
                with without_gc():
                    facts = [to_recorded(row) for row in rows[start : start + _AT_A_TIME]]
                yield facts

    def _chunks(
        self, position: int, end: int, chunk: int, shard: tuple[int, int]
    ) -> Iterator[list[StoredFact]]:
        _, of = shard
        while position < end:
            if of == 1:
                rows = self.rows_after(position, min(chunk, end - position))
                if not rows:
                    return
                position = rows[-1][POSITION]
            else:
                up_to = min(position + chunk * of, end)
                rows = self.recorder.rows_of_shard(position, up_to, shard)
                position = up_to
            yield rows

    def export_facts(self, chunk: int = 5000) -> Iterator[bytes]:
        """The log as JSON lines with the stored bytes; see store.bulk."""
        position = 0
        while rows := self.rows_after(position, chunk):
            yield from bulk.export_facts(rows)
            position = rows[-1][POSITION]

    def head(self) -> Head:
        return self.recorder.head()

    def now(self) -> datetime:
        """The store's clock: the database's, or the simulated store's own."""
        return self.head().now

    def outcome(self, command_id: str) -> tuple[bytes, Appended] | None:
        """Digest and outcome of a command that was carried out, else None."""
        return self.outcomes([command_id]).get(uuid.UUID(command_id).hex)

    def outcomes(self, command_ids: Sequence[str]) -> dict[str, tuple[bytes, Appended]]:
        """Digest and outcome by command id, of those that were carried out."""
        return self.recorder.outcomes(command_ids)

    def text(self, ref: Ref) -> TextRead:
        """A free text as a fact refers to it, or why there is none."""
        return self.texts([ref])(ref)

    def texts(self, refs: Iterable[Ref]) -> Look:
        """A look-up among the free texts that these refer to, each held against its commitment."""
        with self.connection() as connection:
            return look_up(connection, refs)

    def texts_of(self, recordeds: Iterable[RecordedFact[Any]]) -> Look:
        """The same for all that facts and their envelopes refer to."""
        return self.texts([ref for recorded in recordeds for ref in text_refs(recorded)])
