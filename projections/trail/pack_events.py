"""A pack's events once they are proven."""

from __future__ import annotations

from datetime import datetime

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
