"""From the rows of a sheet to commands: a planner's rows put tasks on the year's list, an agency's propose its tasks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec
from pydantic import ValidationError

from domain.aggregate import Command
from domain.errors import BadInput, Bilingual, Refusal
from domain.programme.commands import AddTask
from domain.refusals import bad_inputs
from domain.task.commands import Propose
from domain.values import LocalText, Plan
from workflows.importing.cell_meanings import Meant, Unclear, day, money, task_number
from workflows.importing.folding import Directory
from workflows.importing.sheets import Fault, Remark, Row, Sheet

TASK, AREA, LEAD, TITLE = "과제번호", "분야", "주관기관", "과제명"
TITLE_EN, SUMMARY, NOT_BEFORE = "과제명(영문)", "개요", "착수제한일"
DEPARTMENT, PARTNERS, START, END, BUDGET = "소관부서", "협업기관", "시작일", "종료일", "예산(원)"

MEANING: Mapping[str, Bilingual] = {
    TASK: Bilingual("연도와 번호. 예: 2024-07", "year and number, e.g. 2024-07"),
    AREA: Bilingual("분야의 이름이나 식별자", "the area's name or id"),
    LEAD: Bilingual("주관기관의 이름이나 식별자", "the lead agency's name or id"),
    TITLE: Bilingual("과제의 이름", "the task's title"),
    TITLE_EN: Bilingual("영문 이름(선택)", "its title in English (may be empty)"),
    SUMMARY: Bilingual("개요(선택)", "summary (may be empty)"),
    NOT_BEFORE: Bilingual(
        "이날 전에는 착수하지 않음(선택, 등재할 때)", "not to be started before (may be empty, when listing)"
    ),
    DEPARTMENT: Bilingual(
        "시 소관부서(선택, 제안할 때)", "the city's department (may be empty, when proposing)"
    ),
    PARTNERS: Bilingual(
        "협업기관들, 쌍반점(;)으로 나눔(선택, 제안할 때)",
        "partners, between semicolons (may be empty, when proposing)",
    ),
    START: Bilingual("계획의 시작일(제안할 때)", "the plan's first day (when proposing)"),
    END: Bilingual("계획의 종료일(제안할 때)", "the plan's last day (when proposing)"),
    BUDGET: Bilingual("예산, 원 단위 정수(제안할 때)", "budget in whole KRW (when proposing)"),
}
HEADINGS = tuple(MEANING)
NEEDED = (TASK, AREA, LEAD, TITLE)
_NEEDED_TO_PROPOSE = (START, END, BUDGET)
_ONLY_TO_PROPOSE = (DEPARTMENT, PARTNERS, START, END, BUDGET)

_SOME_DAY = date(2000, 1, 1)
_LOST = re.compile(r"(?<=[가-힣])\?(?=[가-힣])")
_PERHAPS_LOST = Bilingual(
    "글자 사이의 ‘?’는 CP949로 저장하면서 잃은 글자일 수 있습니다. ‘CSV UTF-8’로 저장하면 남습니다.",
    "the “?” between letters may be one that was lost in saving as CP949. “CSV UTF-8” keeps it.",
)

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

    areas: Directory
    agencies: Directory


class Given(msgspec.Struct, frozen=True):
    """A row's command."""

    row: int
    command: Command


class Rows(msgspec.Struct, frozen=True):
    """Every right row's command, all that is wrong by row and column, and what was read otherwise than it stands."""

    given: list[Given]
    faults: list[Fault]
    remarks: list[Remark]


def read_rows(sheet: Sheet, names: Names, *, proposing: bool) -> Rows:
    """The rows as commands; what the sheet's own reading found wrong is not told again."""
    read = Rows([], [], [])
    first: dict[str, int] = {}
    for row in sheet.rows:
        cells = RowCells(row, names, sheet)
        command = _command(cells, proposing)
        task = str(cells.task or "")
        if task and first.setdefault(task, row.number) != row.number:
            cells.fault(TASK, f"{first[task]}행에 이미 있습니다.", f"it stands in row {first[task]} already.")
        read.faults.extend(cells.faults)
        read.remarks.extend(cells.remarks)
        if command is not None and not cells.faults and not row.spoiled:
            read.given.append(Given(row.number, command))
    return read


def task_of(sheet: Sheet, row: Row) -> str:
    """The number of a row's task, as far as it can be read; "" else."""
    try:
        return str(task_number(row.values.get(TASK, ""), sheet.epoch).value)
    except Unclear:
        return ""


def fault_of(row: int, refusal: Refusal) -> Fault:
    """A command's refusal as a fault of its row."""
    if isinstance(refusal, BadInput):
        field = str(refusal.details["field"])
        known = [name for name in _COLUMN if field == name or field.startswith((f"{name}.", f"{name}["))]
        problem = refusal.details["problem"]
        if known and isinstance(problem, Bilingual):
            return Fault(row, _COLUMN[max(known, key=len)], problem)
    return Fault(row, "", Bilingual(refusal.say("ko"), refusal.say("en")))


class RowCells:
    """One row's cells, each taken as what it should be; what it is not becomes a fault, once a column."""

    def __init__(self, row: Row, names: Names, sheet: Sheet) -> None:
        self.row, self.names, self.sheet = row, names, sheet
        self.faults: list[Fault] = []
        self.remarks: list[Remark] = []
        self.task: str | None = None

    def faulty(self, column: str) -> bool:
        return column in self.row.spoiled or any(one.column == column for one in self.faults)

    def fault(self, column: str, ko: str, en: str) -> None:
        self.faults.append(Fault(self.row.number, column, Bilingual(ko, en)))

    def remark(self, column: str, words: Bilingual) -> None:
        self.remarks.append(Remark(self.row.number, column, words))

    def text(self, column: str) -> str | None:
        value = self.row.values.get(column)
        if isinstance(value, str):
            if (
                column in (TITLE, SUMMARY, DEPARTMENT)
                and self.sheet.encoding == "cp949"
                and _LOST.search(value)
            ):
                self.remark(column, _PERHAPS_LOST)
            return value if column == SUMMARY else " ".join(value.split())
        if value is not None:
            self.fault(
                column,
                "글자가 아닙니다. 셀 서식을 텍스트로 바꾸십시오.",
                "it is not text. Format the cell as text.",
            )
        return None

    def require(self, column: str) -> str:
        value = self.text(column)
        if value is None and not self.faulty(column):
            self.fault(column, "값이 빠졌습니다.", "it is missing.")
        return value or ""

    def require_number(self, column: str) -> int:
        """A whole number, e.g. a year; 0 where it is none, which is a fault."""
        value = self.row.values.get(column)
        if isinstance(value, str) and value.isascii() and value.isdecimal():
            return int(value)
        if isinstance(value, int | float) and value == int(value):
            return int(value)
        if not self.faulty(column):
            self.fault(column, "자연수가 아닙니다.", "it is no whole number.")
        return 0

    def read_as(self, column: str, read: Callable[[Any], Meant]) -> Any:
        value = self.row.values.get(column)
        if value is None:
            return None
        try:
            found = read(value)
        except Unclear as unclear:
            self.faults.append(Fault(self.row.number, column, unclear.problem))
            return None
        if found.remark is not None:
            self.remark(column, found.remark)
        return found.value

    def number(self) -> str:
        self.task = self.read_as(TASK, lambda value: task_number(value, self.sheet.epoch))
        if self.task is None and not self.faulty(TASK):
            self.fault(TASK, "값이 빠졌습니다.", "it is missing.")
        return self.task or ""

    def day(self, column: str) -> date | None:
        found: date | None = self.read_as(column, lambda value: day(value, self.sheet.epoch))
        return found

    def money(self, column: str) -> int | None:
        found: int | None = self.read_as(column, money)
        if found is not None and self.sheet.unit not in (None, "원"):
            self.fault(
                column,
                f"표 위에는 단위가 {self.sheet.unit}이라고 적혀 있으나 이 열은 원 단위입니다. 한쪽을 고치십시오.",
                f"above the table the unit is {self.sheet.unit}, but this column is in KRW. Correct one of them.",
            )
        return found

    def find_id(self, column: str, value: str, known: Directory) -> str:
        if not value:
            return ""
        found = known.find(value)
        if len(found.ids) == 1:
            (identity,) = found.ids
            if found.bent:
                ko, en = f"{value:.60}: {identity}(으)로 읽었습니다.", f"{value:.60} was read as {identity}."
                self.remark(column, Bilingual(ko, en))
            return identity
        if found.ids:
            listed = ", ".join(sorted(found.ids))
            self.fault(
                column,
                f"{value:.60}: 둘 이상에 해당하는 이름입니다({listed:.100}). 식별자로 적으십시오.",
                f"several go by this name: {value:.60} ({listed:.100}). Give the id.",
            )
        else:
            self.fault(column, f"알 수 없는 이름입니다: {value:.60}", f"nobody knows this name: {value:.60}")
        return ""


def _command(cells: RowCells, proposing: bool) -> Command | None:
    names = cells.names
    fields: dict[str, Any] = {
        "task": cells.number(),
        "area": cells.find_id(AREA, cells.require(AREA), names.areas),
        "lead": cells.find_id(LEAD, cells.require(LEAD), names.agencies),
        "title": LocalText(ko=cells.require(TITLE), en=cells.text(TITLE_EN)),
        "summary": cells.text(SUMMARY),
    }
    return _proposing(cells, fields) if proposing else _listing(cells, fields)


def _listing(cells: RowCells, fields: dict[str, Any]) -> Command | None:
    """A planner's row."""
    for column in _ONLY_TO_PROPOSE:
        if column in cells.row.values:
            cells.fault(
                column,
                "제안하는 기관이 적는 열입니다. 비워 두십시오.",
                "this is for the agency that proposes. Leave it empty.",
            )
    year = fields["task"][:4]
    fields |= {"year": int(year) if year.isdecimal() else 0, "not_before": cells.day(NOT_BEFORE)}
    return _make_command(cells, lambda: AddTask(**fields))


def _proposing(cells: RowCells, fields: dict[str, Any]) -> Command | None:
    """An agency's row."""
    values = cells.row.values
    if NOT_BEFORE in values:
        cells.fault(
            NOT_BEFORE,
            "시가 등재할 때 적는 열입니다. 비워 두십시오.",
            "this is for the city's list. Leave it empty.",
        )
    for column in _NEEDED_TO_PROPOSE:
        if column not in values and not cells.faulty(column):
            cells.fault(column, "제안에 필요한 값이 빠졌습니다.", "a proposal needs it, and it is missing.")
    department = cells.text(DEPARTMENT)
    partners = [one.strip() for one in (cells.text(PARTNERS) or "").split(";") if one.strip()]
    start, end, budget = cells.day(START), cells.day(END), cells.money(BUDGET)
    fields |= {
        "department": None if department is None else LocalText(ko=department),
        "partners": tuple(cells.find_id(PARTNERS, one, cells.names.agencies) for one in partners),
    }
    # what cannot be read is no reason to say nothing of the rest: another value stands in for it
    start, end = start or end or _SOME_DAY, end or start or _SOME_DAY
    plan = Plan(start=start, end=end, budget_krw=budget or 0)
    return _make_command(cells, lambda: Propose(**fields, plan=plan))


def _make_command(cells: RowCells, make: Callable[[], Command]) -> Command | None:
    """The command, or its own faults where the column has none yet."""
    try:
        return make()
    except ValidationError as error:
        before = {one.column for one in cells.faults} | cells.row.spoiled
        found = [fault_of(cells.row.number, refusal) for refusal in bad_inputs(error)]
        cells.faults += {one.column: one for one in reversed(found) if one.column not in before}.values()
        return None
