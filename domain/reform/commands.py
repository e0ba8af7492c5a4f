"""What can be asked of a reform case. Limits on values sit here."""

from __future__ import annotations

from typing import Annotated

from msgspec.structs import replace
from pydantic import AfterValidator, Field

from domain.aggregate import Command
from domain.errors import Bilingual
from domain.limited import AgencyName, Count, FreeText, ItemName, Title, Year
from domain.limits import MOST_ITEMS, check_agency_id, check_decimal, check_line, check_once, check_title
from domain.plan_limits import LONGEST_UNIT
from domain.reform.facts import Category, Measure, MovedOver
from domain.refusals import validation_error
from domain.roles import HEAD, OFFICER, PLANNER
from domain.streams import reform_stream


def _check_measures(measures: tuple[Measure, ...]) -> tuple[Measure, ...]:
    for number, one in enumerate(measures):
        sides = ((one.value_before, one.before_on), (one.value_after, one.after_on))
        for name, (value, _) in zip(("value_before", "value_after"), sides, strict=True):
            if value is not None:
                check_decimal(value, f"[{number}].{name}")
        if sides[0][0] is sides[1][0] is None or any(value is None and on for value, on in sides):
            raise validation_error("measure_empty", f"[{number}]")
    check_once([one.name.ko.strip() for one in measures], "[{}].name")
    return tuple(_strip(one, f"[{number}]") for number, one in enumerate(measures))


def _strip(one: Measure, at: str) -> Measure:
    """The figure with its texts as they are kept."""
    return replace(
        one,
        name=check_title(one.name, f"{at}.name"),
        unit=check_line(one.unit, f"{at}.unit", LONGEST_UNIT),
        source=None if one.source is None else check_title(one.source, f"{at}.source"),
    )


def _check_transfers(transfers: tuple[MovedOver, ...]) -> tuple[MovedOver, ...]:
    for number, one in enumerate(transfers):
        check_agency_id(one.from_agency, f"[{number}].from_agency")
        check_agency_id(one.to_agency, f"[{number}].to_agency")
        check_title(one.name, f"[{number}].name")
    return transfers


Measures = Annotated[tuple[Measure, ...], Field(max_length=MOST_ITEMS), AfterValidator(_check_measures)]
Transfers = Annotated[tuple[MovedOver, ...], Field(max_length=MOST_ITEMS), AfterValidator(_check_transfers)]


class OnReform(Command):
    """A command about one case, by the id that it was given, e.g. gto-2023."""

    case: ItemName

    @property
    def stream(self) -> str:
        return reform_stream(self.case)


class Enter(OnReform):
    """`title` is given as `name`: a command's own name is its class's. `year`: the programme's, under which it is shared."""

    name = "reform.enter"
    label = Bilingual("우수사례 등록", "enter the reform case")
    by = OFFICER | HEAD | PLANNER
    agency: AgencyName
    year: Year
    title: Title
    category: Category | None = None
    measures: Measures = ()
    transfers: Transfers = ()
    text: FreeText | None = None
    evidence: FreeText | None = None


class Revise(OnReform):
    """Say otherwise what is given; figures, where any is given, are all that the agency has then."""

    name = "reform.revise"
    label = Bilingual("우수사례 보완", "revise the reform case")
    by = OFFICER | HEAD | PLANNER
    title: Title | None = None
    category: Category | None = None
    measures: Measures = ()
    transfers: Transfers = ()
    text: FreeText | None = None
    evidence: FreeText | None = None


class Return(OnReform):
    name = "reform.return"
    label = Bilingual("우수사례 보완 요청", "return the reform case")
    by = PLANNER
    needs_reason = True


class Confirm(OnReform):
    name = "reform.confirm"
    label = Bilingual("우수사례 확인", "confirm the reform case")
    by = PLANNER


class Present(OnReform):
    name = "reform.present"
    label = Bilingual("우수사례 발표 기록", "record that the reform case was presented")
    by = PLANNER
    meeting: ItemName
    item: Count | None = None


class TakeOver(OnReform):
    """`agency`: which does so too, with its own figures."""

    name = "reform.take_over"
    label = Bilingual("우수사례 도입", "take the reform case over")
    by = OFFICER | HEAD | PLANNER
    agency: AgencyName
    measures: Measures = ()
    text: FreeText | None = None
    evidence: FreeText | None = None


class EnterFigures(OnReform):
    """Say figures of the agency whose case it is, or of one that took it over."""

    name = "reform.enter_figures"
    typed = "reform figures"
    label = Bilingual("우수사례 수치 등록", "enter the reform case's figures")
    by = OFFICER | HEAD | PLANNER
    agency: AgencyName
    measures: Annotated[Measures, Field(min_length=1)]


ReformCommand = Enter | Revise | Return | Confirm | Present | TakeOver | EnterFigures
