"""Facts of no particular task, and batches of them."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from domain.task.facts import ProgressReported
from store.envelope import Actor, Envelope
from store.log import Store
from store.recorded import Appended, Batch, NewFact

OFFICER = Actor(role="officer", agency="gto")


def envelope(command_id: str, **changes: Any) -> Envelope:
    fields: dict[str, Any] = {
        "v": 1,
        "schema": 1,
        "actor": OFFICER,
        "via": "cli",
        "authn": "asserted",
        "command": command_id,
    }
    return Envelope(**fields | changes)


def progress(stream: str, version: int, command_id: str, percent: int = 1) -> NewFact:
    return NewFact(stream, version, envelope(command_id), ProgressReported(percent=percent))


def batch(
    stream: str = "task/2024-07",
    first: int = 1,
    count: int = 1,
    command_id: str | None = None,
    percent: int = 1,
    **more: Any,
) -> Batch:
    """`count` facts of one stream from version `first` on, with a digest over what they say."""
    identity = command_id or uuid.uuid4().hex
    said = hashlib.sha256(f"{stream!a} {first} {count} {percent}".encode()).digest()
    facts = tuple(progress(stream, version, identity, percent) for version in range(first, first + count))
    return Batch(command_id=identity, digest=said, facts=facts, **more)


def put(store: Store, *args: Any, **kwargs: Any) -> Appended:
    """Append a batch made as above."""
    return store.append(batch(*args, **kwargs))


def positions(store: Store) -> list[int]:
    return [row[0] for row in store.rows_after(0, 1_000_000)]
