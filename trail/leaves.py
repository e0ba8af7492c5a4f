"""Every leaf and every tile of a tree: whether they have the form, hash to one another and to the root, and lie in order of time."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from operator import le
from typing import Any

import msgspec

from trail.bilingual import Bilingual
from trail.errors import NotTrusted, TileMissing
from trail.json_bytes import BROKEN
from trail.leaf import times_in
from trail.stored import KIND, KNOWN_AT, RECORDED_AT, STREAM
from trail.tiles import WIDTH, Tiles, tile_path, width_of
from trail.tree import leaf_hash, root_of
from trail.two_times import TwoTimes

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
        raise _format_error(where)
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
        raise _format_error(where) from None
    if not sane:
        raise _format_error(where)
    return leaf


def stream_of(given: bytes, where: str) -> str:
    """The stream alone, of a leaf that was looked at before. Raises NotTrusted."""
    found = _read(given)
    if found is None:
        raise _format_error(where)
    return _text(found[5])


def is_sane(at: datetime) -> bool:
    """Whether a time can be compared with others: with a zone, and not at the end of days."""
    return at.tzinfo is not None and _EARLIEST <= at <= _LATEST


def _text(found: bytes) -> str:
    return msgspec.json.decode(b'"' + found + b'"', type=str) if b"\\" in found else found.decode()


def _format_error(where: str) -> NotTrusted:
    return NotTrusted(
        where=where, problem=Bilingual("리프의 형식이 아닙니다", "it has not the form of a leaf")
    )


Seen = Callable[[int, str, str, bytes, bytes], object]  # position, stream, kind, leaf, leaf's hash


# index of the first, leaves: rows of Store.rows_after of which `leaf_of` makes these very leaves, or None
Known = Callable[[int, list[bytes]], Sequence[Any] | None]


def check_tree(
    tiles: Tiles,
    root: bytes,
    tick: Tick,
    seen: Seen = lambda *_: None,
    known: Known = lambda *_: None,
) -> TwoTimes:
    """All of it; what the leaves say of their times. Memory stays flat. `tick(n)`: n more leaves.

    `seen`: told of each leaf that holds, in order; `known`: leaves that are made of facts at hand need not be read.
    Raises NotTrusted with the first that does not fit.
    """
    if tiles.root() != root:
        problem = Bilingual(
            "체크포인트의 루트 해시와 맞지 않습니다", "they do not lead to the checkpoint's root"
        )
        raise NotTrusted(where="tile", problem=problem)
    check_upper(tiles)
    last, times = b"", TwoTimes()
    for number in range(-(-tiles.size // WIDTH)):
        last = _check_bundle(tiles, number, last, times, seen, known)
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


def _check_bundle(tiles: Tiles, number: int, last: bytes, times: TwoTimes, seen: Seen, known: Known) -> bytes:
    """The leaves of one bundle; the time of the last one."""
    width = width_of(0, number, tiles.size)
    leaves, hashes, index = tiles.entries(number), tiles.hashes(0, number), number * WIDTH
    if width == WIDTH:
        check_above(tiles, 0, number)
    rows = known(index, leaves)
    fits = tuple([sha256(b"\x00" + leaf).digest() for leaf in leaves]) == hashes
    if fits and rows is not None and index and _in_order(rows, last, leaves[0]):
        for position, (row, leaf, hashed) in enumerate(
            zip(rows, leaves, hashes, strict=True), start=index + 1
        ):
            seen(position, row[STREAM], row[KIND], leaf, hashed)
        return times_in(leaves[-1])[1]
    path = tile_path("entries", number, width)
    for place, (leaf, hashed) in enumerate(zip(leaves, hashes, strict=True)):
        row = None if rows is None else rows[place]
        last = _check_leaf(leaf, hashed, row, index + place, path, last, times, seen)
    return last


def _check_leaf(
    leaf: bytes, hashed: bytes, row: Any, index: int, path: str, last: bytes, times: TwoTimes, seen: Seen
) -> bytes:
    """One of them; its time. `row`: of which `leaf_of` makes it, or None; `last`: the time of the one before it."""
    if leaf_hash(leaf) != hashed:
        raise _another(path, index + 1)
    if row is None:
        at, recorded, stream, kind = _parse_times(leaf, index, path)
    else:
        (at, recorded), stream, kind = times_in(leaf), row[STREAM], row[KIND]
    if recorded < last:
        problem = Bilingual(
            f"{index + 1}번 기록이 바로 앞 기록보다 먼저 적힌 것으로 되어 있습니다(날짜 소급)",
            f"event {index + 1} was recorded before the one before it: it is back-dated",
        )
        raise NotTrusted(where=path, problem=problem)
    if at != recorded or index == 0:
        times.add(index + 1, at.decode(), recorded.decode())
    seen(index + 1, stream, kind, leaf, hashed)
    return recorded


def _in_order(rows: Sequence[Any], last: bytes, first: bytes) -> bool:
    """Whether these facts, of which the first has this leaf, have one time each and come one after the other, after `last`."""
    recorded = [row[RECORDED_AT] for row in rows]
    one_time = recorded == [row[KNOWN_AT] for row in rows]
    return one_time and all(map(le, recorded, recorded[1:])) and times_in(first)[1] >= last


def _parse_times(leaf: bytes, index: int, path: str) -> tuple[bytes, bytes, str, str]:
    """When it was known and recorded, its stream and kind. Raises NotTrusted."""
    found = _read(leaf)
    if found is None or int(found[1]) != index:
        problem = Bilingual(
            f"{index + 1}번 기록의 리프가 형식에 맞지 않습니다",
            f"the leaf of event {index + 1} has not the form or the index of a leaf",
        )
        raise NotTrusted(where=path, problem=problem)
    try:
        return found[2], found[3], _text(found[5]), _text(found[6])
    except BROKEN:
        raise _format_error(path) from None


def _another(path: str, position: int | None = None) -> TileMissing:
    if position is None:
        return TileMissing(
            where=path,
            problem=Bilingual("위 타일의 해시와 다릅니다", "it is not what the tile above it says"),
        )
    problem = Bilingual(
        f"{position}번 기록의 리프가 봉인된 해시와 다릅니다",
        f"the leaf of event {position} is not the one that was sealed",
    )
    return TileMissing(where=path, problem=problem)
