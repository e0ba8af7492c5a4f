"""A pack's log: the checkpoint that all of it leads to, and the older ones that it begins with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from trail.bilingual import Bilingual
from trail.checkpoint import Checkpoint
from trail.english import many
from trail.errors import BadCheckpoint, NotTrusted, rewritten_error
from trail.note import decode_base64
from trail.pack_files import wrong
from trail.policy import Policy
from trail.signed import current, older_checkpoint, older_of, policy_of, require_file, times_seen
from trail.sources import Source
from trail.tiles import Tiles
from trail.tree import consistency_proof, is_consistent
from trail.verdict import Verdict
from trail.verifying import Own, verify_stamp


class Pack:
    """A pack while it is verified. `tops`: (size, seen at) of checkpoints that the log begins with."""

    def __init__(self, source: Source, own: Own, verdict: Verdict) -> None:
        self.source, self.own, self.verdict = source, own, verdict
        self.names = list(source.names() or ())
        self.policy: Policy = policy_of(source, verdict, own.policy)
        self.note, self.checkpoint = current(source, verdict, self.policy)
        self.tiles = Tiles(source.read, self.checkpoint.size)
        self.tops: list[tuple[int, datetime]] = []
        if (between := times_seen(self.policy, self.note)) is not None:
            self.tops.append((self.checkpoint.size, between[1]))

    @cached_property
    def certificates(self) -> bytes | None:
        """Of the authorities, PEM: those got on paper, or else those in the pack."""
        return self.own.certificates or self.source.read("tsa.pem")


def check_since(pack: Pack) -> None:
    """A checkpoint that was kept can be compared where the pack holds a proof for its size."""
    if pack.own.since is None:
        return
    _, old, _ = older_checkpoint(pack.own.since, "--since", pack.policy, pack.checkpoint.origin)
    _check_begins(pack, old, "--since")
    pack.verdict.holds(
        "--since",
        f"보관하던 체크포인트({old.size:,}건) 뒤로 추가만 되었습니다",
        f"since the checkpoint that was kept ({old.size:,} fact(s)) the log was only added to",
    )


def _check_begins(pack: Pack, old: Checkpoint, where: str) -> None:
    new = pack.checkpoint
    if old.size > new.size:
        raise BadCheckpoint(
            where=where,
            problem=Bilingual(
                f"묶음의 체크포인트는 {new.size:,}건뿐인데 이것은 {old.size:,}건입니다: 기록이 잘렸거나 묶음이 더 오래되었습니다",
                f"the pack's checkpoint has {new.size:,} fact(s) and this one {old.size:,}: the log was cut off, or the pack is older",
            ),
        )
    if not is_consistent(old.size, new.size, _path(pack, old.size), old.root, new.root):
        raise rewritten_error(where, old.size)


def _path(pack: Pack, size: int) -> Sequence[bytes]:
    """The consistency proof from a size: its file, which has to be what the tiles give; or the tiles alone."""
    where = f"consistency/{size}"
    given = pack.source.read(where)
    from_tiles = None if size == pack.checkpoint.size else _or_none(pack, size)
    if given is None:
        if size == pack.checkpoint.size:
            return ()
        if from_tiles is None:
            raise wrong(
                where,
                "이 크기의 증명이 묶음에 없습니다. 기록 전체에서 확인하십시오",
                "the pack holds no proof for this size; ask the whole log",
            )
        return from_tiles
    try:
        lines = given.decode().split("\n")
        path = [decode_base64(line) for line in (lines[:-1] if lines[-1] == "" else lines)]
    except ValueError:
        raise wrong(where, "증명의 형식이 아닙니다", "it has not the form of a proof") from None
    if from_tiles is not None and path != from_tiles:
        raise wrong(where, "타일과 다른 증명입니다", "it is not the proof that the tiles give")
    return path


def _or_none(pack: Pack, size: int) -> list[bytes] | None:
    try:
        return consistency_proof(size, pack.checkpoint.size, pack.tiles.subtree)
    except NotTrusted:
        return None


def check_older(pack: Pack) -> None:
    checkpoints = stamps = 0
    for name in pack.names:
        stamp = name.startswith("timestamps/") and name.endswith(".note")
        if not stamp and not name.startswith("checkpoints/"):
            continue
        with pack.verdict.checking(name):
            given = require_file(pack.source, name)
            note, old = older_of(given, name, pack.policy, pack.checkpoint.origin, pack.verdict)
            require_file(pack.source, f"consistency/{old.size}")
            _check_begins(pack, old, name)
            if (between := times_seen(pack.policy, note)) is not None:
                pack.tops.append((old.size, between[1]))
            if stamp:
                pack.tops.append((old.size, verify_stamp(pack.source, name, pack.certificates)))
            stamps, checkpoints = stamps + stamp, checkpoints + (not stamp)
    if checkpoints:
        pack.verdict.holds(
            "checkpoints",
            f"지난 체크포인트 {checkpoints:,}개가 지금 기록의 앞부분입니다",
            f"{many(checkpoints, 'older checkpoint is a beginning', 'older checkpoints are beginnings')} of the log",
        )
    if stamps and pack.own.certificates is None:
        pack.verdict.remarks(
            "timestamps",
            "시점확인기관의 인증서가 묶음에서 나왔으므로 시각을 증명하지 않습니다. 따로 받은 것을 --tsa로 지정하십시오",
            "the authority's certificate came with the pack, so that they show no time; give your own with --tsa",
        )
    if stamps:
        pack.verdict.holds(
            "timestamps",
            f"시점확인 {stamps:,}건이 맞습니다",
            many(stamps, "timestamp is valid", "timestamps are valid"),
        )
