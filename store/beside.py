"""What lies beside the log, texts, attached files and command ids, held against all facts of the log in one pass over both."""

from __future__ import annotations

import re
from binascii import hexlify, unhexlify
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from datetime import datetime
from hashlib import sha256
from typing import Any

from psycopg import ServerCursor

from store.arrays import Identities, Texts
from store.attachments_beside import AttachmentsBeside
from store.beside_found import Beside, Known, Wrong
from store.connecting import Connection
from store.texts import REDACTED, STREAM
from trail.commitments import references
from trail.stored import StoredFact

# ids and texts in the bytes that PostgreSQL sends: a third of the time of making Python's own of them
_TEXTS = "SELECT uuid_send(id), salt, convert_to(body, 'UTF8') FROM donghaeng.texts WHERE id = ANY(%b)"
_REDACTIONS = "SELECT stream FROM donghaeng.facts WHERE stream = ANY(%b) AND kind = 'text.redacted'"
_ALL_TEXTS = "SELECT uuid_send(id) FROM donghaeng.texts ORDER BY id"
_COMMANDS = "SELECT uuid_send(id), first_position, last_position, recorded_at, known_at FROM donghaeng.commands ORDER BY first_position, id"
_BEGUN = "SELECT id, created_at FROM donghaeng.store"
_AT_A_TIME = 2000
_RUN = 25_000  # ids that are sorted at once; as objects they take four times what they take in a run
_REF = re.compile(rb'"id":"([0-9a-f]{32})","commitment":"([0-9a-f]{64})"')
_COMMAND = re.compile(rb'"command":"([0-9a-f]{32})"')
_COMMITS = b'"commitment":'
_TAKEN_AWAY = (None, None)  # salt and body of a text that was redacted
_IDENTITY = re.compile(rb"[0-9a-f]{32}").fullmatch


class CheckBeside:
    """All texts and command ids against all facts, as these pass, from the first one on; memory holds sixteen bytes a text.

    `connection`: in the snapshot that the facts are read in; `known`: what was found before. Closed with `close`,
    whatever came of it.
    """

    def __init__(self, connection: Connection, known: Known = ()) -> None:
        self.found = Beside(known)
        self._connection = connection
        self._parts: tuple[_TakenIn, _Commands, _Texts] | None = None

    def take(self, rows: Sequence[StoredFact]) -> None:
        """The next facts, as `Store.rows_after` gives them."""
        taken_in, commands, texts = self._begin()
        self.found.taken_in = taken_in.add(rows)
        commands.add(rows)
        texts.add(rows)

    def end(self) -> Beside:
        """What came of it: there are no more facts."""
        _, commands, texts = self._begin()
        commands.end()
        texts.end()
        return self.found

    def close(self) -> None:
        if self._parts is not None:
            self._parts[1].close()

    def _begin(self) -> tuple[_TakenIn, _Commands, _Texts]:
        if self._parts is None:  # nothing is asked before, since the snapshot is of the first question
            connection = self._connection
            self._parts = (
                _TakenIn(connection),
                _Commands(connection, self.found),
                _Texts(connection, self.found),
            )
        return self._parts


def check_texts(
    connection: Connection, rows: Sequence[StoredFact], taken_in: int, known: Known = ()
) -> Beside:
    """The texts of some facts alone, given as Store.rows_after does. `taken_in`: up to there texts may have stayed behind."""
    found = Beside(known, taken_in=taken_in)
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        _Texts(connection, found).add(rows)
    return found


def load_identity(connection: Connection) -> tuple[str, datetime]:
    """The store's id, hex, and when it was made: what is older was taken in from an export, without what lies beside."""
    row: Any = connection.execute(_BEGUN).fetchone()
    return row[0].hex, row[1]


class _TakenIn:
    """Which facts, from the first one on, were taken in: they are older than the store, and no seal of its own is among them."""

    def __init__(self, connection: Connection) -> None:
        row: Any = connection.execute(_BEGUN, binary=True).fetchone()
        self._store, self._begin = row[0].hex.encode(), row[1]
        self._up_to, self._over = 0, False

    def add(self, rows: Sequence[StoredFact]) -> int:
        """The last of them as far as these rows."""
        for position, _, _, kind, recorded_at, _, state in rows if not self._over else ():
            # what the store's own log was sealed with was made here, whatever the store says of its age
            if recorded_at >= self._begin or (kind.startswith("trail.") and self._store in state):
                self._over = True
                break
            self._up_to = position
        return self._up_to


class _Commands:
    """The command ids in the order of what they made, beside the facts as they pass."""

    def __init__(self, connection: Connection, found: Beside) -> None:
        self._found = found
        self._cursor = connection.cursor(name="commands_beside")
        self._cursor.itersize = _AT_A_TIME
        self._rows = _rows_of(self._cursor.execute(_COMMANDS, binary=True))
        self._row = next(self._rows, None)
        self._run: tuple[bytes, int, int, datetime, datetime] | None = None

    def close(self) -> None:
        self._cursor.close()

    def add(self, rows: Sequence[StoredFact]) -> None:
        """Facts of one command stand side by side; the last ones may go on in the next rows."""
        run = self._run
        for position, _, _, _, recorded_at, known_at, state in rows:
            match = _COMMAND.search(state)
            command = b"" if match is None else match[1]
            if run is not None and run[0] == command and run[3] == recorded_at:
                run = (command, run[1], position, recorded_at, known_at)
                continue
            if run is not None:
                self._judge(*run)
            run = (command, position, position, recorded_at, known_at)
        self._run = run

    def end(self) -> None:
        if self._run is not None:
            self._judge(*self._run)
        while self._row is not None:
            self._extra()

    def _judge(
        self, command: bytes, first: int, last: int, recorded_at: datetime, known_at: datetime
    ) -> None:
        while self._row is not None and self._row[1] < first:
            self._extra()
        row = self._row
        if row is None or row[1] != first:
            if last > self._found.taken_in:
                self._found.note(Wrong.COMMAND_MISSING, first, command.decode())
            return
        identity, _, its_last, its_recorded_at, its_known_at = row
        if (
            hexlify(identity) == command
            and its_last == last
            and its_recorded_at == recorded_at
            and its_known_at == known_at
        ):
            self._found.commands += 1
        else:
            self._found.note(Wrong.COMMAND_CHANGED, first, command.decode())
        self._row = next(self._rows, None)

    def _extra(self) -> None:
        assert self._row is not None
        self._found.note(Wrong.COMMAND_ADDED, self._row[1], self._row[0].hex())
        self._row = next(self._rows, None)


def _rows_of(cursor: ServerCursor[Any]) -> Iterator[Any]:
    """Its rows: a cursor that is asked for each by itself takes as long for that as what is done with it."""
    while rows := cursor.fetchmany(_AT_A_TIME):
        yield from rows


class _Texts:
    """The texts that the facts commit to, as they pass; in the end those that no fact does."""

    def __init__(self, connection: Connection, found: Beside) -> None:
        self._connection, self._found = connection, found
        self._ids: list[bytes] = []
        self._runs: list[bytes] = []
        self._before: Set[tuple[bytes, bytes]] = frozenset()
        self._attachments = AttachmentsBeside(connection, found)

    def add(self, rows: Sequence[StoredFact]) -> None:
        refs: dict[tuple[bytes, bytes], int] = {}
        redactions: dict[bytes, int] = {}
        for position, stream, _, kind, _, _, state in rows:
            if kind == REDACTED:
                redactions[stream.removeprefix(STREAM).encode()] = position
            for ref in quick_references(state):
                if ref not in self._before:  # the facts of a command have one reason
                    refs.setdefault(ref, position)
            self._attachments.note(position, state)
        self._before = refs.keys()
        rows_by_id = self._rows({identity for identity, _ in refs} | redactions.keys())
        self._found.redacted += len(redactions)
        for identity, position in redactions.items():
            if rows_by_id.get(identity, _TAKEN_AWAY) != _TAKEN_AWAY:
                self._found.note(Wrong.TEXT_KEPT, position, identity.decode())
        self._judge(refs, rows_by_id)
        self._attachments.judge(rows_by_id, redactions)

    def _judge(self, refs: Mapping[tuple[bytes, bytes], int], rows: dict[bytes, tuple[Any, Any]]) -> None:
        """`refs`: id and commitment, both in hex, with the first position that commits to it."""
        if not self._are_all_as_committed(refs.keys(), rows):
            self._judge_each(refs, rows)
        if len(self._ids) >= _RUN:
            self._sort()

    def _are_all_as_committed(
        self, refs: Collection[tuple[bytes, bytes]], rows: dict[bytes, tuple[Any, Any]]
    ) -> bool:
        """Whether all are, as is usual; they are counted then."""
        try:
            made = [sha256(b"".join(rows[identity])).hexdigest().encode() for identity, _ in refs]
        except (KeyError, TypeError):  # there is none, or it is not there any more
            return False
        if made != [commitment for _, commitment in refs]:
            return False
        self._ids += [unhexlify(identity) for identity, _ in refs]
        self._found.texts += len(refs)
        return True

    def _judge_each(
        self, refs: Mapping[tuple[bytes, bytes], int], rows: dict[bytes, tuple[Any, Any]]
    ) -> None:
        found, gone = self._found, list[tuple[bytes, int]]()
        for (identity, commitment), position in refs.items():
            row = rows.get(identity)
            if row is not None:
                self._ids.append(unhexlify(identity))
            if row is None or row[1] is None:
                gone.append((identity, position))
            elif row[0] is not None and sha256(row[0] + row[1]).hexdigest().encode() == commitment:
                found.texts += 1
            else:
                found.note(Wrong.TEXT_CHANGED, position, identity.decode())
        if gone:
            self._judge_gone(gone)

    def _judge_gone(self, gone: Sequence[tuple[bytes, int]]) -> None:
        """Texts that are not there: redacted, as a fact says, or left behind where the facts came from. With positions."""
        streams = Texts(STREAM + identity.decode() for identity, _ in gone)
        said = {row[0] for row in self._connection.execute(_REDACTIONS, (streams,), binary=True)}
        for identity, position in gone:
            if STREAM + identity.decode() in said:
                continue
            if position <= self._found.taken_in:
                self._found.left_behind += 1
            else:
                self._found.note(Wrong.TEXT_MISSING, position, identity.decode())

    def _rows(self, identities: set[bytes]) -> dict[bytes, tuple[Any, Any]]:
        wanted = Identities(unhexlify(one) for one in identities if _IDENTITY(one))
        if not wanted:
            return {}
        rows = self._connection.execute(_TEXTS, (wanted,), binary=True).fetchall()
        return {hexlify(identity): (salt, body) for identity, salt, body in rows}

    def _sort(self) -> None:
        self._runs.append(b"".join(sorted(self._ids)))
        self._ids = []

    def end(self) -> None:
        """Name the rows that no fact commits to: both in order, side by side."""
        self._sort()
        runs = [_Run(run) for run in self._runs]
        with self._connection.cursor(name="texts_beside") as cursor:
            cursor.execute(_ALL_TEXTS, binary=True)
            while rows := cursor.fetchmany(_AT_A_TIME):
                identities = [row[0] for row in rows]
                referred = {one for run in runs for one in run.up_to(identities[-1])}
                for identity in identities:
                    if identity not in referred:
                        self._found.note(Wrong.TEXT_UNREFERENCED, None, identity.hex())
        self._attachments.end()


class _Run:
    """Ids in order, sixteen bytes each, from the first one on."""

    def __init__(self, ids: bytes) -> None:
        self._ids, self._at = ids, 0

    def up_to(self, last: bytes) -> list[bytes]:
        """The next ones that are not after this one."""
        ids, first = self._ids, self._at
        left = range(first, len(ids), 16)
        self._at = first + 16 * bisect_right(left, last, key=lambda at: ids[at : at + 16])
        return [ids[at : at + 16] for at in range(first, self._at, 16)]


def quick_references(state: bytes) -> list[tuple[bytes, bytes]]:
    """As `trail.commitments.references`, in bytes: by a look at how we write them, and where that does not find all, by reading."""
    count = state.count(_COMMITS)
    if not count:
        return []
    found: list[tuple[bytes, bytes]] = _REF.findall(state)
    if len(found) == count:
        return found
    return [(identity.encode(), commitment.encode()) for identity, commitment in references(state)]
