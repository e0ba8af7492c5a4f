"""How the facts of a year's programme and of calendars are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.particles import particle
from projections.sentences.telling import Told, contact_set, fixed


def _opened(told: Told) -> str:
    areas = ", ".join(told.in_words(area.name) for area in told.fact.areas)
    name = told.in_words(told.fact.name)
    return told.say(
        f"‘{name}’ 사업연도를 열었음. 분야: {areas}.", f"opened the programme “{name}”. Areas: {areas}."
    )


def _calendar_opened(told: Told) -> str:
    count, source = len(told.fact.holidays), told.fact.source
    return told.say(
        f"{told.fact.year}년 달력을 열었음. 공휴일 {count}일, 출처 {source}.",
        f"opened the calendar of {told.fact.year} with {count} holidays, from {source}.",
    )


def _task_added(told: Told) -> str:
    task, title, lead = told.fact.task, told.in_words(told.fact.title), told.name(told.fact.lead)
    return told.say(
        f"과제 {task} ‘{title}’{particle(title, '을(를)')} 목록에 올렸음. 주관 {lead}.",
        f"put task {task} “{title}” on the list, to be led by {lead}.",
    )


PROGRAMME: Mapping[str, Callable[[Told], str]] = {
    "calendar.opened": _calendar_opened,
    "calendar.day_proclaimed": lambda told: told.say(
        f"{told.fact.day}{particle(str(told.fact.day), '을(를)')} 휴일로 지정하였음: {told.in_words(told.fact.name)}.",
        f"made {told.fact.day} a holiday: {told.in_words(told.fact.name)}.",
    ),
    "calendar.day_withdrawn": fixed("{day}의 휴일 지정을 취소하였음.", "made {day} a business day again."),
    "programme.contact_set": contact_set,
    "programme.opened": _opened,
    "programme.task_added": _task_added,
    "programme.closed": fixed("사업연도를 마감하였음.", "closed the programme."),
}
