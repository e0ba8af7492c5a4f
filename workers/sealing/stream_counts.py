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

from domain.seoul import local_day
from domain.trail.commands import RecordMap
from store.log import Store
from trail.errors import NotTrusted
from trail.growing import put_file, read_file
from trail.leaf import leaf_of
from trail.logs import Logger
from trail.stored import KIND, POSITION, STATE, STREAM, StoredFact
from trail.stream_count_facts import MAPPED, Commitment, file_of, read_commitment
from trail.streams import EMPTY, Streams
from trail.streams_kept import BITS, FOLDER, Kept, lines_of, load_kept_streams
from trail.streams_kept import file_of as file_of_bucket
from trail.tree import leaf_hash
from workers.engine import Engine
from workers.sealing.folder import TrailFolder
from workers.sealing.recording import record

_log = Logger()
_CHUNK = 5000
_TRIES = 3


class Counting:
    """The streams of the first `size` facts, `last` being the leaf's hash of the last of them."""

    def __init__(self, streams: Streams, size: int, last: bytes) -> None:
        self.streams, self.size, self.last = streams, size, last

    def upto(self, store: Store, size: int) -> None:
        for row in rows_between(store, self.size, size):
            self.last = leaf_hash(leaf_of(row))
            self.streams.add(row[STREAM], self.last)
        self.size = size

    def commitment(self) -> Commitment:
        return Commitment(self.size, self.streams.count, self.streams.root())

    def keep(self, folder: Path) -> None:
        """For the next seal, and for packs by the checkpoint that this one has."""
        self.streams.root()
        for number in self.streams.touched:
            put_file(folder / file_of_bucket(number), lines_of(self.streams.bucket(number)))
        tops = tuple("" if one == EMPTY else one.hex() for one in self.streams.tops())
        kept = Kept(self.size, self.last.hex(), self.streams.count, tops)
        put_file(folder / FOLDER / "top", msgspec.json.encode(kept))


def record_counts(engine: Engine, folder: TrailFolder, origin: str) -> tuple[int, Counting]:
    """Count the streams and put that into the log, as the very next fact; the fact's position, and the count.

    Where others write all the while it is tried again, and at last left to the next seal. A fact of before a crash, which
    nothing has followed, is not put down again.
    """
    try:
        return _record_counts(engine, origin, _load_counting(engine.store, folder.path))
    except NotTrusted as error:  # the files; of what is in the log nothing is believed here
        _log.warning("streams_counted_anew", where=str(error.details["where"]))
        return _record_counts(engine, origin, Counting(Streams(BITS), 0, b""))


def _record_counts(engine: Engine, origin: str, counting: Counting) -> tuple[int, Counting]:
    store, position = engine.store, 0
    for _ in range(_TRIES):
        head = store.head().position
        (last,) = store.rows_after(head - 1, 1)
        if last[3] == MAPPED and counting.size < head:
            counting.upto(store, head - 1)
            if read_commitment(origin, head, last[6], MAPPED) == counting.commitment():
                return head, counting
        counting.upto(store, head)
        position = _record(engine, origin, counting)
        if position == counting.size + 1:
            return position, counting
    _log.info("trail_not_mapped", size=counting.size, position=position)
    return position, counting


def publish_maps(path: Path, rows: Iterator[StoredFact]) -> Iterator[StoredFact]:
    """The same rows; facts among them that count the streams are laid beside the tiles, for who has no facts."""
    for row in rows:
        if row[KIND] == MAPPED:
            put_file(path / file_of(row[POSITION]), row[STATE])
        yield row


def rows_between(store: Store, after: int, last: int) -> Iterator[Any]:
    while after < last:
        rows = store.rows_after(after, min(_CHUNK, last - after))
        yield from rows
        after = rows[-1][POSITION]


def _load_counting(store: Store, path: Path) -> Counting:
    """As it was kept, where that is of this log and whole; else from the first fact."""
    kept = load_kept_streams(partial(read_file, path))
    if kept is not None and kept.size <= store.head().position:
        (last,) = store.rows_after(kept.size - 1, 1)
        if leaf_hash(leaf_of(last)).hex() == kept.last:
            return Counting(kept.streams(), kept.size, bytes.fromhex(kept.last))
    return Counting(Streams(BITS), 0, b"")


def _record(engine: Engine, origin: str, counting: Counting) -> int:
    said = counting.commitment()
    command = RecordMap(
        day=local_day(datetime.now(UTC)),
        origin=origin,
        size=counting.size,
        streams=said.streams,
        root=base64.b64encode(said.root).decode(),
    )
    return record(engine, command, "trail.map", counting.size).last_position
