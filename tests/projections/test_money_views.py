"""The views of money and funds: the same rows in whichever order late entries are told, and by years as exports write them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from domain.fact import Fact
from domain.fund.state import FUND as FUND_FOLD
from domain.fund.state import Account, Fund
from domain.money.facts import BudgetSet, CarriedIn, CarriedOut, Corrected, Spent
from projections.fresh import tally_rows
from projections.fund import FUND
from projections.money import MONEY, MONEY_SUMS
from projections.view import View
from store.recorded import RecordedFact, fold_state
from tests.projections.report.test_spending import FUND as OF_FUND
from tests.projections.report.two_years import recorded

OF_MONEY: tuple[tuple[str, Fact], ...] = tuple(
    (f"money/2024-0{task}", fact)
    for task in (1, 2)
    for fact in (
        BudgetSet(funding="city", year=2024, amount_krw=900),
        BudgetSet(funding="city", year=2024, amount_krw=1_000),
        Spent(agency="gto", funding="city", month="2024-05", amount_krw=400),
        Corrected(number=3, posting="spent", funding="city", month="2024-05", amount_krw=300, was_krw=400),
        CarriedOut(funding="city", year=2024, amount_krw=700),
        CarriedIn(funding="city", year=2025, amount_krw=700),
    )
)


def facts(told: Iterable[tuple[str, Fact]]) -> list[RecordedFact[Any]]:
    return recorded([("2024-06-01", stream, fact, {}) for stream, fact in told])


def rows(view: View, told: Iterable[RecordedFact[Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in told:
        view.fold(found, one)
    return found


def test_the_order_in_which_entries_are_told_changes_no_row() -> None:
    for view, given in ((MONEY, facts(OF_MONEY)), (FUND, facts(OF_FUND))):
        assert rows(view, reversed(given)) == rows(view, given)
    spent = rows(MONEY, facts(OF_MONEY))["2024 2024-01 city 2024-05"]
    assert spent.spent_krw == 300
    assert rows(MONEY, facts(OF_MONEY))["2024 2024-01 city"].budget_krw == 1_000


def test_rows_and_sums_come_by_years() -> None:
    """An export writes a file a year, and would write one again where the years came mixed."""
    found = rows(MONEY, facts(OF_MONEY))
    years = [found[key].year for key in sorted(found)]
    assert set(years) == {2024, 2025}
    assert all(one <= other for one, other in pairwise(years))
    sums = [key[0] for key in tally_rows(MONEY_SUMS, found)]
    assert all(one <= other for one, other in pairwise(sums))


def test_the_ledgers_rows_are_the_funds_own_accounts() -> None:
    given = facts(OF_FUND)
    state: Fund = fold_state(FUND_FOLD, given)
    held = {
        row.account: Account(row.debit_krw, row.credit_krw)
        for row in rows(FUND, given).values()
        if row.account
    }
    assert held == state.accounts
