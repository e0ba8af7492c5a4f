"""The logs that are sealed, each by its last position and its leaves; and whether one still holds what was signed of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from domain.errors import DonghaengError
from projections.trail import watched
from projections.trail.growing import grow, tiles_in
from projections.trail.leaf import leaf_of
from projections.trail.tree import EMPTY_ROOT, leaf_hash
from store.log import Store
from store.watched import last_watched, watched_after
from workers.sealing.counting import publish_maps, rows_between
from workers.sealing.errors import LogIsAnother, LogIsShorter
from workers.sealing.folder import Signed

_CHUNK = 5000


class Log(msgspec.Struct, frozen=True):
    """`leaves(after, last)`: of the positions after the first and up to the last."""

    last: Callable[[], int]
    leaves: Callable[[int, int], Iterator[bytes]]


def facts_of(store: Store, folder: Path) -> Log:
    """Facts that count the streams are published in the folder, `maps/`, as their leaves are read."""

    def leaves(after: int, last: int) -> Iterator[bytes]:
        return map(leaf_of, publish_maps(folder, rows_between(store, after, last)))

    return Log(lambda: store.head().position, leaves)


def watched_of(store: Store) -> Log:
    """Raises LogIsAnother, while its leaves are read, where an entry is missing: nothing is sealed over a gap."""

    def leaves(after: int, last: int) -> Iterator[bytes]:
        while after < last:
            entries = watched_after(store, after, min(_CHUNK, last - after))
            for position, entry in enumerate(entries, start=after + 1):
                if entry.position != position:
                    raise LogIsAnother(position=position)
                yield watched.leaf_of(entry)
            if len(entries) < min(_CHUNK, last - after):
                raise LogIsAnother(position=after + len(entries) + 1)
            after = entries[-1].position

    return Log(lambda: last_watched(store), leaves)


def check_signed(log: Log, path: Path, before: Signed) -> None:
    """Whether tiles and database still hold what was signed; tiles that are lost are grown again from the database.

    Raises LogIsShorter, LogIsAnother.
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
        grow(path, 0, log.leaves(0, before.size))
        tiles = tiles_in(path, before.size)
        if tiles.root().hex() != before.root:
            raise LogIsAnother(position="?")
    (last_leaf,) = log.leaves(before.size - 1, before.size)
    if leaf_hash(last_leaf) != tiles.leaf_hash(before.size - 1):
        raise LogIsAnother(position=before.size)


def empty(origin: str) -> Signed:
    """What a new trail has signed: nothing."""
    return Signed(origin, 0, EMPTY_ROOT.hex())
