"""Reads a year's programme as the city announced it, and turns it into commands. Nothing is made up."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from domain.agency.commands import Register, Transfer
from domain.aggregate import Command
from domain.errors import BadInput, Refusal, Worded
from domain.particles import filled
from domain.programme.commands import AddTask, Open
from domain.programme.facts import Area
from domain.refusals import bad_input, wrong
from domain.values import LocalText, Phase
from store.files import read_foreign


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Head(_Part):
    """The programme's own lines: which year, whose, and how many the city declared."""

    year: int
    name: LocalText
    city: LocalText
    declared_task_count: int | None = None
    declared_agency_count: int | None = None
    declared_innovation_case_count: int | None = None
    note: str | None = None


class AgencyEntry(_Part):
    id: str
    name: LocalText
    formerly: LocalText | None = None


class TaskEntry(_Part):
    id: str
    area: str
    lead: str
    title: LocalText
    summary: LocalText | None = None
    not_before: date | None = None
    phases: tuple[Phase, ...] = ()


class TransferEntry(_Part):
    """What one agency gave to another: a function or a facility."""

    giver: str = Field(alias="from")
    to: str
    function: LocalText | None = None
    facility: LocalText | None = None

    @model_validator(mode="after")
    def _is_one_of_both(self) -> TransferEntry:
        if (self.function is None) == (self.facility is None):
            raise wrong("function_or_facility")
        return self


class InnovationCase(BaseModel):
    """Only what it moved between agencies is read by now."""

    model_config = ConfigDict(frozen=True, extra="allow")
    transfers: tuple[TransferEntry, ...] = ()


class ProgrammeFile(_Part):
    """The whole file. Its meeting, and more of its innovation cases, are read by later parts of the engine."""

    programme: Head
    areas: tuple[Area, ...] = Field(min_length=1)
    agencies: tuple[AgencyEntry, ...] = Field(min_length=1)
    tasks: tuple[TaskEntry, ...]
    meeting: dict[str, Any] | None = None
    innovation_cases_2023: tuple[InnovationCase, ...] = ()

    @property
    def transfers(self) -> tuple[TransferEntry, ...]:
        return tuple(one for case in self.innovation_cases_2023 for one in case.transfers)


def _check(file: ProgrammeFile) -> None:
    """What pydantic cannot see: ids that repeat, and names that stand for nothing in the file."""
    for where, entries in (("areas", file.areas), ("agencies", file.agencies), ("tasks", file.tasks)):
        ids = [entry.id for entry in entries]
        for number, one in enumerate(ids):
            if one in ids[:number]:
                raise _fault(
                    f"{where}[{number}].id",
                    "식별자 ‘{0}’이(가) 두 번 나옵니다.",
                    "the id “{}” occurs twice.",
                    one,
                )
    agencies, areas = {agency.id for agency in file.agencies}, {area.id for area in file.areas}
    for place, case in enumerate(file.innovation_cases_2023):
        for number, entry in enumerate(case.transfers):
            for field, agency_id in (("from", entry.giver), ("to", entry.to)):
                if agency_id not in agencies:
                    raise _fault(
                        f"innovation_cases_2023[{place}].transfers[{number}].{field}",
                        "기관 ‘{0}’은(는) 파일의 기관 목록에 없습니다.",
                        "the agency “{}” is not among the file's agencies.",
                        agency_id,
                    )
    for number, task in enumerate(file.tasks):
        if task.lead not in agencies:
            ko, en = (
                "기관 ‘{0}’은(는) 파일의 기관 목록에 없습니다.",
                "the agency “{}” is not among the file's agencies.",
            )
            raise _fault(f"tasks[{number}].lead", ko, en, task.lead)
        if task.area not in areas:
            ko, en = (
                "분야 ‘{0}’은(는) 파일의 분야 목록에 없습니다.",
                "the area “{}” is not among the file's areas.",
            )
            raise _fault(f"tasks[{number}].area", ko, en, task.area)
        for count, phase in enumerate(task.phases):
            if phase.ends < phase.starts:
                ko, en = "끝나는 날({0}): 시작하는 날보다 빠릅니다.", "it ends ({}) before it starts."
                raise _fault(f"tasks[{number}].phases[{count}]", ko, en, str(phase.ends))


def _fault(field: str, ko: str, en: str, what: str) -> BadInput:
    return BadInput(field=field, problem=Worded(filled(ko, what[:60]), en.format(what[:60])))


class NotReadable(Refusal):
    """The file is not there, or may not be read."""

    ko = "파일 {path}을(를) 읽을 수 없습니다: {problem}. 경로와 권한을 확인하십시오."
    en = "The file {path} cannot be read: {problem}. Check the path and its rights."


class NotJson(Refusal):
    """The file is not JSON in UTF-8."""

    ko = "파일 {path}은(는) UTF-8 JSON이 아닙니다({line}번째 줄: {problem}). 아무것도 기록하지 않았습니다."
    en = "The file {path} is not JSON in UTF-8 (line {line}: {problem}). Nothing was written."


def read_programme(path: Path) -> ProgrammeFile:
    """The checked file. Raises NotReadable, NotJson or BadInput naming the place and the problem."""
    try:
        content = json.loads(read_foreign(path).decode("utf-8-sig"))
    except OSError as error:
        raise NotReadable(path=path, problem=error.strerror) from None
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
    """Open the year, register its agencies, record what they gave each other, put its tasks on the list, in this order.

    Raises BadInput naming the place in the file where a command's limit is passed.
    """
    transfers = [
        (f"innovation_cases_2023[{place}].transfers[{number}]", entry)
        for place, case in enumerate(file.innovation_cases_2023)
        for number, entry in enumerate(case.transfers)
    ]
    return (
        _within("", lambda: _opened(file)),
        *(_within(f"agencies[{n}]", partial(_registered, one)) for n, one in enumerate(file.agencies)),
        *(_within(place, partial(_transferred, entry)) for place, entry in transfers),
        *(
            _within(f"tasks[{n}]", partial(_added, file.programme.year, one))
            for n, one in enumerate(file.tasks)
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
            field=f"{place}.{_PLACES.get((place.partition('[')[0], own), own)}{field[len(own) :]}".removeprefix(
                "."
            ),
            problem=refusal.details["problem"],
        ) from None


# where a command's field stands in the file, where it is called otherwise there
_PLACES = {
    ("", "year"): "programme.year",
    ("", "name"): "programme.name",
    ("", "city"): "programme.city",
    ("", "declared_task_count"): "programme.declared_task_count",
    ("", "declared_agency_count"): "programme.declared_agency_count",
    ("agencies", "agency"): "id",
    ("tasks", "task"): "id",
    ("innovation_cases_2023", "agency"): "from",
    ("innovation_cases_2023", "name"): "function_or_facility",
}


def _opened(file: ProgrammeFile) -> Open:
    head = file.programme
    return Open(
        year=head.year,
        name=head.name,
        city=head.city,
        areas=file.areas,
        declared_task_count=head.declared_task_count,
        declared_agency_count=head.declared_agency_count,
    )


def _registered(agency: AgencyEntry) -> Register:
    formerly = () if agency.formerly is None else (agency.formerly,)
    return Register(agency=agency.id, name=agency.name, formerly=formerly)


def _transferred(entry: TransferEntry) -> Transfer:
    what: Literal["function", "facility"] = "facility" if entry.function is None else "function"
    name = entry.function or entry.facility
    assert name is not None
    return Transfer(agency=entry.giver, what=what, name=name, to=entry.to)


def _added(year: int, task: TaskEntry) -> AddTask:
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
