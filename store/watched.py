"""The log of readings and refusals: an entry for each, in one order without a hole, with what the entry commits to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any, Literal, TypeVar
from uuid import UUID

import msgspec

from store.connecting import Connection
from store.json_bytes import BROKEN
from store.log import Store

What = Literal["reading", "refusal", "adopted", "pruned"]
Own = TypeVar("Own")

_READING = [
    "id",
    "at",
    "known_at",
    "role",
    "agency",
    "subject",
    "authn",
    "token",
    "reading",
    "tasks",
    "agencies",
    "subjects",
    "purpose",
    "via",
    "host",
    "os_user",
    "client",
    "exported",
]
_REFUSAL = [
    "id",
    "at",
    "known_at",
    "what",
    "role",
    "agency",
    "subject",
    "on_behalf_of",
    "via",
    "authn",
    "token",
    "command",
    "stream",
    "command_id",
    "refusal",
]
_ENTRY = "w.position, w.what, w.row_id, w.at, w.known_at, w.row_sha256, w.said"
_AFTER = f"""
    SELECT {_ENTRY}, a.salt, r.salt, {", ".join(f"a.{name}" for name in _READING)},
        {", ".join(f"r.{name}" for name in _REFUSAL)}
    FROM donghaeng.watched w
    LEFT JOIN donghaeng.accesses a ON w.what = 'reading' AND a.id = w.row_id
    LEFT JOIN donghaeng.refused r ON w.what = 'refusal' AND r.id = w.row_id
    WHERE w.position > %s AND w.position <= %s ORDER BY w.position"""  # noqa: S608
_SAID = f"SELECT {_ENTRY} FROM donghaeng.watched w WHERE w.said IS NOT NULL ORDER BY w.position"  # noqa: S608
_STRAYS = """
    SELECT 'reading', a.id FROM donghaeng.accesses a WHERE NOT EXISTS
        (SELECT FROM donghaeng.watched w WHERE w.what = 'reading' AND w.row_id = a.id)
    UNION ALL
    SELECT 'refusal', r.id FROM donghaeng.refused r WHERE NOT EXISTS
        (SELECT FROM donghaeng.watched w WHERE w.what = 'refusal' AND w.row_id = r.id)
    ORDER BY 1, 2"""
_FIRST_READING, _FIRST_REFUSAL = 9, 9 + len(_READING)
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """`row_sha256`: what the entry commits to; `found`: the same of what is there now, None where nothing is.

    `row_id`: the reading's or refusal's; `said`: what the log says of itself. `at`: the database's clock, aware.
    """

    position: int
    what: What
    row_id: int | None
    at: datetime
    known_at: datetime
    row_sha256: bytes
    said: str | None
    found: bytes | None


class Pruning(msgspec.Struct, frozen=True):
    """Readings that were taken out: so many from before a day in Seoul, the last at position `up_to`, by a rule."""

    rule: str
    before: date
    count: int
    up_to: int


class Adoption(msgspec.Struct, frozen=True):
    """So many rows, the first of the log, were there before it was: nobody sealed them at their time."""

    count: int


@contextmanager
def as_of_now(store: Store) -> Iterator[Connection]:
    """A connection on which the log stays as it is at its first question, whatever is recorded or pruned meanwhile."""
    with store.connection() as connection, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield connection


def last_watched(store: Store, given: Connection | None = None) -> int:
    """The last entry's position; 0 where there is none."""
    with store.connection(given) as connection:
        row: Any = connection.execute(
            "SELECT coalesce(max(w.position), 0) FROM donghaeng.watched w"
        ).fetchone()
    return int(row[0])


def watched_after(store: Store, position: int, most: int, given: Connection | None = None) -> list[Entry]:
    """The entries of the next `most` positions; there are fewer only where some are missing, or at the end."""
    with store.connection(given) as connection:
        rows: Any = connection.execute(_AFTER, (position, position + most)).fetchall()
    return [_entry(row, _found(row)) for row in rows]


def said_of_itself(store: Store, given: Connection | None = None) -> list[Entry]:
    """The entries of what was adopted and pruned."""
    with store.connection(given) as connection:
        rows: Any = connection.execute(_SAID).fetchall()
    return [_entry(row, _sum_of(row[6])) for row in rows]


def strays(store: Store, given: Connection | None = None) -> list[tuple[str, int]]:
    """(what, id) of readings and refusals that no entry is of."""
    with store.connection(given) as connection:
        return [(what, int(identity)) for what, identity in connection.execute(_STRAYS).fetchall()]


def pruning_of(entry: Entry) -> Pruning | None:
    return _decoded(entry, "pruned", Pruning)


def adoption_of(entry: Entry) -> Adoption | None:
    return _decoded(entry, "adopted", Adoption)


def _decoded(entry: Entry, what: str, type_: type[Own]) -> Own | None:
    if entry.what != what or entry.said is None:
        return None
    try:
        return msgspec.json.decode(entry.said, type=type_)
    except BROKEN:
        return None


def _entry(row: Sequence[Any], found: bytes | None) -> Entry:
    return Entry(
        position=row[0],
        what=row[1],
        row_id=row[2],
        at=row[3],
        known_at=row[4],
        row_sha256=bytes(row[5]),
        said=row[6],
        found=found,
    )


def _found(row: Sequence[Any]) -> bytes | None:
    if row[6] is not None:
        return _sum_of(row[6])
    if row[7] is not None:
        return _sum_with(row[7], row[_FIRST_READING:_FIRST_REFUSAL])
    if row[8] is not None:
        return _sum_with(row[8], row[_FIRST_REFUSAL:])
    return None


def _sum_of(said: str) -> bytes:
    return sha256(said.encode()).digest()


def _sum_with(salt: UUID, values: Sequence[Any]) -> bytes:
    """As donghaeng.reading_sha256 and donghaeng.refusal_sha256 make it: the salt, then a line of JSON."""
    line = json.dumps([_plain(value) for value in values], ensure_ascii=False)
    return sha256(salt.bytes + line.encode()).digest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value - _EPOCH) // _MICROSECOND
    return str(value) if isinstance(value, UUID) else value
