"""What can happen to the store as a whole. The kinds and fields are stored for ever."""

from __future__ import annotations

from domain.fact import Fact


class EpochBegun(Fact, frozen=True):
    """A person said that a restored store goes on. `after`: its last position, as that person saw it."""

    kind = "store.epoch_begun"
    number: int
    after: int


EpochFact = EpochBegun
