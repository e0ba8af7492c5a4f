"""The log as JSON lines, out and in. A line keeps the stored bytes, so that hashes over them stay the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Annotated, Any

import msgspec
import psycopg

from store.connecting import Connection, milliseconds, without_time_limit
from store.errors import NotImportable
from store.mapper import Decode, decode
from store.waits import READING
from trail.json_bytes import BROKEN
from trail.stored import POSITION, StoredFact

_COPY = (
    "COPY donghaeng.incoming (position, stream, version, kind, state, recorded_at, known_at) "
    "FROM STDIN (FORMAT BINARY)"
)


_Number = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
_Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One fact as exported; `state` is the stored bytes, which are UTF-8."""

    position: _Number
    stream: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]  # longer ones no index holds
    version: _Number
    kind: str
    recorded_at: _Instant
    known_at: _Instant
    state: str


_decoder = msgspec.json.Decoder(Line)
_encoder = msgspec.json.Encoder()


def export_facts(rows: Iterable[StoredFact]) -> Iterator[bytes]:
    """Rows of `Store.rows_after` as lines, without the newline."""
    for position, stream, version, kind, recorded_at, known_at, state in rows:
        yield _encoder.encode(Line(position, stream, version, kind, recorded_at, known_at, state.decode()))


def import_facts(
    connection: Connection,
    lines: Iterable[bytes],
    decode: Decode = decode,
    told: Callable[[Any], object] = lambda row: None,
) -> int:
    """Take lines over into the log by COPY, then at once under the append lock; the number of facts taken.

    Each line is decoded and validated once, its bytes are kept. The lines must continue the log: positions and
    versions without a hole, times not decreasing, none in the future, and a real store's known when recorded.
    Texts and command ids do not come along. Two imports wait for each other. `told(row)`: each as `Store.rows_after` gives
    it. Raises NotImportable, and what `lines` and `told` raise; then nothing was written.
    """
    with connection.transaction(), without_time_limit(connection), connection.cursor() as cursor:
        # what somebody else put down there was not validated, and must not come along
        cursor.execute("LOCK TABLE donghaeng.incoming IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM donghaeng.incoming")
        with cursor.copy(_COPY) as copy:
            copy.set_types(["int8", "text", "int8", "text", "bytea", "timestamptz", "timestamptz"])
            for fields in _rows(lines, decode):
                told(fields)
                position, stream, version, kind, recorded_at, known_at, state = fields
                copy.write_row((position, stream, version, kind, state, recorded_at, known_at))
        # from here on it holds up everybody
        held = f"SET LOCAL idle_in_transaction_session_timeout = {milliseconds(READING.holder)}"
        cursor.execute(held.encode())
        try:
            row: Any = cursor.execute("SELECT donghaeng.take_incoming()").fetchone()
        except psycopg.Error as error:
            if error.sqlstate == "DH003":
                raise NotImportable(**json.loads(error.diag.message_detail or "{}")) from None
            raise
        return int(row[0])


def _rows(lines: Iterable[bytes], decode: Decode) -> Iterator[StoredFact]:
    first = 0
    for number, line in enumerate(lines, start=1):
        row = _row(number, line, decode)
        first = first or row[POSITION]
        if row[POSITION] != first + number - 1:
            raise NotImportable(line=number, problem=f"position {row[POSITION]} after {first + number - 2}")
        yield row


def _row(number: int, line: bytes, decode: Decode) -> StoredFact:
    try:
        found = _decoder.decode(line)
    except BROKEN as error:
        raise NotImportable(line=number, problem=str(error)) from None
    if "\x00" in found.stream:
        raise NotImportable(line=number, problem="NUL in the stream's name")
    if not all(1900 <= one.year <= 9998 for one in (found.recorded_at, found.known_at)):
        # in another zone it could be a year that no date can hold, and nothing after it could be read
        raise NotImportable(line=number, problem="a moment before 1900 or after 9998")
    state = found.state.encode()
    try:
        decode(found.kind, state)
    except Exception as error:
        raise NotImportable(line=number, problem=str(error)) from None
    return (
        found.position,
        found.stream,
        found.version,
        found.kind,
        found.recorded_at,
        found.known_at,
        state,
    )
