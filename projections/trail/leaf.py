"""A leaf: what the trail says of one fact, as RFC 8785 JSON over the stored bytes. Released: it never changes."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

_is_plain = re.compile(r"[\x20\x21\x23-\x5b\x5d-\x7e]*").fullmatch


def leaf_of(row: Any) -> bytes:
    """The leaf of a row of `Store.rows_after`: position, stream, version, kind, recorded_at, known_at, state.

    Its index is the position less one. Keys stand in RFC 8785's order; times are UTC with microseconds.
    """
    position, stream, version, kind, recorded_at, known_at, state = row
    recorded = instant(recorded_at)
    known = recorded if known_at == recorded_at else instant(known_at)
    return (
        f'{{"i":{position - 1},"known_at":"{known}","recorded_at":"{recorded}",'
        f'"state_sha256":"{sha256(state).hexdigest()}","stream":{quoted(stream)},"topic":{quoted(kind)},'
        f'"v":1,"ver":{version}}}'
    ).encode()


def instant(at: datetime) -> str:
    """e.g. 2024-03-07T05:07:00.000000Z"""
    return f"{at.astimezone(UTC).isoformat(timespec='microseconds')[:26]}Z"


def quoted(value: str) -> str:
    """A text in RFC 8785."""
    # RFC 8785 writes a text as ECMAScript does: what must be escaped, in its shortest form, and nothing else
    return f'"{value}"' if _is_plain(value) else json.dumps(value, ensure_ascii=False)
