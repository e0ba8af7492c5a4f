"""The streams as they are counted at each seal, kept in the trail's folder so that the next seal goes on from there.

`streams/top` says how far they are counted, `streams/000` … `streams/fff` hold them by the hash of their names. Nothing is
forced to the disk: what does not fit together is counted anew from the log.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import structlog

from domain.seoul import local_day
from domain.trail.commands import RecordMap
from projections.trail.errors import NotTrusted
from projections.trail.growing import put, read_in
from projections.trail.leaf import leaf_of
from projections.trail.mapped import MAPPED, Commitment, committed, file_of
from projections.trail.streams import EMPTY, Streams
from projections.trail.streams_kept import BITS, FOLDER, Kept, kept_in, lines_of
from projections.trail.streams_kept import file_of as file_of_bucket
from projections.trail.tree import leaf_hash
from store.log import Store
from workers.bootstrap import Engine
from workers.sealing.folder import TrailFolder
from workers.sealing.recording import record

_log = structlog.get_logger()
_CHUNK = 5000
_TRIES = 3


class Counting:
    """The streams of the first `size` facts, `last` being the leaf's hash of the last of them."""

    def __init__(self, streams: Streams, size: int, last: bytes) -> None:
        self.streams, self.size, self.last = streams, size, last

    def upto(self, store: Store, size: int) -> None:
        for row in rows_between(store, self.size, size):
            self.last = leaf_hash(leaf_of(row))
            self.streams.add(row[1], self.last)
        self.size = size

    def said(self) -> Commitment:
        return Commitment(self.size, self.streams.count, self.streams.root())

    def keep(self, folder: Path) -> None:
        """For the next seal, and for packs by the checkpoint that this one has."""
        self.streams.root()
        for number in self.streams.touched:
            put(folder / file_of_bucket(number), lines_of(self.streams.bucket(number)))
        tops = tuple("" if one == EMPTY else one.hex() for one in self.streams.tops())
        kept = Kept(self.size, self.last.hex(), self.streams.count, tops)
        put(folder / FOLDER / "top", msgspec.json.encode(kept))


def mapped(engine: Engine, folder: TrailFolder, origin: str) -> tuple[int, Counting]:
    """Count the streams and put that into the log, as the very next fact; the fact's position, and the count.

    Where others write all the while it is tried again, and at last left to the next seal. A fact of before a crash, which
    nothing has followed, is not put down again.
    """
    try:
        return _mapped(engine, origin, _begun(engine.store, folder.path))
    except NotTrusted as error:  # the files; of what is in the log nothing is believed here
        _log.warning("streams_counted_anew", where=str(error.details["where"]))
        return _mapped(engine, origin, Counting(Streams(BITS), 0, b""))


def _mapped(engine: Engine, origin: str, counting: Counting) -> tuple[int, Counting]:
    store, position = engine.store, 0
    for _ in range(_TRIES):
        head = store.head().position
        (last,) = store.rows_after(head - 1, 1)
        if last[3] == MAPPED and counting.size < head:
            counting.upto(store, head - 1)
            if committed(origin, head, last[6], MAPPED) == counting.said():
                return head, counting
        counting.upto(store, head)
        position = _recorded(engine, origin, counting)
        if position == counting.size + 1:
            return position, counting
    _log.info("trail_not_mapped", size=counting.size, position=position)
    return position, counting


def publish_maps(path: Path, rows: Iterator[Any]) -> Iterator[Any]:
    """The same rows; facts among them that count the streams are laid beside the tiles, for who has no facts."""
    for row in rows:
        if row[3] == MAPPED:
            put(path / file_of(row[0]), row[6])
        yield row


def rows_between(store: Store, after: int, last: int) -> Iterator[Any]:
    while after < last:
        rows = store.rows_after(after, min(_CHUNK, last - after))
        yield from rows
        after = rows[-1][0]


def _begun(store: Store, path: Path) -> Counting:
    """As it was kept, where that is of this log and whole; else from the first fact."""
    kept = kept_in(partial(read_in, path))
    if kept is not None and kept.size <= store.head().position:
        (last,) = store.rows_after(kept.size - 1, 1)
        if leaf_hash(leaf_of(last)).hex() == kept.last:
            return Counting(kept.streams(), kept.size, bytes.fromhex(kept.last))
    return Counting(Streams(BITS), 0, b"")


def _recorded(engine: Engine, origin: str, counting: Counting) -> int:
    said = counting.said()
    command = RecordMap(
        day=local_day(datetime.now(UTC)),
        origin=origin,
        size=counting.size,
        streams=said.streams,
        root=base64.b64encode(said.root).decode(),
    )
    return record(engine, command, "trail.map", counting.size).last_position
