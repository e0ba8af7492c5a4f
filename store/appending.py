"""Appending through the database's one function, and what to do when the reply does not come."""

from __future__ import annotations

import json
import struct
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import Any, Literal

import psycopg
from eventsourcing.persistence import StoredEvent

from domain.errors import OutcomeUnknown, Refusal, ServerUnreachable
from store.arrays import OIDS, Blobs, Identities, Integers, Texts, encode_array
from store.connecting import Connection, fault, server_message
from store.connections import Connections
from store.errors import (
    BatchTooLarge,
    CommandIdReused,
    CommandsInterleaved,
    GapTooLarge,
    ReadingsKept,
    ReadingsMiscounted,
    RemovalHeld,
    RemovalNotNamed,
    StoreBusy,
    StreamConflict,
    TwoTimes,
    Unstorable,
)
from store.flushing import FLUSH
from store.halting import went_back
from store.holders import Holder, describe_holders, holders
from store.mapper import decode
from store.prepared import Statement, Unfinished, integer, moment
from store.recorded import Appended, Batch, CommandPart
from store.waits import COMMAND_SECONDS, seconds_left

MOST_BYTES = 64 * 1024 * 1024
_UUID, _BYTEA = 2950, 17
_COMMAND = (_UUID, _BYTEA)
_FACTS = tuple(OIDS[kind] for kind in (Texts, Integers, Texts, Blobs))
_BESIDE = tuple(OIDS[kind] for kind in (Identities, Blobs, Texts, Texts, Integers))
_REMOVED = (OIDS[Identities],) * 2
_FILES = tuple(OIDS[kind] for kind in (Identities, Integers, Blobs))
_DATE, _BIGINT, _BOOL = 1082, 20, 16
_WAITS, _LATE = b"\x01", b"\x00"


def _statement(function: str, types: tuple[int, ...]) -> Statement:
    """The function's parameters, and whether its commit waits for the disk as it is."""
    *parameters, waits = [f"${number}" for number in range(1, len(types) + 2)]
    columns = (
        "first_position, last_position, at_recorded, at_known, repeated, "
        "current_setting('synchronous_standby_names') = ''"
    )
    called = f"donghaeng.{function}({', '.join(parameters)})"
    late = f"{waits} OR set_config('synchronous_commit', 'off', true) IS NOT NULL"
    return Statement(f"SELECT {columns} FROM {called} WHERE {late}", (*types, _BOOL))  # noqa: S608


# what is not sent need not be read
_APPEND_FACTS_ONLY = _statement("append", _COMMAND + _FACTS)
_APPEND = _statement("append", _COMMAND + _FACTS + _BESIDE)
_APPEND_EPOCH = _statement("append_epoch", _COMMAND + _FACTS + _BESIDE)
_COMMANDS = tuple(OIDS[kind] for kind in (Identities, Blobs, Integers))
_APPEND_MANY = _statement("append_many", _COMMANDS + _FACTS + _BESIDE)
_APPEND_WITH_FILES = _statement("append_with_files", _COMMANDS + _FACTS + _BESIDE + _FILES)
_APPEND_AND_REMOVE = _statement("append_and_remove", _COMMAND + _FACTS + _BESIDE + _REMOVED)
_APPEND_AND_PRUNE = _statement("append_and_prune", _COMMAND + _FACTS + _BESIDE + (_DATE, _BIGINT))
_APPEND_AND_SAY_GAP = _statement("append_and_say_gap", _COMMAND + _FACTS + _BESIDE + (_BIGINT, _BIGINT))
_PATIENCE_SECONDS = COMMAND_SECONDS
_PAUSE_SECONDS = 0.1
_DECISION = "store.epoch_begun"
# by commands that are given alone
_TAKING_AWAY = {"text.redacted", "subject.erased", "access.pruned", "access.gap_acknowledged"}
_SPECIAL = _TAKING_AWAY | {_DECISION}  # what is not appended by the usual function


def send(connections: Connections, events: Sequence[StoredEvent], batch: Batch) -> Appended:
    """Append a batch in one round trip, whole or not at all; on the disk when this returns. `events`: its facts as stored.

    When the connection is lost, the same is sent again under the same command id until the store says what came
    of it: the function knows the id, so nothing is appended twice. Where it waited in vain for somebody who does
    nothing, that session is ended and it is tried once more. Raises StreamConflict, CommandIdReused,
    CommandsInterleaved, BatchTooLarge, RemovalNotNamed, RemovalHeld, StoreWentBack, StoreFault, StoreBusy;
    StoreUnreachable when nothing was sent; OutcomeUnknown when something was and no answer came in the time that a command has.
    """
    request = _request(events, batch)
    deadline = time.monotonic() + seconds_left(_PATIENCE_SECONDS)
    sent = ended = False
    while True:
        try:
            connection = _take_checked(connections)
        except ServerUnreachable:
            if not sent:
                raise
        else:
            done = _try(connections, connection, request, batch.command_id, sent=sent, ended=ended)
            if isinstance(done, Appended):
                return done
            sent, ended = sent or done == "no answer", ended or done == "freed"
        if time.monotonic() > deadline:
            raise OutcomeUnknown(command_id=batch.command_id) from None
        time.sleep(_PAUSE_SECONDS)


def _try(
    connections: Connections,
    connection: Connection,
    request: tuple[Statement, list[bytes]],
    command_id: str,
    *,
    sent: bool,
    ended: bool,
) -> Appended | Literal["no answer", "freed"]:
    """Send it once. "no answer": nobody knows yet what came of it; "freed": who was waited for is gone.

    `sent`: whether it was sent before; `ended`: whether somebody's session was ended for it.
    """
    try:
        done = _append(connection, *request)
    except Unfinished:  # it stands, but nobody knows yet whether it stays
        return "no answer"
    except psycopg.Error as error:
        if error.sqlstate == "DH016":  # somebody else sent the same command, which is known by now
            return "no answer"
        named = _error_for(error, command_id, closed=bool(connection.closed))
        # once something was sent, a fault of the server now says nothing about what it did then
        if connection.closed or (sent and not isinstance(named, Refusal)):
            return "no answer"
        if ended or not isinstance(named, StoreBusy):
            raise named from error
        _free(connection, named)
        return "freed"
    else:
        connections.appended = max(connections.appended, done.last_position)
        connection.flushed = max(connection.flushed, done.last_position)
        return done
    finally:
        connections.give_back(connection)


def _append(connection: Connection, statement: Statement, parameters: list[bytes]) -> Appended:
    """Run the function; what it did is on the disk when this returns.

    Its commit holds the log's lock, and so does not wait for the disk: what is sent after it does. Where nobody seems to
    wait for the lock it waits itself, which is one message in place of four. Raises psycopg's errors, Unfinished.
    """
    if alone := connection.alone:
        connection.alone = False  # should it fail, others may come meanwhile
        row = statement.run(connection, [*parameters, _WAITS])
    else:
        row = statement.run_before(FLUSH, connection, [*parameters, _LATE])
    first, last, recorded_at, known_at, repeated, without_standby = row
    done = Appended(integer(first), integer(last), moment(recorded_at), moment(known_at), repeated == b"\x01")
    if alone and done.repeated:  # it wrote nothing, and so waited for nothing
        return _append(connection, statement, parameters)
    contiguous = done.first_position == connection.appended + 1 and not done.repeated
    connection.alone = contiguous and without_standby == b"\x01"
    connection.appended = done.last_position
    return done


def _take_checked(connections: Connections) -> Connection:
    """One behind which the store was looked at: after a failover it may have lost its last facts."""
    connection = connections.take()
    while connections.unchecked:
        connections.give_back(connection)
        connections.run_check()
        connection = connections.take()
    return connection


def _free(connection: Connection, busy: StoreBusy) -> None:
    """End who held what we waited for and does nothing. Raises StoreBusy with who holds it, where nobody was ended."""
    found: list[Holder] = []
    with suppress(psycopg.Error):
        found = holders(connection, end=True)
    if not any(one.ended for one in found):
        raise StoreBusy(problem=busy.details["problem"], holders=describe_holders(found)) from None


def _request(events: Sequence[StoredEvent], batch: Batch) -> tuple[Statement, list[bytes]]:
    """The statement and its parameters. Raises BatchTooLarge, Unstorable."""
    if not events:
        raise ValueError("a command without facts is not appended")
    states, kinds = [event.state for event in events], [event.topic for event in events]
    several = batch.commands or any(text.pieces for text in batch.texts)
    assert not several or not _TAKING_AWAY.intersection(kinds)
    statement, own = _function(events, kinds, batch)
    try:
        size = sum(map(len, states)) + sum(
            len(text.body.encode()) + sum(map(len, text.pieces)) for text in batch.texts
        )
        if size > MOST_BYTES:
            raise BatchTooLarge(size=size, most=MOST_BYTES)
        facts = [
            encode_array(Texts(str(event.originator_id) for event in events)),
            encode_array(Integers(event.originator_version for event in events)),
            encode_array(Texts(kinds)),
            encode_array(Blobs(states)),
        ]
        given = _commands_of(batch, statement)
        if statement is _APPEND and not (batch.texts or batch.unchanged):
            return _APPEND_FACTS_ONLY, [*given, *facts]
        return statement, [*given, *facts, *_beside(batch), *own]
    except UnicodeError as error:
        raise Unstorable(problem=str(error)) from None


def _commands_of(batch: Batch, statement: Statement) -> list[bytes]:
    """The command, or the commands, that it is of; where there may be several, as lists."""
    if statement not in (_APPEND_MANY, _APPEND_WITH_FILES):
        return [uuid.UUID(batch.command_id).bytes, batch.digest]
    commands = batch.commands or (CommandPart(batch.command_id, batch.digest, len(batch.facts)),)
    return [
        encode_array(Identities(uuid.UUID(one.command_id).bytes for one in commands)),
        encode_array(Blobs(one.digest for one in commands)),
        encode_array(Integers(one.facts for one in commands)),
    ]


def _beside(batch: Batch) -> list[bytes]:
    """The texts beside the log, and the streams that have to be as they were read."""
    return [
        encode_array(Identities(bytes.fromhex(text.id) for text in batch.texts)),
        encode_array(Blobs(text.salt for text in batch.texts)),
        encode_array(Texts(text.body for text in batch.texts)),
        encode_array(Texts(stream for stream, _ in batch.unchanged)),
        encode_array(Integers(version for _, version in batch.unchanged)),
    ]


def _function(
    events: Sequence[StoredEvent], kinds: Sequence[str], batch: Batch
) -> tuple[Statement, list[bytes]]:
    """By which function it is appended, and the parameters that this one alone takes, by what the facts say."""
    if any(text.pieces for text in batch.texts):
        return _APPEND_WITH_FILES, _files_of(batch)
    if batch.commands:
        return _APPEND_MANY, []
    special = _SPECIAL.intersection(kinds)
    if not special:
        return _APPEND, []
    if "access.pruned" in special:
        pruned = _only(events)
        return _APPEND_AND_PRUNE, [_days(pruned.before), _integer(pruned.count)]
    if "access.gap_acknowledged" in special:
        gap = _only(events)
        return _APPEND_AND_SAY_GAP, [_integer(gap.first), _integer(gap.last)]
    if _DECISION in special:
        return _APPEND_EPOCH, []
    redacted, erased = _ids_of_kind(events, "text.redacted"), _ids_of_kind(events, "subject.erased")
    return _APPEND_AND_REMOVE, [encode_array(Identities(redacted)), encode_array(Identities(erased))]


def _files_of(batch: Batch) -> list[bytes]:
    """The pieces of files, each with the text that says their digest and its number, from 1."""
    placed = [
        (bytes.fromhex(text.id), number, piece)
        for text in batch.texts
        for number, piece in enumerate(text.pieces, start=1)
    ]
    return [
        encode_array(Identities(one for one, _, _ in placed)),
        encode_array(Integers(number for _, number, _ in placed)),
        encode_array(Blobs(piece for _, _, piece in placed)),
    ]


def _only(events: Sequence[StoredEvent]) -> Any:
    """The one fact that there is."""
    (event,) = events
    return decode(event.topic, event.state)[1]


def _days(day: date) -> bytes:
    """A date as PostgreSQL has it in binary."""
    return struct.pack(">i", (day - date(2000, 1, 1)).days)


def _integer(number: int) -> bytes:
    return struct.pack(">q", number)


def _ids_of_kind(events: Sequence[StoredEvent], kind: str) -> list[bytes]:
    """The ids in the streams of facts of this kind: with the fact goes what it says is gone."""
    return [
        bytes.fromhex(str(event.originator_id).partition("/")[2]) for event in events if event.topic == kind
    ]


def _error_for(error: psycopg.Error, command_id: str, *, closed: bool) -> Exception:
    """The function's own errors by name; anything else of the server's as a fault, nothing having been written."""
    if error.sqlstate == "DH001":
        return StreamConflict(**json.loads(error.diag.message_detail or "{}"))
    if error.sqlstate == "DH021":
        return went_back(error.diag.message_detail or "")
    if error.sqlstate == "DH010":
        return TwoTimes(**json.loads(error.diag.message_detail or "{}"))
    if error.sqlstate == "DH008":
        return ReadingsKept()
    if error.sqlstate == "DH009":
        return ReadingsMiscounted()
    if error.sqlstate == "DH011":
        return GapTooLarge()
    if error.sqlstate == "DH013":
        return RemovalNotNamed(kind=error.diag.message_detail)
    if error.sqlstate == "DH014":
        return RemovalHeld(stream=error.diag.message_detail)
    if error.sqlstate == "DH007":
        return CommandsInterleaved()
    if error.sqlstate == "DH002":
        return CommandIdReused(command_id=command_id)
    if isinstance(error, psycopg.DataError):
        return Unstorable(problem=server_message(error))
    return fault(error, closed=closed)
