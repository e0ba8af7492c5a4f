"""The database against the sealed trail, with the first difference in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from domain.english import many
from domain.errors import DonghaengError, Lang
from domain.particles import settled
from projections.trail.brackets import check_held_token, floor_of, held_in
from projections.trail.checkpoint import parse_checkpoint
from projections.trail.comparing import Difference, Kind, Seal, compare, times_differ
from projections.trail.leaf import instant
from projections.trail.leaves import Tick
from projections.trail.origin import Clock
from projections.trail.signed import clock
from projections.trail.two_times import Two
from projections.trail.verdict import Verdict
from projections.trail.verifying import Trail, check_after, check_beginning
from store.log import Store
from workflows.reading import history_of
from workflows.trail_beside import verify_beside

_AT_A_TIME = 5000


def verify_store(store: Store, trail: Trail, verdict: Verdict, tick: Tick) -> None:
    """Say in the verdict whether the store holds what was sealed, fact by fact, what was recorded since, and whether what
    lies beside the facts is what they say."""
    if store.id not in trail.checkpoint.origin:
        verdict.fails(
            "checkpoint",
            f"이 저장소({store.id})가 아닌 다른 저장소의 기록({trail.checkpoint.origin})입니다",
            f"it is the log of another store ({trail.checkpoint.origin}) than this one ({store.id})",
        )
    read = store.rows_after
    difference = compare(trail.tiles, read, tick, lambda seal: check_seal(trail, seal))
    size = trail.checkpoint.size
    if difference is not None:
        verdict.fails("store", in_words(store, difference, "ko"), in_words(store, difference, "en"))
        return
    verdict.holds(
        "store",
        f"저장소의 기록 {size:,}건이 봉인된 것과 한 바이트도 다르지 않습니다",
        f"the {size:,} facts of the store are what was sealed, to the byte",
    )
    if (since := store.head().position - size) > 0:
        verdict.remarks(
            "store",
            f"그 뒤의 기록 {since:,}건은 아직 봉인되지 않았습니다",
            f"the {many(since, 'fact after that is', 'facts after that are')} not sealed yet",
        )
    _check_clock(store, trail, verdict)
    verify_beside(store, verdict, tick)


def _check_clock(store: Store, trail: Trail, verdict: Verdict) -> None:
    """That the store is of the kind that its log is of, and that what is not sealed yet has one time where that is so."""
    simulated = trail.clock is Clock.SIMULATED if trail.clock is not None else store.simulated
    if store.simulated is not simulated:
        verdict.fails(
            "times",
            f"저장소에는 {'모의' if store.simulated else '실제'} 저장소라고 적혀 있으나, 봉인된 기록은 {'모의' if simulated else '실제'} 저장소의 것입니다",
            f"the database says that the store is {'simulated' if store.simulated else 'real'}, and what was sealed is of a "
            f"{'simulated' if simulated else 'real'} one",
        )
    if simulated:
        return
    two = first_of_two_times(store, trail.checkpoint.size)
    if two is not None:
        verdict.fails("times", two.problem.ko, two.problem.en)


def first_of_two_times(store: Store, after: int, last: int | None = None) -> Two | None:
    """The first fact after a position, up to another one, that was known at another time than it was recorded."""
    end = store.head().position if last is None else last
    while after < end and (rows := store.rows_after(after, min(_AT_A_TIME, end - after))):
        for row in rows:
            if row[4] != row[5]:
                return Two(row[0], instant(row[5]), instant(row[4]))
        after = rows[-1][0]
    return None


def check_seal(trail: Trail, seal: Seal) -> None:
    """That the log begins with the checkpoint that a fact holds, and that who saw it saw it before the fact."""
    where = f"event {seal.leaf.position}"
    with trail.verdict.checking(where):
        held = held_in(trail.checkpoint.origin, seal.row[3], seal.row[6], where)
        if held is None:
            return
        check_beginning(trail, parse_checkpoint(held.note, where), where)
        check_held_token(held, trail.certificates, trail.verdict, where)
        if (floor := floor_of(trail.policy, held, where)) is not None:
            check_after(seal.leaf, floor, where)


def in_words(store: Store, difference: Difference, lang: Lang) -> str:
    """e.g. event 812, task 2024-07, was approved by …; the log has another content"""

    def say(ko: str, en: str) -> str:
        return settled(ko) if lang == "ko" else en

    position, leaf, row = difference.position, difference.leaf, difference.row
    sealed = f"{_thing(leaf.stream, lang)} {leaf.kind} #{leaf.version}"
    at = clock(datetime.fromisoformat(leaf.recorded_at))
    if row is None:
        if difference.kind is Kind.TRUNCATED:
            return say(
                f"{position}번 기록부터 저장소에 없습니다(잘림). 봉인된 기록에는 {sealed}({at})이(가) 있습니다",
                f"from event {position} on the store holds nothing: it was cut off. The log has {sealed}, recorded {at}",
            )
        return say(
            f"{position}번 기록이 저장소에 없습니다. 봉인된 기록에는 {sealed}({at})이(가) 있습니다",
            f"event {position} is missing in the store. The log has {sealed}, recorded {at}",
        )
    told = f"{position}번 기록, {_thing(row[1], lang)}: “{_sentence(store, row, lang)}”"
    if lang == "en":
        told = f"event {position}, {_thing(row[1], lang)}: “{_sentence(store, row, lang)}”"
    return told + say(*_against(difference, sealed, at))


def _against(difference: Difference, sealed: str, at: str) -> tuple[str, str]:
    match difference.kind:
        case Kind.CONTENT:
            return "; 봉인된 기록의 내용은 다릅니다", "; the log has another content"
        case Kind.TIME:
            has, had = times_differ(difference.row, difference.leaf)
            return (
                f" 저장소에는 {clock(has)}(으)로, 봉인된 기록에는 {clock(had)}(으)로 적혀 있습니다",
                f" has the time {clock(has)} in the store and {clock(had)} in the log",
            )
        case Kind.ADDED:
            return (
                f" 봉인된 기록에 없습니다(끼워 넣음). 이 자리의 기록 {sealed}은(는) {difference.elsewhere}번에 있습니다",
                f" is not in the log: it was slipped in. What was sealed here, {sealed}, is at {difference.elsewhere} now",
            )
        case Kind.MOVED:
            return (
                f" 순서가 바뀌었습니다. 이 자리의 기록 {sealed}은(는) {difference.elsewhere}번에 있습니다",
                f" is not in its place: what was sealed here, {sealed}, is at {difference.elsewhere} now",
            )
        case Kind.REMOVED:
            return (
                f" 다음 기록이 이 자리로 당겨졌습니다. 봉인된 {sealed}({at})이(가) 없어졌습니다",
                f" comes one place too early: {sealed}, sealed here and recorded {at}, was removed",
            )
    return f"; 봉인된 기록은 {sealed}({at})입니다", f"; the log has {sealed} here, recorded {at}"


def _thing(stream: str, lang: Lang) -> str:
    name, _, identity = stream.partition("/")
    if name == "task":
        return f"과제 {identity}" if lang == "ko" else f"task {identity}"
    return stream


def _sentence(store: Store, row: Sequence[Any], lang: Lang) -> str:
    """The store's own reading of a row, or its kind where that cannot be read any more."""
    try:
        for line in history_of(store, row[1], lang):
            if line.position == row[0]:
                return line.sentence
    except (DonghaengError, LookupError, AttributeError, ValueError):
        pass  # what was tampered with need not be a history
    return str(row[3])
