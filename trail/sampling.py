"""Drawing a sample that anyone can draw again with sha256sum and sort: a population of positions, a seed, and ranks by hash."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from heapq import nsmallest

import msgspec


class Drawn(msgspec.Struct, frozen=True, order=True):
    """`rank`: SHA-256 of “SEED:POSITION” in hex."""

    rank: str
    position: int


def rank(seed: str, position: int) -> str:
    return sha256(f"{seed}:{position}".encode()).hexdigest()


def draw(seed: str, population: Iterable[int], count: int) -> list[Drawn]:
    """The `count` of the lowest rank, the lowest first; all of a smaller population."""
    return nsmallest(count, (Drawn(rank(seed, one), one) for one in population))


def lines(positions: Iterable[int]) -> Iterator[bytes]:
    """A population as a file: a position a line, rising. Its SHA-256 is what a population is fixed by."""
    return (b"%d\n" % one for one in positions)
