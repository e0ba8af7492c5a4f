"""Whom a letter addresses, and whom earlier ones went to, by the step of the ladder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from domain.channels import SYSTEMS
from domain.errors import Bilingual
from domain.lifecycle.reached import STEPS, position_of
from domain.values import LocalText
from workflows.letters.earlier import Earlier

# {0}: the agency, {1}: the city, {2}: the person, {3}: the position
_GREETINGS: Mapping[str, Bilingual] = {
    "officer": Bilingual("{0} 담당자님,", "To the officer of {0}:"),
    "substitute": Bilingual("{0} 직무대리님,", "To the substitute at {0}:"),
    "head": Bilingual("{0} 기관장님,", "To the head of {0}:"),
    "department": Bilingual("{1} 소관부서 담당자님,", "To the department of {1}:"),
    "planner": Bilingual("{1} 총괄부서 담당자님,", "To the planner of {1}:"),
}
_TO_POSITION = Bilingual("{1} {3}님,", "To the {3} of {1}:")
_TO_HOLDER = Bilingual("{1} {3} {2} 님,", "To {2}, {3} of {1}:")
_BY_NAME: Mapping[str, Bilingual] = {
    "officer": Bilingual("{0} 담당자 {2} 님,", "To {2}, officer of {0}:"),
    "substitute": Bilingual("{0} 직무대리 {2} 님,", "To {2}, substitute at {0}:"),
    "head": Bilingual("{0} 기관장 {2} 님,", "To {2}, head of {0}:"),
}
_TOLD: Mapping[str, Bilingual] = {
    "officer": Bilingual("담당자", "the officer"),
    "substitute": Bilingual("직무대리", "the substitute"),
    "head": Bilingual("기관장", "the head"),
    "department": Bilingual("시 소관부서", "the city's department"),
    "planner": Bilingual("시 총괄부서", "the city's planner"),
}
_SYSTEM = Bilingual("기관 시스템", "the agency's system")


def greeting(to: str, *, named: bool) -> Bilingual:
    """As a template; by name where there is one, which an office of the city has not."""
    if position_of(to) is not None:
        return _TO_HOLDER if named else _TO_POSITION
    known = _BY_NAME.get(to) if named else None
    return known or _GREETINGS.get(to, _GREETINGS["officer"])


def name_office(to: str, called: LocalText | None) -> Bilingual:
    """Whom a step of the ladder is. `called`: what people call a position of the city's."""
    if called is not None:
        return Bilingual(called.ko, called.say("en"))
    return _TOLD.get(to, Bilingual(to, to))


def tell_offices(told: Sequence[Earlier]) -> list[tuple[date, Bilingual]]:
    """On which day which office was told, each once a day, upwards. Persons are not named: the reader may be of another
    agency, and whoever was in office then may be so no more.
    """
    ordered = sorted(told, key=lambda one: (one.on, STEPS.index(one.to) if one.to in STEPS else len(STEPS)))
    return list(dict.fromkeys((one.on, _office(one)) for one in ordered))


def _office(one: Earlier) -> Bilingual:
    return _SYSTEM if one.channel in SYSTEMS else name_office(one.to, one.to_name)
