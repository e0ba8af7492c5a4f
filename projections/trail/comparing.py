"""The live database against the sealed leaves: the first difference, and what kind it is. It is said in words elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

import msgspec

from projections.trail.leaf import instant, leaf_of
from projections.trail.leaves import Leaf, Tick, check_above, parse_leaf
from projections.trail.tiles import WIDTH, Tiles

Rows = Callable[[int, int], Sequence[Any]]  # (after position, at most): rows of Store.rows_after
_AT_A_TIME = 4096
_AHEAD = 2000


class Kind(StrEnum):
    CONTENT = "content"
    TIME = "time"
    MISSING = "missing"
    TRUNCATED = "truncated"
    REMOVED = "removed"
    ADDED = "added"
    MOVED = "moved"
    REPLACED = "replaced"


class Difference(msgspec.Struct, frozen=True):
    """The first position at which the database is not what was sealed. `row`: what it has there; `leaf`: what was sealed.

    `elsewhere`: the position at which the database has what was sealed here.
    """

    kind: Kind
    position: int
    leaf: Leaf
    row: Any = None
    elsewhere: int | None = None


class Seal(msgspec.Struct, frozen=True):
    """A fact about the trail itself, met on the way: its row and its leaf."""

    row: Any
    leaf: Leaf


def compare(
    tiles: Tiles, rows_after: Rows, tick: Tick, sealed: Callable[[Seal], object]
) -> Difference | None:
    """The first difference, None where there is none. Flat memory. `sealed` is called with each fact of the trail itself."""
    leaves = tiles.leaves()
    position = 0
    while position < tiles.size:
        rows = rows_after(position, min(_AT_A_TIME, tiles.size - position))
        for row in rows:
            index, leaf = next(leaves)
            if leaf != leaf_of(row):
                return _difference(tiles, index, parse_leaf(leaf, _where(index)), rows_after)
            if row[3].startswith("trail."):
                sealed(Seal(row, parse_leaf(leaf, _where(index))))
        if not rows:
            index, leaf = next(leaves)
            return Difference(Kind.TRUNCATED, index + 1, parse_leaf(leaf, _where(index)))
        position = rows[-1][0]
        tick(len(rows))
    return None


class Compared(msgspec.Struct, frozen=True):
    """`up_to`: the last position that was compared; `differing`: the positions at which the database is not what was
    sealed; `rows`: what the database has there.
    """

    up_to: int
    differing: tuple[int, ...]
    rows: Sequence[Any]


def compare_some(tiles: Tiles, rows_after: Rows, after: int, most: int) -> Compared:
    """The rows after a position against the sealed hashes, to the end of a tile: a part of the whole.

    Raises NotTrusted where the leaves that are published there, or the tile above, are not what the hashes say.
    """
    end = min(tiles.size, -(-(after + most) // WIDTH) * WIDTH)
    rows = rows_after(after, end - after) if end > after else ()
    leaves = {row[0]: leaf_of(row) for row in rows}
    differing = []
    for index, sealed in tiles.leaves(after, end):
        if index % WIDTH == 0 and index + WIDTH <= tiles.size:
            check_above(tiles, 0, index // WIDTH)
        if leaves.get(index + 1) != sealed:
            differing.append(index + 1)
    return Compared(end, tuple(differing), rows)


def difference_at(tiles: Tiles, rows_after: Rows, position: int) -> Difference:
    """What is different there. Raises NotTrusted."""
    _, leaf = next(tiles.leaves(position - 1, position))
    found = _difference(tiles, position - 1, parse_leaf(leaf, _where(position - 1)), rows_after)
    if found.kind is Kind.MISSING and not rows_after(position - 1, 1):
        return Difference(Kind.TRUNCATED, position, found.leaf)
    return found


def _difference(tiles: Tiles, index: int, leaf: Leaf, rows_after: Rows) -> Difference:
    """What was done there, told from what stands round it."""
    position = index + 1
    found = rows_after(index, _AHEAD)
    row = found[0] if found and found[0][0] == position else None
    if row is None:
        return Difference(Kind.MISSING, position, leaf)
    if _key(row) == _key_of(leaf):
        same_place = (row[2], row[3]) == (leaf.version, leaf.kind)
        return Difference(Kind.TIME if same_place else Kind.REPLACED, position, leaf, row)
    elsewhere = next((one[0] for one in found if _key(one) == _key_of(leaf)), None)
    if elsewhere is not None:
        shifted = _shifted(tiles, index, found, elsewhere - position)
        return Difference(Kind.ADDED if shifted else Kind.MOVED, position, leaf, row, elsewhere)
    after = next(_leaves_from(tiles, index + 1), None)
    if after is not None and _key(row) == _key_of(after):
        return Difference(Kind.REMOVED, position, leaf, row)
    same_place = (row[1], row[2], row[3]) == (leaf.stream, leaf.version, leaf.kind)
    return Difference(Kind.CONTENT if same_place else Kind.REPLACED, position, leaf, row)


def _shifted(tiles: Tiles, index: int, found: Sequence[Any], by: int) -> bool:
    """Whether all that was sealed from here on simply comes `by` positions later."""
    later = found[by:]
    return all(
        _key(row) == _key_of(leaf) for row, leaf in zip(later, _leaves_from(tiles, index), strict=False)
    )


def _leaves_from(tiles: Tiles, index: int) -> Iterator[Leaf]:
    return (parse_leaf(leaf, _where(at)) for at, leaf in tiles.leaves(index, index + _AHEAD))


def _key(row: Any) -> tuple[str, str]:
    """By which an event is known again: its stored bytes hold a command id. Positions and versions shift."""
    return row[1], sha256(row[6]).hexdigest()


def _key_of(leaf: Leaf) -> tuple[str, str]:
    return leaf.stream, leaf.state


def times_differ(row: Any, leaf: Leaf) -> tuple[datetime, datetime]:
    """(in the database, as sealed): the first of the two times that differs."""
    recorded = instant(row[4]) != leaf.recorded_at
    has, had = (row[4], leaf.recorded_at) if recorded else (row[5], leaf.known_at)
    return has, datetime.fromisoformat(had)


def _where(index: int) -> str:
    return f"tile/entries (event {index + 1})"
