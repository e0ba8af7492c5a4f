"""Another rule to replay past years under: a definition, a calendar or a scoring, read from a file."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import msgspec
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from domain.calendar.reckoning import Calendars
from domain.calendar.state import Calendar
from domain.errors import Refusal
from domain.lifecycle.model import Definition
from domain.lifecycle.rules import GradeRule
from domain.limited import Line
from domain.limits import FIRST_YEAR, LAST_YEAR, MOST_ITEMS, check_once
from domain.refusals import bad_input, validation_error
from domain.values import Grade, LocalText
from store.log import Store
from trail.files import MOST_TYPED, read_named
from workflows.definitions.adopted import definitions_of
from workflows.definitions.templates import read_definition

_YEARS = re.compile(r"([0-9]{4})(?:\.\.([0-9]{4}))?")
_DAYS = 100 * MOST_ITEMS


class NotARule(Refusal):
    """The file is neither TOML nor JSON."""

    ko = "파일 {path}은(는) TOML이나 JSON이 아닙니다: {problem}. 내용을 확인하십시오."
    en = "The file {path} is neither TOML nor JSON: {problem}. Look at what is in it."


class BadSpan(Refusal):
    """Years are given as 2024 or 2023..2024, the earlier first."""

    ko = "‘{given}’: 연도는 2024나 2023..2024처럼, 이른 해를 앞에 적어 주십시오({first}~{last}년)."
    en = "“{given}”: give a year as 2024, or a span as 2023..2024, the earlier first ({first} to {last})."


class Rule(msgspec.Struct, frozen=True):
    """What is otherwise; None: as it really was. `calendars`: of the years that are otherwise."""

    definition: Definition | None = None
    calendars: Calendars | None = None
    grades: tuple[GradeRule, ...] | None = None

    @property
    def scoring(self) -> tuple[GradeRule, ...] | None:
        """The grades that the scores would be worth, where that is otherwise."""
        return self.grades or (None if self.definition is None else self.definition.grades or None)


def worth(grades: tuple[GradeRule, ...], score: str) -> Grade | None:
    """The grade of the score, if any is reached."""
    return next((one.grade for one in grades if Decimal(score) >= Decimal(one.least)), None)


def years_in(given: str) -> range:
    """`2024` or `2023..2024`. Raises BadSpan."""
    found = _YEARS.fullmatch(given)
    if found is not None:
        first = int(found[1])
        last = int(found[2] or first)
        if FIRST_YEAR <= first <= last <= LAST_YEAR:
            return range(first, last + 1)
    raise BadSpan(given=given[:40], first=FIRST_YEAR, last=LAST_YEAR)


def definition_of(given: Path, store: Store) -> Definition:
    """By its identity one that was adopted or comes along, or a definition's file. Raises NotADefinition, BadInput."""
    return definitions_of(store).find(str(given)) or read_definition(given)


class _Day(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    day: date
    name: Line


class _CalendarFile(BaseModel):
    """`years`: whose calendars these days are instead; by default those in which one of them lies."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    days: Annotated[tuple[_Day, ...], Field(max_length=_DAYS)]
    years: Annotated[tuple[int, ...], Field(max_length=LAST_YEAR - FIRST_YEAR + 1)] = ()

    @model_validator(mode="after")
    def _sound(self) -> _CalendarFile:
        for number, year in enumerate(self.years):
            if not FIRST_YEAR <= year <= LAST_YEAR:
                raise validation_error("year_range", f"years[{number}]", min=FIRST_YEAR, max=LAST_YEAR)
        for number, one in enumerate(self.days):
            if not FIRST_YEAR <= one.day.year <= LAST_YEAR:
                raise validation_error("year_range", f"days[{number}].day", min=FIRST_YEAR, max=LAST_YEAR)
        check_once([str(one.day) for one in self.days], "days[{}].day")
        return self


class _ScoringFile(BaseModel):
    model_config = ConfigDict(frozen=True)  # a whole definition may be given, of which only this is read
    grades: Annotated[tuple[GradeRule, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _sound(self) -> _ScoringFile:
        leasts = [Decimal(one.least) for one in self.grades]
        if leasts[-1] != 0 or leasts != sorted(leasts, reverse=True):
            raise validation_error("grades_incomplete", "grades")
        check_once([one.grade for one in self.grades], "grades[{}].grade")
        return self


def read_calendar(path: Path) -> Calendars:
    """The calendars of a TOML or JSON file with `days`, each a `day` and a `name`. Raises NotReadable, NotARule, BadInput."""
    try:
        found = _CalendarFile.model_validate(_content(path))
    except ValidationError as error:
        raise bad_input(error) from None
    years = {*found.years, *(one.day.year for one in found.days)}
    return {year: _calendar(year, found, path.name) for year in sorted(years)}


def read_scoring(path: Path) -> tuple[GradeRule, ...]:
    """The grades of a TOML or JSON file, the best first, down to a score of 0. Raises NotReadable, NotARule, BadInput."""
    try:
        return _ScoringFile.model_validate(_content(path)).grades
    except ValidationError as error:
        raise bad_input(error) from None


def _calendar(year: int, found: _CalendarFile, source: str) -> Calendar:
    days = {one.day: LocalText(ko=one.name) for one in found.days if one.day.year == year}
    return Calendar(year=year, version=1, holidays=days, source=source)


def _content(path: Path) -> Mapping[str, Any]:
    try:
        text = read_named(path, MOST_TYPED).decode()
        content = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotARule(path=path, problem=" ".join(str(error).split())[:200]) from None
    return content if isinstance(content, dict) else {}
