"""Appending through the database's one function, and what to do when the reply does not come."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

import psycopg
from pydantic_core import PydanticSerializationError

from domain.errors import OutcomeUnknown
from store.arrays import Blobs, Identities, Integers, Texts
from store.connections import Connections
from store.errors import (
    BatchTooLarge,
    CommandIdReused,
    StoreFault,
    StoreUnreachable,
    StreamConflict,
    Unstorable,
)
from store.mapper import encode
from store.recorded import Appended, Batch

MOST_BYTES = 64 * 1024 * 1024
_APPEND = (
    "SELECT first_position, last_position, at_recorded, at_known, repeated FROM donghaeng.append("
    "%b, %b, %b, %b, %b, %b, %b, %b, %b, %b, %b)"
)
_PATIENCE_SECONDS = 10.0
_PAUSE_SECONDS = 0.1


def append(connections: Connections, batch: Batch) -> Appended:
    """Append a batch in one round trip, whole or not at all.

    When the connection is lost, the same is sent again under the same command id until the store says what came
    of it: the function knows the id, so nothing is appended twice. Raises StreamConflict, CommandIdReused,
    BatchTooLarge, Unstorable, StoreFault; StoreUnreachable when nothing was sent; OutcomeUnknown when something
    was and no answer came within ten seconds.
    """
    parameters = _parameters(batch)
    deadline = time.monotonic() + _PATIENCE_SECONDS
    sent = False
    while True:
        try:
            connection = connections.take()
        except StoreUnreachable:
            if not sent:
                raise
        else:
            try:
                row: Any = connection.execute(_APPEND, parameters, prepare=True, binary=True).fetchone()
                return Appended(*row)
            except psycopg.Error as error:
                if not connection.closed:
                    raise _named(error, batch) from error
                sent = True
            finally:
                connections.give_back(connection)
        if time.monotonic() > deadline:
            raise OutcomeUnknown(command_id=batch.command_id) from None
        time.sleep(_PAUSE_SECONDS)


def _parameters(batch: Batch) -> tuple[Any, ...]:
    if not batch.facts:
        raise ValueError("a command without facts is not appended")
    try:
        states = Blobs(encode(new.envelope, new.fact) for new in batch.facts)
        size = sum(map(len, states)) + sum(len(text.body.encode()) for text in batch.texts)
    except (UnicodeError, PydanticSerializationError) as error:
        raise Unstorable(problem=str(error)) from None
    if size > MOST_BYTES:
        raise BatchTooLarge(size=size, most=MOST_BYTES)
    return (
        uuid.UUID(batch.command_id),
        batch.digest,
        Texts(new.stream for new in batch.facts),
        Integers(new.version for new in batch.facts),
        Texts(new.fact.kind for new in batch.facts),
        states,
        Identities(bytes.fromhex(text.id) for text in batch.texts),
        Blobs(text.salt for text in batch.texts),
        Texts(text.body for text in batch.texts),
        Texts(stream for stream, _ in batch.unchanged),
        Integers(version for _, version in batch.unchanged),
    )


def _named(error: psycopg.Error, batch: Batch) -> Exception:
    """The function's own errors by name; anything else of the server's as a fault, nothing having been written."""
    if error.sqlstate == "DH001":
        return StreamConflict(**json.loads(error.diag.message_detail or "{}"))
    if error.sqlstate == "DH002":
        return CommandIdReused(command_id=batch.command_id)
    if isinstance(error, psycopg.DataError):
        return Unstorable(problem=" ".join(str(error).split()))
    return StoreFault(problem=" ".join(str(error).split()))
