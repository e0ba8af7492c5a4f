"""Tiles on disk or any static file server, as C2SP tlog-tiles has them: hashes by height, and the leaves themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Literal

from trail.bilingual import Bilingual
from trail.errors import TileMissing
from trail.tree import EMPTY_ROOT, leaf_hash, node_hash, root_of, split

WIDTH = 256
_HASH = 32
_KEPT = 512  # a tile is 20 KB in memory, so 10 MB at most
Read = Callable[[str], bytes | None]


def tile_path(level: int | Literal["entries"], number: int, width: int = WIDTH) -> str:
    """e.g. tile/0/x001/x234/067.p/17"""
    parts = [f"{number % 1000:03d}"]
    while number := number // 1000:
        parts.append(f"x{number % 1000:03d}")
    tail = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(reversed(parts))}{tail}"


def width_of(level: int, number: int, size: int) -> int:
    """How many hashes tile `number` of a level holds in a tree of `size` leaves: 0 to 256."""
    return max(0, min(WIDTH, (size >> (8 * level)) - number * WIDTH))


class Tiles:
    """The tiles of a tree of `size` leaves. `read(path)`: a file's bytes, None where there is none."""

    def __init__(self, read: Read, size: int) -> None:
        self.size = size
        self._read = read
        self._tile = lru_cache(_KEPT)(self._fetch)

    def root(self) -> bytes:
        return self.subtree(0, self.size)

    def subtree(self, low: int, high: int) -> bytes:
        """The root over the leaves low … high - 1, where that is a subtree that RFC 6962 divides a tree into."""
        if high == low:
            return EMPTY_ROOT
        count = high - low
        if count & (count - 1) == 0 and low % count == 0:
            return self._complete(low, count.bit_length() - 1)
        middle = low + split(count)
        return node_hash(self.subtree(low, middle), self.subtree(middle, high))

    def leaf_hash(self, index: int) -> bytes:
        return self.hashes(0, index // WIDTH)[index % WIDTH]

    def hashes(self, level: int, number: int) -> tuple[bytes, ...]:
        """A tile's hashes. Raises TileMissing."""
        return self._tile(level, number)

    def entries(self, number: int) -> list[bytes]:
        """The leaves of a bundle, in order. Raises TileMissing."""
        width = width_of(0, number, self.size)
        found = decode_bundle(self._bytes("entries", number, width), width)
        if found is None:
            raise _wrong(tile_path("entries", number, width))
        return found

    def leaves(self, first: int = 0, last: int | None = None) -> Iterator[tuple[int, bytes]]:
        """(index, leaf) from `first` to before `last`; each is checked against its hash. Raises TileMissing."""
        end = self.size if last is None else min(last, self.size)
        for number in range(first // WIDTH, -(-end // WIDTH)):
            hashes = self.hashes(0, number)
            for place, leaf in enumerate(self.entries(number)):
                index = number * WIDTH + place
                if first <= index < end:
                    if leaf_hash(leaf) != hashes[place]:
                        raise _wrong(tile_path("entries", number, width_of(0, number, self.size)))
                    yield index, leaf

    def _complete(self, low: int, height: int) -> bytes:
        level, within = divmod(height, 8)
        at = low >> (8 * level)
        number, place = divmod(at, WIDTH)
        return root_of(self.hashes(level, number)[place : place + (1 << within)])

    def _fetch(self, level: int, number: int) -> tuple[bytes, ...]:
        width = width_of(level, number, self.size)
        found = self._bytes(level, number, width)[: width * _HASH]
        if len(found) != width * _HASH:
            raise _wrong(tile_path(level, number, width))
        return tuple(found[start : start + _HASH] for start in range(0, len(found), _HASH))

    def _bytes(self, level: int | Literal["entries"], number: int, width: int) -> bytes:
        """A partial tile may be gone once the full one is there, which begins with it."""
        path = tile_path(level, number, width)
        found = self._read(path)
        if found is None and width < WIDTH:
            found = self._read(tile_path(level, number))
        if found is None:
            raise TileMissing(where=path, problem=Bilingual("파일이 없습니다", "there is no such file"))
        return found


def encode_bundle(leaves: Iterable[bytes]) -> bytes:
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def decode_bundle(given: bytes, width: int) -> list[bytes] | None:
    """The first `width` leaves of a bundle; None where there are fewer, or it is cut."""
    found: list[bytes] = []
    at = 0
    while at < len(given) and len(found) < width:
        length = int.from_bytes(given[at : at + 2], "big")
        found.append(given[at + 2 : at + 2 + length])
        at += 2 + length
    return found if len(found) == width and at <= len(given) else None


def _wrong(path: str) -> TileMissing:
    return TileMissing(where=path, problem=Bilingual("내용이 맞지 않습니다", "its content does not fit"))
