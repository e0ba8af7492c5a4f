"""The paths by which a pack shows that it holds all of a stream: as files, and out of a trail."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from contextlib import suppress

import msgspec

from domain.errors import Refusal
from projections.trail.errors import NotTrusted
from projections.trail.leaves import parse_leaf, stream_of
from projections.trail.mapped import MAPPED, Commitment, committed, file_of
from projections.trail.note import decoded
from projections.trail.pack_files import wrong
from projections.trail.signed import needed
from projections.trail.sources import Source
from projections.trail.streams import Path, Stream, counted, key_of
from projections.trail.streams_kept import FOLDER, kept_in
from projections.trail.tiles import Tiles
from projections.trail.tree import leaf_hash
from store.json_bytes import BROKEN

Whole = Mapping[str, Path]


class CountedOtherwise(Refusal):
    """The log says of its streams what is not so, so that no pack could show that it is whole."""

    ko = "{position}번 기록의 흐름별 건수가 그 앞의 기록에서 다시 센 것과 다릅니다. 묶음을 만들지 않았습니다. `donghaeng trail verify --store`로 확인하십시오."
    en = "What event {position} says of the streams is not what the facts before it make. No pack was made. Look with `donghaeng trail verify --store`."


def path_file(name: str) -> str:
    return f"{FOLDER}/{key_of(name).hex()}"


def written(path: Path) -> bytes:
    """The leaf, or - where there is none, and the siblings from there up; a line each."""
    leaf = b"-" if path.leaf is None else bytes(path.leaf)
    return b"".join(line + b"\n" for line in (leaf, *map(base64.b64encode, path.siblings)))


def paths_for(source: Source, origin: str, size: int, names: Sequence[str]) -> Whole | None:
    """The path of each stream in the count with which a checkpoint ends. None where it ends with no such count.

    Raises NotTrusted, CountedOtherwise.
    """
    if not names:
        return None
    tiles = Tiles(source.read, size)
    _, last = next(tiles.leaves(size - 1, size))
    if parse_leaf(last, "tile/entries").kind != MAPPED:
        return None
    where = file_of(size)
    said = committed(origin, size, needed(source, where), where)
    if said is None:
        return None
    return _kept(source, said, names) or _anew(tiles, said, names)


def _kept(source: Source, said: Commitment, names: Sequence[str]) -> Whole | None:
    """By the count as the sealer keeps it; None where that is of another checkpoint, or does not fit together."""
    kept = kept_in(source.read)
    if kept is None or kept.size != said.size:
        return None
    streams = kept.streams()
    if streams.root() != said.root:
        return None
    with suppress(NotTrusted):
        return {name: streams.path(name) for name in names}
    return None


def _anew(tiles: Tiles, said: Commitment, names: Sequence[str]) -> Whole:
    streams = counted(
        (stream_of(leaf, "tile/entries"), leaf_hash(leaf)) for _, leaf in tiles.leaves(0, said.size)
    )
    if Commitment(said.size, streams.count, streams.root()) != said:
        raise CountedOtherwise(position=said.size + 1)
    return {name: streams.path(name) for name in names}


def read_path(given: bytes, where: str) -> Path:
    """Raises NotTrusted."""
    try:
        first, *rest = given.decode().split("\n")
        leaf = None if first == "-" else msgspec.json.decode(first, type=Stream)
        path = Path(leaf, tuple(decoded(line) for line in rest[:-1]))
    except BROKEN:
        raise _malformed(where) from None
    if written(path) != given or (leaf is not None and (leaf.n < 1 or len(leaf.chain) != 64)):
        raise _malformed(where)
    return path


def _malformed(where: str) -> NotTrusted:
    return wrong(where, "흐름의 경로의 형식이 아닙니다", "it has not the form of a stream's path")
