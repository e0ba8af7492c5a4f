"""The paths by which a pack shows that it holds all of a stream: as files, and out of a trail."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from contextlib import suppress

import msgspec

from trail.bilingual import Refusal
from trail.errors import NotTrusted
from trail.json_bytes import BROKEN
from trail.leaves import parse_leaf, stream_of
from trail.note import decode_base64
from trail.pack_files import wrong
from trail.signed import require_file
from trail.sources import Source
from trail.stream_count_facts import MAPPED, Commitment, file_of, read_commitment
from trail.streams import Path, Stream, count_streams, key_of
from trail.streams_kept import FOLDER, load_kept_streams
from trail.tiles import Tiles
from trail.tree import leaf_hash

Whole = Mapping[str, Path]


class CountedOtherwise(Refusal):
    """The log says of its streams what is not so, so that no pack could show that it is whole."""

    ko = "{position}번 기록의 이력별 건수가 그 앞의 기록에서 다시 집계한 것과 다릅니다. 묶음을 만들지 않았습니다. `donghaeng trail verify --store`로 확인하십시오."
    en = "What event {position} says of the streams is not what the facts before it make. No pack was made. Look with `donghaeng trail verify --store`."


def path_file(name: str) -> str:
    return f"{FOLDER}/{key_of(name).hex()}"


def encode_path(path: Path) -> bytes:
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
    said = read_commitment(origin, size, require_file(source, where), where)
    if said is None:
        return None
    return _load_kept(source, said, names) or _anew(tiles, said, names)


def _load_kept(source: Source, said: Commitment, names: Sequence[str]) -> Whole | None:
    """By the count as the sealer keeps it; None where that is of another checkpoint, or does not fit together."""
    kept = load_kept_streams(source.read)
    if kept is None or kept.size != said.size:
        return None
    streams = kept.streams()
    if streams.root() != said.root:
        return None
    with suppress(NotTrusted):
        return {name: streams.path(name) for name in names}
    return None


def _anew(tiles: Tiles, said: Commitment, names: Sequence[str]) -> Whole:
    streams = count_streams(
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
        path = Path(leaf, tuple(decode_base64(line) for line in rest[:-1]))
    except BROKEN:
        raise _format_error(where) from None
    if encode_path(path) != given or (leaf is not None and (leaf.n < 1 or len(leaf.chain) != 64)):
        raise _format_error(where)
    return path


def _format_error(where: str) -> NotTrusted:
    return wrong(where, "이력 경로의 형식이 아닙니다", "it has not the form of a stream's path")
