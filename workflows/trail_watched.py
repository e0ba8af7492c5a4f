"""The log of readings and refusals: how it stands against what was sealed of it, in a verdict and in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from domain.access.commands import PRUNINGS
from domain.access.facts import Pruned
from domain.english import many
from domain.errors import Lang, Worded
from projections.trail.checkpoint import Checkpoint, parse_checkpoint
from projections.trail.errors import BadCheckpoint, NotTrusted
from projections.trail.note import Note, parse_note
from projections.trail.policy import Policy, parse_policy
from projections.trail.signed import SLACK, needed, not_forged, signed_checkpoint
from projections.trail.sources import Source
from projections.trail.tiles import WIDTH, Tiles
from projections.trail.tree import RootOfMany
from projections.trail.verdict import Verdict
from projections.trail.verifying import Trail
from projections.trail.watched import NAME, Gap, Kind, Watched, compare, is_late, origin_of, own_policy
from store.log import Store
from store.watched import as_of_now, last_watched, said_of_itself, strays, watched_after

WORDS = {
    Kind.MISSING: Worded("자리가 비어 있음(삭제됨)", "nothing stands there: deleted"),
    Kind.CUT_OFF: Worded("봉인된 뒤 끝이 잘림", "sealed, and cut off at the end since"),
    Kind.ENTRY_CHANGED: Worded("항목이 봉인된 것과 다름", "the entry is not the one that was sealed"),
    Kind.ROW_CHANGED: Worded(
        "내용이 항목의 지문과 다름(고쳐짐)", "what it says is not what its entry commits to: it was changed"
    ),
    Kind.ROW_MISSING: Worded(
        "내용이 없고 삭제 기록도 없음", "what it said is gone, and no pruning took it out"
    ),
    Kind.BACK_DATED: Worded(
        "바로 앞 항목보다 먼저 적힌 것으로 되어 있음(소급)", "recorded before the one before it: back-dated"
    ),
    Kind.PRUNED_YOUNG: Worded(
        "2년이 안 된 열람을 지웠다는 항목", "a pruning of readings that were not two years old"
    ),
    Kind.MISCOUNTED: Worded(
        "삭제한 건수가 없어진 건수와 다름(그 전에 이미 없어진 것이 있음)",
        "a pruning that took fewer than are gone: some were gone before",
    ),
    Kind.UNRECORDED: Worded("기록(access.pruned)이 없는 삭제", "a pruning of which no fact says anything"),
    Kind.STRAY: Worded("항목이 없는 내용(끼워 넣음)", "rows of which no entry is: slipped in"),
}


def watched_of(store: Store, tiles: Tiles | None) -> Watched:
    """How the log stands. `tiles`: what was sealed of it, read before this is asked; None where nothing was."""
    with as_of_now(store) as connection:
        last, said = last_watched(store, connection), said_of_itself(store, connection)
        extra = strays(store, connection)
        facts = [one.fact for one in store.read(PRUNINGS)]
        pruned = [(fact.before, fact.count) for fact in facts if isinstance(fact, Pruned)]
        return compare(
            lambda after, most: watched_after(store, after, most, connection),
            last,
            said,
            extra,
            pruned,
            tiles,
        )


def sealed_here(source: Source) -> Tiles | None:
    """What was sealed of it in a trail's folder, by the policy that lies there; None where nothing was.

    Raises NotTrusted, BadPolicy.
    """
    if source.read(f"{NAME}/checkpoint") is None:
        return None
    policy = own_policy(parse_policy(needed(source, "policy").decode(errors="replace")))
    _, checkpoint = signed_checkpoint(needed(source, f"{NAME}/checkpoint"), f"{NAME}/checkpoint", policy)
    return _sealed(source, checkpoint, {})


def verify_watched(store: Store, trail: Trail, verdict: Verdict) -> None:
    """Say in the verdict whether the log holds what was sealed of it, and what is missing."""
    tiles: Tiles | None = None
    if trail.source.read(f"{NAME}/checkpoint") is not None:
        policy = own_policy(trail.policy)
        note, checkpoint = signed_checkpoint(
            needed(trail.source, f"{NAME}/checkpoint"), f"{NAME}/checkpoint", policy
        )
        if checkpoint.origin != origin_of(trail.checkpoint.origin):
            problem = Worded(
                f"다른 기록({checkpoint.origin})의 것입니다", f"it is of another log ({checkpoint.origin})"
            )
            raise BadCheckpoint(where=f"{NAME}/checkpoint", problem=problem)
        tiles = _sealed(trail.source, checkpoint, dict(_older(trail.source, checkpoint, policy)))
        _say_quorum(policy, note, checkpoint, verdict)
    watched = watched_of(store, tiles)
    last_fact = datetime.fromisoformat(trail.leaf(trail.checkpoint.size - 1).recorded_at)
    late = is_late(watched, last_fact - SLACK)
    for gap in watched.gaps:
        verdict.fails(NAME, in_words(gap, "ko"), in_words(gap, "en"))
    if late:
        verdict.fails(
            NAME,
            f"{watched.unsealed:,}건이 봉인되지 않았습니다. 그 뒤의 기록은 봉인되어 있습니다. `donghaeng trail seal`을 실행하십시오",
            f"{many(watched.unsealed, 'entry is', 'entries are')} not sealed, though facts are that were recorded later; "
            "run `donghaeng trail seal`",
        )
    if not watched.gaps and not late:
        verdict.holds(
            NAME,
            f"열람·거부 기록 {watched.entries:,}건에 빈자리가 없고 봉인된 {watched.sealed or 0:,}건과 같습니다",
            f"the log of readings and refusals has no gap: {watched.entries:,} entries, "
            f"{watched.sealed or 0:,} of them sealed and as sealed",
        )
    for said in remarks(watched):
        verdict.remarks(NAME, said.ko, said.en)


def in_words(gap: Gap, lang: Lang) -> str:
    """e.g. 3 × the entry is not the one that was sealed: 812, 813, 900"""
    more = " …" if gap.count > len(gap.first) else ""
    at = ", ".join(f"#{one}" for one in gap.first) + more
    count = f"{gap.count:,}건: " if lang == "ko" else f"{gap.count:,} × "
    return f"{count}{WORDS[gap.kind].say(lang)}: {at}"


def remarks(watched: Watched) -> Iterator[Worded]:
    """What is as it may be, and has to be known."""
    for one in watched.prunings:
        yield Worded(
            f"{one.before} 전의 열람 {one.count:,}건은 보존기간(2년)이 지나 삭제되었습니다({one.rule}, {one.up_to:,}번 항목까지)",
            f"{many(one.count, 'reading')} of before {one.before} were taken out when kept long enough "
            f"({one.rule}), up to entry {one.up_to:,}",
        )
    if watched.adopted:
        yield Worded(
            f"처음 {watched.adopted:,}건은 봉인이 시작되기 전의 것으로, 그때에는 봉인되지 않았습니다",
            f"the first {watched.adopted:,} were there before the log was sealed: not sealed at their time",
        )
    if watched.unsealed:
        yield Worded(
            f"뒤의 {watched.unsealed:,}건은 아직 봉인되지 않았습니다",
            f"the last {watched.unsealed:,} are not sealed yet",
        )


def _say_quorum(policy: Policy, note: Note, checkpoint: Checkpoint, verdict: Verdict) -> None:
    names = ", ".join(one.name for one in policy.answered(note))
    if not policy.satisfied(note):
        verdict.fails(
            NAME,
            f"증인 정족수에 미치지 못합니다(필요 {policy.needed}, 확인: {names or '없음'}). 증인이 이 기록의 키를 믿게 하십시오(docs/witness.md)",
            f"it has not its quorum of witnesses ({policy.needed} needed; there are: {names or 'none'}); "
            "have the witnesses trust the key of this log (docs/witness.md)",
        )
    elif policy.needed:
        verdict.holds(
            NAME,
            f"열람·거부 기록 {checkpoint.size:,}건의 체크포인트를 증인 정족수가 확인했습니다: {names}",
            f"a quorum of witnesses cosigned the {checkpoint.size:,} readings and refusals: {names}",
        )


def _sealed(source: Source, checkpoint: Checkpoint, older: dict[int, bytes]) -> Tiles:
    """The tiles below a trail's folder, whose leaves lead to the checkpoint and to each older one. Raises NotTrusted."""
    tiles = Tiles(partial(_read, source), checkpoint.size)
    growing, wanted = RootOfMany(), older | {checkpoint.size: checkpoint.root}
    for number in range(-(-checkpoint.size // WIDTH)):
        for place, hashed in enumerate(tiles.hashes(0, number), start=1):
            growing.add(hashed)
            size = number * WIDTH + place
            if size in wanted and growing.root() != wanted[size]:
                problem = Worded(
                    f"처음 {size:,}건의 잎이 체크포인트의 뿌리와 맞지 않습니다",
                    f"the leaves of the first {size:,} entries do not lead to the root of their checkpoint",
                )
                raise NotTrusted(where=f"{NAME}/tile", problem=problem)
    return tiles


def _read(source: Source, path: str) -> bytes | None:
    return source.read(f"{NAME}/{path}")


def _older(source: Source, latest: Checkpoint, policy: Policy) -> Iterator[tuple[int, bytes]]:
    """(size, root) of each checkpoint that was published before. Raises NotTrusted."""
    for name in source.names() or ():
        if not name.startswith(f"{NAME}/checkpoints/") or name.endswith(".new"):
            continue
        note = needed(source, name)
        old = parse_checkpoint(not_forged(parse_note(note, name), policy, name), name, latest.origin)
        if old.size > latest.size:
            problem = Worded(
                f"{latest.size:,}건보다 큰 체크포인트가 있습니다: 기록이 되돌려졌습니다",
                f"it is of more than the latest one's {latest.size:,} entries: the log was rolled back",
            )
            raise BadCheckpoint(where=name, problem=problem)
        yield old.size, old.root
