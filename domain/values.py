"""Values that facts and commands of several aggregates share. No limits here: those sit on commands."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import msgspec
from pydantic import GetCoreSchemaHandler, StrictInt
from pydantic_core import CoreSchema, core_schema

from domain.errors import Lang

TaskId = str  # "2024-07": the programme's year and the number the city gave
AgencyId = str  # "gto"
Grade = Literal["S", "A", "B", "C", "D"]


class Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """A part of facts. What is absent or as by default is not stored, so a default never changes.

    Commands hold values too: pydantic reads them field by field, with its own errors and their places.
    """

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        fields = core_schema.typed_dict_schema(
            {
                field.name: core_schema.typed_dict_field(
                    handler.generate_schema(field.type), required=field.required
                )
                for field in msgspec.structs.fields(cls)
            },
            extra_behavior="forbid",
        )

        def opened(given: Any) -> Any:
            return msgspec.structs.asdict(given) if isinstance(given, cls) else given

        def made(of: CoreSchema) -> CoreSchema:
            return core_schema.no_info_after_validator_function(lambda values: cls(**values), of)

        return core_schema.json_or_python_schema(
            json_schema=made(fields),
            python_schema=made(core_schema.no_info_before_validator_function(opened, fields)),
            serialization=core_schema.plain_serializer_function_ser_schema(msgspec.to_builtins),
        )


class LocalText(Value, frozen=True):
    """A public name or title in Korean, and in English where there is a translation."""

    ko: str
    en: str | None = None

    def say(self, lang: Lang) -> str:
        return self.ko if lang == "ko" or self.en is None else self.en


class TextRef(Value, frozen=True):
    """What a fact holds instead of free text: where the text lies and SHA-256 over its salt and UTF-8 bytes."""

    id: str  # UUID, hex
    commitment: str  # 64 hex digits


class Milestone(Value, frozen=True):
    id: str
    name: LocalText
    due: date


class Indicator(Value, frozen=True):
    """A figure the task is measured by. Decimal strings, never floats."""

    id: str
    name: LocalText
    unit: str
    baseline: str
    target: str


class Phase(Value, frozen=True):
    """A seasonal part of a task, both days included."""

    name: LocalText
    starts: date
    ends: date


class Plan(Value, frozen=True):
    """What is to be done between two days (both included) with how much money (KRW)."""

    start: date
    end: date
    budget_krw: StrictInt  # to pydantic too 1.0 and true are no amounts of money
    milestones: tuple[Milestone, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    phases: tuple[Phase, ...] = ()
    not_before: date | None = None


class Figure(Value, frozen=True):
    """The actual value of an indicator, as a decimal string."""

    indicator: str
    value: str


class CalendarVersion(Value, frozen=True):
    """Which version of a year's business calendar was looked at."""

    year: int
    version: int


class Rung(Value, frozen=True):
    """A reminder `days` business days after the due day (before it: negative), and which day in Seoul that is."""

    days: int
    on: date


class Deadline(Value, frozen=True):
    """What is due, from whom, until the end of which day in Seoul.

    `item`: which of several, e.g. a quarter or a milestone's id, absent where there is one; `who`: agency or city. `days`: within so many business
    days after `start`; 0: on `start` itself, or on the next business day. `rungs`: when to remind of it.
    """

    kind: str
    who: str
    start: date
    days: int
    due: date
    item: str | None = None
    rungs: tuple[Rung, ...] = ()


class Awaited(Value, frozen=True):
    """What is due, but until which day nobody can count before the calendar of `year` is open; else as Deadline."""

    kind: str
    who: str
    start: date
    days: int
    year: int
    item: str | None = None


class Act(Value, frozen=True):
    """What a rule does with the task by itself, on the first moment of which day in Seoul, unless it moves on before."""

    rule: str
    on: date
