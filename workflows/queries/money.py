"""What people read of tasks' money: that of a year's tasks, and one task's by source and month, with its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from domain.errors import Refusal
from domain.lifecycle.model import Definition
from domain.lifecycle.money import MoneyRules
from domain.money.course import Course, course_of, days_of
from domain.money.facts import FUNDINGS
from domain.money.months import closes_on
from domain.money.state import MONEY, Budget, Money, total_of
from domain.programme.state import PROGRAMME
from domain.streams import money_stream, task_stream, year_stream
from domain.task.state import TASK, Task
from domain.values import LocalText
from projections.board_page import board
from projections.deadlines import due_of_tasks
from projections.history_line import Line
from projections.money import sums_of
from projections.slices import of_stream
from projections.task_board import TaskBoardRow
from store.recorded import fold_state
from workflows.definitions.adopted import definitions_of
from workflows.definitions.enforcing import definition_for
from workflows.queries.inquiry import Inquiry
from workflows.queries.tasks import whose_task


class NoMoney(Refusal):
    """Nobody entered anything of the task's money."""

    ko = "과제 {task}에는 예산이나 집행이 입력되지 않았습니다. `donghaeng money budget {task}`로 예산을 편성하십시오."
    en = "Nothing of task {task}'s money was entered. Set a budget with `donghaeng money budget {task}`."


class Amounts(msgspec.Struct, frozen=True):
    """In won. `available_krw`: 예산 현액, what there is to spend; `remaining_krw`: 집행 잔액."""

    budget_krw: int
    carried_in_krw: int
    carried_out_krw: int
    committed_krw: int
    spent_krw: int
    returned_krw: int
    available_krw: int
    remaining_krw: int


class OfFunding(msgspec.Struct, frozen=True):
    """What a source of funds gives for a year, and what was used of it."""

    funding: str
    year: int
    amounts: Amounts


class OfMonth(msgspec.Struct, frozen=True):
    """`closes`: the last day on which the month takes entries."""

    month: str
    funding: str
    committed_krw: int
    spent_krw: int
    returned_krw: int
    closes: date


class OfYear(msgspec.Struct, frozen=True):
    """All sources of funds together; `first`, `last`: the days over which the money is to be spent."""

    year: int
    amounts: Amounts
    course: Course
    first: date
    last: date


class MoneyShown(msgspec.Struct, frozen=True):
    """`definition`: by which months close and is warned."""

    task: str
    title: LocalText | None
    definition: str
    years: list[OfYear]
    fundings: list[OfFunding]
    months: list[OfMonth]
    history: list[Line]


class TaskMoney(msgspec.Struct, frozen=True):
    """`amounts`, `course`: None where nothing of the task's money was entered for the year."""

    task: str
    title: LocalText
    lead: str
    amounts: Amounts | None
    course: Course | None


class MoneyList(msgspec.Struct, frozen=True):
    """`total`: of those tasks of which something was entered."""

    year: int
    tasks: list[TaskMoney]
    total: Amounts


def list_money(inquiry: Inquiry, year: int) -> MoneyList:
    """The tasks of the year's list and those that spend in the year; an agency's own where one of its people asks."""
    at, store = inquiry.authorise("money", (inquiry.own_agency,)), inquiry.store
    sums: dict[str, list[Budget]] = {}
    for one in sums_of(store, year=year, at=at):
        sums.setdefault(one.task, []).append(one.budget)
    rows = [
        row for row in board(store, lead=inquiry.own_agency, at=at) if row.year == year or row.task in sums
    ]
    by_task = {row.task: row.definition for row in due_of_tasks(store, sorted(sums), at)}
    find = definitions_of(store).of
    told = [_of_task(row, year, sums.get(row.task), by_task, find, inquiry.today) for row in rows]
    entered = [budget for row in rows for budget in sums.get(row.task, ())]
    return MoneyList(year, told, amounts_of(total_of(entered)))


def _of_task(
    row: TaskBoardRow,
    year: int,
    budgets: Sequence[Budget] | None,
    by_task: Mapping[str, str],
    find: Any,
    today: date,
) -> TaskMoney:
    title = LocalText(ko=row.title_ko, en=row.title_en)
    if budgets is None:
        return TaskMoney(row.task, title, row.lead, None, None)
    total = total_of(budgets)
    by = find(by_task[row.task]) if by_task.get(row.task) else None
    first, last = days_of(year, row.start, row.end)
    course = follow(total, first, last, today, by)
    return TaskMoney(row.task, title, row.lead, amounts_of(total), course)


def show_money(inquiry: Inquiry, task: str) -> MoneyShown:
    """Raises NoMoney."""
    from workflows.telling import history_of  # noqa: PLC0415 - with all sentences, of which lists tell none

    store, own = inquiry.store, inquiry.store.read(task_stream(task))
    at = inquiry.authorise("money", whose_task(store, task, own), tasks=(task,))
    facts = of_stream(store.read(money_stream(task)), at)
    if not facts:
        raise NoMoney(task=task)
    money: Money = fold_state(MONEY, facts)
    state: Task = fold_state(TASK, of_stream(own, at))
    listed = fold_state(PROGRAMME, of_stream(store.read(year_stream(task)), at))
    by = definition_for(state, task, definitions_of(store).of, lambda _: listed)
    entry = listed.tasks.get(task)
    plan = state.plan
    lines = sorted({*map(_key, (*money.budgets, *money.carried_in, *money.months))})
    years = []
    for year in sorted({year for year, _ in lines}):
        total = total_of(money.budget(funding, year) for funding in FUNDINGS)
        first, last = days_of(year, *((None, None) if plan is None else (plan.start, plan.end)))
        years.append(
            OfYear(year, amounts_of(total), follow(total, first, last, inquiry.today, by), first, last)
        )
    return MoneyShown(
        task,
        state.title or (entry and entry.title),
        by.identity,
        years,
        [OfFunding(of, year, amounts_of(money.budget(of, year))) for year, of in lines],
        _months(money, by),
        history_of(store, money_stream(task), inquiry.lang, at),
    )


def _months(money: Money, by: Definition) -> list[OfMonth]:
    found = []
    for line, one in money.months.items():
        funding, _, month = line.partition(" ")
        closes = closes_on(month, by.money.closing_day)
        closes = max(closes, money.reopened.get(month, closes))
        found.append(OfMonth(month, funding, one.committed, one.spent, one.returned, closes))
    return sorted(found, key=lambda one: (one.month, list(FUNDINGS).index(one.funding)))  # type: ignore[arg-type]


def _key(line: str) -> tuple[int, str]:
    """The year and the source of funds of "city 2024" or "city 2024-05"."""
    funding, _, of = line.partition(" ")
    return int(of[:4]), funding


def amounts_of(one: Budget) -> Amounts:
    said = {f"{name}_krw": getattr(one, name) for name in Budget.__struct_fields__}
    return Amounts(**said, available_krw=one.available, remaining_krw=one.remaining)


def follow(total: Budget, first: date, last: date, today: date, by: Definition | None) -> Course:
    """How the money goes, with a warning by the definition."""
    rules = MoneyRules() if by is None else by.money
    return course_of(
        total.available,
        total.spent,
        first,
        last,
        today,
        below=rules.warn_below,
        above=rules.warn_above,
    )
