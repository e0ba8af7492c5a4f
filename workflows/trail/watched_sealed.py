"""What was sealed of the log of readings and refusals, in a trail's folder: its leaves, and each root that is known of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

import msgspec

from domain.errors import Bilingual
from projections.inspection.watched import NAME
from trail.checkpoint import Checkpoint
from trail.errors import BadCheckpoint, NotTrusted
from trail.json_bytes import BROKEN
from trail.note import Note
from trail.policy import Policy
from trail.signed import SLACK, check_checkpoint, clock, older_checkpoint, require_file
from trail.sources import Source
from trail.tiles import WIDTH, Tiles
from trail.tree import RootOfMany
from trail.verifying import verify_stamp

CHECKPOINT = f"{NAME}/checkpoint"
_SINCE = "--since"


class Known(msgspec.Struct, frozen=True):
    """That the log began so once. `where`: what says it."""

    size: int
    root: bytes
    where: str


class Sealed(msgspec.Struct, frozen=True):
    """`since`: how many entries are under the checkpoint that somebody kept; `stamped`: how many timestamps fit."""

    note: Note
    checkpoint: Checkpoint
    tiles: Tiles
    since: int | None
    stamped: int


def read_sealed(
    source: Source,
    policy: Policy,
    *,
    origin: str | None = None,
    kept: bytes | None = None,
    facts: Mapping[int, bytes] | None = None,
    certificates: bytes | None = None,
    with_stamps: bool = False,
) -> Sealed | None:
    """The sealed log, where it leads to its checkpoint and to every root that is known of it; None where nothing is sealed.

    `policy`: of this log; `origin`: its name, where it is known; `kept`: a checkpoint of it that somebody kept; `facts`:
    its roots by size, as facts of seals say; `with_stamps`: timestamps are looked at, by `certificates` (PEM), or where
    that is None by those that lie in the trail. Raises NotTrusted.
    """
    given = source.read(CHECKPOINT)
    said = [Known(size, root, "trail.sealed") for size, root in (facts or {}).items()]
    if given is None:
        if said or kept is not None:
            raise _shorter("trail.sealed" if said else _SINCE, 0)
        return None
    note, checkpoint = check_checkpoint(given, CHECKPOINT, policy)
    if origin not in (None, checkpoint.origin):
        problem = Bilingual(
            f"다른 기록({checkpoint.origin})의 것입니다", f"it is of another log ({checkpoint.origin})"
        )
        raise BadCheckpoint(where=CHECKPOINT, problem=problem)
    since = None if kept is None else _parse_known(kept, _SINCE, policy, checkpoint)
    stamps = list(_verify_stamps(source, policy, checkpoint, certificates)) if with_stamps else []
    older = [*_older(source, policy, checkpoint), *said, *(one for one, _ in stamps)]
    tiles = _tiles(source, checkpoint, older if since is None else [*older, since])
    for one, at in stamps:
        _check_before(tiles, one, at)
    return Sealed(note, checkpoint, tiles, None if since is None else since.size, len(stamps))


def _parse_known(given: bytes, where: str, policy: Policy, latest: Checkpoint) -> Known:
    """What a checkpoint of before says. Raises NotTrusted."""
    _, old, _ = older_checkpoint(given, where, policy, latest.origin)
    return Known(old.size, old.root, where)


def _older(source: Source, policy: Policy, latest: Checkpoint) -> Iterator[Known]:
    """Each that was published before. Raises NotTrusted."""
    for name in source.names() or ():
        if name.startswith(f"{NAME}/checkpoints/") and not name.endswith(".new"):
            yield _parse_known(require_file(source, name), name, policy, latest)


def _verify_stamps(
    source: Source, policy: Policy, latest: Checkpoint, certificates: bytes | None
) -> Iterator[tuple[Known, datetime]]:
    """Each that an authority has seen, and when. Raises NotTrusted."""
    for name in source.names() or ():
        if name.startswith(f"{NAME}/timestamps/") and name.endswith(".note"):
            known = _parse_known(require_file(source, name), name, policy, latest)
            yield known, verify_stamp(source, name, certificates)


def _tiles(source: Source, checkpoint: Checkpoint, known: Sequence[Known]) -> Tiles:
    """Its tiles, whose leaves lead to the checkpoint and to all that is known. Raises NotTrusted."""
    for one in known:
        if one.size > checkpoint.size:
            raise _shorter(one.where, checkpoint.size)
    wanted: dict[int, list[Known]] = {}
    for one in (Known(checkpoint.size, checkpoint.root, CHECKPOINT), *known):
        wanted.setdefault(one.size, []).append(one)
    tiles, growing = Tiles(partial(_read, source), checkpoint.size), RootOfMany()
    for number in range(-(-checkpoint.size // WIDTH)):
        for place, hashed in enumerate(tiles.hashes(0, number), start=1):
            growing.add(hashed)
            for one in wanted.get(number * WIDTH + place, ()):
                if growing.root() != one.root:
                    problem = Bilingual(
                        f"열람·거부 기록 처음 {one.size:,}건의 리프가 이 루트 해시와 맞지 않습니다",
                        f"the leaves of the first {one.size:,} reading(s) and refusals do not lead to this root",
                    )
                    raise NotTrusted(where=one.where, problem=problem)
    return tiles


def _check_before(tiles: Tiles, known: Known, seen: datetime) -> None:
    """Raises NotTrusted where the last entry says that it was recorded after an authority saw it."""
    _, leaf = next(tiles.leaves(known.size - 1, known.size))
    try:
        at = msgspec.json.decode(leaf, type=_Dated).at
    except BROKEN:
        at = None
    if at is not None and at > seen + SLACK:
        problem = Bilingual(
            f"{known.size:,}번 항목이 {clock(at)}에 적혔다고 하나 {clock(seen)}에 이미 있었습니다",
            f"entry {known.size:,} says it was recorded at {clock(at)}, and was there at {clock(seen)} already",
        )
        raise NotTrusted(where=known.where, problem=problem)


class _Dated(msgspec.Struct):
    at: datetime | None = None  # a gap has none


def _read(source: Source, path: str) -> bytes | None:
    return source.read(f"{NAME}/{path}")


def _shorter(where: str, size: int) -> BadCheckpoint:
    problem = Bilingual(
        f"열람·거부 기록은 {size:,}건까지만 봉인되어 있는데 여기서는 더 많았습니다: 되돌려졌거나 없어졌습니다",
        f"the log of readings and refusals is sealed up to {size:,} entry(ies), and there were more here: it was rolled back or is gone",
    )
    return BadCheckpoint(where=where, problem=problem)
