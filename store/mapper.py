"""Facts to stored bytes and back: the envelope as one line of JSON, a newline, the fact as one line of JSON."""

from __future__ import annotations

import json
from collections.abc import Callable

import msgspec
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, StoredEvent, Transcoder

from domain.aggregate import Fact
from domain.catalogue import REGISTER, Register, upcast
from store.envelope import VERSION, Envelope
from store.errors import NewerFact, UnreadableFact
from store.json_bytes import BROKEN
from store.recorded import NewFact

_encoder = msgspec.json.Encoder()
_read_envelope = msgspec.json.Decoder(Envelope).decode


class _Versioned(msgspec.Struct):
    """What every envelope has, whatever a later one has besides."""

    v: int


Decode = Callable[[str, bytes], tuple[Envelope, Fact]]


def encode(envelope: Envelope, fact: Fact) -> bytes:
    """The bytes as they are stored, hashed and kept for ever. Absent fields are left out."""
    return _encoder.encode(envelope) + b"\n" + _encoder.encode(fact)


def encode_readable(envelope: Envelope, fact: Fact) -> bytes:
    """The same, read back before it counts, since Python checks no types when a fact is made.

    Raises UnreadableFact, UnicodeError.
    """
    state = encode(envelope, fact)
    decode(fact.kind, state)
    return state


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
        return _decoded_with_care(register, kind, state)

    return decode


def _as_they_are(fact: type[Fact], register: Register) -> range:
    """The versions that the present class reads by itself: since the last one that has to be brought up."""
    stepped = [version for kind, version in register.upcasters if kind == fact.kind]
    return range(max(stepped, default=0) + 1, fact.schema_version + 1)


decode = decoder(REGISTER)


def _decoded_with_care(register: Register, kind: str, state: bytes) -> tuple[Envelope, Fact]:
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
    """eventsourcing's mapper with our bytes: the topic is the fact's kind, never a Python path."""

    def __init__(self, transcoder: Transcoder, decode: Decode) -> None:
        super().__init__(transcoder)
        self._decode = decode

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        assert isinstance(domain_event, NewFact)
        state = encode(domain_event.envelope, domain_event.fact)
        return StoredEvent(domain_event.stream, domain_event.version, domain_event.fact.kind, state)

    def to_domain_event(self, stored_event: StoredEvent) -> NewFact:
        envelope, fact = self._decode(stored_event.topic, stored_event.state)
        return NewFact(str(stored_event.originator_id), stored_event.originator_version, envelope, fact)
