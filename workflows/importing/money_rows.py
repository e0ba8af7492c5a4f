"""From the rows of a finance department's sheet to what it says of each task, source of funds and month."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from domain.errors import Bilingual
from domain.money.facts import FUNDINGS, Funding
from domain.streams import year_of
from workflows.importing.cell_meanings import month
from workflows.importing.folding import Directory
from workflows.importing.sheets import Fault, Remark, Row, Sheet
from workflows.importing.task_rows import TASK, Names, RowCells
from workflows.importing.year_forms import Form

FUNDING, MONTH, AGENCY = "재원", "월", "기관"
BUDGET, COMMITTED, SPENT = "예산(원)", "원인행위액(원)", "집행액(원)"
MONEY = Form(
    "예산과 집행",
    {
        TASK: Bilingual("연도와 번호. 예: 2024-07", "year and number, e.g. 2024-07"),
        FUNDING: Bilingual(
            "시비, 기관 부담, 국비, 기부금 가운데 하나", "whose money: city, agency, national or donated"
        ),
        MONTH: Bilingual("집행한 달. 예: 2024-05", "the month to which it counts, e.g. 2024-05"),
        AGENCY: Bilingual(
            "집행한 기관의 이름이나 식별자(선택). 비우면 주관기관",
            "the agency's name or id; the lead agency where it is empty",
        ),
        BUDGET: Bilingual(
            "그 연도 예산, 원 단위 정수(선택)", "the year's budget in whole KRW (may be empty)"
        ),
        COMMITTED: Bilingual("그 달의 원인행위액(선택)", "committed in the month (may be empty)"),
        SPENT: Bilingual("그 달의 집행액", "spent in the month"),
    },
    (TASK, FUNDING, MONTH, SPENT),
)
_FUNDINGS = Directory(
    [(name, one) for one, label in FUNDINGS.items() for name in (one, label.ko, label.en)]
    + [("시", "city"), ("자체", "agency"), ("자부담", "agency"), ("국고보조금", "national")]
)


class MoneyRow(msgspec.Struct, frozen=True):
    """What the sheet says of a task, source of funds and month, in won; None where it says nothing. `agency`: whose, if it says."""

    row: int
    task: str
    funding: Funding
    month: str
    agency: str | None
    budget_krw: int | None
    committed_krw: int | None
    spent_krw: int | None


class MoneyRows(msgspec.Struct, frozen=True):
    rows: list[MoneyRow]
    faults: list[Fault]
    remarks: list[Remark]


def read_money_rows(sheet: Sheet, names: Names, year: int) -> MoneyRows:
    """What the rows say of the year; what the sheet's own reading found wrong is not told again."""
    read = MoneyRows([], [], [])
    first: dict[tuple[str, str, str], int] = {}
    budgets: dict[tuple[str, str], int] = {}
    for row in sheet.rows:
        cells = RowCells(row, names, sheet)
        found = _read(cells, row, year)
        if found is not None and not cells.faults and not row.spoiled:
            _check_once(cells, found, first, budgets)
        read.faults.extend(cells.faults)
        read.remarks.extend(cells.remarks)
        if found is not None and not cells.faults and not row.spoiled:
            read.rows.append(found)
    return read


def _read(cells: RowCells, row: Row, year: int) -> MoneyRow | None:
    task = cells.number()
    funding = cells.find_id(FUNDING, cells.require(FUNDING), _FUNDINGS)
    of: Any = cells.read_as(MONTH, lambda value: month(value, cells.sheet.epoch))
    if of is None and not cells.faulty(MONTH):
        cells.fault(MONTH, "값이 빠졌습니다.", "it is missing.")
    agency = cells.find_id(AGENCY, cells.text(AGENCY) or "", cells.names.agencies) or None
    amounts: Mapping[str, int | None] = {column: cells.money(column) for column in (BUDGET, COMMITTED, SPENT)}
    _check_year(cells, task, of, year)
    if not task or not funding or of is None:
        return None
    return MoneyRow(
        row.number,
        task,
        funding,  # type: ignore[arg-type]
        of,
        agency,
        amounts[BUDGET],
        amounts[COMMITTED],
        amounts[SPENT],
    )


def _check_year(cells: RowCells, task: str, of: str | None, year: int) -> None:
    """A sheet is of one year: its tasks and months."""
    if task[:4].isdecimal() and "-" in task and year_of(task) != year:
        cells.fault(
            TASK,
            f"{year}년 표에 다른 연도의 과제({task:.20})가 있습니다. 연도별로 나누어 가져오십시오.",
            f"the sheet is of {year}, and this task ({task:.20}) is of another year. Import each year by itself.",
        )
    if of is not None and int(of[:4]) != year:
        cells.fault(
            MONTH,
            f"{year}년 표에 다른 연도의 달({of})이 있습니다.",
            f"the sheet is of {year}, and this month ({of}) is of another year.",
        )


def _check_once(
    cells: RowCells,
    found: MoneyRow,
    first: dict[tuple[str, str, str], int],
    budgets: dict[tuple[str, str], int],
) -> None:
    """A month's total stands once, and a year's budget is the same in each row that says it."""
    row = first.setdefault((found.task, found.funding, found.month), found.row)
    if row != found.row:
        cells.fault(
            MONTH,
            f"{row}행에 이미 있습니다. 한 달의 합계를 한 행에 적으십시오.",
            f"it stands in row {row} already. A month's total stands in one row.",
        )
    if found.budget_krw is not None:
        known = budgets.setdefault((found.task, found.funding), found.budget_krw)
        if known != found.budget_krw:
            cells.fault(
                BUDGET,
                f"같은 과제와 재원의 예산이 위에서는 {known:,}원입니다.",
                f"the budget of the same task and source is KRW {known:,} further up.",
            )
