"""The logs that are sealed, each by its last position and its leaves; and whether one still holds what was signed of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import msgspec

from domain.errors import DonghaengError
from projections.inspection import watched
from store.log import Store
from store.watched import decode_acknowledged, last_watched, load_entries_after, load_own_entries
from trail.growing import grow, tiles_in
from trail.leaf import leaf_of
from trail.tree import EMPTY_ROOT, leaf_hash
from workers.sealing.errors import LogIsAnother, LogIsShorter, TilesLost, WatchedHasGap
from workers.sealing.folder import Signed
from workers.sealing.stream_counts import publish_maps, rows_between

_CHUNK = 5000
_GROWN = "grown"


class Log(msgspec.Struct, frozen=True):
    """`leaves(after, last)`: of the positions after the first and up to the last. `looked_into`: whether a person has
    acknowledged that what stands at a position is not what was sealed.
    """

    last: Callable[[], int]
    leaves: Callable[[int, int], Iterator[bytes]]
    looked_into: Callable[[int], bool] = lambda _: False


def facts_of(store: Store, folder: Path) -> Log:
    """Facts that count the streams are published in the folder, `maps/`, as their leaves are read."""

    def leaves(after: int, last: int) -> Iterator[bytes]:
        return map(leaf_of, publish_maps(folder, rows_between(store, after, last)))

    return Log(lambda: store.head().position, leaves)


def _leaves_of_entries(
    store: Store, looked_into: Callable[[int], bool], after: int, last: int
) -> Iterator[bytes]:
    for low in range(after, last, _CHUNK):
        wanted = range(low + 1, min(low + _CHUNK, last) + 1)
        entries = {one.position: one for one in load_entries_after(store, low, len(wanted))}
        missing = [one for one in wanted if one not in entries and not looked_into(one)]
        if missing:
            raise WatchedHasGap(first=missing[0], last=missing[-1], count=len(missing))
        for one in wanted:
            yield watched.leaf_of(entries[one]) if one in entries else watched.gap_leaf(one)


def access_log_of(store: Store) -> Log:
    """Raises WatchedHasGap, while its leaves are read, where an entry is missing and nobody has looked into it."""
    gaps = [gap for one in load_own_entries(store) if (gap := decode_acknowledged(one)) is not None]

    def looked_into(position: int) -> bool:
        return any(one.first <= position <= one.last for one in gaps)

    leaves = partial(_leaves_of_entries, store, looked_into)
    return Log(lambda: last_watched(store), leaves, looked_into)


def check_signed(log: Log, path: Path, before: Signed) -> None:
    """Whether tiles and database still hold what was signed; tiles that are lost are grown again from the database.

    Raises LogIsShorter, LogIsAnother, TilesLost, WatchedHasGap.
    """
    if before.size == 0:
        return
    last = log.last()
    if last < before.size:
        raise LogIsShorter(size=last, signed=before.size)
    try:
        tiles = tiles_in(path, before.size)
        whole = tiles.root().hex() == before.root
    except DonghaengError:
        whole = False
    if not whole:
        _grow_again(log, path, before)
        tiles = tiles_in(path, before.size)
    if log.looked_into(before.size):
        return
    (last_leaf,) = log.leaves(before.size - 1, before.size)
    if leaf_hash(last_leaf) != tiles.leaf_hash(before.size - 1):
        raise LogIsAnother(position=before.size)


def _grow_again(log: Log, path: Path, before: Signed) -> None:
    """Beside those that are left, which may be all that shows what was sealed: they are written over by what was signed alone."""
    beside = path / _GROWN
    shutil.rmtree(beside, ignore_errors=True)
    try:
        grow(beside, 0, log.leaves(0, before.size))
        if tiles_in(beside, before.size).root().hex() != before.root:
            raise TilesLost(path=path, position="?", size=f"{before.size:,}")
        for file in sorted(beside.rglob("*")):
            if file.is_file():
                there = path / file.relative_to(beside)
                there.parent.mkdir(parents=True, exist_ok=True)
                os.replace(file, there)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def empty(origin: str) -> Signed:
    """What a new trail has signed: nothing."""
    return Signed(origin, 0, EMPTY_ROOT.hex())
