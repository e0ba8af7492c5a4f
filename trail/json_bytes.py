"""JSON bytes that nobody vouches for: whatever reading them may raise, said once."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

# no JSON, or of another form; not UTF-8; nested deeper than the stack
BROKEN = (msgspec.MsgspecError, ValueError, RecursionError)
_Kind = TypeVar("_Kind")


def json_in(path: Path, kind: type[_Kind]) -> _Kind | None:
    """What lies in the file; None where none lies there, or what does cannot be read as that. Raises OSError."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (FileNotFoundError, *BROKEN):
        return None
