"""`money show|list`: what people read of budgets and spending."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer
from rich.console import Console

from domain.errors import Bilingual, Lang
from domain.money.course import Course
from domain.money.facts import FUNDINGS
from scripts.cli.printing import history_lines
from scripts.cli.run import Run, command
from scripts.cli.slicing import AsOfOption, EffectiveOption
from scripts.cli.tables import Column, say_lines, say_table
from scripts.cli.values import TaskId
from workflows.queries import money

_AMOUNTS = (
    Column("예산 현액", "available", "figure"),
    Column("원인행위액", "committed", "figure"),
    Column("집행액", "spent", "figure"),
    Column("반납액", "returned", "figure"),
    Column("잔액", "remaining", "figure"),
)
WARNINGS = {
    "over": Bilingual("예산 초과", "beyond the budget"),
    "behind": Bilingual("집행 부진", "behind"),
    "ahead": Bilingual("집행 과속", "ahead"),
}


def add(app: typer.Typer) -> None:
    @command(app, "list")
    def list_money(
        run: Run,
        year: Annotated[int, typer.Argument(help="The year. = 연도.")],
        as_of: AsOfOption = None,
        effective: EffectiveOption = None,
    ) -> None:
        """List the money of a year's tasks: budget, commitments, spending, rate of execution, warnings.

        = 한 해 과제의 예산 현액, 원인행위액, 집행액, 집행률과 경고를 보여 줍니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = money.list_money(inquiry, year)
        run.show(found, lambda out: _say_list(out, run, found))

    @command(app, "show")
    def show(run: Run, task_id: TaskId, as_of: AsOfOption = None, effective: EffectiveOption = None) -> None:
        """Show a task's money by source of funds and month, how it goes, and its history.

        = 과제의 재원별·월별 예산과 집행, 집행률과 전망, 이력을 보여 줍니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = money.show_money(inquiry, task_id)
        run.show(found, lambda out: _say_task(out, run, found))


def _say_list(out: Console, run: Run, found: money.MoneyList) -> None:
    columns = (
        Column("과제", "task"),
        Column("과제명", "title", "title"),
        *_AMOUNTS,
        Column("집행률", "rate", "figure"),
        Column("경고", "warning"),
    )
    absent = run.words("입력 없음", "not entered")
    rows = [
        (
            one.task,
            one.title.say(run.lang),
            *((absent, "", "", "", "") if one.amounts is None else _cells(one.amounts)),
            *(
                ("", "")
                if one.course is None
                else (_percent(one.course.rate), _warning(one.course, run.lang))
            ),
        )
        for one in found.tasks
    ]
    if rows:
        rows.append((run.words("합계", "total"), "", *_cells(found.total), "", ""))
    say_table(out, run.lang, columns, rows)


def _say_task(out: Console, run: Run, found: money.MoneyShown) -> None:
    title = "" if found.title is None else found.title.say(run.lang)
    say_lines(out, run.lang, [f"{found.task}  {title}", *_describe_years(found, run.lang)])
    funding = Column("재원", "funding")
    columns = (Column("연도", "year"), funding, *_AMOUNTS)
    rows = [
        (str(one.year), FUNDINGS[one.funding].say(run.lang), *_cells(one.amounts))  # type: ignore[index]
        for one in found.fundings
    ]
    say_table(out, run.lang, columns, rows)
    by_month = (Column("월", "month"), funding, *_AMOUNTS[1:4], Column("마감일", "closes"))
    of_months = [
        (
            one.month,
            FUNDINGS[one.funding].say(run.lang),  # type: ignore[index]
            f"{one.committed_krw:,}",
            f"{one.spent_krw:,}",
            f"{one.returned_krw:,}",
            str(one.closes),
        )
        for one in found.months
    ]
    if of_months:
        say_table(out, run.lang, by_month, of_months)
    history_lines(out, found.history, run.lang)


def _describe_years(found: money.MoneyShown, lang: Lang) -> Iterator[str]:
    """How each year's money goes, in a sentence."""
    for one in found.years:
        rate, elapsed = _percent(one.course.rate), _percent(one.course.elapsed)
        said = Bilingual(
            f"{one.year}년 집행률 {rate} (기간 {one.first}~{one.last}의 {elapsed} 경과)",
            f"{one.year}: {rate} of the budget spent, {elapsed} of the time passed ({one.first} to {one.last})",
        ).say(lang)
        if one.course.forecast_krw is not None:
            forecast = f"{one.course.forecast_krw:,}"
            said += Bilingual(
                f", 현 추세의 연말 전망 {forecast}원", f", KRW {forecast} by the end if it goes on so"
            ).say(lang)
        if one.course.warning is not None:
            by = Bilingual(f"(정의 {found.definition})", f"(by {found.definition})").say(lang)
            said += f" — {_warning(one.course, lang)} {by}"
        yield said


def _cells(one: money.Amounts) -> tuple[str, ...]:
    krw = (one.available_krw, one.committed_krw, one.spent_krw, one.returned_krw, one.remaining_krw)
    return tuple(f"{amount:,}" for amount in krw)


def _percent(said: str | None) -> str:
    return "–" if said is None else f"{said}%"


def _warning(course: Course, lang: Lang) -> str:
    return "" if course.warning is None else WARNINGS[course.warning].say(lang)
