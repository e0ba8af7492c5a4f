"""What inspectors look into: each rule is a pure function over one entry, with the numbers that it uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from domain.calendar.reckoning import Calendars, day_off
from domain.calendar.refusals import CalendarNotOpen
from domain.errors import Bilingual
from domain.notice.facts import Cancelled
from domain.seoul import FIRST_HOUR, LAST_HOUR, SEOUL, in_office_hours, local_day
from domain.task.facts import Approved, DeadlinesSet, Evaluated, Proposed, Revised
from domain.trail.facts import DifferenceFound
from projections.differing import in_words
from projections.inspection.entries import office_of
from projections.inspection.searching import Filters
from store.envelope import Actor
from store.recorded import RecordedFact, days_late
from store.refused import RefusedRow
from trail.english import many

LATE_DAYS = 7
_CORRECTIONS = ("task.corrected", "task.correction_cancelled")
# what a person does in place of a rule, or against what it would have done
_OVERRIDES: Mapping[str, Bilingual] = {
    "task.rating_opened": Bilingual("시민평가를 규칙 대신 시작함", "opened the rating in place of the rule"),
    "task.evaluated": Bilingual("평가를 규칙 대신 입력함", "entered the evaluation in place of the rule"),
    "notice.cancelled": Bilingual("알림을 취소함", "cancelled a reminder"),
    "notice.released": Bilingual("보류된 알림을 보냄", "let a held reminder go"),
    "message.cancelled": Bilingual("메시지를 취소함", "cancelled a message"),
    "message.retried": Bilingual("포기한 메시지를 다시 보냄", "had a message tried again that was given up"),
    "view.fact_skipped": Bilingual("조회 화면이 기록을 건너뛰게 함", "let a view pass over a fact"),
    "store.epoch_begun": Bilingual("복원된 저장소를 계속 사용하게 함", "let a restored store go on"),
}

_PROPOSING = Bilingual("제안", "the proposal")
# what one person is not to do two of; a revision is a proposal again
_DUTIES: Mapping[str, Bilingual] = {
    Proposed.kind: _PROPOSING,
    Revised.kind: _PROPOSING,
    Approved.kind: Bilingual("승인", "the approval"),
    Evaluated.kind: Bilingual("평가", "the evaluation"),
}


@dataclass(frozen=True)
class Seen:
    """What a rule sees beside the entry. `before`: what came before it in its stream, for rules that ask for it."""

    calendars: Calendars
    before: Sequence[RecordedFact[Any]] = ()


Finds = Callable[[RecordedFact[Any], Seen], Bilingual | None]


@dataclass(frozen=True)
class Rule:
    """`finds`: why an entry is a finding, None where it is none; `among`: the entries that can be one.

    `looks_back`: what came before the entry in its stream is needed.
    """

    label: Bilingual
    among: Filters
    finds: Finds
    looks_back: bool = False


def late_entry(one: RecordedFact[Any], seen: Seen) -> Bilingual | None:
    """It became known more than LATE_DAYS days after it was so. A correction takes its target's time, and is another rule's."""
    late = one.known_at - one.effective_at
    corrects = one.kind in _CORRECTIONS
    if one.envelope.effective_at is None or corrects or late <= timedelta(days=LATE_DAYS) or days_late(one):
        return None
    return Bilingual(
        f"효력 {late.days}일 뒤에 입력함(기준 {LATE_DAYS}일)",
        f"entered {late.days} day(s) after it was so (more than {LATE_DAYS})",
    )


def late_by_rule(one: RecordedFact[Any], seen: Seen) -> Bilingual | None:
    """A rule was carried out on a later day than the one on which it takes effect. A count of deadlines stands beside it."""
    days = days_late(one)
    if days is None or one.kind == DeadlinesSet.kind:
        return None
    day = local_day(one.effective_at)
    return Bilingual(
        f"{day} 자로 처리할 일을 {days}일 늦게 처리함", f"of {day}, carried out {many(days, 'day')} late"
    )


def correction(one: RecordedFact[Any], seen: Seen) -> Bilingual | None:
    """What an earlier fact said was changed afterwards."""
    if one.kind == _CORRECTIONS[0] and not one.fact.after_evaluation:
        stream = one.stream
        return Bilingual(
            f"{stream}#{one.fact.fact} 기록을 정정함", f"corrected what {stream}#{one.fact.fact} said"
        )
    if one.kind == _CORRECTIONS[1]:
        number = one.fact.correction
        return Bilingual(f"정정 #{number}을(를) 취소함", f"took the correction #{number} back")
    return None


def correction_after_evaluation(one: RecordedFact[Any], seen: Seen) -> Bilingual | None:
    """What an evaluation rested on, or said, was changed after it was settled."""
    if one.kind != _CORRECTIONS[0] or not one.fact.after_evaluation:
        return None
    target = f"{one.stream}#{one.fact.fact}"
    return Bilingual(
        f"평가가 끝난 뒤 {target} 기록을 정정함", f"corrected what {target} said after the evaluation"
    )


def on_behalf(one: RecordedFact[Any], seen: Seen) -> Bilingual | None:
    """Somebody acted for another."""
    behalf = one.envelope.on_behalf_of
    if behalf is None:
        return None
    actor, whom = office_of(one.envelope.actor), office_of(behalf)
    ko, en = f"{actor}이(가) {whom}을(를) 대신함", f"{actor} acted on behalf of {whom}"
    mandate = one.envelope.mandate
    return Bilingual(ko, en) if mandate is None else Bilingual(f"{ko}({mandate})", f"{en}, by {mandate}")


def out_of_hours(one: RecordedFact[Any], seen: Seen) -> Bilingual | None:
    """A person acted before FIRST_HOUR or from LAST_HOUR on in Seoul, at a weekend or on a holiday of the calendar."""
    if one.envelope.actor.role in ("system", "citizen"):
        return None
    local = one.known_at.astimezone(SEOUL)
    at = f"{local:%Y-%m-%d %H:%M}"
    try:
        closed = day_off(seen.calendars, local.date())
    except CalendarNotOpen:  # of such a year only the weekends are known
        closed = None
        if local.weekday() >= 5:
            return Bilingual(f"{at}, 주말", f"{at}, at a weekend")
    if closed is not None:
        return Bilingual(f"{at}, 휴일({closed.say('ko')})", f"{at}, a day off ({closed.say('en')})")
    if in_office_hours(local):
        return None
    return Bilingual(
        f"{at}, 근무시간({FIRST_HOUR}~{LAST_HOUR}시) 외", f"{at}, outside {FIRST_HOUR}:00 to {LAST_HOUR}:00"
    )


def no_person(one: RecordedFact[Any], seen: Seen) -> Bilingual | None:
    """An office acted and no person is named. A token names the machine that acts by it, and its issue who answers for it."""
    envelope = one.envelope
    if envelope.actor.role in ("system", "citizen") or envelope.actor.subject or envelope.token:
        return None
    who = office_of(envelope.actor)
    return Bilingual(f"{who}(으)로만 처리하고 사람을 밝히지 않음", f"done as {who}, no person is named")


def overridden_rule(one: RecordedFact[Any], seen: Seen) -> Bilingual | None:
    """A person did by hand what a rule does, or kept a rule from it."""
    by_rule = one.envelope.actor.role == "system"
    if by_rule or (isinstance(one.fact, Cancelled) and one.fact.why != "person"):
        return None
    return _OVERRIDES.get(one.kind)


def duties_not_separated(one: RecordedFact[Any], seen: Seen) -> Bilingual | None:
    """Who proposed a task also approved it, or who did either also evaluated it.

    Persons are told apart by their ids, whatever their office was then; who acts for another counts as both. Where a
    person is not named, two acts of one office are found too: nothing shows that two persons did them.
    """
    duty = _DUTIES.get(one.kind)
    if duty is None:
        return None
    for act in seen.before:
        other = _DUTIES.get(act.kind)
        if other is None or other == duty:
            continue
        where = f"{act.stream}#{act.version}"
        if both := sorted(_persons(one) & _persons(act)):
            return Bilingual(
                f"한 사람({both[0]})이 {other.ko}({where})과(와) {duty.ko}을(를) 함",
                f"one person ({both[0]}) did both: {other.en} ({where}) and {duty.en}",
            )
        office = sorted(_offices_unnamed(one, act))
        if office:
            return Bilingual(
                f"{office[0]}이(가) {other.ko}({where})과(와) {duty.ko}을(를) 하였으나, 사람이 적혀 있지 않아 두 사람인지 알 수 없음",
                f"{office[0]} did both, {other.en} ({where}) and {duty.en}, and no person is named that would show two",
            )
    return None


def _acting(one: RecordedFact[Any]) -> tuple[Actor, ...]:
    """Who did it and on whose behalf. A rule is nobody."""
    envelope = one.envelope
    named = (envelope.actor, envelope.on_behalf_of)
    return tuple(actor for actor in named if actor is not None and actor.role != "system")


def _persons(one: RecordedFact[Any]) -> set[str]:
    return {actor.subject for actor in _acting(one) if actor.subject is not None}


def _offices_unnamed(one: RecordedFact[Any], act: RecordedFact[Any]) -> set[str]:
    """The offices that did both, at least once without a person."""
    return {
        office_of(actor)
        for actor in _acting(one)
        for earlier in _acting(act)
        if office_of(actor) == office_of(earlier) and None in (actor.subject, earlier.subject)
    }


def not_as_sealed(one: RecordedFact[Any], seen: Seen) -> Bilingual | None:
    """The database was compared with what was sealed, and differed."""
    return in_words(one.fact.part, one.fact.what, one.fact.position)


def refusal_of_attempt(row: RefusedRow) -> Bilingual | None:
    """A person, or a token that opens nothing, tried what is not allowed. A rule's own refusals are its daily work."""
    if row.actor is not None and row.actor.role == "system":
        return None
    return Bilingual(f"거부됨: {row.refusal}", f"refused: {row.refusal}")


REFUSED = "refused_attempt"
NOT_AS_SEALED = "not_as_sealed"
RULES: Mapping[str, Rule] = {
    NOT_AS_SEALED: Rule(
        Bilingual("봉인과 다른 데이터베이스", "differences from what was sealed"),
        Filters(kinds=(DifferenceFound.kind,)),
        not_as_sealed,
    ),
    "late_entry": Rule(Bilingual("지연 입력", "late entries"), Filters(stated=True), late_entry),
    "late_by_rule": Rule(Bilingual("규칙 처리 지연", "late by rule"), Filters(stated=True), late_by_rule),
    "correction": Rule(Bilingual("정정", "corrections"), Filters(kinds=_CORRECTIONS), correction),
    "corrected_after_evaluation": Rule(
        Bilingual("평가 뒤의 정정", "corrections after an evaluation"),
        Filters(kinds=_CORRECTIONS[:1]),
        correction_after_evaluation,
    ),
    "on_behalf": Rule(Bilingual("대리 행위", "actions on behalf"), Filters(for_another=True), on_behalf),
    "out_of_hours": Rule(
        Bilingual("근무시간 외 행위", "actions outside office hours"), Filters(by_people=True), out_of_hours
    ),
    "no_person": Rule(
        Bilingual("사람을 밝히지 않은 행위", "actions that name no person"),
        Filters(by_people=True, unnamed=True),
        no_person,
    ),
    "overridden_rule": Rule(
        Bilingual("규칙을 대신한 행위", "overridden rules"),
        Filters(kinds=tuple(_OVERRIDES), by_people=True),
        overridden_rule,
    ),
    "duties_not_separated": Rule(
        Bilingual("직무 미분리", "duties not separated"),
        Filters(kinds=tuple(_DUTIES), by_people=True),
        duties_not_separated,
        looks_back=True,
    ),
}
LABELS: Mapping[str, Bilingual] = {
    **{name: rule.label for name, rule in RULES.items()},
    REFUSED: Bilingual("거부된 시도", "refused attempts"),
}
