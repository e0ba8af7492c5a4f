"""The money of tasks: a row a task, source of funds and year for what is budgeted, and one for each month; their tally; what is asked of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.fact import kinds_of
from domain.money.facts import (
    BudgetSet,
    CarriedIn,
    CarriedOut,
    Corrected,
    Entry,
)
from domain.money.months import year_of_month
from domain.money.state import Budget, find_addition
from domain.stamps import EVER, Stamp
from domain.streams import identity_of
from projections.query import Query
from projections.reading import ask, ask_rows
from projections.slices import AsOf
from projections.view import Tally, View
from store.log import Store
from store.recorded import RecordedFact


class MoneyRow(msgspec.Struct, frozen=True, gc=False):
    """What is so of a task, source of funds and year, in won; of one month where `month` says which.

    `budget_stamp`: since when the budget is so.
    """

    task: str
    funding: str
    year: int
    month: str | None = None
    budget_krw: int = 0
    carried_in_krw: int = 0
    carried_out_krw: int = 0
    committed_krw: int = 0
    spent_krw: int = 0
    returned_krw: int = 0
    budget_stamp: Stamp = (EVER, 0)


class MoneySums(msgspec.Struct, frozen=True):
    """A task's money of a source of funds and year, all months together: a row of the tally."""

    year: int
    task: str
    funding: str
    rows: int
    budget_krw: int
    carried_in_krw: int
    carried_out_krw: int
    committed_krw: int
    spent_krw: int
    returned_krw: int

    @property
    def budget(self) -> Budget:
        return Budget(
            self.budget_krw,
            self.carried_in_krw,
            self.carried_out_krw,
            self.committed_krw,
            self.spent_krw,
            self.returned_krw,
        )


_AMOUNTS = tuple(name for name in MoneySums.__struct_fields__ if name.endswith("_krw"))
_OF_YEAR = (BudgetSet, CarriedIn, CarriedOut)


def key_of(recorded: RecordedFact[Any]) -> str:
    """The row that a fact touches, by its year first: as exports have it."""
    fact, task = recorded.fact, identity_of(recorded.stream)
    if isinstance(fact, _OF_YEAR):
        return f"{fact.year} {task} {fact.funding}"
    return f"{fact.month[:4]} {task} {fact.funding} {fact.month}"


def evolve(row: MoneyRow | None, recorded: RecordedFact[Any]) -> MoneyRow:
    """The row after a fact. Amounts add up in whichever order they are told; of two budgets the later one is so."""
    fact = recorded.fact
    if row is None:
        month = None if isinstance(fact, _OF_YEAR) else fact.month
        year = fact.year if month is None else year_of_month(month)
        row = MoneyRow(identity_of(recorded.stream), fact.funding, year, month)
    match fact:
        case BudgetSet():
            stamp = (recorded.effective_at, recorded.version)
            if stamp < row.budget_stamp:
                return row
            return replace(row, budget_krw=fact.amount_krw, budget_stamp=stamp)
        case CarriedIn():
            return replace(row, carried_in_krw=row.carried_in_krw + fact.amount_krw)
        case CarriedOut():
            return replace(row, carried_out_krw=row.carried_out_krw + fact.amount_krw)
    posting, krw = find_addition(fact)
    name = f"{posting}_krw"
    changed: MoneyRow = replace(row, **{name: getattr(row, name) + krw})
    return changed


def _contribution(row: MoneyRow) -> tuple[tuple[int, str, str], tuple[int, ...]]:
    return (row.year, row.task, row.funding), (1, *(getattr(row, name) for name in _AMOUNTS))


MONEY_SUMS = Tally(
    name="money_sums",
    version=1,
    row=MoneySums,
    keys={"year": "integer", "task": "text", "funding": "text"},
    amounts=("rows", *_AMOUNTS),
    contribution=_contribution,
)
MONEY = View(
    name="money",
    version=1,
    row=MoneyRow,
    columns={"task": "text", "year": "integer"},
    kinds=kinds_of(BudgetSet | CarriedIn | CarriedOut | Entry | Corrected),
    keys=lambda recorded: (key_of(recorded),),
    evolve=evolve,
    reading="money",
    tallies=(MONEY_SUMS,),
    by_stream=True,
)

_ROWS_OF_YEAR = Query("SELECT row::text FROM {money} AS its WHERE year = %(year)s ORDER BY key", MONEY)
_SUMS = Query(
    f"SELECT year, task, funding, rows, {', '.join(_AMOUNTS)} FROM {{money_sums}} AS sums "
    "WHERE (%(year)s::integer IS NULL OR year = %(year)s) AND (%(tasks)s::text[] IS NULL OR task = ANY(%(tasks)s)) "
    "ORDER BY task, year, funding",
    MONEY,
)


def rows_of_year(store: Store, year: int, at: AsOf | None = None) -> list[MoneyRow]:
    """All tasks' rows of a year: of each source of funds, and of its months. `at`: of a slice of the log."""
    return ask_rows(store, MoneyRow, _ROWS_OF_YEAR, {"year": year}, at)


def sums_of(
    store: Store, *, year: int | None = None, tasks: Iterable[str] | None = None, at: AsOf | None = None
) -> list[MoneySums]:
    """By task, source of funds and year; of one year, of these tasks, or of all."""
    given = {"year": year, "tasks": None if tasks is None else sorted(tasks)}
    return [
        MoneySums(of, task, funding, *map(int, amounts))
        for of, task, funding, *amounts in ask(store, _SUMS, given, at)
    ]
