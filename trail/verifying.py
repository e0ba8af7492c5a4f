"""Verifying a whole trail in a folder or on a static file server: every leaf, tile and checkpoint that can be had."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol

import msgspec

from trail.bilingual import Bilingual
from trail.checkpoint import Checkpoint
from trail.english import many
from trail.errors import BadCheckpoint, NotTrusted, rewritten_error
from trail.leaves import Leaf, Tick, check_tree, parse_leaf
from trail.note import Note
from trail.origin import clock_of
from trail.policy import Policy
from trail.signed import SLACK, clock, current, older_of, policy_of, require_file, times_seen
from trail.sources import Source
from trail.stream_count_facts import Recounted
from trail.tiles import Tiles
from trail.two_times import judge
from trail.verdict import Verdict


class Own(msgspec.Struct, frozen=True):
    """What an inspector got on paper or kept: the policy, a checkpoint, the certificates (PEM) of authorities; a checkpoint
    of the log of readings and refusals.
    """

    policy: str | None = None
    since: bytes | None = None
    certificates: bytes | None = None
    readings_since: bytes | None = None


class Trail:
    """A trail whose checkpoint is signed, while it is verified."""

    def __init__(
        self, source: Source, own: Own, policy: Policy, checkpoint: Checkpoint, verdict: Verdict
    ) -> None:
        self.source, self.own, self.policy = source, own, policy
        self.checkpoint, self.verdict = checkpoint, verdict
        self.tiles = Tiles(source.read, checkpoint.size)
        # root by size of the log of readings, as facts say that are looked at
        self.readings: dict[int, bytes] = {}
        # by which facts are known; None where nothing says it yet
        self.clock = clock_of(checkpoint.origin)

    @cached_property
    def certificates(self) -> bytes | None:
        """Of the authorities, PEM: those got on paper, or else those that lie there."""
        return self.own.certificates or self.source.read("tsa.pem")

    def leaf(self, index: int) -> Leaf:
        """Raises NotTrusted."""
        _, found = next(self.tiles.leaves(index, index + 1))
        return parse_leaf(found, f"tile/entries (event {index + 1})")


class Beside(Protocol):
    """What is held against the leaves as they are verified: told of the trail, of each bundle of leaves, and of the end."""

    def begin(self, trail: Trail) -> None: ...
    def bundle(self, index: int, leaves: Sequence[bytes]) -> Sequence[Any] | None:
        """As check_tree's `known`; whether the leaves are those of their hashes is looked at afterwards."""

    def end(self) -> None: ...


def verify_trail(
    source: Source, own: Own, verdict: Verdict, tick: Tick, beside: Beside | None = None
) -> Trail:
    """Say in the verdict what holds. Raises NotTrusted, BadPolicy where there is nothing to go on from.

    `beside`: begins once the checkpoint is read, and ends only where the whole tree holds.
    """
    policy = policy_of(source, verdict, own.policy)
    note, checkpoint = current(source, verdict, policy)
    trail = Trail(source, own, policy, checkpoint, verdict)
    recounted = Recounted()
    if beside is not None:
        beside.begin(trail)
    known = (lambda *_: None) if beside is None else beside.bundle
    with verdict.checking("tile"):
        times = check_tree(trail.tiles, checkpoint.root, tick, recounted.leaf, known)
        verdict.holds(
            "tile",
            f"기록 {checkpoint.size:,}건이 모두 체크포인트로 이어지고 시간 순서대로입니다",
            f"all {checkpoint.size:,} fact(s) lead to the checkpoint, in order of time",
        )
        judge(verdict, "times", checkpoint.origin, times)
        trail.clock = times.clock(checkpoint.origin)
    if verdict.failures and verdict.failures[-1].where.startswith("tile"):
        return trail
    if beside is not None:
        beside.end()
    recounted.check(source, checkpoint.origin, verdict)
    check_seen(trail, note, "checkpoint")
    if own.since is not None:
        with verdict.checking("--since"):
            _check_since(trail, own.since)
    _check_historic(trail)
    _check_stamps(trail)
    return trail


def check_begins(trail: Trail, given: bytes, where: str) -> tuple[Note, Checkpoint]:
    """That the tree begins with an older checkpoint of it. Raises NotTrusted."""
    note, old = older_of(given, where, trail.policy, trail.checkpoint.origin, trail.verdict)
    check_beginning(trail, old, where)
    return note, old


def check_beginning(trail: Trail, old: Checkpoint, where: str) -> None:
    """The same where it does not matter who signed. Raises BadCheckpoint."""
    size = trail.checkpoint.size
    if old.size > size:
        problem = Bilingual(
            f"기록이 {size:,}건뿐인데 이 체크포인트는 {old.size:,}건이었습니다: 기록이 잘렸거나 되돌려졌습니다",
            f"the log has {size:,} fact(s) and had {old.size:,} at this checkpoint: it was cut off or rolled back",
        )
        raise BadCheckpoint(where=where, problem=problem)
    if trail.tiles.subtree(0, old.size) != old.root:
        raise rewritten_error(where, old.size)


def check_seen(trail: Trail, note: Note, where: str, size: int | None = None) -> None:
    """That the last fact under a checkpoint was recorded before witnesses saw it. Raises nothing."""
    between = times_seen(trail.policy, note)
    if between is not None:
        with trail.verdict.checking(where):
            check_before(trail.leaf((size or trail.checkpoint.size) - 1), between[1], where)


def check_before(leaf: Leaf, seen: datetime, where: str) -> None:
    """Raises NotTrusted where a leaf says that it was recorded after it was seen."""
    if datetime.fromisoformat(leaf.recorded_at) > seen + SLACK:
        recorded = clock(datetime.fromisoformat(leaf.recorded_at))
        problem = Bilingual(
            f"{leaf.position}번 기록이 {recorded}에 적혔다고 하나 {clock(seen)}에 이미 있었습니다",
            f"event {leaf.position} says it was recorded at {recorded}, and was there at {clock(seen)} already",
        )
        raise NotTrusted(where=where, problem=problem)


def check_after(leaf: Leaf, seen: datetime, where: str) -> None:
    """Raises NotTrusted where a leaf says that it was recorded before what it stands upon was there."""
    if datetime.fromisoformat(leaf.recorded_at) < seen - SLACK:
        recorded = clock(datetime.fromisoformat(leaf.recorded_at))
        problem = Bilingual(
            f"{leaf.position}번 기록이 {recorded}에 적혔다고 하나 {clock(seen)} 전에는 있을 수 없습니다(날짜 소급)",
            f"event {leaf.position} says it was recorded at {recorded}, and cannot have been there before {clock(seen)}: "
            "it is back-dated",
        )
        raise NotTrusted(where=where, problem=problem)


def _check_since(trail: Trail, since: bytes) -> None:
    _, old = check_begins(trail, since, "--since")
    trail.verdict.holds(
        "--since",
        f"보관하던 체크포인트({old.size:,}건) 뒤로 추가만 되었습니다",
        f"since the checkpoint that was kept ({old.size:,} fact(s)) the log was only added to",
    )


def _check_historic(trail: Trail) -> None:
    """Every published checkpoint, where files can be listed."""
    names = trail.source.names()
    if names is None:
        trail.verdict.remarks(
            "checkpoints",
            "이 주소에서는 지난 체크포인트를 찾을 수 없습니다. 보관하던 것은 --since로 지정하십시오",
            "older checkpoints cannot be listed at this address; give the one that you kept with --since",
        )
        return
    good = 0
    for name in names:
        if name.startswith("checkpoints/") and not name.endswith(".new"):
            with trail.verdict.checking(name):
                note, old = check_begins(trail, require_file(trail.source, name), name)
                check_seen(trail, note, name, old.size)
                good += 1
    if good:
        trail.verdict.holds(
            "checkpoints",
            f"지난 체크포인트 {good:,}개가 모두 지금 기록의 앞부분입니다",
            f"{many(good, 'older checkpoint is a beginning', 'older checkpoints are beginnings')} of the present log",
        )


def _check_stamps(trail: Trail) -> None:
    good = 0
    for name in trail.source.names() or ():
        if name.startswith("timestamps/") and name.endswith(".note"):
            with trail.verdict.checking(name):
                _, old = check_begins(trail, require_file(trail.source, name), name)
                at = verify_stamp(trail.source, name, trail.certificates)
                check_before(trail.leaf(old.size - 1), at, name)
                good += 1
    if good:
        trail.verdict.holds(
            "timestamps",
            f"시점확인 {good:,}건이 맞습니다",
            many(good, "timestamp is valid", "timestamps are valid"),
        )


def verify_stamp(source: Source, name: str, certificates: bytes | None) -> datetime:
    """When an authority saw the note of that name. `certificates`: PEM. Raises NotTrusted."""
    trusted = (
        require_file(source, "tsa.pem") if certificates is None else certificates
    )  # says which file is missing
    token = f"{name.removesuffix('.note')}.tsr"
    from trail.timestamps import verify  # noqa: PLC0415 - ciphers take long to load

    return verify(require_file(source, token), require_file(source, name), trusted, token)
