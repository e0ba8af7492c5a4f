"""Values that facts and commands of several aggregates share. No limits here: those sit on commands."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, StrictInt

from domain.errors import Lang

TaskId = str  # "2024-07": the programme's year and the number the city gave
AgencyId = str  # "gto"
Grade = Literal["S", "A", "B", "C", "D"]


class Value(BaseModel):
    # the keys recur in every fact, the values hardly ever: caching those too costs a fifth of all reading
    model_config = ConfigDict(frozen=True, extra="forbid", cache_strings="keys")


class LocalText(Value):
    """A public name or title in Korean, and in English where there is a translation."""

    ko: str
    en: str | None = None

    def say(self, lang: Lang) -> str:
        return self.ko if lang == "ko" or self.en is None else self.en


class TextRef(Value):
    """What a fact holds instead of free text: where the text lies and SHA-256 over its salt and UTF-8 bytes."""

    id: str  # UUID, hex
    commitment: str  # 64 hex digits


class Milestone(Value):
    id: str
    name: LocalText
    due: date


class Indicator(Value):
    """A figure the task is measured by. Decimal strings, never floats."""

    id: str
    name: LocalText
    unit: str
    baseline: str
    target: str


class Phase(Value):
    """A seasonal part of a task, both days included."""

    name: LocalText
    starts: date
    ends: date


class Plan(Value):
    """What is to be done between two days (both included) with how much money (KRW)."""

    start: date
    end: date
    budget_krw: StrictInt  # 1.0 and true are no amounts of money
    milestones: tuple[Milestone, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    phases: tuple[Phase, ...] = ()
    not_before: date | None = None


class Figure(Value):
    """The actual value of an indicator, as a decimal string."""

    indicator: str
    value: str
