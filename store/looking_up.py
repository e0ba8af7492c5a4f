"""What is asked of the log by kinds, streams and what stands in facts: all of the log is looked through, but for streams."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from store.connecting import Connection

_OF_STREAMS = b"SELECT position FROM donghaeng.facts WHERE stream = ANY(%s) AND position <= %s"
_OF_KIND = b"SELECT position FROM donghaeng.facts WHERE kind = %s AND position <= %s ORDER BY position"
_OF_KINDS = b"SELECT stream, position FROM donghaeng.facts WHERE kind = ANY(%s) AND position <= %s"
_OF_KIND_IN = (
    b"SELECT stream, position FROM donghaeng.facts WHERE kind = %s AND stream = ANY(%s) AND position <= %s"
)
_THERE = b"SELECT FROM donghaeng.facts WHERE position = %s AND kind = %s"
_FIRST = b"SELECT stream FROM donghaeng.facts WHERE kind = %s ORDER BY position LIMIT 1"
_COUNT = b"SELECT count(*) FROM donghaeng.facts WHERE kind = %s"
_SPEAKING = (
    b"SELECT DISTINCT stream FROM donghaeng.facts WHERE position(convert_to(%s, 'UTF8') IN state) > 0 "
    b"AND stream <> ALL(%s) ORDER BY 1"
)
_WAITED = b"SELECT clock_timestamp() - recorded_at FROM donghaeng.facts WHERE position = %s"
HEAD = "(SELECT position FROM donghaeng.head)"  # the last fact's position, for who compares with it in SQL
_CLOCK_SET = b"SELECT clock IS NOT NULL OR known_at <> recorded_at FROM donghaeng.head"


def positions_of_streams(connection: Connection, streams: Sequence[str], last: int) -> list[int]:
    """The positions of these streams' facts, none above `last`, here and below."""
    return [position for (position,) in connection.execute(_OF_STREAMS, (list(streams), last))]


def positions_of_kind(connection: Connection, kind: str, last: int) -> list[int]:
    """The positions of a kind's facts, in order."""
    return [position for (position,) in connection.execute(_OF_KIND, (kind, last))]


def places_of_kinds(connection: Connection, kinds: Sequence[str], last: int) -> list[tuple[str, int]]:
    """Stream and position of these kinds' facts."""
    return connection.execute(_OF_KINDS, (list(kinds), last)).fetchall()


def places_of_kind_in(
    connection: Connection, kind: str, streams: Sequence[str], last: int
) -> list[tuple[str, int]]:
    """Stream and position of a kind's facts in these streams."""
    return connection.execute(_OF_KIND_IN, (kind, list(streams), last)).fetchall()


def is_of_kind(connection: Connection, position: int, kind: str) -> bool:
    """Whether the fact at a position is of this kind."""
    return connection.execute(_THERE, (position, kind)).fetchone() is not None


def first_stream_with(connection: Connection, kind: str) -> str | None:
    """The stream of the first fact of a kind; None where there is none."""
    row = connection.execute(_FIRST, (kind,)).fetchone()
    return None if row is None else str(row[0])


def count_of_kind(connection: Connection, kind: str) -> int:
    """How many facts are of this kind."""
    row: Any = connection.execute(_COUNT, (kind,)).fetchone()
    return int(row[0])


def streams_speaking_of(connection: Connection, text: str, but: Sequence[str] = ()) -> tuple[str, ...]:
    """The streams whose facts or envelopes hold this text, but for these; in order."""
    return tuple(stream for (stream,) in connection.execute(_SPEAKING, (text, list(but))))


def age_of_fact(connection: Connection, position: int) -> timedelta:
    """For how long the fact at a position has stood in the log, by the database's clock; no time where there is none."""
    row = connection.execute(_WAITED, (position,)).fetchone()
    return timedelta() if row is None else row[0]


def clock_is_set(connection: Connection) -> bool:
    """Whether the store's clock is not the database's, as in a simulated one."""
    row: Any = connection.execute(_CLOCK_SET).fetchone()
    return bool(row[0])
