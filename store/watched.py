"""The log of readings and refusals: an entry for each, in one order without a hole, with what the entry commits to."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any, Literal, TypeVar
from uuid import UUID

import msgspec

from domain.access.facts import Differing
from store.connecting import Connection
from store.log import Store
from trail.json_bytes import BROKEN

What = Literal["reading", "refusal", "adopted", "pruned", "gap"]
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
    "machine",
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
_GONE = """
    SELECT w.position FROM donghaeng.watched w
    WHERE w.what = 'reading' AND w.position > %s AND w.known_at < %s
        AND NOT EXISTS (SELECT FROM donghaeng.accesses a WHERE a.id = w.row_id)
    ORDER BY w.position LIMIT %s"""
_ROW = {
    "reading": f"SELECT a.salt, {', '.join(f'a.{name}' for name in _READING)} FROM donghaeng.accesses a WHERE a.id = %s",  # noqa: S608
    "refusal": f"SELECT r.salt, {', '.join(f'r.{name}' for name in _REFUSAL)} FROM donghaeng.refused r WHERE r.id = %s",  # noqa: S608
}
_FIRST_READING, _FIRST_REFUSAL = 9, 9 + len(_READING)
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


class AccessLogEntry(msgspec.Struct, frozen=True, kw_only=True):
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


class Acknowledged(msgspec.Struct, frozen=True):
    """Somebody has looked into entries that are missing or not those that were sealed, from `first` to `last`.

    `there`: as of `sum_of_place`, over what stood there then, in hex.
    """

    first: int
    last: int
    there: str


class Adoption(msgspec.Struct, frozen=True):
    """So many rows, the first of the log, were there before it was: nobody sealed them at their time."""

    count: int


def last_watched(store: Store, given: Connection | None = None) -> int:
    """The last entry's position; 0 where there is none."""
    with store.connection(given) as connection:
        row: Any = connection.execute(
            "SELECT coalesce(max(w.position), 0) FROM donghaeng.watched w"
        ).fetchone()
    return int(row[0])


def load_entries_after(
    store: Store, position: int, most: int, given: Connection | None = None
) -> list[AccessLogEntry]:
    """The entries of the next `most` positions; there are fewer only where some are missing, or at the end."""
    with store.connection(given) as connection:
        rows: Any = connection.execute(_AFTER, (position, position + most)).fetchall()
    return [_entry(row, _sum_found(row)) for row in rows]


def load_own_entries(store: Store, given: Connection | None = None) -> list[AccessLogEntry]:
    """The entries of what was adopted and pruned."""
    with store.connection(given) as connection:
        rows: Any = connection.execute(_SAID).fetchall()
    return [_entry(row, _sum_of(row[6])) for row in rows]


def strays(store: Store, given: Connection | None = None) -> list[tuple[Differing, int]]:
    """(what, id) of readings and refusals that no entry is of."""
    with store.connection(given) as connection:
        return [(what, int(identity)) for what, identity in connection.execute(_STRAYS).fetchall()]


def load_gone(store: Store, until: datetime, most: int) -> list[int]:
    """The positions of the first entries of readings that are gone, of before a moment and behind all that was pruned."""
    pruned = [one.up_to for entry in load_own_entries(store) if (one := pruning_of(entry)) is not None]
    with store.connection() as connection:
        rows = connection.execute(_GONE, (max(pruned, default=0), until, most))
        return [int(position) for (position,) in rows]


def sum_of_miscount(counted: int, gone: int) -> bytes:
    """Of a pruning that took so many, of which so many are gone."""
    return sha256(f"{counted} {gone}".encode()).digest()


def sum_of_row(what: str, identity: int, connection: Connection) -> bytes | None:
    """What an entry of this reading or refusal would commit to, by what stands there now; None where nothing does."""
    row: Any = connection.execute(_ROW[what], (identity,)).fetchone()
    return None if row is None else _sum_of_row(what, row[0], row[1:])


def pruning_of(entry: AccessLogEntry) -> Pruning | None:
    return _decode_own(entry, "pruned", Pruning)


def adoption_of(entry: AccessLogEntry) -> Adoption | None:
    return _decode_own(entry, "adopted", Adoption)


def decode_acknowledged(entry: AccessLogEntry) -> Acknowledged | None:
    return _decode_own(entry, "gap", Acknowledged)


def sum_of_place(entry: AccessLogEntry) -> bytes:
    """What an acknowledgement's SHA-256 goes over, entry by entry: as donghaeng.say_gap makes it."""
    numbers = (entry.position, _plain(entry.at), _plain(entry.known_at))
    return struct.pack(">3q", *numbers) + entry.row_sha256


def _decode_own(entry: AccessLogEntry, what: str, type_: type[Own]) -> Own | None:
    if entry.what != what or entry.said is None:
        return None
    try:
        return msgspec.json.decode(entry.said, type=type_)
    except BROKEN:
        return None


def _entry(row: Sequence[Any], found: bytes | None) -> AccessLogEntry:
    return AccessLogEntry(
        position=row[0],
        what=row[1],
        row_id=row[2],
        at=row[3],
        known_at=row[4],
        row_sha256=bytes(row[5]),
        said=row[6],
        found=found,
    )


def _sum_found(row: Sequence[Any]) -> bytes | None:
    if row[6] is not None:
        return _sum_of(row[6])
    if row[7] is not None:
        return _sum_of_row("reading", row[7], row[_FIRST_READING:_FIRST_REFUSAL])
    if row[8] is not None:
        return _sum_of_row("refusal", row[8], row[_FIRST_REFUSAL:])
    return None


def _sum_of_row(what: str, salt: UUID, values: Sequence[Any]) -> bytes:
    # of before machines were recorded, or by a rule: as it always was
    without_machine = what == "refusal" and values[-1] is None
    return _sum_with(salt, values[:-1] if without_machine else values)


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
