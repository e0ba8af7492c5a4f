"""How the facts of a year's programme and of calendars are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from projections.sentences.narration import (
    Narration,
    field_labels,
    narrate_contact_set,
    narrate_language_chosen,
    particulars,
    phrase,
)
from projections.sentences.plans import PLANS_FIELDS, tell_values
from trail.english import many
from trail.particles import particle


def _narrate_opened(narration: Narration) -> str:
    areas = ", ".join(narration.in_words(area.name) for area in narration.fact.areas)
    name = narration.in_words(narration.fact.name)
    said = narration.say(
        f"‘{name}’ 사업연도를 개시하였음. 분야: {areas}.", f"opened the programme “{name}”. Areas: {areas}."
    )
    by = narration.fact.definition
    return said if by is None else said + narration.either(f" 적용 정의: {by}.", f" Its tasks go by {by}.")


def _narrate_calendar_opened(narration: Narration) -> str:
    count, source = len(narration.fact.holidays), narration.fact.source
    return narration.say(
        f"{narration.fact.year}년 달력을 개설하였음. 공휴일 {count}일, 출처 {source}.",
        f"opened the calendar of {narration.fact.year} with {many(count, 'holiday')}, from {source}.",
    )


def _narrate_task_added(narration: Narration) -> str:
    task, lead = narration.fact.task, narration.name(narration.fact.lead)
    title = narration.in_words(narration.fact.title)
    renamed = narration.beside(title)
    return narration.say(
        f"과제 {task} ‘{title}’{renamed}{particle(title, '을(를)')} 목록에 등재하였음. 주관 {lead}.",
        f"put task {task} “{title}”{renamed} on the list, to be led by {lead}.",
    )


def _narrate_changed(narration: Narration) -> str:
    names = ("name", "city", "declared_task_count", "declared_agency_count")
    said = narration.say("사업연도 정보를 정정하였음:", "changed the programme's entry:")
    return said + particulars(tell_values(narration, narration.state, names))


def _narrate_area_renamed(narration: Narration) -> str:
    fact, before = narration.fact, narration.state
    known = None if before is None else before.areas.get(fact.area)
    old = fact.area if known is None else narration.in_words(known)
    new = narration.in_words(fact.name)
    return narration.say(
        f"분야 ‘{old}’의 이름을 ‘{new}’{particle(new, '(으)로')} 바꾸었음.",
        f"renamed the area “{old}” to “{new}”.",
    )


def _narrate_task_changed(narration: Narration) -> str:
    fact = narration.fact
    before = None if narration.state is None else narration.state.tasks.get(fact.task)
    parts = tell_values(narration, before, ("title", "area", "lead", "not_before", "phases"))
    if fact.summary is not None:
        parts.append(narration.either("요약 ", "summary ") + narration.text(fact.summary))
    for name in fact.without:
        label = PLANS_FIELDS[name].say(narration.lang) if name in PLANS_FIELDS else name
        parts.append(narration.either(f"{label} 삭제", f"{label} taken away"))
    said = narration.say(
        f"목록의 과제 {fact.task}{particle(fact.task, '을(를)')} 정정하였음:",
        f"changed task {fact.task} on the list:",
    )
    return said + particulars(parts)


PROGRAMME: Mapping[str, Callable[[Narration], str]] = {
    "calendar.opened": _narrate_calendar_opened,
    "calendar.day_proclaimed": lambda narration: narration.say(
        f"{narration.fact.day}{particle(str(narration.fact.day), '을(를)')} 휴일로 지정하였음: {narration.in_words(narration.fact.name)}.",
        f"made {narration.fact.day} a holiday: {narration.in_words(narration.fact.name)}.",
    ),
    "calendar.day_withdrawn": phrase("{day}의 휴일 지정을 취소하였음.", "made {day} a business day again."),
    "programme.contact_set": narrate_contact_set,
    "programme.language_chosen": narrate_language_chosen,
    "programme.opened": _narrate_opened,
    "programme.task_added": _narrate_task_added,
    "programme.changed": _narrate_changed,
    "programme.area_added": lambda narration: narration.say(
        f"분야를 추가하였음: {narration.in_words(narration.fact.name)}({narration.fact.area}).",
        f"added the area “{narration.in_words(narration.fact.name)}” ({narration.fact.area}).",
    ),
    "programme.area_renamed": _narrate_area_renamed,
    "programme.task_changed": _narrate_task_changed,
    "programme.closed": phrase("사업연도를 마감하였음.", "closed the programme."),
}

# the fields that only these facts have, as people read them
PROGRAMME_FIELDS = field_labels("""
areas|분야|areas
day|일자|day
holidays|공휴일|holidays
languages|알림 언어|languages of reminders
office|부서|office
provisional|임시 개설|provisional
source|출처|source
tasks|과제|tasks
""")
