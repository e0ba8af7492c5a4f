"""A leaf: what the trail says of one fact, as RFC 8785 JSON over the stored bytes. Released: it never changes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

import msgspec

_encode = msgspec.json.Encoder().encode
_WITH_MICROSECONDS = len('"2024-03-07T05:07:00.000000Z"')


def leaf_of(row: Any) -> bytes:
    """The leaf of a fact as it is stored: position, stream, version, kind, recorded_at, known_at, state.

    Its index is the position less one. Keys stand in RFC 8785's order; times are UTC with microseconds.
    """
    position, stream, version, kind, recorded_at, known_at, state = row
    recorded = instant(recorded_at)
    known = recorded if known_at == recorded_at else instant(known_at)
    return (
        f'{{"i":{position - 1},"known_at":"{known}","recorded_at":"{recorded}",'
        f'"state_sha256":"{sha256(state).hexdigest()}","stream":{quote(stream)},"topic":{_quote_kind(kind)},'
        f'"v":1,"ver":{version}}}'
    ).encode()


@lru_cache(maxsize=1024)
def _quote_kind(kind: str) -> str:
    return quote(kind)


def times_in(leaf: bytes) -> tuple[bytes, bytes]:
    """(known, recorded) in a leaf that `leaf_of` has made."""
    at = leaf.index(b'"known_at":"') + 12
    return leaf[at : at + 27], leaf[at + 44 : at + 71]


def instant(at: datetime) -> str:
    """e.g. 2024-03-07T05:07:00.000000Z"""
    if at.tzinfo is not UTC:  # the database's are
        at = at.astimezone(UTC)
    text = _encode(
        at
    ).decode()  # a sixth of what isoformat takes, and leaves no microseconds out but where there are none
    return text[1:-1] if len(text) == _WITH_MICROSECONDS else f"{text[1:20]}.000000Z"


def quote(value: str) -> str:
    """A text in RFC 8785."""
    # RFC 8785 writes a text as ECMAScript does: what must be escaped, in its shortest form, and nothing else
    plain = value.isascii() and value.isprintable() and '"' not in value and "\\" not in value
    return f'"{value}"' if plain else json.dumps(value, ensure_ascii=False)
