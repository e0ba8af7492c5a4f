"""What is asked of the log and how its rows become recorded facts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

import msgspec

from store.arrays import Identities, Integers, Texts
from store.connecting import Connection
from store.mapper import Decode, decode
from store.recorded import Appended, Recorded

_version = attrgetter("version")

_AFTER = (
    "SELECT position, stream, version, kind, recorded_at, known_at, state FROM donghaeng.facts "
    "WHERE position > %b ORDER BY position LIMIT %b"
)
# the limit within, as above, keeps to the index where a planner without statistics would sort
_OF_SHARD = (
    "SELECT * FROM (SELECT position, stream, version, kind, recorded_at, known_at, state FROM donghaeng.facts "
    "WHERE position > %b ORDER BY position LIMIT %b) AS span "
    "WHERE position <= %b AND (hashtext(stream) & 32767) %% %b = %b ORDER BY position"
)
_AT = (
    "SELECT position, stream, version, kind, recorded_at, known_at, state FROM donghaeng.facts "
    "WHERE position = ANY(%b) ORDER BY position"
)
_STREAMS = (
    "SELECT stream FROM donghaeng.facts WHERE stream > %s AND stream < %s AND version = 1 ORDER BY stream"
)
_HEAD = (
    "SELECT position, recorded_at, known_at, coalesce(clock, greatest(clock_timestamp(), known_at)) "
    "FROM donghaeng.head"
)
_OUTCOME = "SELECT digest, first_position, last_position, recorded_at, known_at FROM donghaeng.commands WHERE id = %b"
_OUTCOMES = (
    "SELECT id, digest, first_position, last_position, recorded_at, known_at FROM donghaeng.commands "
    "WHERE id = ANY(%b)"
)
# One round trip for all that a command needs: the store's clock, the command's earlier outcome, the streams.
# Beside the facts a row of the clock and, if there is one, of the command; they have no stream.
_LOAD = """
    SELECT position, '', 0::bigint, '(clock)', recorded_at,
        coalesce(clock, greatest(clock_timestamp(), known_at)), ''::bytea
    FROM donghaeng.head
    UNION ALL
    SELECT first_position, '', last_position, '(command)', recorded_at, known_at, digest
    FROM donghaeng.commands WHERE id = %b
    UNION ALL
    SELECT position, stream, version, kind, recorded_at, known_at, state
    FROM donghaeng.facts WHERE stream = ANY(%b)"""
_LOAD_ONE = _LOAD.replace("= ANY(%b)", "= %b")  # a plain index scan: a third less time for the usual case


class Head(msgspec.Struct, frozen=True):
    """The end of the log. At position 0 there is nothing yet, and the times of the last fact mean nothing.

    `now`: the store's clock at reading.
    """

    position: int
    recorded_at: datetime
    known_at: datetime
    now: datetime


class Loaded(msgspec.Struct, frozen=True):
    """`now`: the store's clock; `known`: digest and outcome of the command, if it was carried out before."""

    streams: dict[str, list[Recorded[Any]]]
    now: datetime
    known: tuple[bytes, Appended] | None = None


def load(
    connection: Connection, streams: Sequence[str], command_id: str | None, decode: Decode = decode
) -> Loaded:
    """Several streams, the store's clock and a command's earlier outcome, in one round trip."""
    identity = None if command_id is None else uuid.UUID(command_id)
    query, wanted = (_LOAD_ONE, streams[0]) if len(streams) == 1 else (_LOAD, Texts(streams))
    rows = connection.execute(query, (identity, wanted), prepare=True, binary=True).fetchall()
    found: dict[str, list[Recorded[Any]]] = {stream: [] for stream in streams}
    now, known = rows[0][5], None
    for row in rows:
        if row[1]:
            found[row[1]].append(decoded(row, decode))
        elif row[3] == "(clock)":
            now = row[5]
        else:
            first, _, last, _, recorded_at, known_at, digest = row
            known = (digest, Appended(first, last, recorded_at, known_at, repeated=True))
    for facts in found.values():
        facts.sort(key=_version)
    return Loaded(streams=found, now=now, known=known)


def streams(connection: Connection, beginning: str) -> list[str]:
    """The streams whose ids begin so and go on, in order."""
    rows: Any = connection.execute(_STREAMS, (beginning, beginning + "\x7f")).fetchall()
    return [row[0] for row in rows]


def rows_after(connection: Connection, position: int, limit: int) -> list[Any]:
    """At most `limit` rows after a position: position, stream, version, kind, recorded_at, known_at, state."""
    return connection.execute(_AFTER, (position, limit), prepare=True, binary=True).fetchall()


def rows_of_shard(connection: Connection, after: int, last: int, shard: tuple[int, int]) -> list[Any]:
    """The rows after a position up to another, of those streams that fall to this shard: the first of two is (1, 2)."""
    number, of = shard
    given = (after, last - after, last, of, number - 1)
    return connection.execute(_OF_SHARD, given, prepare=True, binary=True).fetchall()


def at(connection: Connection, positions: Sequence[int], decode: Decode = decode) -> list[Recorded[Any]]:
    """The facts at these positions, in log order; what is not there is left out."""
    rows = connection.execute(_AT, (Integers(positions),), binary=True).fetchall()
    return [decoded(row, decode) for row in rows]


def decoded(row: Any, decode: Decode = decode) -> Recorded[Any]:
    """A row of `rows_after` as a recorded fact. Raises UnreadableFact, NewerFact."""
    position, stream, version, kind, recorded_at, known_at, state = row
    envelope, fact = decode(kind, state)
    return Recorded(position, stream, version, kind, recorded_at, known_at, envelope, fact)


def head(connection: Connection) -> Head:
    row: Any = connection.execute(_HEAD, prepare=True, binary=True).fetchone()
    return Head(*row)


def outcome(connection: Connection, command_id: str) -> tuple[bytes, Appended] | None:
    """Digest and outcome of a command that was carried out, else None."""
    row = connection.execute(_OUTCOME, (uuid.UUID(command_id),), prepare=True, binary=True).fetchone()
    if row is None:
        return None
    digest, first, last, recorded_at, known_at = row
    return digest, Appended(first, last, recorded_at, known_at, repeated=True)


def outcomes(connection: Connection, command_ids: Sequence[str]) -> dict[str, tuple[bytes, Appended]]:
    """Digest and outcome by command id, of those that were carried out."""
    wanted = Identities(uuid.UUID(one).bytes for one in command_ids)
    rows: Any = connection.execute(_OUTCOMES, (wanted,), binary=True).fetchall()
    return {
        identity.hex: (digest, Appended(first, last, recorded_at, known_at, repeated=True))
        for identity, digest, first, last, recorded_at, known_at in rows
    }
