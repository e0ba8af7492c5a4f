"""Appending through the database's one function, and what to do when the reply does not come."""

from __future__ import annotations

import json
import struct
import time
import uuid
from collections.abc import Sequence
from datetime import date

import msgspec
import psycopg

from domain.errors import OutcomeUnknown, Refusal, ServerUnreachable
from store.arrays import OIDS, Blobs, Identities, Integers, Texts, packed
from store.connecting import said
from store.connections import Connections
from store.errors import (
    BatchTooLarge,
    CommandIdReused,
    CommandsInterleaved,
    ReadingsKept,
    ReadingsMiscounted,
    StoreFault,
    StreamConflict,
    TwoTimes,
    UnreadableFact,
    Unstorable,
)
from store.mapper import encode_readable
from store.prepared import Statement, integer, moment
from store.recorded import Appended, Batch, CommandPart, NewText

MOST_BYTES = 64 * 1024 * 1024
_UUID, _BYTEA = 2950, 17
_COMMAND = (_UUID, _BYTEA)
_FACTS = tuple(OIDS[kind] for kind in (Texts, Integers, Texts, Blobs))
_BESIDE = tuple(OIDS[kind] for kind in (Identities, Blobs, Texts, Texts, Integers))
_REMOVED = (OIDS[Identities],) * 2
_DATE, _BIGINT = 1082, 20


def _statement(function: str, types: tuple[int, ...]) -> Statement:
    parameters = ", ".join(f"${number}" for number in range(1, len(types) + 1))
    columns = "first_position, last_position, at_recorded, at_known, repeated"
    return Statement(f"SELECT {columns} FROM donghaeng.{function}({parameters})", types)  # noqa: S608


# what is not sent need not be read
_APPEND_FACTS_ONLY = _statement("append", _COMMAND + _FACTS)
_APPEND = _statement("append", _COMMAND + _FACTS + _BESIDE)
_APPEND_MANY = _statement("append_many", (OIDS[Identities], OIDS[Blobs], OIDS[Integers], *_FACTS, *_BESIDE))
_APPEND_AND_REMOVE = _statement("append_and_remove", _COMMAND + _FACTS + _BESIDE + _REMOVED)
_APPEND_AND_PRUNE = _statement("append_and_prune", _COMMAND + _FACTS + _BESIDE + (_DATE, _BIGINT))
_PATIENCE_SECONDS = 10.0
_PAUSE_SECONDS = 0.1
_TAKING_AWAY = {"text.redacted", "subject.erased", "access.pruned"}  # by commands that are given alone


class Record(msgspec.Struct, frozen=True):
    """What the function takes: a command's facts as they are stored, side by side, and what goes with them.

    `pruned`: before which day readings are taken out, and how many that are.
    """

    command_id: str
    digest: bytes
    streams: Sequence[str]
    versions: Sequence[int]
    kinds: Sequence[str]
    states: Sequence[bytes]
    texts: Sequence[NewText] = ()
    unchanged: Sequence[tuple[str, int]] = ()
    commands: Sequence[CommandPart] = ()
    pruned: tuple[date, int] | None = None


def append(connections: Connections, batch: Batch) -> Appended:
    """Append a batch, whole or not at all; as `send`. Raises also Unstorable."""
    try:
        states = [encode_readable(new.envelope, new.fact) for new in batch.facts]
    except (UnicodeError, UnreadableFact) as error:
        raise Unstorable(problem=str(error)) from None
    kinds = [new.fact.kind for new in batch.facts]
    record = Record(
        command_id=batch.command_id,
        digest=batch.digest,
        streams=[new.stream for new in batch.facts],
        versions=[new.version for new in batch.facts],
        kinds=kinds,
        states=states,
        texts=batch.texts,
        unchanged=batch.unchanged,
        commands=batch.commands,
        pruned=_pruned(batch) if "access.pruned" in kinds else None,
    )
    return send(connections, record)


def send(connections: Connections, record: Record) -> Appended:
    """Append in one round trip, whole or not at all.

    When the connection is lost, the same is sent again under the same command id until the store says what came
    of it: the function knows the id, so nothing is appended twice. Raises StreamConflict, CommandIdReused,
    CommandsInterleaved, BatchTooLarge, StoreFault; StoreUnreachable when nothing was sent; OutcomeUnknown when something was and no
    answer came within ten seconds.
    """
    statement, parameters = _request(record)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    sent = False
    while True:
        try:
            connection = connections.take()
        except ServerUnreachable:
            if not sent:
                raise
        else:
            try:
                first, last, recorded_at, known_at, repeated = statement.run(connection, parameters)
                return Appended(
                    integer(first), integer(last), moment(recorded_at), moment(known_at), repeated == b"\x01"
                )
            except psycopg.Error as error:
                named = _named(error, record.command_id)
                # once something was sent, a fault of the server now says nothing about what it did then
                if not connection.closed and (not sent or isinstance(named, Refusal)):
                    raise named from error
                sent = True
            finally:
                connections.give_back(connection)
        if time.monotonic() > deadline:
            raise OutcomeUnknown(command_id=record.command_id) from None
        time.sleep(_PAUSE_SECONDS)


def _request(record: Record) -> tuple[Statement, list[bytes]]:
    """The statement and its parameters. Raises BatchTooLarge, Unstorable."""
    if not record.states:
        raise ValueError("a command without facts is not appended")
    try:
        bodies = [text.body.encode() for text in record.texts]
    except UnicodeError as error:
        raise Unstorable(problem=str(error)) from None
    size = sum(map(len, record.states)) + sum(map(len, bodies))
    if size > MOST_BYTES:
        raise BatchTooLarge(size=size, most=MOST_BYTES)
    assert not record.commands or not _TAKING_AWAY.intersection(record.kinds)
    redacted, erased = _named_by(record, "text.redacted"), _named_by(record, "subject.erased")
    try:
        facts = [
            packed(Texts(record.streams)),
            packed(Integers(record.versions)),
            packed(Texts(record.kinds)),
            packed(Blobs(record.states)),
        ]
        if record.commands:
            given = [
                packed(Identities(uuid.UUID(one.command_id).bytes for one in record.commands)),
                packed(Blobs(one.digest for one in record.commands)),
                packed(Integers(one.facts for one in record.commands)),
            ]
        else:
            given = [uuid.UUID(record.command_id).bytes, record.digest]
            if not (record.texts or record.unchanged or redacted or erased or record.pruned):
                return _APPEND_FACTS_ONLY, [*given, *facts]
        beside = [
            packed(Identities(bytes.fromhex(text.id) for text in record.texts)),
            packed(Blobs(text.salt for text in record.texts)),
            packed(Texts(text.body for text in record.texts)),
            packed(Texts(stream for stream, _ in record.unchanged)),
            packed(Integers(version for _, version in record.unchanged)),
        ]
    except UnicodeError as error:
        raise Unstorable(problem=str(error)) from None
    if record.commands:
        return _APPEND_MANY, [*given, *facts, *beside]
    if record.pruned is not None:
        before, count = record.pruned
        return _APPEND_AND_PRUNE, [*given, *facts, *beside, _days(before), _integer(count)]
    if not (redacted or erased):
        return _APPEND, [*given, *facts, *beside]
    removed = [packed(Identities(redacted)), packed(Identities(erased))]
    return _APPEND_AND_REMOVE, [*given, *facts, *beside, *removed]


def _pruned(batch: Batch) -> tuple[date, int]:
    (fact,) = (new.fact for new in batch.facts)
    return fact.before, fact.count


def _days(day: date) -> bytes:
    """A date as PostgreSQL has it in binary."""
    return struct.pack(">i", (day - date(2000, 1, 1)).days)


def _integer(number: int) -> bytes:
    return struct.pack(">q", number)


def _named_by(record: Record, kind: str) -> list[bytes]:
    """The ids in the streams of facts of this kind: with the fact goes what it says is gone."""
    return [
        bytes.fromhex(stream.partition("/")[2])
        for stream, one in zip(record.streams, record.kinds, strict=True)
        if one == kind
    ]


def _named(error: psycopg.Error, command_id: str) -> Exception:
    """The function's own errors by name; anything else of the server's as a fault, nothing having been written."""
    if error.sqlstate == "DH001":
        return StreamConflict(**json.loads(error.diag.message_detail or "{}"))
    if error.sqlstate == "DH010":
        return TwoTimes(**json.loads(error.diag.message_detail or "{}"))
    if error.sqlstate == "DH008":
        return ReadingsKept()
    if error.sqlstate == "DH009":
        return ReadingsMiscounted()
    if error.sqlstate == "DH007":
        return CommandsInterleaved()
    if error.sqlstate == "DH002":
        return CommandIdReused(command_id=command_id)
    if isinstance(error, psycopg.DataError):
        return Unstorable(problem=said(error))
    return StoreFault(problem=said(error))
