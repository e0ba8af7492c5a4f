"""The funds' accounts: a row an account of a fund, with what was added on each side; and what is asked of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.fact import kinds_of
from domain.fund.facts import Allocated, FundFact, Opened, UseProven
from domain.fund.ledger import allocation, entries_of
from domain.fund.state import balance_of
from domain.stamps import EVER, Stamp
from domain.streams import identity_of
from domain.values import LocalText
from projections.query import Query
from projections.reading import ask_rows
from projections.slices import AsOf
from projections.view import View
from store.log import Store
from store.recorded import RecordedFact


class FundRow(msgspec.Struct, frozen=True, gc=False):
    """`account`: as `domain.fund.ledger` has it, e.g. "allocated_money 2024-07"; `debit_krw`, `credit_krw`: all that was ever added
    on the left and on the right. `entries`: how many that were; `proven_krw`: of an allocation, what of its use was proved;
    `title_ko`, `title_en`: what a citizens' project is called; of the row without an account, the fund itself. `stamp`: since when
    it is called so.
    """

    fund: str
    account: str
    debit_krw: int = 0
    credit_krw: int = 0
    entries: int = 0
    proven_krw: int = 0
    title_ko: str | None = None
    title_en: str | None = None
    stamp: Stamp = (EVER, 0)

    @property
    def balance(self) -> int:
        return balance_of(self.account, self.debit_krw, self.credit_krw)


def evolve(row: FundRow, recorded: RecordedFact[Any]) -> FundRow:
    """The row of an account after a fact that touches it. Amounts add up in whichever order they are told."""
    fact = recorded.fact
    if isinstance(fact, Opened):
        return _name(row, fact.name, recorded)
    if isinstance(fact, UseProven):
        return replace(row, proven_krw=row.proven_krw + fact.amount_krw)
    debit, credit, count = row.debit_krw, row.credit_krw, row.entries
    for one in entries_of(fact):
        if one.account == row.account:
            debit, credit, count = debit + one.debit_krw, credit + one.credit_krw, count + 1
    after = replace(row, debit_krw=debit, credit_krw=credit, entries=count)
    if (
        isinstance(fact, Allocated)
        and fact.title is not None
        and row.account.endswith(f" {fact.beneficiary}")
    ):
        return _name(after, fact.title, recorded)
    return after


def _name(row: FundRow, name: LocalText, recorded: RecordedFact[Any]) -> FundRow:
    """Of two names the one that was given last is so, whichever was told last."""
    stamp = (recorded.effective_at, recorded.version)
    return row if stamp < row.stamp else replace(row, title_ko=name.ko, title_en=name.en, stamp=stamp)


def _keys(recorded: RecordedFact[Any]) -> tuple[str, ...]:
    fact, fund = recorded.fact, identity_of(recorded.stream)
    if isinstance(fact, Opened):
        return (f"{fund} ",)
    if isinstance(fact, UseProven):
        return (f"{fund} {allocation(fact.form, fact.beneficiary)}",)
    return tuple(dict.fromkeys(f"{fund} {one.account}" for one in entries_of(fact)))


class _Ledger(View):
    def fold_under(self, keys: Sequence[str], rows: dict[str, Any], recorded: RecordedFact[Any]) -> None:
        """Each account that the fact touches, by its key."""
        after = {}
        for key in keys:
            fund, _, account = key.partition(" ")
            after[key] = evolve(rows.get(key) or FundRow(fund, account), recorded)
        rows.update(after)


FUND = _Ledger(
    name="fund",
    version=1,
    row=FundRow,
    columns={"fund": "text"},
    kinds=kinds_of(FundFact),
    keys=_keys,
    evolve=evolve,
    reading="fund",
    by_stream=True,
)

_ALL = Query("SELECT row::text FROM {fund} AS its ORDER BY key", FUND)
_OF_FUND = Query("SELECT row::text FROM {fund} AS its WHERE fund = %(fund)s ORDER BY key", FUND)


def accounts_of(store: Store, fund: str | None = None, at: AsOf | None = None) -> list[FundRow]:
    """The accounts of a fund or of all, after the row that names it. `at`: of a slice of the log."""
    if fund is None:
        return ask_rows(store, FundRow, _ALL, None, at)
    return ask_rows(store, FundRow, _OF_FUND, {"fund": fund}, at)
