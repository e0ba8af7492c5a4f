"""Plan against actual: dates, money, indicators."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import msgspec

from domain.errors import Bilingual
from domain.rounding import round_half_up
from domain.units import unit_label
from domain.values import Indicator
from projections.report.charts.slippage import slippage_chart
from projections.report.charts.timeline import timeline_chart
from projections.report.document import Section, Table, Text
from projections.report.own_steps import has_amounts
from projections.report.report_data import (
    ReportData,
    absent,
    behind,
    both,
    cell,
    column,
    days_off,
    find_owed,
    plan_of,
)
from projections.report.tracing import Traced

_NO_END = Text(
    Bilingual(
        "과제의 일이 끝난 날은 따로 기록하지 않음. 결과보고일을 기한과 비교하며, 지연은 영업일로 셈(음수는 앞당김).",
        "The log holds no day on which the work itself ended. The final report is held against its due day; delays are in business days, negative ones early.",
    ),
    role="remark",
)
_NO_SPENDING = Text(
    Bilingual(
        "집행액은 기록에 없음. 아래는 처음 제안한 예산과 현재 효력이 있는 예산임.",
        "The record holds no spending. Below are the budget first proposed and the one in force.",
    ),
    role="absent",
)


_SPENDING_IN_FORMS = Text(
    Bilingual(
        "금액을 적는 정의의 서식은 ‘정의에 따른 위치와 절차’에 있음. 아래는 처음 제안한 예산과 현재 효력이 있는 예산임.",
        "What was filled into the forms of the definition stands under “Places and steps of the definition”. Below are the budget first proposed and the one in force.",
    ),
    role="remark",
)


_SPENDING_ENTERED = Text(
    Bilingual(
        "편성한 예산과 집행은 ‘예산과 집행’에 있음. 아래는 처음 제안한 예산과 현재 효력이 있는 예산임.",
        "The budgets that were set and what was spent stand under “Budget and spending”. Below are the budget first proposed and the one in force.",
    ),
    role="remark",
)


def plan_section(m: ReportData) -> Section:
    """Dates, budget and indicators as planned and as they came out."""
    return Section(
        "plan",
        Bilingual("계획 대비 실적", "Plan against actual"),
        parts=(
            Section(
                "plan.dates",
                Bilingual("추진기간", "Dates"),
                (*slippage_chart(m, _dates(m)), _NO_END, timeline_chart(m)),
            ),
            Section(
                "plan.budget",
                Bilingual("예산", "Budget"),
                (_name_spending(m), _budget(m)),
            ),
            Section("plan.indicators", Bilingual("성과지표", "Indicators"), _indicators(m)),
        ),
    )


def _name_spending(m: ReportData) -> Text:
    """Where what was spent is told, or that it is not on record."""
    if m.gathered.money:
        return _SPENDING_ENTERED
    return _SPENDING_IN_FORMS if has_amounts(m) else _NO_SPENDING


def _dates(m: ReportData) -> Table:
    rows = []
    for task in m.tasks:
        plan, state, report = plan_of(task), task.task, find_owed(m, task, "final_report")
        rows.append(
            (
                cell(task.number),
                cell(plan.start, [task.since["plan"]]),
                cell(state.started_on, [task.since[n] for n in ("started_on",) if n in task.since]),
                days_off(m, task, "start"),
                cell(plan.end, [task.since["plan"]]),
                cell(report.obligation.due if report else None, report.facts if report else ()),
                cell(state.final_report_on, [task.since[n] for n in ("final_report_on",) if n in task.since]),
                days_off(m, task, "final_report"),
            )
        )
    return Table(
        "plan.dates",
        Bilingual("착수와 결과보고: 계획과 실제", "Start and final report: planned and actual"),
        (
            column("task", "과제", "Task", weight=2),
            column("start", "착수 계획", "Start planned", "date", 2),
            column("started", "착수", "Started", "date", 2),
            column("start-slip", "착수 지연 (영업일)", "Start late (business days)", "days", 2),
            column("end", "종료 계획", "End planned", "date", 2),
            column("due", "결과보고 기한", "Final report due", "date", 2),
            column("reported", "결과보고", "Final report", "date", 2),
            column("slip", "보고 지연 (영업일)", "Report late (business days)", "days", 2),
        ),
        tuple(rows),
    )


def _budget(m: ReportData) -> Table:
    rows, firsts, nows = [], 0, 0
    for task in m.tasks:
        (first, at), now = task.plans[0], plan_of(task)
        firsts, nows = firsts + first.budget_krw, nows + now.budget_krw
        of, since = f"task.{task.number}", task.since["plan"]
        rows.append(
            (
                cell(task.number),
                cell(first.budget_krw, [at], f"{of}.budget-proposed"),
                cell(now.budget_krw, [since], f"{of}.budget"),
                cell(now.budget_krw - first.budget_krw, [at, since], f"{of}.budget-change"),
                cell(len(task.plans), [place for _, place in task.plans]),
            )
        )
    first_facts, now_facts = [t.plans[0][1] for t in m.tasks], [t.since["plan"] for t in m.tasks]
    total = (
        cell(Bilingual("합계", "Total")),
        cell(firsts, first_facts, "all.budget-proposed"),
        cell(nows, now_facts, "all.budget"),
        cell(nows - firsts, first_facts + now_facts, "all.budget-change"),
        cell(Bilingual("", "")),  # versions of different plans make no sum
    )
    return Table(
        "plan.budget",
        Bilingual("예산: 제안과 현재 계획", "Budget: as proposed and as in force"),
        (
            column("task", "과제", "Task", weight=2),
            column("proposed", "제안 예산(원)", "Proposed (KRW)", "krw", 3),
            column("now", "효력 있는 예산(원)", "In force (KRW)", "krw", 3),
            column("change", "증감(원)", "Change (KRW)", "krw", 3),
            column("plans", "계획 차수", "Plan versions", "int", 2),
        ),
        tuple(rows),
        (total,),
    )


class Attainment(msgspec.Struct, frozen=True):
    """An indicator of the plan in force with its value by the last report. `percent`: of the way from baseline to target."""

    task: Traced
    indicator: Indicator
    value: str | None
    percent: str | None

    @property
    def met(self) -> bool:
        return self.percent is not None and Decimal(self.percent) >= 100

    @property
    def reported(self) -> tuple[int, ...]:
        """The fact that gave the value, if one did."""
        at = self.task.figures.get(self.indicator.id)
        return () if at is None else (at,)

    @property
    def facts(self) -> tuple[int, ...]:
        return behind(self.task.since["plan"], *self.reported)


def attainments(m: ReportData) -> list[Attainment]:
    """Of every indicator, task by task."""
    return [
        Attainment(task, one, value, _attainment(one.baseline, one.target, value))
        for task in m.tasks
        for one in plan_of(task).indicators
        for value in [task.task.figures.get(one.id)]
    ]


def _indicators(m: ReportData) -> tuple[Table | Text, ...]:
    rows = []
    for found in attainments(m):
        task, one, since = found.task, found.indicator, [found.task.since["plan"]]
        of = f"task.{task.number}.indicator.{one.id}"
        rows.append(
            (
                cell(task.number),
                cell(both(one.name)),
                cell(unit_label(one.unit)),
                cell(one.baseline, since, f"{of}.baseline"),
                cell(one.target, since, f"{of}.target"),
                cell(found.value, found.reported, of),
                cell(found.percent, found.facts, f"{of}.attained"),
            )
        )
    if not rows:
        return (absent("계획에 성과지표가 없음.", "No plan holds an indicator."),)
    table = Table(
        "plan.indicators",
        Bilingual("성과지표: 목표와 실적", "Indicators: target and actual"),
        (
            column("task", "과제", "Task", weight=2),
            column("name", "성과지표", "Indicator", weight=4),
            column("unit", "단위", "Unit"),
            column("baseline", "기준값", "Baseline", "decimal", 2),
            column("target", "목표", "Target", "decimal", 2),
            column("actual", "실적", "Actual", "decimal", 2),
            column("attained", "달성률", "Attained", "percent", 2),
        ),
        tuple(rows),
    )
    said = Bilingual(
        "달성률 = (실적 − 기준값) ÷ (목표 − 기준값). 실적은 마지막으로 보고된 값임.",
        "Attained = (actual − baseline) ÷ (target − baseline). The actual value is the one last reported.",
    )
    return (table, Text(said, role="remark"))


def _attainment(baseline: str, target: str, value: str | None) -> str | None:
    try:
        low, high, now = Decimal(baseline), Decimal(target), Decimal(value or "")
        return None if high == low else round_half_up(100 * (now - low) / (high - low))
    except InvalidOperation:
        return None
