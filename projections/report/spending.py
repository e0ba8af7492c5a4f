"""Budget and spending: what there was to spend, what was committed and spent, by task, source of funds and month.

A report on a year of which nothing was entered has no such section.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from itertools import chain

from domain.errors import Bilingual
from domain.lifecycle.money import MoneyRules
from domain.money.course import WarningOf, course_of, days_of
from domain.money.facts import FUNDINGS
from domain.money.state import Budget
from domain.rounding import round_half_up
from projections.money import MoneyRow
from projections.report.document import Cell, Section, Table, Text
from projections.report.money_traced import OF_AVAILABLE, MoneyTraced, Selected, select
from projections.report.report_data import ReportData, cell, column
from projections.report.tracing import Traced

WARNINGS: Mapping[WarningOf, Bilingual] = {
    "over": Bilingual("예산 초과", "beyond the budget"),
    "behind": Bilingual("집행 부진", "behind"),
    "ahead": Bilingual("집행 과속", "ahead"),
}
_AMOUNTS = (
    column("available", "예산 현액(원)", "To spend (KRW)", "krw", 3),
    column("committed", "원인행위액(원)", "Committed (KRW)", "krw", 3),
    column("spent", "집행액(원)", "Spent (KRW)", "krw", 3),
    column("returned", "반납액(원)", "Returned (KRW)", "krw", 3),
    column("remaining", "집행 잔액(원)", "Remaining (KRW)", "krw", 3),
    column("rate", "집행률", "Spent", "percent", 2),
)
_SAID = Text(
    Bilingual(
        "예산 현액 = 편성한 예산 + 이월받은 금액 − 이월한 금액 − 반납액. 집행률 = 집행액 ÷ 예산 현액. 경고는 기준일까지의 기간 경과와 비교하여 정의의 기준으로 판단함.",
        "To spend = budget set + carried in − carried over − returned. Warnings hold the share that was spent against the share of the time that had passed by the day of the report, by the limits of the definition.",
    ),
    role="remark",
)


def spending(m: ReportData) -> tuple[Section, ...]:
    """The section, where anything was entered."""
    if not any(one.rows for one in m.gathered.money.values()):
        return ()
    title = Bilingual("예산과 집행", "Budget and spending")
    return (Section("money", title, (_by_task(m), *_name_absent(m), _SAID, _by_funding(m), _by_month(m))),)


def _of_year(m: ReportData, row: MoneyRow) -> bool:
    return row.year == m.gathered.year


def _name_absent(m: ReportData) -> tuple[Text, ...]:
    """The tasks of which no spending was entered: that is not the same as that nothing was spent."""
    missing = [task.number for task in m.tasks if not _has_spending(m, task.number)]
    if not missing:
        return ()
    listed = ", ".join(missing)
    return (
        Text(
            Bilingual(
                f"집행이 입력되지 않은 과제 {len(missing)}건: {listed}. 표의 ‘–’는 0원이 아니라 입력이 없음을 뜻함.",
                f"No spending was entered for {len(missing)} task(s): {listed}. A dash means that nothing was entered, and not 0.",
            ),
            role="absent",
        ),
    )


def _has_spending(m: ReportData, task: str) -> bool:
    found = m.gathered.money.get(task)
    return found is not None and any(
        row.month is not None and _of_year(m, row) for row in found.rows.values()
    )


def _by_task(m: ReportData) -> Table:
    rows = []
    for task in m.tasks:
        found = select(_of_task(m, task), m.gathered.year)
        spent = _has_spending(m, task.number)
        warning = _warn(m, task, found.budget) if spent else None
        rows.append(
            (
                cell(task.number),
                *_amounts(found, f"task.{task.number}.money", spent=spent),
                cell(None if warning is None else WARNINGS[warning]),
            )
        )
    all_of_it = select(chain.from_iterable(_of_task(m, task) for task in m.tasks), m.gathered.year)
    any_spent = any(_has_spending(m, task.number) for task in m.tasks)
    total = (
        cell(Bilingual("합계", "Total")),
        *_amounts(all_of_it, "all.money", spent=any_spent),
        cell(Bilingual("", "")),
    )
    return Table(
        "money.by-task",
        Bilingual("과제별 예산과 집행", "Budget and spending by task"),
        (column("task", "과제", "Task", weight=2), *_AMOUNTS, column("warning", "경고", "Warning", weight=2)),
        tuple(rows),
        (total,),
    )


def _of_task(m: ReportData, task: Traced) -> list[MoneyTraced]:
    found = m.gathered.money.get(task.number)
    return [] if found is None else [found]


def _warn(m: ReportData, task: Traced, budget: Budget) -> WarningOf | None:
    content = json.loads(m.gathered.definitions.get(task.task.definition, "{}"))
    rules = MoneyRules.model_validate(content.get("money", {}))
    first, last = days_of(m.gathered.year, task.row.start, task.row.end)
    found = course_of(
        budget.available,
        budget.spent,
        first,
        last,
        m.as_of,
        below=rules.warn_below,
        above=rules.warn_above,
    )
    return found.warning


def _amounts(found: Selected, of: str, *, spent: bool) -> tuple[Cell, ...]:
    """The cells under `_AMOUNTS`; nothing where nothing was entered."""
    budget = found.budget
    available = found.behind(*OF_AVAILABLE)
    used = [*available, *found.behind("spent")]
    entered = any(found.facts.get(one) for one in ("budget", "carried_in"))
    return (
        cell(budget.available if entered else None, available, f"{of}.available"),
        cell(budget.committed if spent else None, found.behind("committed"), f"{of}.committed"),
        cell(budget.spent if spent else None, found.behind("spent"), f"{of}.spent"),
        cell(budget.returned if spent else None, found.behind("returned"), f"{of}.returned"),
        cell(budget.remaining if spent else None, used, f"{of}.remaining"),
        cell(_rate(budget) if spent else None, used, f"{of}.rate"),
    )


def _rate(budget: Budget) -> str | None:
    if budget.available <= 0:
        return None
    return round_half_up(Decimal(100 * budget.spent) / budget.available)


def _by_funding(m: ReportData) -> Table:
    rows = []
    for funding, label in FUNDINGS.items():
        found = select(m.gathered.money.values(), m.gathered.year, funding=funding)
        if found.facts:
            rows.append(
                (cell(label), *_amounts(found, f"money.{funding}", spent=bool(found.facts.get("spent"))))
            )
    return Table(
        "money.by-funding",
        Bilingual("재원별 예산과 집행", "Budget and spending by source of funds"),
        (column("funding", "재원", "Source", weight=2), *_AMOUNTS),
        tuple(rows),
    )


def _by_month(m: ReportData) -> Table:
    several = list(m.gathered.money.values())
    months = {row.month for one in several for row in one.rows.values() if row.month and _of_year(m, row)}
    rows = []
    for month in sorted(months):
        found = select(several, m.gathered.year, month=month)
        of = f"money.{month}"
        rows.append(
            (
                cell(month),
                cell(found.budget.committed, found.behind("committed"), f"{of}.committed"),
                cell(found.budget.spent, found.behind("spent"), f"{of}.spent"),
            )
        )
    return Table(
        "money.by-month",
        Bilingual("월별 집행", "Spending by month"),
        (column("month", "월", "Month", weight=2), *_AMOUNTS[1:3]),
        tuple(rows),
    )
