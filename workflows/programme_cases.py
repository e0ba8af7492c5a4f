"""The reform cases of a programme file, and what they moved between agencies: as it stands in the file, and as commands."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictFloat, StrictInt, model_validator

from domain.agency.commands import Transfer
from domain.limits import check_decimal
from domain.reform.commands import Enter
from domain.reform.facts import Category, Measure, MovedOver
from domain.refusals import validation_error
from domain.values import LocalText


class Part(BaseModel):
    """A part of a programme file: a field that it does not know is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class TransferEntry(Part):
    """What one agency gave to another: a function or a facility."""

    giver: str = Field(alias="from", description="The id of the agency that gave it.")
    to: str = Field(description="The id of the agency that has it now.")
    function: LocalText | None = Field(default=None, description="The function's name; this or a facility.")
    facility: LocalText | None = Field(default=None, description="The facility's name.")

    @model_validator(mode="after")
    def _is_one_of_both(self) -> TransferEntry:
        if (self.function is None) == (self.facility is None):
            raise validation_error("function_or_facility")
        return self


def _check_number(value: int | float) -> int | float:
    check_decimal(str(value))
    return value


Number = Annotated[StrictInt | StrictFloat, AfterValidator(_check_number)]


class MeasureEntry(Part):
    """A figure that a reform moved; one of `before` and `after` is there."""

    name: LocalText = Field(description="What is counted.", examples=[{"ko": "관리직", "en": "managers"}])
    unit: str = Field(description="In which unit.", examples=["명"])
    before: Number | None = Field(default=None, description="So much before.", examples=[13])
    after: Number | None = Field(default=None, description="So much after.", examples=[9])
    before_date: date | None = Field(default=None, description="Of which day the figure before is.")
    after_date: date | None = Field(default=None, description="Of which day the figure after is.")
    approximate: bool = Field(default=False, description="Whether it is about so much.")
    source: LocalText | None = Field(default=None, description="Where the figure stands.")

    @model_validator(mode="after")
    def _has_a_value(self) -> MeasureEntry:
        sides = ((self.before, self.before_date), (self.after, self.after_date))
        if self.before is self.after is None or any(value is None and on for value, on in sides):
            raise validation_error("measure_empty")
        return self


class InnovationCase(Part):
    """A reform case of an agency that the city named: entered as the file says, unchecked, and transfers are the agencies' own."""

    id: str | None = Field(
        default=None,
        description="A short id: letters, digits, - and _; by default the agency's with the year before the programme's.",
        examples=["gto-2023"],
    )
    agency: str = Field(description="The id of the agency whose case it is.", examples=["gto"])
    category: Category | None = Field(
        default=None, description="In what it is, where the city said so.", examples=["organisation"]
    )
    title: LocalText = Field(description="What was done.", examples=[{"ko": "관리직 축소"}])
    measures: tuple[MeasureEntry, ...] = Field(default=(), description="Its figures.")
    transfers: tuple[TransferEntry, ...] = Field(
        default=(), description="What went from one agency to another."
    )

    def id_in(self, year: int) -> str:
        """Its id in a programme of that year."""
        return self.id or f"{self.agency}-{year - 1}"


def enter_case(case: InnovationCase, year: int) -> Enter:
    """The command that enters the case, under the programme of that year."""
    return Enter(
        case=case.id_in(year),
        agency=case.agency,
        year=year,
        title=case.title,
        category=case.category,
        measures=tuple(map(_measure, case.measures)),
        transfers=tuple(map(_read_transfer, case.transfers)),
    )


def _measure(one: MeasureEntry) -> Measure:
    return Measure(
        name=one.name,
        unit=one.unit,
        value_before=None if one.before is None else str(one.before),
        value_after=None if one.after is None else str(one.after),
        before_on=one.before_date,
        after_on=one.after_date,
        approximate=one.approximate,
        source=one.source,
    )


def _read_transfer(entry: TransferEntry) -> MovedOver:
    given = give(entry)
    return MovedOver(given.agency, given.to, given.what, given.title)


def give(entry: TransferEntry) -> Transfer:
    """The command by which the agency gave it."""
    what: Literal["function", "facility"] = "facility" if entry.function is None else "function"
    name = entry.function or entry.facility
    assert name is not None
    return Transfer(agency=entry.giver, what=what, name=name, to=entry.to)
