"""A pack's events once they are proven, and the free texts that they refer to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from projections.trail.leaves import Leaf


class Proven(msgspec.Struct, frozen=True):
    """An event of a pack that leads to its checkpoint. `state`: the stored bytes; `texts`: by id, those that are there."""

    leaf: Leaf
    state: bytes
    texts: dict[str, str]

    @property
    def recorded_at(self) -> datetime:
        return datetime.fromisoformat(self.leaf.recorded_at)

    @property
    def known_at(self) -> datetime:
        return datetime.fromisoformat(self.leaf.known_at)


def references(state: bytes) -> list[tuple[str, str]]:
    """(id, commitment) of each free text that an event refers to, in its envelope or in its fact."""
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

    for line in state.split(b"\n"):
        try:
            look(msgspec.json.decode(line))
        except (msgspec.MsgspecError, RecursionError):
            continue  # what was sealed unreadable is proven all the same
    return found
