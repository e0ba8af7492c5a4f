"""What inspectors look into: each rule is a pure function over one entry, with the numbers that it uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from domain.calendar.reckoning import Calendars, day_off
from domain.calendar.refusals import CalendarNotOpen
from domain.english import many
from domain.errors import Worded
from domain.notice.facts import Cancelled
from domain.seoul import SEOUL, local_day
from domain.task.facts import DeadlinesSet
from domain.trail.facts import DifferenceFound
from projections.history import days_late
from projections.trail.differing import in_words
from projections.trail.entries import spelled
from projections.trail.searching import Filters
from store.recorded import Recorded
from store.refused import RefusedRow

LATE_DAYS = 7
FIRST_HOUR, LAST_HOUR = 9, 18
_CORRECTIONS = ("task.corrected", "task.correction_cancelled")
# what a person does in place of a rule, or against what it would have done
_OVERRIDES: Mapping[str, Worded] = {
    "task.rating_opened": Worded("시민평가를 규칙 대신 열음", "opened the rating in place of the rule"),
    "task.evaluated": Worded("평가를 규칙 대신 입력함", "entered the evaluation in place of the rule"),
    "notice.cancelled": Worded("알림을 취소함", "cancelled a reminder"),
    "notice.released": Worded("보류된 알림을 보냄", "let a held reminder go"),
    "message.cancelled": Worded("메시지를 취소함", "cancelled a message"),
    "message.retried": Worded("포기한 메시지를 다시 보냄", "had a message tried again that was given up"),
    "view.fact_skipped": Worded("조회 화면이 기록을 건너뛰게 함", "let a view pass over a fact"),
    "store.epoch_begun": Worded("복원된 저장소를 이어 쓰게 함", "let a restored store go on"),
}

Finds = Callable[[Recorded[Any], Calendars], Worded | None]


@dataclass(frozen=True)
class Rule:
    """`finds`: why an entry is a finding, None where it is none; `among`: the entries that can be one."""

    label: Worded
    among: Filters
    finds: Finds


def late_entry(one: Recorded[Any], calendars: Calendars) -> Worded | None:
    """It became known more than LATE_DAYS days after it was so. A correction takes its target's time, and is another rule's."""
    late = one.known_at - one.effective_at
    corrects = one.kind in _CORRECTIONS
    if one.envelope.effective_at is None or corrects or late <= timedelta(days=LATE_DAYS) or days_late(one):
        return None
    return Worded(
        f"효력 {late.days}일 뒤에 입력함(기준 {LATE_DAYS}일)",
        f"entered {late.days} days after it was so (more than {LATE_DAYS})",
    )


def late_by_rule(one: Recorded[Any], calendars: Calendars) -> Worded | None:
    """A rule was carried out on a later day than the one on which it takes effect. A count of deadlines stands beside it."""
    days = days_late(one)
    if days is None or one.kind == DeadlinesSet.kind:
        return None
    day = local_day(one.effective_at)
    return Worded(
        f"{day} 자로 할 일을 {days}일 늦게 처리함", f"of {day}, carried out {many(days, 'day')} late"
    )


def correction(one: Recorded[Any], calendars: Calendars) -> Worded | None:
    """What an earlier fact said was changed afterwards."""
    if one.kind == _CORRECTIONS[0]:
        stream = one.stream
        return Worded(
            f"{stream}#{one.fact.fact} 기록을 정정함", f"corrected what {stream}#{one.fact.fact} said"
        )
    if one.kind == _CORRECTIONS[1]:
        number = one.fact.correction
        return Worded(f"정정 #{number}을(를) 취소함", f"took the correction #{number} back")
    return None


def on_behalf(one: Recorded[Any], calendars: Calendars) -> Worded | None:
    """Somebody acted for another."""
    behalf = one.envelope.on_behalf_of
    if behalf is None:
        return None
    actor, whom = spelled(one.envelope.actor), spelled(behalf)
    return Worded(f"{actor}이(가) {whom}을(를) 대신함", f"{actor} acted on behalf of {whom}")


def out_of_hours(one: Recorded[Any], calendars: Calendars) -> Worded | None:
    """A person acted before FIRST_HOUR or from LAST_HOUR on in Seoul, at a weekend or on a holiday of the calendar."""
    if one.envelope.actor.role in ("system", "citizen"):
        return None
    local = one.known_at.astimezone(SEOUL)
    at = f"{local:%Y-%m-%d %H:%M}"
    try:
        closed = day_off(calendars, local.date())
    except CalendarNotOpen:  # of such a year only the weekends are known
        closed = None
        if local.weekday() >= 5:
            return Worded(f"{at}, 주말", f"{at}, at a weekend")
    if closed is not None:
        return Worded(f"{at}, 휴일({closed.say('ko')})", f"{at}, a day off ({closed.say('en')})")
    if FIRST_HOUR <= local.hour < LAST_HOUR:
        return None
    return Worded(
        f"{at}, 업무시간({FIRST_HOUR}~{LAST_HOUR}시) 밖", f"{at}, outside {FIRST_HOUR}:00 to {LAST_HOUR}:00"
    )


def overridden_rule(one: Recorded[Any], calendars: Calendars) -> Worded | None:
    """A person did by hand what a rule does, or kept a rule from it."""
    by_rule = one.envelope.actor.role == "system"
    if by_rule or (isinstance(one.fact, Cancelled) and one.fact.why != "person"):
        return None
    return _OVERRIDES.get(one.kind)


def not_as_sealed(one: Recorded[Any], calendars: Calendars) -> Worded | None:
    """The database was compared with what was sealed, and differed."""
    return in_words(one.fact.part, one.fact.what, one.fact.position)


def refused_attempt(row: RefusedRow) -> Worded | None:
    """A person, or a token that opens nothing, tried what is not allowed. A rule's own refusals are its daily work."""
    if row.actor is not None and row.actor.role == "system":
        return None
    return Worded(f"거부됨: {row.refusal}", f"refused: {row.refusal}")


REFUSED = "refused_attempt"
NOT_AS_SEALED = "not_as_sealed"
RULES: Mapping[str, Rule] = {
    NOT_AS_SEALED: Rule(
        Worded("봉인과 다른 데이터베이스", "differences from what was sealed"),
        Filters(kinds=(DifferenceFound.kind,)),
        not_as_sealed,
    ),
    "late_entry": Rule(Worded("늦은 입력", "late entries"), Filters(stated=True), late_entry),
    "late_by_rule": Rule(Worded("늦은 규칙 처리", "late by rule"), Filters(stated=True), late_by_rule),
    "correction": Rule(Worded("정정", "corrections"), Filters(kinds=_CORRECTIONS), correction),
    "on_behalf": Rule(Worded("대리 행위", "actions on behalf"), Filters(for_another=True), on_behalf),
    "out_of_hours": Rule(
        Worded("업무시간 밖의 행위", "actions outside office hours"), Filters(by_people=True), out_of_hours
    ),
    "overridden_rule": Rule(
        Worded("규칙을 대신한 행위", "overridden rules"),
        Filters(kinds=tuple(_OVERRIDES), by_people=True),
        overridden_rule,
    ),
}
LABELS: Mapping[str, Worded] = {
    **{name: rule.label for name, rule in RULES.items()},
    REFUSED: Worded("거부된 시도", "refused attempts"),
}
