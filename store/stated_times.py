"""What is asked of the log by times: up to a moment of knowing, and the facts that state a time of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from store.arrays import Texts
from store.connecting import Connection
from trail.json_bytes import BROKEN
from trail.stored import COLUMNS, StoredFact

# Every fact that states a time of its own has these bytes in its envelope. Some that state none may have them too, in
# what the fact says: those are looked at more closely, and sorted in where they belong.
_MARK = b'"effective_at"'
_SPAN = (
    f"SELECT {COLUMNS} FROM donghaeng.facts "  # noqa: S608
    "WHERE position > %b AND position <= %b AND kind <> ALL(%b) ORDER BY position LIMIT %b"
).encode()
_UNMARKED = _SPAN.replace(b"ORDER BY", b"AND position(%b::bytea IN state) = 0 ORDER BY")
_MARKED = (
    b"SELECT position, known_at, substring(state FROM 1 FOR greatest(position('\\x0a'::bytea IN state) - 1, 0)) "
    b"FROM donghaeng.facts WHERE position <= %b AND kind <> ALL(%b) AND position(%b::bytea IN state) > 0"
)
_HALVED = b"""
    WITH RECURSIVE span(low, high) AS (
        SELECT 0::bigint, position + 1 FROM donghaeng.head
        UNION ALL
        SELECT CASE WHEN f.known_at < %(at)s THEN f.position ELSE low END,
            CASE WHEN f.known_at < %(at)s THEN high ELSE f.position END
        FROM span JOIN donghaeng.facts f ON f.position = (low + high) / 2
        WHERE high - low > 1
    ) SELECT high FROM span WHERE high - low = 1"""


class _Dated(msgspec.Struct):
    """Of an envelope, the time that it states."""

    effective_at: datetime | None = None


_read = msgspec.json.Decoder(_Dated).decode


def _time_stated(head: bytes) -> datetime | None:
    try:
        return _read(head).effective_at
    except BROKEN:
        return None  # no envelope at all: whoever folds the fact says so


def first_at(connection: Connection, moment: datetime) -> int:
    """The first position that became known at or after a time; one behind the last where there is none.

    Positions have no hole and the clock never goes back, so the log itself is the index, halved until it is found.
    """
    row: Any = connection.execute(_HALVED, {"at": moment}, prepare=True).fetchone()
    return int(row[0])


def last_before(connection: Connection, last: int, moment: datetime) -> int:
    """The position of the last fact that was known before the moment, not above `last`; 0 where there is none."""
    return min(last, first_at(connection, moment) - 1)


def span(
    connection: Connection, after: int, last: int, without: Sequence[str], limit: int, *, unmarked: bool
) -> list[StoredFact]:
    """At most `limit` rows after a position up to another, but for these kinds. `unmarked`: without those of `load_stated_times`."""
    query, mark = (_UNMARKED, (_MARK,)) if unmarked else (_SPAN, ())
    given = (after, last, Texts(without), *mark, limit)
    return connection.execute(query, given, prepare=True, binary=True).fetchall()


def load_stated_times(
    connection: Connection, last: int, without: Sequence[str]
) -> list[tuple[datetime, int]]:
    """When each fact was so that may state a time of its own, up to a position, in the order in which they were so."""
    found: Any = connection.execute(_MARKED, (last, Texts(without), _MARK), prepare=False, binary=True)
    return sorted((_time_stated(head) or known_at, position) for position, known_at, head in found)
