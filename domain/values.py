"""Values that facts and commands of several aggregates share. No limits here: those sit on commands."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from domain.errors import Lang

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

TaskId = str  # "2024-07": the programme's year and the number the city gave
AgencyId = str  # "gto"
Grade = Literal["S", "A", "B", "C", "D"]


class Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """A part of facts. What is absent or as by default is not stored, so a default never changes.

    Commands hold values too: pydantic reads them field by field, with its own errors and their places. To it too 1.0 and
    true are no whole numbers, e.g. no amounts of money.
    """

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic import StrictInt  # noqa: PLC0415 - who only reads makes no commands
        from pydantic_core import core_schema  # noqa: PLC0415

        fields = core_schema.typed_dict_schema(
            {
                field.name: core_schema.typed_dict_field(
                    handler.generate_schema(StrictInt if field.type is int else field.type),
                    required=field.required,
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


class Attachment(Value, frozen=True):
    """What a fact holds instead of a file (첨부). `media`: its media type, `size`: in bytes.

    `content`: refers to the text that says the SHA-256 of its bytes, as sha256sum writes it; they lie beside that text.
    """

    name: str
    media: str
    size: int
    content: TextRef


class GivenFile(Value, frozen=True):
    """What a command says of a file that is to be attached: its size in bytes, and SHA-256. The bytes go beside the command."""

    size: int
    sha256: str


class Paper(Value, frozen=True):
    """A file that a command attaches, by its name; in its place the command handler puts what the fact holds of it."""

    name: str
    file: GivenFile


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
    budget_krw: int
    milestones: tuple[Milestone, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    phases: tuple[Phase, ...] = ()
    not_before: date | None = None


class Figure(Value, frozen=True):
    """The actual value of an indicator, as a decimal string."""

    indicator: str
    value: str


class CriterionScore(Value, frozen=True):
    """What a criterion of an evaluation came to: 0 to 100 as a decimal string, and its weight in percent."""

    name: str
    label: LocalText
    weight: int
    score: str


class FilledField(Value, frozen=True):
    """What a form's field was filled in with. `label`: what the form called it; `type`: as definitions write it.

    `value`: in one form for each type, e.g. 2026-06-30, 1500000, true; `meaning`: of a choice, what the form called it;
    `text`: in place of a value, where people wrote freely; `attachment`: where it is a file.
    """

    field: str
    label: LocalText
    type: str
    value: str = ""
    meaning: LocalText | None = None
    text: TextRef | None = None
    attachment: Attachment | None = None

    @property
    def lies_beside(self) -> bool:
        """Whether it has no value that could be reckoned with: a text, a file."""
        return self.text is not None or self.attachment is not None


class Signatory(Value, frozen=True, kw_only=True):
    """Who is to sign in an approval line (결재선). `entry`: which; `turn`: from 1, those of one turn are asked side by side.

    `kind`: review, consultation or decision; `role` or `position`: who signs, and what people called that then (`label`);
    `returns_to`: to which turn an objection leads back, absent where it ends the line.
    """

    entry: str
    turn: int
    kind: str
    label: LocalText
    role: str | None = None
    position: str | None = None
    returns_to: int | None = None


class CalendarVersion(Value, frozen=True):
    """Which version of a year's business calendar was looked at."""

    year: int
    version: int


class ReminderStep(Value, frozen=True):
    """A reminder `days` business days after the due day (before it: negative), and which day in Seoul that is."""

    days: int
    on: date


Unit = Literal["business_days", "calendar_days", "weeks", "months"]
Roll = Literal["next", "previous", "none"]


class Counting(Value, frozen=True):
    """How the length of a period is counted. `first_day`: whether its first day counts; `roll`: to which business day it moves
    where it ends on a day off. `backward`: it is counted back.
    """

    unit: Unit = "business_days"
    first_day: bool = False
    roll: Roll = "next"
    backward: bool = False


class Deadline(Value, frozen=True):
    """What is due, from whom, until the end of which day in Seoul.

    `item`: which of several, e.g. a quarter or a milestone's id, absent where there is one; `who`: agency or city. `days`: within so many business
    days after `start`; 0: on `start` itself, or on the next business day. `counting`: where they are counted otherwise.
    `counted_from`: what day `start` is, as the definition writes it, where that is of its own (a step's, a day of each month);
    `met_by`: the step that fulfils it, where one does. `rungs`: when to remind of it. `label`: what the definition calls a kind of
    its own.
    """

    kind: str
    who: str
    start: date
    days: int
    due: date
    item: str | None = None
    rungs: tuple[ReminderStep, ...] = ()
    counting: Counting | None = None
    counted_from: str | None = None
    met_by: str | None = None
    label: LocalText | None = None


class Awaited(Value, frozen=True):
    """What is due, but until which day nobody can count before the calendar of `year` is open; else as Deadline."""

    kind: str
    who: str
    start: date
    days: int
    year: int
    item: str | None = None
    counting: Counting | None = None
    counted_from: str | None = None
    met_by: str | None = None
    label: LocalText | None = None


class Act(Value, frozen=True):
    """What a rule does with the task by itself, on the first moment of which day in Seoul, unless it moves on before."""

    rule: str
    on: date
