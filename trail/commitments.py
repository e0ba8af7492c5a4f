"""To which free texts the stored bytes of a fact commit."""

from __future__ import annotations

from typing import Any

import msgspec

from trail.json_bytes import BROKEN


def references(state: bytes) -> list[tuple[str, str]]:
    """(id, commitment) of each free text that a fact's stored bytes refer to, in its envelope or in its fact."""
    found: list[tuple[str, str]] = []

    def look(value: Any) -> None:
        if isinstance(value, dict):
            if value.keys() == {"id", "commitment"}:
                found.append((str(value["id"]), str(value["commitment"])))
            for item in value.values():
                look(item)
        elif isinstance(value, list):
            for item in value:
                look(item)

    for part in state.split(b"\n", 1):
        try:
            look(msgspec.json.decode(part))
        except BROKEN:
            continue  # what was stored unreadable refers to nothing; whether it is what was sealed others say
    return found
