"""Appending through the database's one function, and what to do when the reply does not come."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Sequence
from typing import Any

import msgspec
import psycopg

from domain.errors import OutcomeUnknown, Refusal, ServerUnreachable
from store.arrays import Blobs, Identities, Integers, Texts
from store.connecting import said
from store.connections import Connections
from store.errors import (
    BatchTooLarge,
    CommandIdReused,
    StoreFault,
    StreamConflict,
    UnreadableFact,
    Unstorable,
)
from store.mapper import encode_readable
from store.recorded import Appended, Batch, NewText

MOST_BYTES = 64 * 1024 * 1024
_OUTCOME = "SELECT first_position, last_position, at_recorded, at_known, repeated FROM donghaeng.append"
_APPEND = _OUTCOME + "(%b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b)"
_APPEND_FACTS_ONLY = _OUTCOME + "(%b, %b, %b, %b, %b, %b)"  # what is not sent need not be read
_APPEND_AND_REMOVE = (
    "SELECT first_position, last_position, at_recorded, at_known, repeated FROM donghaeng.append_and_remove"
    "(%b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b)"
)
_STATEMENTS = {6: _APPEND_FACTS_ONLY, 11: _APPEND, 13: _APPEND_AND_REMOVE}
_PATIENCE_SECONDS = 10.0
_PAUSE_SECONDS = 0.1


class Record(msgspec.Struct, frozen=True):
    """What the function takes: a command's facts as they are stored, side by side, and what goes with them."""

    command_id: str
    digest: bytes
    streams: Sequence[str]
    versions: Sequence[int]
    kinds: Sequence[str]
    states: Sequence[bytes]
    texts: Sequence[NewText] = ()
    unchanged: Sequence[tuple[str, int]] = ()


def append(connections: Connections, batch: Batch) -> Appended:
    """Append a batch, whole or not at all; as `send`. Raises also Unstorable."""
    try:
        states = [encode_readable(new.envelope, new.fact) for new in batch.facts]
    except (UnicodeError, UnreadableFact) as error:
        raise Unstorable(problem=str(error)) from None
    record = Record(
        command_id=batch.command_id,
        digest=batch.digest,
        streams=[new.stream for new in batch.facts],
        versions=[new.version for new in batch.facts],
        kinds=[new.fact.kind for new in batch.facts],
        states=states,
        texts=batch.texts,
        unchanged=batch.unchanged,
    )
    return send(connections, record)


def send(connections: Connections, record: Record) -> Appended:
    """Append in one round trip, whole or not at all.

    When the connection is lost, the same is sent again under the same command id until the store says what came
    of it: the function knows the id, so nothing is appended twice. Raises StreamConflict, CommandIdReused,
    BatchTooLarge, StoreFault; StoreUnreachable when nothing was sent; OutcomeUnknown when something was and no
    answer came within ten seconds.
    """
    parameters = _parameters(record)
    statement = _STATEMENTS[len(parameters)]
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
                row: Any = connection.execute(statement, parameters, prepare=True, binary=True).fetchone()
                return Appended(*row)
            except UnicodeEncodeError as error:  # raised before anything is sent
                raise Unstorable(problem=str(error)) from None
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


def _parameters(record: Record) -> tuple[Any, ...]:
    if not record.states:
        raise ValueError("a command without facts is not appended")
    try:
        bodies = [text.body.encode() for text in record.texts]
    except UnicodeError as error:
        raise Unstorable(problem=str(error)) from None
    size = sum(map(len, record.states)) + sum(map(len, bodies))
    if size > MOST_BYTES:
        raise BatchTooLarge(size=size, most=MOST_BYTES)
    facts = (
        uuid.UUID(record.command_id),
        record.digest,
        Texts(record.streams),
        Integers(record.versions),
        Texts(record.kinds),
        Blobs(record.states),
    )
    redacted, erased = _named_by(record, "text.redacted"), _named_by(record, "subject.erased")
    removed = (Identities(redacted), Identities(erased)) if redacted or erased else ()
    if not record.texts and not record.unchanged and not removed:
        return facts
    return (
        *facts,
        Identities(bytes.fromhex(text.id) for text in record.texts),
        Blobs(text.salt for text in record.texts),
        Texts(text.body for text in record.texts),
        Texts(stream for stream, _ in record.unchanged),
        Integers(version for _, version in record.unchanged),
        *removed,
    )


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
    if error.sqlstate == "DH002":
        return CommandIdReused(command_id=command_id)
    if isinstance(error, psycopg.DataError):
        return Unstorable(problem=said(error))
    return StoreFault(problem=said(error))
