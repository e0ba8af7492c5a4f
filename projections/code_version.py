"""Which program folded something: one hash over the sources of all that facts go through on their way into rows."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

_TOP = Path(__file__).parents[1]
_ROOMS = ("trail", "domain", "store", "projections")


@cache
def code_version() -> str:
    """16 hex digits; another program has another, be it by a letter."""
    digest = hashlib.sha256()
    for room in _ROOMS:
        for path in sorted((_TOP / room).rglob("*.py")):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(_TOP).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]
