"""The live database against the sealed leaves: the first difference, and what kind it is. It is said in words elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

import msgspec

from trail.leaf import instant, leaf_of
from trail.leaves import Leaf, check_above, parse_leaf
from trail.stored import KIND, KNOWN_AT, POSITION, RECORDED_AT, STATE, STREAM, VERSION
from trail.tiles import WIDTH, Tiles

Rows = Callable[[int, int], Sequence[Any]]  # (after position, at most): rows of Store.rows_after
Facts = Callable[[int], Sequence[Any]]  # the next so many rows; fewer only at the end
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


class LeafDifference(msgspec.Struct, frozen=True):
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


class Comparing:
    """The database's facts beside the sealed leaves, as these pass from the first one on, up to the first difference.

    `facts`: the next so many of the database's; `rows_after`: of the same, to look round a difference; `sealed` is
    called with each fact of the trail itself that is as it was sealed.
    """

    def __init__(
        self, tiles: Tiles, facts: Facts, rows_after: Rows, sealed: Callable[[Seal], object] = lambda _: None
    ) -> None:
        self._tiles, self._facts, self._rows_after, self._sealed = tiles, facts, rows_after, sealed
        self._first: tuple[int, bytes, bool] | None = None
        self._seals: list[Seal] = []

    @property
    def differs(self) -> bool:
        return self._first is not None

    def bundle(self, index: int, leaves: Sequence[bytes]) -> Sequence[Any] | None:
        """The next leaves, the first of which has this index: the rows that make them. None from a difference on, and where
        they make a leaf that has not the form of one.

        What a fact of the trail itself says is looked into once its leaf was found to be that of its hash.
        """
        self._look_into_seals()
        if self.differs:
            return None
        rows = self._facts(len(leaves))
        same = _count_same(rows, leaves)
        for at, row in enumerate(rows[:same]):
            if row[KIND].startswith("trail."):
                self._seals.append(Seal(row, parse_leaf(leaves[at], _where(index + at))))
        if same < len(leaves):
            self._first = index + same, leaves[same], same == len(rows)
            return None
        has_form = all(row[VERSION] >= 1 and row[STREAM] and row[KIND] for row in rows)
        return rows if has_form else None

    def _look_into_seals(self) -> None:
        for seal in self._seals:
            self._sealed(seal)
        self._seals = []

    def difference(self) -> LeafDifference | None:
        """The first one, None where there is none; there are no more leaves. Raises NotTrusted."""
        self._look_into_seals()
        if self._first is None:
            return None
        index, sealed, cut = self._first
        leaf = parse_leaf(sealed, _where(index))
        if cut:
            return LeafDifference(Kind.TRUNCATED, index + 1, leaf)
        return _difference(self._tiles, index, leaf, self._rows_after)


def _count_same(rows: Sequence[Any], leaves: Sequence[bytes]) -> int:
    """How many of the first rows make the first of these leaves."""
    made = list(map(leaf_of, rows))
    if made == leaves:
        return len(made)
    return next(
        (at for at, (one, leaf) in enumerate(zip(made, leaves, strict=False)) if one != leaf), len(made)
    )


def bundles(tiles: Tiles) -> Iterator[tuple[int, list[bytes]]]:
    """The index of the first, and the leaves, bundle by bundle; each leaf is checked against its hash. Raises TileMissing."""
    for first in range(0, tiles.size, WIDTH):
        yield first, [leaf for _, leaf in tiles.leaves(first, first + WIDTH)]


class LeafComparison(msgspec.Struct, frozen=True):
    """`up_to`: the last position that was compared; `differing`: the positions at which the database is not what was
    sealed; `rows`: what the database has there.
    """

    up_to: int
    differing: tuple[int, ...]
    rows: Sequence[Any]


def compare_some(tiles: Tiles, rows_after: Rows, after: int, most: int) -> LeafComparison:
    """The rows after a position against the sealed hashes, to the end of a tile: a part of the whole.

    Raises NotTrusted where the leaves that are published there, or the tile above, are not what the hashes say.
    """
    end = min(tiles.size, -(-(after + most) // WIDTH) * WIDTH)
    rows = rows_after(after, end - after) if end > after else ()
    leaves = {row[POSITION]: leaf_of(row) for row in rows}
    differing = []
    for index, sealed in tiles.leaves(after, end):
        if index % WIDTH == 0 and index + WIDTH <= tiles.size:
            check_above(tiles, 0, index // WIDTH)
        if leaves.get(index + 1) != sealed:
            differing.append(index + 1)
    return LeafComparison(end, tuple(differing), rows)


def difference_at(tiles: Tiles, rows_after: Rows, position: int) -> LeafDifference:
    """What is different there. Raises NotTrusted."""
    _, leaf = next(tiles.leaves(position - 1, position))
    found = _difference(tiles, position - 1, parse_leaf(leaf, _where(position - 1)), rows_after)
    if found.kind is Kind.MISSING and not rows_after(position - 1, 1):
        return LeafDifference(Kind.TRUNCATED, position, found.leaf)
    return found


def _difference(tiles: Tiles, index: int, leaf: Leaf, rows_after: Rows) -> LeafDifference:
    """What was done there, told from what stands round it."""
    position = index + 1
    found = rows_after(index, _AHEAD)
    row = found[0] if found and found[0][POSITION] == position else None
    if row is None:
        return LeafDifference(Kind.MISSING, position, leaf)
    if _key(row) == _key_of(leaf):
        same_place = (row[VERSION], row[KIND]) == (leaf.version, leaf.kind)
        return LeafDifference(Kind.TIME if same_place else Kind.REPLACED, position, leaf, row)
    elsewhere = next((one[POSITION] for one in found if _key(one) == _key_of(leaf)), None)
    if elsewhere is not None:
        shifted = _is_shifted(tiles, index, found, elsewhere - position)
        return LeafDifference(Kind.ADDED if shifted else Kind.MOVED, position, leaf, row, elsewhere)
    after = next(_leaves_from(tiles, index + 1), None)
    if after is not None and _key(row) == _key_of(after):
        return LeafDifference(Kind.REMOVED, position, leaf, row)
    same_place = (row[STREAM], row[VERSION], row[KIND]) == (leaf.stream, leaf.version, leaf.kind)
    return LeafDifference(Kind.CONTENT if same_place else Kind.REPLACED, position, leaf, row)


def _is_shifted(tiles: Tiles, index: int, found: Sequence[Any], by: int) -> bool:
    """Whether all that was sealed from here on simply comes `by` positions later."""
    later = found[by:]
    return all(
        _key(row) == _key_of(leaf) for row, leaf in zip(later, _leaves_from(tiles, index), strict=False)
    )


def _leaves_from(tiles: Tiles, index: int) -> Iterator[Leaf]:
    return (parse_leaf(leaf, _where(at)) for at, leaf in tiles.leaves(index, index + _AHEAD))


def _key(row: Any) -> tuple[str, str]:
    """By which an event is known again: its stored bytes hold a command id. Positions and versions shift."""
    return row[STREAM], sha256(row[STATE]).hexdigest()


def _key_of(leaf: Leaf) -> tuple[str, str]:
    return leaf.stream, leaf.state


def times_differ(row: Any, leaf: Leaf) -> tuple[datetime, datetime]:
    """(in the database, as sealed): the first of the two times that differs."""
    recorded = instant(row[RECORDED_AT]) != leaf.recorded_at
    has, had = (row[RECORDED_AT], leaf.recorded_at) if recorded else (row[KNOWN_AT], leaf.known_at)
    return has, datetime.fromisoformat(had)


def _where(index: int) -> str:
    return f"tile/entries (event {index + 1})"
