"""What can be asked of a year's programme."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from domain.aggregate import Command
from domain.errors import Bilingual, Lang
from domain.limited import AgencyName, AreaName, Count, FreeText, Line, MailAddress, TaskNumber, Title, Year
from domain.limits import MOST_ITEMS, check_area_id, check_title
from domain.plan_limits import Day, Phases
from domain.programme.facts import Area, Office
from domain.refusals import validation_error
from domain.roles import PLANNER, SYSTEM
from domain.streams import programme_stream

LeavingOfList = Literal["not_before", "phases", "summary"]  # what the list need not say of a task


def _check_areas(areas: tuple[Area, ...]) -> tuple[Area, ...]:
    if len(areas) > MOST_ITEMS:
        raise validation_error("too_many", max=MOST_ITEMS)
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


class Open(_OnProgramme):
    """Open a year with its areas. `title` is given as `name`: a command's own name is its class's.

    `definition`: by which its tasks go; by default the newest that there is for such a year.
    """

    name = "programme.open"
    label = Bilingual("사업연도 개시", "open the programme")
    by = PLANNER
    title: Title = Field(alias="name")
    city: Title
    areas: Annotated[tuple[Area, ...], Field(min_length=1), AfterValidator(_check_areas)]
    declared_task_count: Count | None = None
    declared_agency_count: Count | None = None
    definition: Line | None = None


class AddTask(_OnProgramme):
    """Put a task on the year's list, so that its agency can propose it."""

    name = "programme.add_task"
    label = Bilingual("과제 등재", "add the task")
    by = PLANNER
    task: TaskNumber
    area: AreaName
    lead: AgencyName
    title: Title
    summary: FreeText | None = None
    not_before: Day | None = None
    phases: Phases = ()


class Change(_OnProgramme):
    """Put right what the programme's entry says. What is absent stays as it is; `title` is given as `name`."""

    name = "programme.change"
    label = Bilingual("사업연도 정보 정정", "change the programme's entry")
    by = PLANNER
    title: Title | None = Field(default=None, alias="name")
    city: Title | None = None
    declared_task_count: Count | None = None
    declared_agency_count: Count | None = None


class AddArea(_OnProgramme):
    """`title` is given as `name`."""

    name = "programme.add_area"
    label = Bilingual("분야 추가", "add the area")
    by = PLANNER
    area: AreaName
    title: Title = Field(alias="name")


class RenameArea(_OnProgramme):
    """Give an area another name; its id stays. `title` is given as `name`."""

    name = "programme.rename_area"
    label = Bilingual("분야 이름 변경", "rename the area")
    by = PLANNER
    area: AreaName
    title: Title = Field(alias="name")


class ChangeTask(_OnProgramme):
    """Put right what the year's list says of a task, before it is proposed. What is absent stays as it is."""

    name = "programme.change_task"
    label = Bilingual("등재 과제 정정", "change the task on the list")
    by = PLANNER
    task: TaskNumber
    area: AreaName | None = None
    lead: AgencyName | None = None
    title: Title | None = None
    summary: FreeText | None = None
    not_before: Day | None = None
    phases: Phases | None = None
    without: Annotated[tuple[LeavingOfList, ...], Field(max_length=3)] = ()


class Close(_OnProgramme):
    """Close the year, once none of its tasks is open."""

    name = "programme.close"
    label = Bilingual("사업연도 마감", "close the programme")
    by = PLANNER | SYSTEM
    irrevocable = Bilingual(
        "{year}년 사업이 마감됩니다. 다시 열 수 없고, 과제를 더 등재하거나 제안할 수 없습니다.",
        "The programme of {year} is closed for good: no task can be put on its list or proposed any more.",
    )


class SetContact(_OnProgramme):
    """Where the planner or the department is reached by mail in this year; without an address not any more."""

    name = "programme.set_contact"
    label = Bilingual("시 담당부서 연락처 지정", "set the contact of the city's office")
    by = PLANNER
    office: Office
    address: MailAddress | None = None


class ChooseLanguage(_OnProgramme):
    """In which language the planner or the department is written to in this year."""

    name = "programme.choose_language"
    label = Bilingual("시 담당부서 알림 언어 지정", "choose the language of the city's office")
    by = PLANNER
    office: Office
    lang: Lang


ProgrammeCommand = (
    Open | AddTask | Close | SetContact | Change | AddArea | RenameArea | ChangeTask | ChooseLanguage
)
