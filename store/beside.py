"""What lies beside the log, texts and command ids, held against all facts of the log in one pass over both."""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import closing
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

import msgspec

from store.arrays import Identities, Texts
from store.connecting import Connection
from store.texts import REDACTED, STREAM, references

# ids, times and texts in the bytes that PostgreSQL sends: a third of the time of making Python's own of them
_FACTS = (
    "SELECT position, stream, kind, timestamptz_send(recorded_at), timestamptz_send(known_at), state "
    "FROM donghaeng.facts WHERE position > %b ORDER BY position LIMIT %b"
)
_TEXTS = "SELECT uuid_send(id), salt, convert_to(body, 'UTF8') FROM donghaeng.texts WHERE id = ANY(%b)"
_REDACTIONS = "SELECT stream FROM donghaeng.facts WHERE stream = ANY(%b) AND kind = 'text.redacted'"
_ALL_TEXTS = "SELECT uuid_send(id) FROM donghaeng.texts ORDER BY id"
_COMMANDS = (
    "SELECT uuid_send(id), first_position, last_position, timestamptz_send(recorded_at), timestamptz_send(known_at) "
    "FROM donghaeng.commands ORDER BY first_position, id"
)
_BEGUN = "SELECT id, created_at, timestamptz_send(created_at) FROM donghaeng.store"
_AT_A_TIME = 5000
_RUN = 100_000  # ids that are sorted at once
_REF = re.compile(rb'"id":"([0-9a-f]{32})","commitment":"([0-9a-f]{64})"')
_COMMAND = re.compile(rb'"command":"([0-9a-f]{32})"')
_COMMITS = b'"commitment":'
_IDENTITY = re.compile(rb"[0-9a-f]{32}").fullmatch


class Wrong(StrEnum):
    """What can be wrong beside the log. UNREFERENCED: no fact commits to the text; KEPT: a fact says it was redacted."""

    TEXT_CHANGED = "text_changed"
    TEXT_MISSING = "text_missing"
    TEXT_KEPT = "text_kept"
    TEXT_UNREFERENCED = "text_unreferenced"
    COMMAND_CHANGED = "command_changed"
    COMMAND_MISSING = "command_missing"
    COMMAND_ADDED = "command_added"


class First(msgspec.Struct):
    """The first of its kind: the fact's position (None where there is none), the id in hex; and how many there are."""

    position: int | None
    id: str
    count: int = 1


class Beside(msgspec.Struct):
    """`texts`: that are as committed; `redacted`: that a fact says are; `commands`: that fit their facts.

    `taken_in`: the position up to which facts are older than the store: they came out of an export, which leaves texts
    and command ids behind. `left_behind`: the texts of those that are not here, and nothing is wrong with that.
    """

    texts: int = 0
    redacted: int = 0
    commands: int = 0
    taken_in: int = 0
    left_behind: int = 0
    wrong: dict[Wrong, First] = msgspec.field(default_factory=dict)

    def found(self, kind: Wrong, position: int | None, identity: str) -> None:
        if (first := self.wrong.get(kind)) is None:
            self.wrong[kind] = First(position, identity)
        else:
            first.count += 1


Tick = Callable[[int], object]
_Ref = tuple[bytes, bytes, int]  # id, commitment, both in hex; the first position that commits to it


def check_beside(connection: Connection, tick: Tick) -> Beside:
    """All texts and command ids against all facts, in one snapshot; memory holds sixteen bytes a text."""
    found = Beside()
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        taken_in = _TakenIn(connection)
        with closing(_Commands(connection, found)) as commands:
            texts = _Texts(connection, found)
            position = 0
            while rows := connection.execute(_FACTS, (position, _AT_A_TIME), binary=True).fetchall():
                position = rows[-1][0]
                found.taken_in = taken_in.add(rows)
                commands.add(rows)
                texts.add(rows)
                tick(len(rows))
            commands.end()
            texts.end()
    return found


def check_texts(connection: Connection, rows: Sequence[Any], taken_in: int) -> Beside:
    """The texts of some facts alone, given as Store.rows_after does. `taken_in`: up to there texts may have stayed behind."""
    found = Beside(taken_in=taken_in)
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        _Texts(connection, found).add([(row[0], row[1], row[3], row[4], row[5], row[6]) for row in rows])
    return found


def begun(connection: Connection) -> tuple[str, datetime]:
    """The store's id, hex, and when it was made: what is older was taken in from an export, without what lies beside."""
    row: Any = connection.execute(_BEGUN).fetchone()
    return row[0].hex, row[1]


class _TakenIn:
    """Which facts, from the first one on, were taken in: they are older than the store, and no seal of its own is among them."""

    def __init__(self, connection: Connection) -> None:
        row: Any = connection.execute(_BEGUN, binary=True).fetchone()
        self._store, self._begun = row[0].hex.encode(), row[2]
        self._up_to, self._over = 0, False

    def add(self, rows: Sequence[Any]) -> int:
        """The last of them as far as these rows."""
        for position, _, kind, recorded_at, _, state in rows if not self._over else ():
            # what the store's own log was sealed with was made here, whatever the store says of its age
            if recorded_at >= self._begun or (kind.startswith("trail.") and self._store in state):
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
        self._rows: Iterator[Any] = iter(self._cursor.execute(_COMMANDS, binary=True))
        self._row = next(self._rows, None)
        self._run: tuple[bytes, int, int, bytes, bytes] | None = None

    def close(self) -> None:
        self._cursor.close()

    def add(self, rows: Sequence[Any]) -> None:
        """Facts of one command stand side by side; the last ones may go on in the next rows."""
        run = self._run
        for position, _, _, recorded_at, known_at, state in rows:
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

    def _judge(self, command: bytes, first: int, last: int, recorded_at: bytes, known_at: bytes) -> None:
        while self._row is not None and self._row[1] < first:
            self._extra()
        row = self._row
        if row is None or row[1] != first:
            if last > self._found.taken_in:
                self._found.found(Wrong.COMMAND_MISSING, first, command.decode())
            return
        if (row[0].hex().encode(), *row[2:]) == (command, last, recorded_at, known_at):
            self._found.commands += 1
        else:
            self._found.found(Wrong.COMMAND_CHANGED, first, command.decode())
        self._row = next(self._rows, None)

    def _extra(self) -> None:
        assert self._row is not None
        self._found.found(Wrong.COMMAND_ADDED, self._row[1], self._row[0].hex())
        self._row = next(self._rows, None)


class _Texts:
    """The texts that the facts commit to, as they pass; in the end those that no fact does."""

    def __init__(self, connection: Connection, found: Beside) -> None:
        self._connection, self._found = connection, found
        self._ids: list[bytes] = []
        self._runs: list[bytes] = []
        self._before: Set[tuple[bytes, bytes]] = frozenset()

    def add(self, rows: Sequence[Any]) -> None:
        refs: dict[tuple[bytes, bytes], int] = {}
        redactions: dict[bytes, int] = {}
        for position, stream, kind, _, _, state in rows:
            if kind == REDACTED:
                redactions[stream.removeprefix(STREAM).encode()] = position
            if _COMMITS in state:
                for ref in quick_references(state):
                    if ref not in self._before:  # the facts of a command have one reason
                        refs.setdefault(ref, position)
        self._before = refs.keys()
        rows_by_id = self._rows({identity for identity, _ in refs} | redactions.keys())
        for identity, position in redactions.items():
            self._found.redacted += 1
            if any(one is not None for one in rows_by_id.get(identity, ())):
                self._found.found(Wrong.TEXT_KEPT, position, identity.decode())
        self._judge([(*ref, position) for ref, position in refs.items()], rows_by_id)

    def _judge(self, refs: Sequence[_Ref], rows: dict[bytes, tuple[Any, Any]]) -> None:
        found, gone = self._found, list[_Ref]()
        for ref in refs:
            identity, commitment, position = ref
            if identity in rows:
                self._ids.append(bytes.fromhex(identity.decode()))
            salt, body = rows.get(identity, (None, None))
            if body is None:
                gone.append(ref)
            elif salt is not None and sha256(salt + body).hexdigest().encode() == commitment:
                found.texts += 1
            else:
                found.found(Wrong.TEXT_CHANGED, position, identity.decode())
        if gone:
            streams = Texts(STREAM + identity.decode() for identity, _, _ in gone)
            said = {row[0] for row in self._connection.execute(_REDACTIONS, (streams,), binary=True)}
            for identity, _, position in gone:
                if STREAM + identity.decode() in said:
                    continue
                if position <= found.taken_in:
                    found.left_behind += 1
                else:
                    found.found(Wrong.TEXT_MISSING, position, identity.decode())
        if len(self._ids) >= _RUN:
            self._sort()

    def _rows(self, identities: set[bytes]) -> dict[bytes, tuple[Any, Any]]:
        wanted = Identities(bytes.fromhex(one.decode()) for one in identities if _IDENTITY(one))
        if not wanted:
            return {}
        rows = self._connection.execute(_TEXTS, (wanted,), binary=True)
        return {identity.hex().encode(): (salt, body) for identity, salt, body in rows}

    def _sort(self) -> None:
        self._runs.append(b"".join(sorted(self._ids)))
        self._ids = []

    def end(self) -> None:
        """Name the rows that no fact commits to: both in order, side by side."""
        self._sort()
        referred = heapq.merge(*map(_sixteens, self._runs))
        at = next(referred, None)
        with self._connection.cursor(name="texts_beside") as cursor:
            cursor.itersize = _AT_A_TIME
            for (identity,) in cursor.execute(_ALL_TEXTS, binary=True):
                while at is not None and at < identity:
                    at = next(referred, None)
                if at != identity:
                    self._found.found(Wrong.TEXT_UNREFERENCED, None, identity.hex())


def _sixteens(run: bytes) -> Iterator[bytes]:
    return (run[at : at + 16] for at in range(0, len(run), 16))


def quick_references(state: bytes) -> list[tuple[bytes, bytes]]:
    """As `store.texts.references`, in bytes: by a look at how we write them, and where that does not find all, by reading."""
    found = _REF.findall(state)
    if len(found) == state.count(_COMMITS):
        return found
    return [(identity.encode(), commitment.encode()) for identity, commitment in references(state)]
