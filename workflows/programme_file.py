"""Reads a year's programme as the city announced it, and turns it into commands. Nothing is made up."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Container, Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from domain.agency.commands import Register
from domain.aggregate import Command
from domain.errors import BadInput, Bilingual, Refusal
from domain.meeting.commands import Call
from domain.programme.commands import AddTask, Open
from domain.programme.facts import Area
from domain.refusals import bad_input
from domain.values import LocalText, Phase
from trail.files import MOST_TYPED, read_named
from trail.particles import fill
from workflows.definitions.adopting import adoption_of, definition_to_name
from workflows.programme_cases import InnovationCase, Part, TransferEntry, enter_case, give


class Head(Part):
    """The programme's own lines: which year, whose, and how many the city declared."""

    year: int = Field(description="The programme's year.", examples=[2027])
    name: LocalText = Field(
        description="Its name.", examples=[{"ko": "시-공공기관 동행전략", "en": "Strategy"}]
    )
    city: LocalText = Field(description="The city's name.", examples=[{"ko": "광주광역시", "en": "Gwangju"}])
    declared_task_count: int | None = Field(
        default=None,
        description="How many tasks the city announced, also where fewer are listed.",
        examples=[27],
    )
    declared_agency_count: int | None = Field(
        default=None, description="How many agencies the city announced.", examples=[27]
    )
    declared_innovation_case_count: int | None = Field(
        default=None,
        description="How many reform cases it announced, also where fewer are named; not stored.",
    )
    definition: str | None = Field(
        default=None,
        description="By which lifecycle definition its tasks go; by default the newest for such a year.",
        examples=["donghaeng-2024/3"],
    )
    note: str | None = Field(default=None, description="A remark for whoever reads the file; not stored.")


class AgencyEntry(Part):
    """An agency of the city: one that is to lead a task or to take part in one."""

    id: str = Field(description="2 to 31 of a-z, 0-9 and -, beginning with a letter.", examples=["gto"])
    name: LocalText = Field(
        description="Its name.", examples=[{"ko": "광주관광공사", "en": "Gwangju Tourism"}]
    )
    formerly: LocalText | None = Field(default=None, description="A name that it bore before.")


class TaskEntry(Part):
    """A task as it is to stand on the year's list, before its lead agency proposes it."""

    id: str = Field(description="The year and two or three digits.", examples=["2027-01"])
    area: str = Field(description="The id of one of the file's areas.", examples=["culture"])
    lead: str = Field(description="The id of the agency that is to propose it.", examples=["gto"])
    title: LocalText = Field(description="Its title.", examples=[{"ko": "과제명", "en": "Title"}])
    summary: LocalText | None = Field(
        default=None, description="What it is, in a few sentences.", examples=[{"ko": "무엇을 하는 과제인지"}]
    )
    not_before: date | None = Field(
        default=None, description="The work cannot begin before this day.", examples=["2027-03-02"]
    )
    phases: tuple[Phase, ...] = Field(
        default=(),
        description="Its seasons, in their order, no day in two of them.",
        examples=[[{"name": {"ko": "봄"}, "starts": "2027-03-02", "ends": "2027-05-31"}]],
    )


class MeetingEntry(Part):
    """A meeting of agency heads that the city announced."""

    id: str = Field(description="A short id: letters, digits, - and _.", examples=["heads-2027-1"])
    name: LocalText = Field(description="Its name.", examples=[{"ko": "제1차 공공기관장 회의"}])
    theme: LocalText | None = Field(default=None, description="Its theme.")
    on: date = Field(alias="date", description="On which day.", examples=["2027-03-05"])
    place: LocalText = Field(description="Where.", examples=[{"ko": "시청 중회의실"}])
    format: Literal["briefing", "discussion", "group-discussion"] = Field(
        description="How it is held: as a briefing, or as a discussion."
    )


class ProgrammeFile(Part):
    """A year's programme as the city announced it."""

    programme: Head = Field(description="The programme's own lines.")
    areas: tuple[Area, ...] = Field(
        min_length=1,
        description="The fields of work, each with an id of a-z, 0-9 and - and its name.",
        examples=[[{"id": "culture", "name": {"ko": "문화", "en": "Culture"}}]],
    )
    agencies: tuple[AgencyEntry, ...] = Field(min_length=1, description="All agencies that the file names.")
    tasks: tuple[TaskEntry, ...] = Field(description="The year's list.")
    meeting: MeetingEntry | None = Field(
        default=None,
        description="The meeting at which it was announced: called as the file says, with nothing that it does not say.",
    )
    innovation_cases_2023: tuple[InnovationCase, ...] = Field(
        default=(), description="The reform cases of the year before that the city named."
    )

    @property
    def transfers(self) -> tuple[TransferEntry, ...]:
        return tuple(one for case in self.innovation_cases_2023 for one in case.transfers)


def _check(file: ProgrammeFile) -> None:
    """What pydantic cannot see: ids that repeat, and names that stand for nothing in the file."""
    for where, entries in (("areas", file.areas), ("agencies", file.agencies), ("tasks", file.tasks)):
        _check_once(where, [entry.id for entry in entries])
    agencies, areas = {agency.id for agency in file.agencies}, {area.id for area in file.areas}
    _check_once(
        "innovation_cases_2023", [one.id_in(file.programme.year) for one in file.innovation_cases_2023]
    )
    for where, agency in (*_presenting(file), *_transferring(file)):
        if agency not in agencies:
            raise _fault(where, *_NO_AGENCY, agency)
    for number, task in enumerate(file.tasks):
        _check_task(f"tasks[{number}]", task, agencies, areas)


_NO_AGENCY = (
    "기관 ‘{0}’은(는) 파일의 기관 목록에 없습니다.",
    "the agency “{}” is not among the file's agencies.",
)
_NO_AREA = "분야 ‘{0}’은(는) 파일의 분야 목록에 없습니다.", "the area “{}” is not among the file's areas."


def _check_task(where: str, task: TaskEntry, agencies: Container[str], areas: Container[str]) -> None:
    if task.lead not in agencies:
        raise _fault(f"{where}.lead", *_NO_AGENCY, task.lead)
    if task.area not in areas:
        raise _fault(f"{where}.area", *_NO_AREA, task.area)
    for count, phase in enumerate(task.phases):
        if phase.ends < phase.starts:
            ko, en = "종료일({0}): 시작일보다 빠릅니다.", "it ends ({}) before it starts."
            raise _fault(f"{where}.phases[{count}]", ko, en, str(phase.ends))


def _check_once(where: str, ids: Sequence[str]) -> None:
    for number, one in enumerate(ids):
        if one in ids[:number]:
            ko, en = "식별자 ‘{0}’이(가) 중복됩니다.", "the id “{}” occurs twice."
            raise _fault(f"{where}[{number}].id", ko, en, one)


def _presenting(file: ProgrammeFile) -> Iterator[tuple[str, str]]:
    """The agency whose each reform case is, with where in the file it stands."""
    for place, case in enumerate(file.innovation_cases_2023):
        yield f"innovation_cases_2023[{place}].agency", case.agency


def _transferring(file: ProgrammeFile) -> Iterator[tuple[str, str]]:
    """Each agency that a transfer is from or to, with where in the file it stands."""
    for place, case in enumerate(file.innovation_cases_2023):
        for number, entry in enumerate(case.transfers):
            where = f"innovation_cases_2023[{place}].transfers[{number}]"
            yield f"{where}.from", entry.giver
            yield f"{where}.to", entry.to


def _fault(field: str, ko: str, en: str, what: str) -> BadInput:
    return BadInput(field=field, problem=Bilingual(fill(ko, what[:60]), en.format(what[:60])))


class NotJson(Refusal):
    """The file is not JSON in UTF-8."""

    ko = "파일 {path}은(는) UTF-8 JSON이 아닙니다({line}번째 줄: {problem}). 아무것도 기록하지 않았습니다."
    en = "The file {path} is not JSON in UTF-8 (line {line}: {problem}). Nothing was written."


def read_programme(path: Path) -> ProgrammeFile:
    """The checked file. Raises NotReadable, NotJson or BadInput naming the place and the problem."""
    try:
        content = json.loads(read_named(path, MOST_TYPED).decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise NotJson(path=path, line=1, problem=error.reason) from None
    except json.JSONDecodeError as error:
        raise NotJson(path=path, line=error.lineno, problem=error.msg) from None
    except RecursionError:
        raise NotJson(path=path, line=1, problem="nested too deeply") from None
    except ValueError as error:  # a number of thousands of digits
        raise NotJson(path=path, line=1, problem=" ".join(str(error).split())[:200]) from None
    try:
        file = ProgrammeFile.model_validate(content)
    except ValidationError as error:
        raise bad_input(error) from None
    _check(file)
    return file


def commands(file: ProgrammeFile) -> tuple[Command, ...]:
    """Adopt the definition that comes along for it, open the year, register its agencies, record what they gave each other, put its tasks on the list, call its meeting, enter its reform cases, in this order.

    Raises BadInput naming the place in the file where a command's limit is passed.
    """
    transfers = [
        (f"innovation_cases_2023[{place}].transfers[{number}]", entry)
        for place, case in enumerate(file.innovation_cases_2023)
        for number, entry in enumerate(case.transfers)
    ]
    adopting = adoption_of(_definition(file))
    return (
        *(() if adopting is None else (adopting,)),
        _within("", lambda: _open_programme(file)),
        *(_within(f"agencies[{n}]", partial(_register, one)) for n, one in enumerate(file.agencies)),
        *(_within(place, partial(give, entry)) for place, entry in transfers),
        *(
            _within(f"tasks[{n}]", partial(_add_task, file.programme.year, one))
            for n, one in enumerate(file.tasks)
        ),
        *(() if file.meeting is None else (_within("meeting", partial(_call, file, file.meeting)),)),
        *(
            _within(f"innovation_cases_2023[{n}]", partial(enter_case, one, file.programme.year))
            for n, one in enumerate(file.innovation_cases_2023)
        ),
    )


def _within(place: str, make: Callable[[], Command]) -> Command:
    """The command; a value that it cannot take is named by its place in the file."""
    try:
        return make()
    except ValidationError as error:
        refusal = bad_input(error)
        field = str(refusal.details["field"])
        head = re.match(r"\w*", field)
        own = "" if head is None else head[0]
        raise BadInput(
            field=f"{place}.{_find_place(place, own)}{field[len(own) :]}".removeprefix("."),
            problem=refusal.details["problem"],
        ) from None


def _find_place(place: str, own: str) -> str:
    """How the file calls a field of the command that is made of this place in it."""
    room = place.partition("[")[0] + (".transfers" if ".transfers[" in place else "")
    return _PLACES.get((room, own), own)


# where a command's field stands in the file, where it is called otherwise there
_PLACES = {
    ("", "year"): "programme.year",
    ("", "name"): "programme.name",
    ("", "city"): "programme.city",
    ("", "declared_task_count"): "programme.declared_task_count",
    ("", "declared_agency_count"): "programme.declared_agency_count",
    ("agencies", "agency"): "id",
    ("tasks", "task"): "id",
    ("meeting", "meeting"): "id",
    ("meeting", "title"): "name",
    ("meeting", "on"): "date",
    ("meeting", "venue"): "place",
    ("innovation_cases_2023.transfers", "agency"): "from",
    ("innovation_cases_2023.transfers", "name"): "function_or_facility",
    ("innovation_cases_2023", "case"): "id",
}


def _definition(file: ProgrammeFile) -> str:
    return file.programme.definition or definition_to_name(file.programme.year)


def _open_programme(file: ProgrammeFile) -> Open:
    head = file.programme
    return Open(
        year=head.year,
        name=head.name,
        city=head.city,
        areas=file.areas,
        declared_task_count=head.declared_task_count,
        declared_agency_count=head.declared_agency_count,
        definition=_definition(file),
    )


def _register(agency: AgencyEntry) -> Register:
    formerly = () if agency.formerly is None else (agency.formerly,)
    return Register(agency=agency.id, name=agency.name, formerly=formerly)


def _call(file: ProgrammeFile, entry: MeetingEntry) -> Call:
    return Call(
        meeting=entry.id,
        year=file.programme.year,
        title=entry.name,
        on=entry.on,
        venue=entry.place,
        format="briefing" if entry.format == "briefing" else "discussion",
        theme=entry.theme,
    )


def _add_task(year: int, task: TaskEntry) -> AddTask:
    return AddTask(
        year=year,
        task=task.id,
        area=task.area,
        lead=task.lead,
        title=task.title,
        summary=None if task.summary is None else task.summary.ko,
        not_before=task.not_before,
        phases=task.phases,
    )
