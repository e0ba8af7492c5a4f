"""A pack's events once they are proven."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from trail.leaves import Leaf


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

    def as_document(self) -> dict[str, Any]:
        """What it is and when, as one JSON document; in words it is put by who knows the facts."""
        leaf = self.leaf
        return {
            "position": leaf.position,
            "known_at": self.known_at.isoformat(),
            "recorded_at": self.recorded_at.isoformat(),
            "stream": leaf.stream,
            "version": leaf.version,
            "kind": leaf.kind,
        }
