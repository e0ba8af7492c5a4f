"""Every leaf and every tile of a tree: whether they have the form, hash to one another and to the root, and lie in order of time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256

import msgspec

from domain.errors import Worded
from projections.trail.errors import NotTrusted, TileMissing
from projections.trail.tiles import WIDTH, Tiles, tile_path, width_of
from projections.trail.tree import root_of
from projections.trail.two_times import TwoTimes
from store.json_bytes import BROKEN

Tick = Callable[[int], object]
# others' times are compared with these, in Seoul and with some slack: no calendar's first or last day
_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)
_INSTANT = rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"
_TEXT = rb'"((?:[^"\\\x00-\x1f]|\\.)+)"'
_read = re.compile(
    rb'\{"i":(0|[1-9]\d{0,15}),"known_at":"('
    + _INSTANT
    + rb')","recorded_at":"('
    + _INSTANT
    + rb')","state_sha256":"'
    rb'([0-9a-f]{64})","stream":' + _TEXT + rb',"topic":' + _TEXT + rb',"v":1,"ver":([1-9]\d{0,15})\}'
).fullmatch


class Leaf(msgspec.Struct, frozen=True):
    """What a leaf says; times as they stand there, e.g. 2024-03-07T05:07:00.000000Z. `state`: SHA-256, hex."""

    index: int
    known_at: str
    recorded_at: str
    state: str
    stream: str
    kind: str
    version: int

    @property
    def position(self) -> int:
        return self.index + 1


def parse_leaf(given: bytes, where: str) -> Leaf:
    """Raises NotTrusted."""
    found = _read(given)
    if found is None:
        raise _malformed(where)
    index, known, recorded, state, stream, kind, version = found.groups()
    try:
        leaf = Leaf(
            int(index),
            known.decode(),
            recorded.decode(),
            state.decode(),
            _text(stream),
            _text(kind),
            int(version),
        )
        sane = all(is_sane(datetime.fromisoformat(at)) for at in (leaf.known_at, leaf.recorded_at))
    except BROKEN:
        raise _malformed(where) from None
    if not sane:
        raise _malformed(where)
    return leaf


def stream_of(given: bytes, where: str) -> str:
    """The stream alone, of a leaf that was looked at before. Raises NotTrusted."""
    found = _read(given)
    if found is None:
        raise _malformed(where)
    return _text(found[5])


def is_sane(at: datetime) -> bool:
    """Whether a time can be compared with others: with a zone, and not at the end of days."""
    return at.tzinfo is not None and _EARLIEST <= at <= _LATEST


def _text(found: bytes) -> str:
    return msgspec.json.decode(b'"' + found + b'"', type=str) if b"\\" in found else found.decode()


def _malformed(where: str) -> NotTrusted:
    return NotTrusted(where=where, problem=Worded("잎의 형식이 아닙니다", "it has not the form of a leaf"))


Seen = Callable[
    [int, str, str, str, bytes], object
]  # position, stream, kind, SHA-256 of the stored bytes, leaf's hash


def check_tree(tiles: Tiles, root: bytes, tick: Tick, seen: Seen = lambda *_: None) -> TwoTimes:
    """All of it; what the leaves say of their times. Memory stays flat. `tick(n)`: n more leaves.

    `seen`: told of each leaf that holds, in order. Raises NotTrusted with the first that does not fit.
    """
    if tiles.root() != root:
        problem = Worded("체크포인트의 뿌리와 맞지 않습니다", "they do not lead to the checkpoint's root")
        raise NotTrusted(where="tile", problem=problem)
    check_upper(tiles)
    last, times = b"", TwoTimes()
    for number in range(-(-tiles.size // WIDTH)):
        last = _check_bundle(tiles, number, last, times, seen)
        tick(width_of(0, number, tiles.size))
    return times


def check_above(tiles: Tiles, level: int, number: int) -> None:
    """That a full tile hashes to its place in the tile above it. Raises NotTrusted."""
    above = tiles.hashes(level + 1, number // WIDTH)[number % WIDTH]
    if root_of(tiles.hashes(level, number)) != above:
        raise _another(tile_path(level, number))


def check_upper(tiles: Tiles) -> None:
    """Each full tile of hashes hashes to its place in the tile above it; those of leaves are looked at with the leaves."""
    level = 1
    while tiles.size >> (8 * (level + 1)):
        for number in range(tiles.size >> (8 * (level + 1))):
            check_above(tiles, level, number)
        level += 1


def _check_bundle(tiles: Tiles, number: int, last: bytes, times: TwoTimes, seen: Seen) -> bytes:
    """The leaves of one bundle; the time of the last one."""
    width = width_of(0, number, tiles.size)
    path = tile_path("entries", number, width)
    leaves, hashes, index = tiles.entries(number), tiles.hashes(0, number), number * WIDTH
    if width == WIDTH:
        check_above(tiles, 0, number)
    for place, leaf in enumerate(leaves):
        if sha256(b"\x00" + leaf).digest() != hashes[place]:
            raise _another(path, index + place + 1)
        found = _read(leaf)
        if found is None or int(found[1]) != index + place:
            problem = Worded(
                f"{index + place + 1}번 기록의 잎이 형식에 맞지 않습니다",
                f"the leaf of event {index + place + 1} has not the form or the index of a leaf",
            )
            raise NotTrusted(where=path, problem=problem)
        if found[3] < last:
            problem = Worded(
                f"{index + place + 1}번 기록이 바로 앞 기록보다 먼저 적힌 것으로 되어 있습니다(날짜 소급)",
                f"event {index + place + 1} was recorded before the one before it: it is back-dated",
            )
            raise NotTrusted(where=path, problem=problem)
        last = found[3]
        if found[2] != last or index + place == 0:
            times.add(index + place + 1, found[2].decode(), last.decode())
        try:
            stream, kind = _text(found[5]), _text(found[6])
        except BROKEN:
            raise _malformed(path) from None
        seen(index + place + 1, stream, kind, found[4].decode(), hashes[place])
    return last


def _another(path: str, position: int | None = None) -> TileMissing:
    if position is None:
        return TileMissing(
            where=path, problem=Worded("위 타일의 해시와 다릅니다", "it is not what the tile above it says")
        )
    problem = Worded(
        f"{position}번 기록의 잎이 봉인된 해시와 다릅니다",
        f"the leaf of event {position} is not the one that was sealed",
    )
    return TileMissing(where=path, problem=problem)
