"""The log of readings and refusals: how it stands against what was sealed of it, in a verdict and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from domain.access.commands import GAPS, PRUNINGS, ROWS, AcknowledgeGap, ExamineRow
from domain.access.facts import Differing, GapAcknowledged, Pruned, RowExamined
from domain.access.refusals import NoDifference, NotAGap
from domain.errors import Bilingual, Lang
from domain.positions import positions_label
from projections.inspection.watched import (
    NAME,
    OF_ROWS,
    Gap,
    Kind,
    Watched,
    compare,
    is_late,
    origin_of,
    own_policy,
)
from store.log import Store
from store.watched import last_watched, load_entries_after, load_own_entries, strays, sum_of_row
from store.whole_log import as_of_now
from trail.checkpoint import Checkpoint
from trail.english import many
from trail.note import Note
from trail.policy import Policy, parse_policy
from trail.signed import SLACK, require_file
from trail.sources import Source
from trail.tiles import Tiles
from trail.verdict import Verdict
from trail.verifying import Trail
from workflows.trail.watched_sealed import CHECKPOINT, Sealed, read_sealed

WORDS = {
    Kind.MISSING: Bilingual("자리가 비어 있음(삭제됨)", "nothing stands there: deleted"),
    Kind.CUT_OFF: Bilingual("봉인된 뒤 끝이 잘림", "sealed, and cut off at the end since"),
    Kind.ENTRY_CHANGED: Bilingual("항목이 봉인된 것과 다름", "the entry is not the one that was sealed"),
    Kind.ROW_CHANGED: Bilingual(
        "내용이 항목의 지문과 다름(고쳐짐)", "what it says is not what its entry commits to: it was changed"
    ),
    Kind.ROW_MISSING: Bilingual(
        "내용이 없고 삭제 기록도 없음", "what it said is gone, and no pruning took it out"
    ),
    Kind.BACK_DATED: Bilingual(
        "바로 앞 항목보다 먼저 적힌 것으로 되어 있음(소급)", "recorded before the one before it: back-dated"
    ),
    Kind.PRUNED_YOUNG: Bilingual(
        "2년이 안 된 열람을 삭제했다는 항목", "a pruning of readings that were not two years old"
    ),
    Kind.MISCOUNTED: Bilingual(
        "삭제한 건수가 없어진 건수와 다름(그 전에 이미 없어진 것이 있음). 조사한 뒤 `access examine pruning`",
        "a pruning that took fewer than are gone: some were gone before; once looked into, `access examine pruning`",
    ),
    Kind.UNRECORDED: Bilingual(
        "기록(access.pruned, access.gap_acknowledged)이 없는 삭제나 빈자리 확인",
        "a pruning or an acknowledged gap of which no fact says anything",
    ),
    Kind.STRAY_READING: Bilingual(
        "항목이 없는 열람(임의 삽입)", "readings of which no entry is, by their ids: slipped in"
    ),
    Kind.STRAY_REFUSAL: Bilingual(
        "항목이 없는 거부(임의 삽입)", "refusals of which no entry is, by their ids: slipped in"
    ),
}


# by whether it is a row that was looked into, and not a gap
_LOOKED_INTO = {False: GapAcknowledged.kind, True: RowExamined.kind}


def load_access_log_status(store: Store, tiles: Tiles | None) -> Watched:
    """How the log stands. `tiles`: what was sealed of it, read before this is asked; None where nothing was."""
    with as_of_now(store) as connection:
        last, said = last_watched(store, connection), load_own_entries(store, connection)
        extra = strays(store, connection)
        facts: list[tuple[object, int]] = []
        gone: set[int] = set()
        for one in (*store.read(PRUNINGS), *store.read(GAPS)):
            if isinstance(fact := one.fact, Pruned):
                facts.append((fact.before, fact.count))
                gone.update(fact.gone)
            elif isinstance(fact, GapAcknowledged):
                facts.append((fact.first, fact.last))
        examined = {
            (fact.what, fact.number, fact.found)
            for one in store.read(ROWS)
            if isinstance(fact := one.fact, RowExamined)
        }
        return compare(
            lambda after, most: load_entries_after(store, after, most, connection),
            last,
            said,
            extra,
            facts,
            tiles,
            examined,
            lambda what, identity: sum_of_row(what, identity, connection),
            gone,
        )


def examining(store: Store, watched: Watched, what: Differing, number: int, note: str) -> ExamineRow:
    """The command that says of a row that is wrong, as it stands now, that it was looked into. Raises NoDifference."""
    kinds = [kind for kind, name in OF_ROWS.items() if name == what]
    if not any(gap.kind in kinds and number in gap.first for gap in watched.gaps):
        raise NoDifference(what=what, number=number)
    found: bytes | None
    with store.connection() as connection:
        if what == "pruning":
            found = watched.miscounted[number]
        elif what == "entry":
            found = next((one.found for one in load_entries_after(store, number - 1, 1, connection)), None)
        else:
            found = sum_of_row(what, number, connection)
    return ExamineRow(what=what, number=number, found=None if found is None else found.hex(), note=note)


def acknowledging(watched: Watched, first: int, last: int, note: str) -> AcknowledgeGap:
    """The command that says of a gap that it was looked into. Raises NotAGap where there is none, or more than it."""
    wrong = [one for one in watched.gaps if one.kind in (Kind.MISSING, Kind.CUT_OFF, Kind.ENTRY_CHANGED)]
    most = max(watched.entries, watched.sealed or 0)
    if not first <= last <= most or not any(first <= at <= last for one in wrong for at in one.first):
        raise NotAGap(first=first, last=last)
    return AcknowledgeGap(first=first, last=last, note=note)


def read_sealed_here(source: Source, kept: bytes | None = None) -> Sealed | None:
    """What was sealed of it in a trail's folder, by the policy that lies there; None where nothing was. `kept`: a
    checkpoint of it that somebody kept.

    Raises NotTrusted, BadPolicy.
    """
    if source.read(CHECKPOINT) is None and kept is None:
        return None
    policy = own_policy(parse_policy(require_file(source, "policy").decode(errors="replace")))
    return read_sealed(source, policy, kept=kept)


def verify_watched(store: Store, trail: Trail, verdict: Verdict) -> None:
    """Say in the verdict whether the log holds what was sealed of it, and what is missing."""
    policy = own_policy(trail.policy)
    sealed = read_sealed(
        trail.source,
        policy,
        origin=origin_of(trail.checkpoint.origin),
        kept=trail.own.readings_since,
        facts=trail.readings,
        certificates=trail.certificates,
        with_stamps=True,
    )
    tiles = None
    if sealed is not None:
        tiles = sealed.tiles
        _say_quorum(policy, sealed.note, sealed.checkpoint, verdict)
        _say_known(sealed, trail.readings, verdict)
    watched = load_access_log_status(store, tiles)
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
            f"the log of readings and refusals has no gap: {watched.entries:,} entry(ies), "
            f"{watched.sealed or 0:,} of them sealed and as sealed",
        )
    for said in remarks(watched):
        verdict.remarks(NAME, said.ko, said.en)


def in_words(gap: Gap, lang: Lang) -> str:
    """e.g. 3 × the entry is not the one that was sealed: 812, 813, 900"""
    more = " …" if gap.count > len(gap.first) else ""
    at = positions_label(gap.first).say(lang) + more
    count = f"{gap.count:,}건: " if lang == "ko" else f"{gap.count:,} × "
    return f"{count}{WORDS[gap.kind].say(lang)}: {at}"


def remarks(watched: Watched) -> Iterator[Bilingual]:
    """What is as it may be, and has to be known."""
    for one in watched.prunings:
        yield Bilingual(
            f"{one.before} 전의 열람 {one.count:,}건은 보존기간(2년)이 지나 삭제되었습니다({one.rule}, {one.up_to:,}번 항목까지)",
            f"{many(one.count, 'reading')} of before {one.before} were taken out when kept long enough "
            f"({one.rule}), up to entry {one.up_to:,}",
        )
    if watched.adopted:
        yield Bilingual(
            f"처음 {watched.adopted:,}건은 봉인이 시작되기 전의 것으로, 그때에는 봉인되지 않았습니다",
            f"the first {watched.adopted:,} were there before the log was sealed: not sealed at their time",
        )
    for gap in watched.acknowledged:
        yield Bilingual(
            f"감사관이 원인을 조사하여 확인함(`donghaeng trail search --kind {_LOOKED_INTO[gap.kind in OF_ROWS]}`): {in_words(gap, 'ko')}",
            f"looked into by an inspector (`donghaeng trail search --kind {_LOOKED_INTO[gap.kind in OF_ROWS]}`): {in_words(gap, 'en')}",
        )
    if watched.unsealed:
        yield Bilingual(
            f"뒤의 {watched.unsealed:,}건은 아직 봉인되지 않았습니다",
            f"the last {watched.unsealed:,} are not sealed yet",
        )


def _say_known(sealed: Sealed, facts: Mapping[int, bytes], verdict: Verdict) -> None:
    if facts:
        verdict.holds(
            NAME,
            f"봉인 기록(trail.sealed)이 열람·거부 기록 {max(facts):,}건까지의 루트 해시를 적어 두었고, 모두 맞습니다",
            f"facts of seals hold its root up to entry {max(facts):,}, and it fits all of them",
        )
    if sealed.since is not None:
        verdict.holds(
            NAME,
            f"보관하던 체크포인트({sealed.since:,}건) 뒤로 추가만 되었습니다",
            f"since the checkpoint that was kept ({sealed.since:,} entry(ies)) it was only added to",
        )
    if sealed.stamped:
        verdict.holds(
            NAME,
            f"시점확인 {sealed.stamped:,}건이 맞습니다",
            many(sealed.stamped, "timestamp is valid", "timestamps are valid"),
        )


def _say_quorum(policy: Policy, note: Note, checkpoint: Checkpoint, verdict: Verdict) -> None:
    names = ", ".join(one.name for one in policy.witnesses_on(note))
    if not policy.is_satisfied_by(note):
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
            f"a quorum of witnesses cosigned the {checkpoint.size:,} reading(s) and refusals: {names}",
        )
