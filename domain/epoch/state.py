"""The store's epoch as its facts made it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from domain.epoch.facts import EpochFact
from domain.fact import Fold


class Epoch(msgspec.Struct, frozen=True, gc=False):
    """A store is in its first epoch until it is restored and a person lets it go on."""

    number: int = 1


def evolve(epoch: Epoch, fact: EpochFact, at: datetime, version: int) -> Epoch:
    """The epoch after the fact."""
    return Epoch(number=fact.number)


EPOCH = Fold.of("store", Epoch(), EpochFact, evolve)
