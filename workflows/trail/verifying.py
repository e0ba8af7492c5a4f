"""The database against the sealed trail, with the first difference in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from domain.errors import Bilingual, DonghaengError, Lang
from domain.streams import identity_of, kind_of
from store.log import Store
from store.whole_log import WholeLog, snapshot
from trail.checkpoint import parse_checkpoint
from trail.english import many
from trail.leaf import instant
from trail.leaf_comparison import Comparing, Kind, LeafDifference, Seal, bundles, times_differ
from trail.leaves import Tick
from trail.origin import Clock
from trail.particles import resolve_particles
from trail.signed import clock
from trail.sources import Source
from trail.stored import KIND, KNOWN_AT, POSITION, RECORDED_AT, STATE, STREAM, StoredFact
from trail.time_bounds import check_token, floor_of, read_held_times
from trail.two_times import Two
from trail.verdict import Verdict
from trail.verifying import Own, Trail, check_after, check_beginning, verify_trail
from workflows.telling import history_of
from workflows.trail.beside import BesidePart
from workflows.trail.parts import Apart, Begin, begin_parts

_AT_A_TIME = 5000


class _AgainstLeaves:
    """The facts of the store, as they are read, against the leaves of a trail. See trail.verifying.Beside."""

    def __init__(self, log: WholeLog, parts: Sequence[Apart], tick: Tick) -> None:
        self._log, self._parts, self._tick = log, parts, tick
        self.ended = False
        self.difference: LeafDifference | None = None

    def begin(self, trail: Trail) -> None:
        log = self._log
        self._comparing = Comparing(trail.tiles, log.next, log.after, lambda seal: check_seal(trail, seal))

    def bundle(self, index: int, leaves: Sequence[bytes]) -> Sequence[Any] | None:
        return self._comparing.bundle(index, leaves)

    def end(self) -> None:
        """All leaves were there: where the facts are those, the parts are given what comes after them, and end."""
        self.difference = self._comparing.difference()
        if self.difference is None:
            for count in self._log.all():
                self._tick(count)
            for part in self._parts:
                part.end()
        self.ended = True

    def say(self, store: Store, trail: Trail, verdict: Verdict) -> None:
        """Whether the store holds what was sealed; only where it does, what lies beside the facts is spoken of."""
        _say_store(store, trail, verdict, self.difference, self._log.position)
        if self.difference is None:
            _check_clock(store, trail, verdict)
            for part in self._parts:
                part.say(verdict)


def verify_all(
    source: Source, own: Own, store: Store, parts: Sequence[Begin], verdict: Verdict, tick: Tick
) -> tuple[Trail, bool]:
    """Say in the verdict whether a trail holds, and whether the store is what was sealed: fact by fact, what was recorded
    since, and what lies beside the facts (`parts`). Each fact is read once, in one snapshot.

    The trail, and whether its tree holds: else nothing is said of the store. Raises NotTrusted, BadPolicy where there is
    nothing to go on from.
    """
    with snapshot(store) as connection, begin_parts(store, connection, parts) as (log, apart):
        facts = _AgainstLeaves(log, apart, tick)
        trail = verify_trail(source, own, verdict, tick, facts)
    if facts.ended:
        facts.say(store, trail, verdict)
    return trail, facts.ended


def verify_store(
    store: Store, trail: Trail, verdict: Verdict, tick: Tick, parts: Sequence[Begin] = (BesidePart,)
) -> None:
    """The same of the store alone, by a trail that was verified before."""
    with snapshot(store) as connection, begin_parts(store, connection, parts) as (log, apart):
        facts = _AgainstLeaves(log, apart, tick)
        facts.begin(trail)
        for index, leaves in bundles(trail.tiles):
            facts.bundle(index, leaves)
        facts.end()
    facts.say(store, trail, verdict)


def _say_store(
    store: Store, trail: Trail, verdict: Verdict, difference: LeafDifference | None, head: int
) -> None:
    if store.id not in trail.checkpoint.origin:
        verdict.fails(
            "checkpoint",
            f"이 저장소({store.id})가 아닌 다른 저장소의 기록({trail.checkpoint.origin})입니다",
            f"it is the log of another store ({trail.checkpoint.origin}) than this one ({store.id})",
        )
    size = trail.checkpoint.size
    if difference is not None:
        verdict.fails("store", in_words(store, difference, "ko"), in_words(store, difference, "en"))
        return
    verdict.holds(
        "store",
        f"저장소의 기록 {size:,}건이 봉인된 것과 한 바이트도 다르지 않습니다",
        f"the {size:,} fact(s) of the store are what was sealed, to the byte",
    )
    if (since := head - size) > 0:
        verdict.remarks(
            "store",
            f"그 뒤의 기록 {since:,}건은 아직 봉인되지 않았습니다",
            f"the {many(since, 'fact after that is', 'facts after that are')} not sealed yet",
        )


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
            if row[RECORDED_AT] != row[KNOWN_AT]:
                return Two(row[POSITION], instant(row[KNOWN_AT]), instant(row[RECORDED_AT]))
        after = rows[-1][POSITION]
    return None


def check_seal(trail: Trail, seal: Seal) -> None:
    """That the log begins with the checkpoint that a fact holds, and that who saw it saw it before the fact."""
    where = f"event {seal.leaf.position}"
    with trail.verdict.checking(where):
        held = read_held_times(trail.checkpoint.origin, seal.row[KIND], seal.row[STATE], where)
        if held is None:
            return
        check_beginning(trail, parse_checkpoint(held.note, where), where)
        if held.readings is not None and trail.readings.setdefault(*held.readings) != held.readings[1]:
            trail.verdict.fails(
                where,
                f"열람·거부 기록 {held.readings[0]:,}건의 루트 해시가 앞선 봉인의 것과 다릅니다",
                f"it has another root of the first {held.readings[0]:,} reading(s) and refusals than a seal before it",
            )
        check_token(held, trail.certificates, trail.verdict, where)
        if (floor := floor_of(trail.policy, held, where)) is not None:
            check_after(seal.leaf, floor, where)


def in_words(store: Store, difference: LeafDifference, lang: Lang) -> str:
    """e.g. event 812, task 2024-07, was approved by …; the log has another content"""

    def say(ko: str, en: str) -> str:
        return resolve_particles(ko) if lang == "ko" else en

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
    told = f"{position}번 기록, {_thing(row[STREAM], lang)}: “{_sentence(store, row, lang)}”"
    if lang == "en":
        told = f"event {position}, {_thing(row[STREAM], lang)}: “{_sentence(store, row, lang)}”"
    return told + _against(difference, sealed, at).say(lang)


def _against(difference: LeafDifference, sealed: str, at: str) -> Bilingual:
    match difference.kind:
        case Kind.CONTENT:
            return Bilingual("; 봉인된 기록의 내용은 다릅니다", "; the log has another content")
        case Kind.TIME:
            has, had = times_differ(difference.row, difference.leaf)
            return Bilingual(
                f" 저장소에는 {clock(has)}(으)로, 봉인된 기록에는 {clock(had)}(으)로 적혀 있습니다",
                f" has the time {clock(has)} in the store and {clock(had)} in the log",
            )
        case Kind.ADDED:
            return Bilingual(
                f" 봉인된 기록에 없습니다(임의 삽입). 이 자리의 기록 {sealed}은(는) {difference.elsewhere}번에 있습니다",
                f" is not in the log: it was slipped in. What was sealed here, {sealed}, is at {difference.elsewhere} now",
            )
        case Kind.MOVED:
            return Bilingual(
                f" 순서가 바뀌었습니다. 이 자리의 기록 {sealed}은(는) {difference.elsewhere}번에 있습니다",
                f" is not in its place: what was sealed here, {sealed}, is at {difference.elsewhere} now",
            )
        case Kind.REMOVED:
            return Bilingual(
                f" 다음 기록이 이 자리로 당겨졌습니다. 봉인된 {sealed}({at})이(가) 없어졌습니다",
                f" comes one place too early: {sealed}, sealed here and recorded {at}, was removed",
            )
    return Bilingual(f"; 봉인된 기록은 {sealed}({at})입니다", f"; the log has {sealed} here, recorded {at}")


def _thing(stream: str, lang: Lang) -> str:
    if kind_of(stream) != "task":
        return stream
    task = identity_of(stream)
    return f"과제 {task}" if lang == "ko" else f"task {task}"


def _sentence(store: Store, row: StoredFact, lang: Lang) -> str:
    """The store's own reading of a row, or its kind where that cannot be read any more."""
    try:
        for line in history_of(store, row[STREAM], lang):
            if line.position == row[POSITION]:
                return line.sentence
    except (DonghaengError, LookupError, AttributeError, ValueError):
        pass  # what was tampered with need not be a history
    return row[KIND]
