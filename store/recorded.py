"""A fact as the log holds it: what happened, in its envelope, at its place and times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar, get_args

import msgspec

from domain.fact import Fact, Fold
from domain.seoul import local_day
from domain.values import TextRef
from store.envelope import Envelope, Text

F = TypeVar("F", bound=Fact)
V = TypeVar("V", bound=msgspec.Struct)


class RecordedFact(msgspec.Struct, Generic[F], frozen=True, gc=False):
    """`position`: 1, 2, 3 … without a hole over the whole store; `version`: 1, 2, 3 … within the stream.

    `recorded_at`: the database's physical clock; `known_at`: the store's clock. Both aware, UTC.
    """

    position: int
    stream: str
    version: int
    kind: str
    recorded_at: datetime
    known_at: datetime
    envelope: Envelope
    fact: Any

    @property
    def effective_at(self) -> datetime:
        """When it was so: the late entry's date, else when it became known."""
        return self.envelope.effective_at or self.known_at


class NewFact(msgspec.Struct, frozen=True):
    """A fact to be appended as `version` of `stream`."""

    stream: str
    version: int
    envelope: Envelope
    fact: Any

    @property
    def originator_id(self) -> str:
        """The stream, as eventsourcing calls it."""
        return self.stream

    @property
    def originator_version(self) -> int:
        return self.version


class NewText(msgspec.Struct, frozen=True):
    """A free text put aside: `commitment` in the fact is SHA-256(salt + body in UTF-8), in hex.

    `pieces`: of a text that says the digest of a file, the file's bytes.
    """

    id: str
    salt: bytes
    body: str
    pieces: tuple[bytes, ...] = ()


class CommandPart(msgspec.Struct, frozen=True):
    """One of several commands appended at once. `facts`: how many of the batch's facts are its own, in their order."""

    command_id: str
    digest: bytes
    facts: int


class Batch(msgspec.Struct, frozen=True):
    """What one command appends, or several at once, whole or not at all.

    `digest`: SHA-256 over the command, so that its id cannot be used for another.
    `unchanged`: streams that were read and must still be at that version (0: still empty).
    `commands`: where there are several; `command_id` is then only for errors to name.
    """

    command_id: str
    digest: bytes
    facts: tuple[NewFact, ...]
    texts: tuple[NewText, ...] = ()
    unchanged: tuple[tuple[str, int], ...] = ()
    commands: tuple[CommandPart, ...] = ()


class Appended(msgspec.Struct, frozen=True):
    """Where the facts stand now. `repeated`: the command id was known, nothing was appended again."""

    first_position: int
    last_position: int
    recorded_at: datetime
    known_at: datetime
    repeated: bool = False


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

    streams: dict[str, list[RecordedFact[Any]]]
    now: datetime
    known: tuple[bytes, Appended] | None = None


def fold_state(fold: Fold, recordeds: Iterable[RecordedFact[Any]]) -> Any:
    """The state of a stream: its facts, oldest first, folded over its initial state."""
    evolve, state = fold.evolve, fold.initial
    for recorded in recordeds:
        at = recorded.envelope.effective_at or recorded.known_at
        state = evolve(state, recorded.fact, at, recorded.version)
    return state


def days_late(recorded: RecordedFact[Any]) -> int | None:
    """By how many days a rule was carried out after the day on which it takes effect; None where it was on the day."""
    envelope = recorded.envelope
    if envelope.effective_at is None or envelope.cause is None or envelope.cause.rule is None:
        return None
    return (local_day(recorded.known_at) - local_day(envelope.effective_at)).days or None


@cache
def _holding(of: type[Any], struct: Any) -> tuple[str, ...]:
    """The fields of a class of facts that may hold such a value, by themselves or within their entries."""
    return tuple(one.name for one in msgspec.structs.fields(struct) if _may_hold(of, one.type))


def _may_hold(of: type[Any], kind: Any) -> bool:
    if kind is of:
        return True
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return any(one.type is not kind and _may_hold(of, one.type) for one in msgspec.structs.fields(kind))
    return any(_may_hold(of, one) for one in get_args(kind))


def find_values(of: type[V], value: Any) -> Iterator[V]:
    """All such values in a fact or a part of one, in the order of its fields."""
    if isinstance(value, of):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from find_values(of, one)
    elif isinstance(value, msgspec.Struct):
        for name in _holding(of, type(value)):
            held = getattr(value, name)
            if isinstance(held, of):  # most are, and need not be asked in the same way once more
                yield held
            elif held is not None:
                yield from find_values(of, held)


def text_ids(recorded: RecordedFact[Any]) -> list[str]:
    """The ids of all free texts that a fact and its envelope refer to."""
    return [ref.id for ref in text_refs(recorded)]


def text_refs(recorded: RecordedFact[Any]) -> list[Text | TextRef]:
    """All free texts that a fact and its envelope refer to, with what each is committed to."""
    envelope = recorded.envelope
    found: list[Text | TextRef] = [] if envelope.reason is None else [envelope.reason]
    if envelope.machine is not None:
        found.append(envelope.machine)
    found += find_values(TextRef, recorded.fact)
    return found
