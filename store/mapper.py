"""Facts to stored bytes and back: the envelope as one line of JSON, a newline, the fact as one line of JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from domain.fact import Fact
from domain.register import REGISTER, Register, upcast
from store.envelope import VERSION, Envelope
from store.errors import NewerFact, UnreadableFact, Unstorable
from store.recorded import NewFact, RecordedFact
from trail.json_bytes import BROKEN

_encoder = msgspec.json.Encoder()
_read_envelope = msgspec.json.Decoder(Envelope).decode


class _Versioned(msgspec.Struct):
    """What every envelope has, whatever a later one has besides."""

    v: int


Decode = Callable[[str, bytes], tuple[Envelope, Fact]]


def encode(envelope: Envelope, fact: Fact) -> bytes:
    """The bytes as they are stored, hashed and kept for ever. Absent fields are left out."""
    return _encoder.encode(envelope) + b"\n" + _encoder.encode(fact)


def decoder(register: Register) -> Decode:
    """What reads stored bytes by a register: the envelope and the validated fact, brought up to the present version.

    It raises UnreadableFact, and NewerFact for a kind or a version that is not in the register.
    """
    readers = {
        kind: (_as_they_are(fact, register), msgspec.json.Decoder(fact).decode)
        for kind, fact in register.facts.items()
    }

    def decode(kind: str, state: bytes) -> tuple[Envelope, Fact]:
        head, _, body = state.partition(b"\n")
        try:
            envelope = _read_envelope(head)
            versions, validate = readers[kind]
            if envelope.schema in versions:
                return envelope, validate(body)
        except (*BROKEN, KeyError):
            pass
        return _decode_with_care(register, kind, state)

    return decode


def _as_they_are(fact: type[Fact], register: Register) -> range:
    """The versions that the present class reads by itself: since the last one that has to be brought up."""
    stepped = [version for kind, version in register.upcasters if kind == fact.kind]
    return range(max(stepped, default=0) + 1, fact.schema_version + 1)


decode = decoder(REGISTER)


def _decode_with_care(register: Register, kind: str, state: bytes) -> tuple[Envelope, Fact]:
    """The same for what is not of the present version, or not a fact at all: upcasts, or says what is wrong."""
    head, _, body = state.partition(b"\n")
    try:
        envelope = _read_envelope(head)
    except BROKEN as error:
        if (version := _version_of(head)) > VERSION:
            raise NewerFact(kind=kind, needed=version, known=VERSION) from None
        raise UnreadableFact(kind=kind, problem=f"envelope: {error}") from None
    if envelope.schema < 1:
        raise UnreadableFact(kind=kind, problem=f"schema {envelope.schema}: the first is 1")
    fact_class = register.facts.get(kind)
    if fact_class is None or envelope.schema > fact_class.schema_version:
        known = 0 if fact_class is None else fact_class.schema_version
        raise NewerFact(kind=kind, needed=envelope.schema, known=known)
    try:
        if envelope.schema < fact_class.schema_version:
            fields = upcast(fact_class, envelope.schema, json.loads(body), register.upcasters)
            body = json.dumps(fields, ensure_ascii=False).encode()
        return envelope, msgspec.json.decode(body, type=fact_class)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise UnreadableFact(kind=kind, problem=str(error)) from None
    except Exception as error:  # an upcaster may stumble over anything that is not what it was written for
        raise UnreadableFact(kind=kind, problem=f"{type(error).__name__}: {error}") from None


def _version_of(head: bytes) -> int:
    """The version that an envelope says it has; 0 where it says none."""
    try:
        return msgspec.json.decode(head, type=_Versioned).v
    except BROKEN:
        return 0


def command_of(state: bytes) -> str:
    """The command id in stored bytes, hex."""
    return _read_envelope(state.partition(b"\n")[0]).command


class FactMapper(Mapper[str]):
    """Facts to stored events and back, with our bytes: the topic is the fact's kind, never a Python path.

    `register`: the facts that are read, all by this one. No transcoder, compressor or cipher is ever asked.
    """

    def __init__(self, register: Register = REGISTER) -> None:
        super().__init__(JSONTranscoder())
        self.decode = decode if register is REGISTER else decoder(register)

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """The fact as it is stored, read back before it counts: Python checks no types when one is made.

        Raises Unstorable.
        """
        assert isinstance(domain_event, NewFact)
        kind = domain_event.fact.kind
        try:
            state = encode(domain_event.envelope, domain_event.fact)
            self.decode(kind, state)
        except (UnicodeError, UnreadableFact) as error:
            raise Unstorable(problem=str(error)) from None
        return StoredEvent(domain_event.stream, domain_event.version, kind, state)

    def to_domain_event(self, stored_event: StoredEvent) -> NewFact:
        """A stored event as it was given. Raises UnreadableFact, NewerFact."""
        envelope, fact = self.decode(stored_event.topic, stored_event.state)
        return NewFact(str(stored_event.originator_id), stored_event.originator_version, envelope, fact)

    def to_recorded(self, row: Any) -> RecordedFact[Any]:
        """A row of the recorder with its place and times. Raises UnreadableFact, NewerFact."""
        position, stream, version, kind, recorded_at, known_at, state = row
        envelope, fact = self.decode(kind, state)
        return RecordedFact(position, stream, version, kind, recorded_at, known_at, envelope, fact)
