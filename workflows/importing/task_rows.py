"""From the rows of a sheet to orders: a planner's rows put tasks on the year's list, an agency's propose its tasks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from pydantic import ValidationError

from domain.aggregate import Command
from domain.errors import BadInput, Refusal, Worded
from domain.programme.commands import AddTask
from domain.refusals import bad_input
from domain.task.commands import Propose
from domain.values import LocalText, Plan
from workflows.importing.sheets import Fault, Row

TASK, AREA, LEAD, TITLE = "과제번호", "분야", "주관기관", "과제명"
TITLE_EN, SUMMARY, NOT_BEFORE = "과제명(영문)", "개요", "착수제한일"
DEPARTMENT, PARTNERS, START, END, BUDGET = "소관부서", "협력기관", "시작일", "종료일", "예산(원)"

MEANING: Mapping[str, Worded] = {
    TASK: Worded("연도와 번호. 예: 2024-07", "year and number, e.g. 2024-07"),
    AREA: Worded("분야의 이름이나 식별자", "the area's name or id"),
    LEAD: Worded("주관기관의 이름이나 식별자", "the lead agency's name or id"),
    TITLE: Worded("과제의 이름", "the task's title"),
    TITLE_EN: Worded("영문 이름(선택)", "its title in English (may be empty)"),
    SUMMARY: Worded("개요(선택)", "summary (may be empty)"),
    NOT_BEFORE: Worded(
        "이날 전에는 착수하지 않음(선택, 등재할 때)", "not to be started before (may be empty, when listing)"
    ),
    DEPARTMENT: Worded(
        "시 소관부서(선택, 제안할 때)", "the city's department (may be empty, when proposing)"
    ),
    PARTNERS: Worded(
        "협력기관들, 쌍반점(;)으로 나눔(선택, 제안할 때)",
        "partners, between semicolons (may be empty, when proposing)",
    ),
    START: Worded("계획의 첫날(제안할 때)", "the plan's first day (when proposing)"),
    END: Worded("계획의 마지막 날(제안할 때)", "the plan's last day (when proposing)"),
    BUDGET: Worded("예산, 원 단위 정수(제안할 때)", "budget in whole KRW (when proposing)"),
}
HEADINGS = tuple(MEANING)
NEEDED = (TASK, AREA, LEAD, TITLE)
_NEEDED_TO_PROPOSE = (START, END, BUDGET)
_ONLY_TO_PROPOSE = (DEPARTMENT, PARTNERS, START, END, BUDGET)
_DATE = re.compile(r"([0-9]{4})[-./]\s*([0-9]{1,2})[-./]\s*([0-9]{1,2})\.?")
_MONEY = re.compile(r"[0-9]{1,3}(,[0-9]{3})*|[0-9]+")

# the field of a command that a refusal names, and the column it came from
_COLUMN = {
    "task": TASK,
    "year": TASK,
    "area": AREA,
    "lead": LEAD,
    "title": TITLE,
    "title.ko": TITLE,
    "title.en": TITLE_EN,
    "summary": SUMMARY,
    "not_before": NOT_BEFORE,
    "department": DEPARTMENT,
    "partners": PARTNERS,
    "plan": END,
    "plan.start": START,
    "plan.end": END,
    "plan.budget_krw": BUDGET,
}


class Names(msgspec.Struct, frozen=True):
    """What people call areas and agencies, each to its id."""

    areas: Mapping[str, str]
    agencies: Mapping[str, str]


class Given(msgspec.Struct, frozen=True):
    """A row's command."""

    row: int
    command: Command


def read_rows(rows: Sequence[Row], names: Names, *, proposing: bool) -> tuple[list[Given], list[Fault]]:
    """Every row's command, and all that is wrong by row and column."""
    given: list[Given] = []
    faults: list[Fault] = []
    first: dict[str, int] = {}
    for row in rows:
        found = _Cells(row, names)
        command = _command(found, proposing)
        task = str(row.values.get(TASK, ""))
        if task and first.setdefault(task, row.number) != row.number:
            found.fault(TASK, f"{first[task]}행에 이미 있습니다.", f"it stands in row {first[task]} already.")
        faults += found.faults
        if command is not None and not found.faults:
            given.append(Given(row.number, command))
    return given, faults


def fault_of(row: int, refusal: Refusal) -> Fault:
    """A command's refusal as a fault of its row."""
    if isinstance(refusal, BadInput):
        field = str(refusal.details["field"])
        known = [name for name in _COLUMN if field == name or field.startswith((f"{name}.", f"{name}["))]
        problem = refusal.details["problem"]
        if known and isinstance(problem, Worded):
            return Fault(row, _COLUMN[max(known, key=len)], problem)
    return Fault(row, "", Worded(refusal.say("ko"), refusal.say("en")))


class _Cells:
    """One row's cells, each taken as what it should be; what it is not becomes a fault."""

    def __init__(self, row: Row, names: Names) -> None:
        self.row, self.names = row, names
        self.faults: list[Fault] = []

    def fault(self, column: str, ko: str, en: str) -> None:
        self.faults.append(Fault(self.row.number, column, Worded(ko, en)))

    def text(self, column: str) -> str | None:
        value = self.row.values.get(column)
        if value is None or isinstance(value, str):
            return value
        self.fault(
            column,
            "글자가 아닙니다. 셀 서식을 텍스트로 바꾸십시오.",
            "it is not text. Format the cell as text.",
        )
        return None

    def needed(self, column: str) -> str:
        value = self.text(column)
        if value is None and column not in self.row.values:
            self.fault(column, "값이 빠졌습니다.", "it is missing.")
        return value or ""

    def day(self, column: str) -> date | None:
        value = self.row.values.get(column)
        if value is None or type(value) is date:
            return value
        found = _DATE.fullmatch(value) if isinstance(value, str) else None
        try:
            if found is not None:
                return date(*map(int, found.groups()))
        except ValueError:
            pass
        self.fault(
            column,
            f"날짜가 아닙니다: {value!s:.40}. 예: 2024-03-01",
            f"it is not a date: {value!s:.40}. E.g. 2024-03-01",
        )
        return None

    def money(self, column: str) -> int | None:
        value = self.row.values.get(column)
        if value is None or type(value) is int:
            return value
        if isinstance(value, str) and _MONEY.fullmatch(value):
            return int(value.replace(",", ""))
        self.fault(
            column,
            f"원 단위 정수가 아닙니다: {value!s:.40}",
            f"it is not a whole number of KRW: {value!s:.40}",
        )
        return None

    def named(self, column: str, value: str, known: Mapping[str, str]) -> str:
        if value and value not in known:
            self.fault(column, f"모르는 이름입니다: {value:.60}", f"nobody knows this name: {value:.60}")
        return known.get(value, "")


def _command(cells: _Cells, proposing: bool) -> Command | None:
    names, values = cells.names, cells.row.values
    title = LocalText(ko=cells.needed(TITLE), en=cells.text(TITLE_EN))
    fields: dict[str, Any] = {
        "task": cells.needed(TASK),
        "area": cells.named(AREA, cells.needed(AREA), names.areas),
        "lead": cells.named(LEAD, cells.needed(LEAD), names.agencies),
        "title": title,
        "summary": cells.text(SUMMARY),
    }
    if not proposing:
        for column in _ONLY_TO_PROPOSE:
            if column in values:
                cells.fault(
                    column,
                    "제안하는 기관이 적는 열입니다. 비워 두십시오.",
                    "this is for the agency that proposes. Leave it empty.",
                )
        year = fields["task"][:4]
        fields |= {"year": int(year) if year.isdecimal() else 0, "not_before": cells.day(NOT_BEFORE)}
        return _made(cells, lambda: AddTask(**fields))
    if NOT_BEFORE in values:
        cells.fault(
            NOT_BEFORE,
            "시가 등재할 때 적는 열입니다. 비워 두십시오.",
            "this is for the city's list. Leave it empty.",
        )
    for column in _NEEDED_TO_PROPOSE:
        if column not in values:
            cells.fault(column, "제안에 필요한 값이 빠졌습니다.", "a proposal needs it, and it is missing.")
    department = cells.text(DEPARTMENT)
    partners = [one.strip() for one in (cells.text(PARTNERS) or "").split(";") if one.strip()]
    start, end, budget = cells.day(START), cells.day(END), cells.money(BUDGET)
    fields |= {
        "department": None if department is None else LocalText(ko=department),
        "partners": tuple(cells.named(PARTNERS, one, names.agencies) for one in partners),
    }
    if start is None or end is None or budget is None:
        return None
    return _made(cells, lambda: Propose(**fields, plan=Plan(start=start, end=end, budget_krw=budget)))


def _made(cells: _Cells, make: Callable[[], Command]) -> Command | None:
    if cells.faults:
        return None
    try:
        return make()
    except ValidationError as error:
        cells.faults.append(fault_of(cells.row.number, bad_input(error)))
        return None
