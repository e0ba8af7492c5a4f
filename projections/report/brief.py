"""The first page, for whoever reads one page: the year beside the one before, what went well, what did not, what is next.

Every line is drawn by the rule of its function from facts, and names them; where a rule finds nothing it says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import chain

from domain.errors import Bilingual
from projections.report.brief_lines import (
    compare_budgets,
    count_carried_over,
    count_decisions_to_come,
    count_evaluated,
    count_halted,
    count_late,
    count_milestones,
    count_targets,
    count_unfinished,
    name_best,
    name_longest_delays,
    name_next_deadlines,
    name_shortfalls,
)
from projections.report.document import Block, Cell, Section, Table, Text
from projections.report.money import in_hundred_millions
from projections.report.report_data import Owed, ReportData, absent, cell, column, list_owed, punctuality
from projections.report.summary import measures
from projections.report.tracing import Traced

_RULES = Text(
    Bilingual(
        "작성 기준: 기록에 있는 사실만으로 정한 규칙에 따라 자동 작성함. 주요 성과는 평가와 S·A등급, 최고 점수, 목표를 달성한 성과지표, "
        "계획보다 증감한 예산을, 문제점은 지연이 긴 기한, 기한을 지키지 못한 추진일정, 목표에 이르지 못한 성과지표, 중단·철회·반려를, "
        "향후 계획은 이월, 남은 기한, 승인을 기다리는 일, 평가가 남은 과제를 담음.",
        "How this page is made: by fixed rules from facts alone. Achievements: evaluations and grades S and A, the highest scores, indicators that "
        "met their target, budgets that changed. Problems: the longest delays, milestones not reported in time, indicators short of their target, "
        "tasks that ended early. Next: tasks carried over, deadlines still open, what awaits approval, tasks yet to be evaluated.",
    ),
    role="remark",
)
Rule = Callable[[ReportData], Text | None]


def brief(m: ReportData) -> Section:
    """The year on one page."""
    parts = (
        ("achievements", Bilingual("주요 성과", "Main achievements"), (count_evaluated, name_best, count_targets, compare_budgets)),
        ("problems", Bilingual("문제점", "Problems"), (count_late, name_longest_delays, count_milestones, name_shortfalls, count_halted)),
        ("next", Bilingual("향후 계획", "What comes next"), (count_carried_over, name_next_deadlines, count_decisions_to_come, count_unfinished)),
    )  # fmt: skip
    return Section(
        "brief",
        Bilingual("한눈에 보기", "At a glance"),
        _compare(m),
        tuple(Section(f"brief.{name}", title, _lines(m, rules)) for name, title, rules in parts),
        front=True,
    )


def _lines(m: ReportData, rules: Sequence[Rule]) -> tuple[Block, ...]:
    found = tuple(line for rule in rules if (line := rule(m)) is not None)
    lines = found or (absent("해당 사항 없음.", "Nothing to report."),)
    return (*lines, _RULES) if rules[-1] is count_unfinished else lines


def _compare(m: ReportData) -> tuple[Block, ...]:
    """The year's measures beside those of the year before."""
    before = m.gathered.year - 1
    earlier = list(m.gathered.earlier.values())
    names = (
        Bilingual("과제(건)", "Tasks"),
        Bilingual("예산(억원)", "Budget (KRW 100 million)"),
        Bilingual("평균 진척률(%)", "Mean progress (%)"),
        Bilingual("평가완료(건)", "Evaluated"),
        Bilingual("평균 점수(점)", "Mean score"),
        Bilingual("기한 준수율(%)", "Deadlines kept (%)"),
    )
    now = _measure(m.tasks, list(m.owed), "all")
    then = (
        _measure(earlier, list(list_owed(m.gathered, earlier, m.as_of)), "before.all")
        if earlier
        else tuple(cell(None) for _ in names)
    )
    rows = tuple(
        (cell(name), old, new, _change(old, new, earlier))
        for name, old, new in zip(names, then, now, strict=True)
    )
    table = Table(
        "comparison",
        Bilingual("전년도와의 비교", "Compared with the year before"),
        (
            column("measure", "항목", "Measure", weight=3),
            column("before", f"{before}년", f"{before}", "decimal", 2),
            column("now", f"{m.gathered.year}년", f"{m.gathered.year}", "decimal", 2),
            column("change", "증감", "Change", "decimal", 2),
        ),
        rows,
    )
    if earlier:
        return (table,)
    none = Bilingual(
        f"{before}년의 기록이 없어 비교할 수 없음.", f"There is no record of {before} to compare with."
    )
    return (table, Text(none, role="remark"))


def _measure(tasks: Sequence[Traced], owed: Sequence[Owed], of: str) -> tuple[Cell, ...]:
    count, budget, *rest = measures(tasks, of)
    percent, decided = punctuality(owed)
    place = "" if of == "all" else f"{of}."
    assert isinstance(budget.value, int)
    return (
        count,
        cell(in_hundred_millions(budget.value), budget.facts, f"brief.{place}budget"),
        *rest,
        cell(percent, chain.from_iterable(one.facts for one in decided), f"brief.{place}punctual"),
    )


def _change(old: Cell, new: Cell, earlier: Sequence[Traced]) -> Cell:
    name = (new.figure or "").partition(".")[2]
    figure = f"change.{'hundred-millions' if name == 'budget' else name}" if earlier else None
    if isinstance(old.value, int) and isinstance(new.value, int):
        return cell(new.value - old.value, [*old.facts, *new.facts], figure)
    if old.value is None or new.value is None:
        return cell(None, [], figure)
    difference = Decimal(str(new.value)) - Decimal(str(old.value))
    return cell(str(difference), [*old.facts, *new.facts], figure)
