"""The form of a step: its fields, each with a type and limits, and how what is typed is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from domain.attachments import FILE_WANTED, check_file_name
from domain.errors import Bilingual
from domain.lifecycle.bounds import MOST_CHOICES
from domain.lifecycle.inputs import InputType
from domain.lifecycle.naming import BothLanguages, OwnName, check_names
from domain.lifecycle.part import Part
from domain.limits import LARGEST_FILE, LONGEST_TEXT, MOST_KRW, check_agency_id, check_decimal, check_subject
from domain.plan_limits import check_day
from domain.refusals import locate_errors, validation_error

FieldType = Literal[
    "text",
    "integer",
    "decimal",
    "krw",
    "percent",
    "date",
    "choice",
    "yes_no",
    "agency",
    "person",
    "attachment",
]
MOST_INTEGER = 10**15
_WHOLE = re.compile(r"-?[0-9]{1,16}")
_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")
_YES, _NO = ("예", "네", "yes", "y", "true"), ("아니요", "no", "n", "false")


def _read_integer(typed: str) -> int:
    if not _WHOLE.fullmatch(typed) or abs(int(typed)) > MOST_INTEGER:
        raise validation_error("int_parsing")
    return int(typed)


def _read_krw(typed: str) -> int:
    plain = typed.replace(",", "") if _THOUSANDS.fullmatch(typed) else typed
    if not _WHOLE.fullmatch(plain) or not 0 <= int(plain) <= MOST_KRW:
        raise validation_error("krw", max=MOST_KRW)
    return int(plain)


def _read_decimal(typed: str) -> Decimal:
    return Decimal(check_decimal(typed))


def _read_percent(typed: str) -> Decimal:
    found = Decimal(check_decimal(typed.removesuffix("%").strip()))
    if not 0 <= found <= 100:
        raise validation_error("percent")
    return found


def _read_date(typed: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", typed):
        raise validation_error("date_parsing")
    try:
        return check_day(date.fromisoformat(typed))
    except ValueError as error:
        if isinstance(error, PydanticCustomError):
            raise
        raise validation_error("date_parsing") from None


def _read_yes_no(typed: str) -> bool:
    if typed.casefold() not in (*_YES, *_NO):
        raise validation_error("yes_or_no")
    return typed.casefold() in _YES


def _read_megabytes(typed: str) -> int:
    found = _read_integer(typed)
    if not 1 <= found <= LARGEST_FILE:
        raise validation_error("file_limit", max=LARGEST_FILE)
    return found


def _spell(value: Any) -> str:
    """In one form, as facts hold it."""
    match value:
        case bool():
            return str(value).lower()
        case Decimal():
            return format(value.normalize() if value else Decimal(0), "f")
    return str(value)


class TypeOfField(NamedTuple):
    """`wanted`: what is to be written; `read`: from what is typed, raises PydanticCustomError; `input`: as what expressions
    ask about it, `give`: of what facts hold; None where they cannot. `ordered`: whether it has limits.
    """

    label: Bilingual
    wanted: Bilingual
    read: Callable[[str], Any]
    input: InputType | None
    give: Callable[[str], Any] = str
    ordered: bool = False


_AGENCY = Bilingual("등록된 기관의 식별자, 예: gto", "the id of a registered agency, e.g. gto")
TYPES: Mapping[FieldType, TypeOfField] = {
    "text": TypeOfField(Bilingual("글", "text"), Bilingual("글", "text"), str, None, ordered=True),
    "integer": TypeOfField(
        Bilingual("정수", "whole number"),
        Bilingual("정수, 예: 12", "a whole number, e.g. 12"),
        _read_integer,
        "int",
        int,
        ordered=True,
    ),
    "decimal": TypeOfField(
        Bilingual("십진수", "decimal number"),
        Bilingual("십진수, 예: 12.5", "a decimal number, e.g. 12.5"),
        _read_decimal,
        "double",
        float,
        ordered=True,
    ),
    "krw": TypeOfField(
        Bilingual("금액(원)", "amount in KRW"),
        Bilingual("원 단위 정수, 예: 120,000,000", "a whole number of KRW, e.g. 120,000,000"),
        _read_krw,
        "int",
        int,
        ordered=True,
    ),
    "percent": TypeOfField(
        Bilingual("백분율(%)", "percent"),
        Bilingual("0에서 100까지, 예: 87.5", "0 to 100, e.g. 87.5"),
        _read_percent,
        "double",
        float,
        ordered=True,
    ),
    "date": TypeOfField(
        Bilingual("날짜", "date"),
        Bilingual("날짜, 예: 2026-06-30", "a date, e.g. 2026-06-30"),
        _read_date,
        "day",
        date.fromisoformat,
        ordered=True,
    ),
    "choice": TypeOfField(Bilingual("선택", "choice"), Bilingual("선택지", "a choice"), str, "string"),
    "yes_no": TypeOfField(
        Bilingual("예/아니요", "yes or no"),
        Bilingual("예 또는 아니요", "yes or no"),
        _read_yes_no,
        "bool",
        lambda value: value == "true",
    ),
    "agency": TypeOfField(Bilingual("기관", "agency"), _AGENCY, check_agency_id, "string"),
    "person": TypeOfField(
        Bilingual("사람", "person"),
        Bilingual("사람의 식별자(32자리 16진수)", "a person's id, 32 hex digits"),
        check_subject,
        "string",
    ),
    "attachment": TypeOfField(
        Bilingual("첨부", "attachment"), FILE_WANTED, check_file_name, None, ordered=True
    ),
}
Limit = Annotated[
    str, BeforeValidator(lambda given: given if isinstance(given, bool | float) else str(given))
]


class ChoiceRule(Part):
    choice: OwnName
    label: BothLanguages


class FieldRule(Part):
    """`least`, `most`: limits, both included; of a text, how many characters, of an attachment, how many MB."""

    field: OwnName
    label: BothLanguages
    type: FieldType
    required: bool = True
    least: Limit | None = None
    most: Limit | None = None
    choices: Annotated[tuple[ChoiceRule, ...], Field(max_length=MOST_CHOICES)] = ()

    @model_validator(mode="after")
    def _can_be(self) -> FieldRule:
        if (self.type == "choice") is not bool(self.choices):
            raise validation_error("choices_needed", "choices", type=self.type)
        check_names([(one.choice, one.label) for one in self.choices], "choices", "choice")
        limits = {}
        for name, limit in (("least", self.least), ("most", self.most)):
            if limit is None:
                continue
            if not TYPES[self.type].ordered:
                raise validation_error("no_limits", name, type=self.type)
            with locate_errors(name):
                limits[name] = self._read_limit(limit)
        if len(limits) > 1 and limits["least"] > limits["most"]:
            raise validation_error("limits_crossed", "least", least=self.least, most=self.most)
        return self

    @property
    def of_type(self) -> TypeOfField:
        return TYPES[self.type]

    @property
    def wanted(self) -> Bilingual:
        """What is to be written, with its limits or choices."""
        if self.choices:
            return Bilingual(
                *(
                    ", ".join(f"{one.choice}({one.label.say(lang)})" for one in self.choices)
                    for lang in ("ko", "en")
                )
            )
        said = self.of_type.wanted
        if self.type == "text" and (self.least or self.most):
            return Bilingual(
                f"{said.ko}, {self.least or 1}~{self.most or LONGEST_TEXT}자",
                f"{said.en}, its length from {self.least or 1} to {self.most or LONGEST_TEXT}",
            )
        if self.least is not None:
            least = self._spell_limit(self.least)
            said = Bilingual(f"{said.ko}, {least} 이상", f"{said.en}, {least} or more")
        if self._largest is not None:
            most = self._spell_limit(self._largest)
            said = Bilingual(f"{said.ko}, {most} 이하", f"{said.en}, at most {most}")
        return said

    @property
    def _largest(self) -> str | None:
        """`most`, or the program's own limit, which files have."""
        return str(LARGEST_FILE) if self.type == "attachment" and self.most is None else self.most

    def _spell_limit(self, limit: str) -> str:
        """Money as people read it: 5,000,000,000."""
        if self.type == "attachment":
            return f"{limit} MB"
        return f"{int(limit):,}" if self.type == "krw" else limit

    def read(self, typed: str, size: int = 0) -> str:
        """What facts hold of what is typed; a text as it is. `size`: of a file, in bytes. Raises PydanticCustomError."""
        typed = typed.strip()
        if self.choices:
            return self._read_choice(typed)
        value = self.of_type.read(typed)
        measured = {"text": len(typed), "attachment": size}.get(self.type, value)
        if self.least is not None and measured < self._read_limit(self.least):
            raise validation_error("below_least", least=self._spell_limit(self.least))
        if self._largest is not None and measured > self._read_limit(self._largest):
            raise validation_error("above_most", most=self._spell_limit(self._largest))
        return _spell(value)

    def meaning_of(self, value: str) -> BothLanguages | None:
        """What the form calls a choice."""
        return next((one.label for one in self.choices if one.choice == value), None)

    def _read_choice(self, typed: str) -> str:
        for one in self.choices:
            if typed.casefold() in (one.choice, one.label.ko.casefold(), (one.label.en or "").casefold()):
                return one.choice
        raise validation_error("no_such_choice")

    def _read_limit(self, limit: str) -> Any:
        if self.type == "attachment":
            return _read_megabytes(limit) << 20
        return _read_integer(limit) if self.type == "text" else self.of_type.read(limit)
