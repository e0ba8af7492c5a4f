"""What a view may pass over, as its facts made it."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec.structs import replace

from domain.fact import Fold
from domain.view.facts import FactSkipped, ViewFact


class Skips(msgspec.Struct, frozen=True):
    """`positions`: of the facts that the view may pass over."""

    positions: frozenset[int] = frozenset()


def evolve(skips: Skips, fact: ViewFact, at: datetime, version: int) -> Skips:
    """The skips after the fact. A certificate changes nothing."""
    if not isinstance(fact, FactSkipped):
        return skips
    return replace(skips, positions=skips.positions | {fact.position})


VIEW = Fold.of("view", Skips(), ViewFact, evolve)
