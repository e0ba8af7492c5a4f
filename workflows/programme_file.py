"""Reads a year's programme as the city announced it, and turns it into commands. Nothing is made up."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from domain.agency.commands import Register
from domain.aggregate import Command
from domain.errors import Refusal
from domain.limits import bad_input
from domain.programme.commands import AddTask, Open
from domain.programme.facts import Area
from domain.values import LocalText, Phase


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


class ProgrammeFile(_Part):
    """The whole file. Its meeting and its innovation cases are read by later parts of the engine."""

    programme: Head
    areas: tuple[Area, ...] = Field(min_length=1)
    agencies: tuple[AgencyEntry, ...] = Field(min_length=1)
    tasks: tuple[TaskEntry, ...]
    meeting: dict[str, Any] | None = None
    innovation_cases_2023: tuple[dict[str, Any], ...] = ()

    @model_validator(mode="after")
    def _hangs_together(self) -> ProgrammeFile:
        for what, entries in (("areas", self.areas), ("agencies", self.agencies), ("tasks", self.tasks)):
            _unique(what, [entry.id for entry in entries])
        agencies, areas = {a.id for a in self.agencies}, {a.id for a in self.areas}
        for task in self.tasks:
            if task.lead not in agencies:
                raise _fault("unknown_agency", task.id, task.lead)
            if task.area not in areas:
                raise _fault("unknown_area", task.id, task.area)
            for phase in task.phases:
                if phase.ends < phase.starts:
                    raise _fault("ends_before_start", task.id, f"{phase.starts}–{phase.ends}")
        return self


_FAULTS = {
    "repeated_id": "{where}: the id {what} stands there twice.",
    "unknown_agency": "task {where}: the agency {what} is not among the file's agencies.",
    "unknown_area": "task {where}: the area {what} is not among the file's areas.",
    "ends_before_start": "task {where}: a phase ends before it starts ({what}).",
}
_FAULTS_KO = {
    "repeated_id": "{where}: 식별자 {what}이(가) 두 번 나옵니다.",
    "unknown_agency": "과제 {where}: 기관 {what}은(는) 파일의 기관 목록에 없습니다.",
    "unknown_area": "과제 {where}: 분야 {what}은(는) 파일의 분야 목록에 없습니다.",
    "ends_before_start": "과제 {where}: 단계의 끝이 시작보다 빠릅니다({what}).",
}


def _fault(kind: str, where: str, what: str) -> PydanticCustomError:
    details = {"where": where, "what": what, "ko": _FAULTS_KO[kind].format(where=where, what=what)}
    return PydanticCustomError(kind, _FAULTS[kind], details)  # type: ignore[arg-type]


def _unique(where: str, ids: list[str]) -> None:
    for one in ids:
        if ids.count(one) > 1:
            raise _fault("repeated_id", where, one)


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
        content = json.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise NotReadable(path=path, problem=error.strerror) from None
    except UnicodeDecodeError as error:
        raise NotJson(path=path, line=1, problem=error.reason) from None
    except json.JSONDecodeError as error:
        raise NotJson(path=path, line=error.lineno, problem=error.msg) from None
    except RecursionError:
        raise NotJson(path=path, line=1, problem="nested too deeply") from None
    try:
        return ProgrammeFile.model_validate(content)
    except ValidationError as error:
        raise bad_input(error) from None


def commands(file: ProgrammeFile) -> tuple[Command, ...]:
    """Open the year, register its agencies, put its tasks on the list, in this order."""
    head = file.programme
    opening = Open(
        year=head.year,
        name=head.name,
        city=head.city,
        areas=file.areas,
        declared_task_count=head.declared_task_count,
        declared_agency_count=head.declared_agency_count,
    )
    try:
        return (
            opening,
            *(Register(agency=agency.id, name=agency.name) for agency in file.agencies),
            *(_added(head.year, task) for task in file.tasks),
        )
    except ValidationError as error:
        raise bad_input(error) from None


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
