"""What can be asked of a year's programme."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from domain.aggregate import Command
from domain.errors import Worded
from domain.limits import (
    MOST_ITEMS,
    AgencyName,
    AreaName,
    Count,
    FreeText,
    MailAddress,
    TaskNumber,
    Title,
    Year,
    check_area_id,
    check_title,
)
from domain.plan_limits import Day, Phases
from domain.programme.facts import Area, Office
from domain.refusals import wrong


def _check_areas(areas: tuple[Area, ...]) -> tuple[Area, ...]:
    if len(areas) > MOST_ITEMS:
        raise wrong("too_many", max=MOST_ITEMS)
    for number, area in enumerate(areas):
        check_area_id(area.id, f"[{number}].id")
        check_title(area.name, f"[{number}].name")
    return areas


class _OnProgramme(Command):
    """A command about one year's programme."""

    year: Year

    @property
    def stream(self) -> str:
        return programme_stream(self.year)


def programme_stream(year: int) -> str:
    return f"programme/{year}"


class Open(_OnProgramme):
    """Open a year with its areas. `title` is given as `name`: a command's own name is its class's."""

    name = "programme.open"
    label = Worded("사업연도 개시", "open the programme")
    title: Title = Field(alias="name")
    city: Title
    areas: Annotated[tuple[Area, ...], Field(min_length=1), AfterValidator(_check_areas)]
    declared_task_count: Count | None = None
    declared_agency_count: Count | None = None


class AddTask(_OnProgramme):
    """Put a task on the year's list, so that its agency can propose it."""

    name = "programme.add_task"
    label = Worded("과제 등재", "add the task")
    task: TaskNumber
    area: AreaName
    lead: AgencyName
    title: Title
    summary: FreeText | None = None
    not_before: Day | None = None
    phases: Phases = ()


class Close(_OnProgramme):
    """Close the year, once none of its tasks is open."""

    name = "programme.close"
    label = Worded("사업연도 마감", "close the programme")


class SetContact(_OnProgramme):
    """Where the planner or the department is reached by mail in this year; without an address not any more."""

    name = "programme.set_contact"
    label = Worded("시 담당부서 연락처 지정", "set the contact of the city's office")
    office: Office
    address: MailAddress | None = None


ProgrammeCommand = Open | AddTask | Close | SetContact
