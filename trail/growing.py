"""Growing a tree of tiles in a folder: leaves are added at its end, and what was written stays as it is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Literal

from trail.tiles import WIDTH, Tiles, encode_bundle, tile_path, width_of
from trail.tree import leaf_hash, root_of


def read_file(folder: Path, path: str) -> bytes | None:
    """What lies at a path of a trail's folder. Raises OSError."""
    try:
        return (folder / path).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def put_file(path: Path, content: bytes) -> None:
    """The file whole or as it was. Nothing is forced to the disk: the log has it all. Raises OSError."""
    new = path.with_name(f"{path.name}.new")
    try:
        new.write_bytes(content)
    except FileNotFoundError:  # the first in its folder
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(content)
    os.replace(new, path)


def tiles_in(folder: Path, size: int) -> Tiles:
    """The tiles of a tree of `size` leaves in a folder."""
    return Tiles(partial(read_file, folder), size)


def grow(folder: Path, size: int, leaves: Iterable[bytes]) -> int:
    """Write the tiles of leaves that come after the first `size`; the new size.

    Files appear whole; a tree that was being grown when the power went is grown again over the same files. Nothing
    is forced to the disk: the log has it all. Raises TileMissing, OSError.
    """
    growing, given = _Growing(folder, size), iter(leaves)
    while some := list(islice(given, WIDTH - growing.size % WIDTH)):
        growing.add(some)
    growing.write_partial()
    return growing.size


class _Growing:
    """The right edge: of each level the hashes that do not fill a tile yet, and the leaves of the last bundle."""

    def __init__(self, folder: Path, size: int) -> None:
        self._folder, self.size = folder, size
        tiles = tiles_in(folder, size)
        self._levels: list[list[bytes]] = []
        level = 0
        while size >> (8 * level):
            number = (size >> (8 * level)) // WIDTH
            self._levels.append(list(tiles.hashes(level, number)) if width_of(level, number, size) else [])
            level += 1
        last = size // WIDTH
        self._leaves = tiles.entries(last) if width_of(0, last, size) else []

    def add(self, leaves: list[bytes]) -> None:
        """One or more, at most as many as fill the tile."""
        self._leaves += leaves
        if len(self._leaves) == WIDTH:
            self._write("entries", self.size // WIDTH, encode_bundle(self._leaves))
            self._leaves = []
        self._put(0, list(map(leaf_hash, leaves)))
        self.size += len(leaves)

    def write_partial(self) -> None:
        if self._leaves:
            self._write("entries", self.size // WIDTH, encode_bundle(self._leaves), len(self._leaves))
        for level, hashes in enumerate(self._levels):
            if hashes:
                self._write(level, (self.size >> (8 * level)) // WIDTH, b"".join(hashes), len(hashes))

    def _put(self, level: int, more: list[bytes]) -> None:
        if level == len(self._levels):
            self._levels.append([])
        hashes = self._levels[level]
        hashes += more
        if len(hashes) == WIDTH:
            # the leaves that fill a tile are counted only after this
            self._write(level, (self.size >> (8 * level)) // WIDTH, b"".join(hashes))
            self._levels[level] = []
            self._put(level + 1, [root_of(hashes)])

    def _write(
        self, level: int | Literal["entries"], number: int, content: bytes, width: int = WIDTH
    ) -> None:
        path = self._folder / tile_path(level, number, width)
        put_file(path, content)
        if width == WIDTH:
            shutil.rmtree(path.with_name(f"{path.name}.p"), ignore_errors=True)
