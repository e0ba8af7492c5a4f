"""A task's money and a fund's accounts as their views have them, each row with the facts that made it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from domain.fact import Fact
from domain.fund.facts import Contributed, Pledged
from domain.money.facts import ENTRIES, BudgetSet, CarriedIn, CarriedOut, Corrected
from domain.money.state import Budget, total_of
from projections.fund import FUND, FundRow
from projections.money import MONEY, MoneyRow, key_of
from store.recorded import RecordedFact

_BUDGETED: Mapping[type[Fact], str] = {
    BudgetSet: "budget",
    CarriedIn: "carried_in",
    CarriedOut: "carried_out",
}
OF_AVAILABLE = ("budget", "carried_in", "carried_out", "returned")


class Selected(msgspec.Struct, frozen=True):
    """What some rows come to, and by amount the facts behind that."""

    budget: Budget
    facts: Mapping[str, list[int]]

    def behind(self, *amounts: str) -> list[int]:
        return [position for one in amounts for position in self.facts.get(one, ())]


class MoneyTraced(msgspec.Struct):
    """By key of the view `money`: the rows, and by key and amount the positions of what made each."""

    rows: dict[str, MoneyRow] = msgspec.field(default_factory=dict)
    facts: dict[str, dict[str, list[int]]] = msgspec.field(default_factory=dict)

    def add(self, recorded: RecordedFact[Any]) -> None:
        if recorded.kind in MONEY.kinds:
            key = key_of(recorded)
            self.rows[key] = MONEY.evolve(self.rows.get(key), recorded)
            its = self.facts.setdefault(key, {})
            its.setdefault(_amount_of(recorded.fact), []).append(recorded.position)


def select(
    several: Iterable[MoneyTraced], year: int, *, funding: str | None = None, month: str | None = None
) -> Selected:
    """The rows of some tasks that are of the year, and of this source of funds and month where one is given."""
    budgets, facts = list[Budget](), dict[str, list[int]]()
    for one in several:
        for key, row in one.rows.items():
            if row.year == year and funding in (None, row.funding) and month in (None, row.month):
                budgets.append(_budget_of(row))
                for amount, positions in one.facts[key].items():
                    facts.setdefault(amount, []).extend(positions)
    return Selected(total_of(budgets), facts)


def _amount_of(fact: Any) -> str:
    if isinstance(fact, Corrected):
        return fact.posting
    return _BUDGETED.get(type(fact)) or ENTRIES[type(fact)]


class FundTraced(msgspec.Struct):
    """The same of a fund, by key of the view `fund`; and how much was given and pledged, by whether it is a pledge."""

    rows: dict[str, FundRow] = msgspec.field(default_factory=dict)
    facts: dict[str, list[int]] = msgspec.field(default_factory=dict)
    given: dict[str, tuple[int, list[int]]] = msgspec.field(default_factory=dict)

    def add(self, recorded: RecordedFact[Any]) -> None:
        keys = FUND.keys(recorded)
        FUND.fold_under(keys, self.rows, recorded)
        for key in keys:
            self.facts.setdefault(key, []).append(recorded.position)
        fact = recorded.fact
        if isinstance(fact, Contributed | Pledged):
            kind = "pledged" if isinstance(fact, Pledged) else fact.form
            krw, facts = self.given.setdefault(kind, (0, []))
            facts.append(recorded.position)
            self.given[kind] = (krw + fact.amount_krw, facts)


def _budget_of(row: MoneyRow) -> Budget:
    return Budget(
        row.budget_krw,
        row.carried_in_krw,
        row.carried_out_krw,
        row.committed_krw,
        row.spent_krw,
        row.returned_krw,
    )
