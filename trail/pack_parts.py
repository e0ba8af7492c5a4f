"""A pack's parts: each belongs to an event that is proven, and its tiles are those of the tree that is signed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Literal

from trail.leaves import check_above
from trail.pack_files import wrong
from trail.pack_older import Pack
from trail.tiles import WIDTH, encode_bundle, tile_path, width_of

_OF_AN_EVENT = re.compile(
    r"(?:events/(?=\d+\.j)|leaves/(?=\d+\.j)|proofs/(?=\d+\.t)|texts/(?=\d+\.[0-9a-f]{32}))([1-9]\d{0,15})"
    r"\.(?:json|tlog-proof|([0-9a-f]{32})\.(?:txt|salt))",
    re.ASCII,
)
_TILE = re.compile(r"tile/(entries|\d{1,2})/((?:x\d{3}/)*\d{3})(?:\.p/\d{1,3})?", re.ASCII)


def check_parts(pack: Pack, proven: Mapping[int, Collection[str]]) -> None:
    """`proven`: the ids of the texts that are there, by the position of their event. Says in the verdict what is wrong."""
    names = set(pack.names)
    for name in pack.names:
        folder = name.partition("/")[0]
        with pack.verdict.checking(name):
            if folder == "tile":
                _check_tile(pack, name)
            elif folder in ("events", "leaves", "proofs", "texts"):
                _check_belongs(name, names, proven)
    with pack.verdict.checking("tile"):
        if pack.tiles.root() != pack.checkpoint.root:
            raise wrong(
                "tile", "체크포인트의 루트 해시와 맞지 않습니다", "they do not lead to the checkpoint's root"
            )
        for number in sorted({(position - 1) // WIDTH for position in proven}):
            pack.tiles.entries(number)


def _check_belongs(name: str, names: Collection[str], proven: Mapping[int, Collection[str]]) -> None:
    found = _OF_AN_EVENT.fullmatch(name)
    if found is None or f"events/{found[1]}.json" not in names:
        raise wrong(
            name, "묶음에 이 파일의 사건이 없습니다", "there is no event in the pack that it belongs to"
        )
    texts = proven.get(int(found[1]))
    if found[2] is not None and texts is not None and found[2] not in texts:
        raise wrong(name, "이 글을 확약한 사건이 없습니다", "its event does not commit to this text")


def _check_tile(pack: Pack, name: str) -> None:
    """Its leaves lead to their hashes, its hashes to the tile above it; what is at the end of the tree, to the root."""
    found, tiles = _TILE.fullmatch(name), pack.tiles
    number = 0 if found is None else int(found[2].replace("/", "").replace("x", ""))
    kind: int | Literal["entries"] = "entries" if found is None or found[1] == "entries" else int(found[1])
    level = 0 if kind == "entries" else kind
    width = width_of(level, number, tiles.size)
    if not width or name not in (tile_path(kind, number, width), tile_path(kind, number)):
        raise wrong(name, "이 기록의 타일이 아닙니다", "it is no tile of this log")
    if kind == "entries":
        content = encode_bundle(leaf for _, leaf in tiles.leaves(number * WIDTH, number * WIDTH + width))
    else:
        content = b"".join(tiles.hashes(level, number))
        if width == WIDTH:
            check_above(tiles, level, number)
    given = pack.source.read(name)
    if given != content and (
        name == tile_path(kind, number, width) or not (given or b"").startswith(content)
    ):
        raise wrong(name, "타일의 끝에 다른 것이 있습니다", "there is something else at its end")
