"""The money of a task as its facts made it: a line a source of funds and year, and one a source and month; no list of entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from domain.errors import Bilingual
from domain.fact import Fold
from domain.money.facts import (
    ENTRIES,
    BudgetSet,
    CarriedIn,
    CarriedOut,
    Corrected,
    Entry,
    MoneyFact,
    MonthReopened,
    Posting,
)
from domain.stamps import Stamps, with_item
from domain.streams import task_stream


class Month(msgspec.Struct, frozen=True, gc=False):
    """What of a source of funds counts to a month, in won."""

    committed: int = 0
    spent: int = 0
    returned: int = 0


class Budget(msgspec.Struct, frozen=True, gc=False):
    """What a source of funds gives for a year, and what was used of it, in won.

    `available`: 예산 현액, what there is to spend; `remaining`: 집행 잔액, what of it is not spent.
    """

    budget: int = 0
    carried_in: int = 0
    carried_out: int = 0
    committed: int = 0
    spent: int = 0
    returned: int = 0

    @property
    def available(self) -> int:
        return self.budget + self.carried_in - self.carried_out - self.returned

    @property
    def remaining(self) -> int:
        return self.available - self.spent

    @property
    def over(self) -> int:
        """By how much what was committed or spent goes beyond what there is."""
        return max(0, self.committed - self.available, self.spent - self.available)


def total_of(budgets: Iterable[Budget]) -> Budget:
    """All of them together."""
    total = Budget()
    for one in budgets:
        total = Budget(*(getattr(total, name) + getattr(one, name) for name in Budget.__struct_fields__))
    return total


class Money(msgspec.Struct, frozen=True, gc=False):
    """`budgets`, `carried_in`, `carried_out`: by source of funds and year, "city 2024"; `months`: by source and month, "city 2024-05".

    `reopened`: by month, until when it takes entries after it was closed. `stamps`: since when budgets are as they are.
    """

    budgets: Mapping[str, int] = msgspec.field(default_factory=dict)
    carried_in: Mapping[str, int] = msgspec.field(default_factory=dict)
    carried_out: Mapping[str, int] = msgspec.field(default_factory=dict)
    months: Mapping[str, Month] = msgspec.field(default_factory=dict)
    reopened: Mapping[str, date] = msgspec.field(default_factory=dict)
    stamps: Stamps = msgspec.field(default_factory=dict)

    @property
    def results(self) -> Iterator[Bilingual]:
        """What there was to spend and was spent of each year, in words."""
        lines = [key.split(" ") for key in (*self.budgets, *self.carried_in, *self.months)]
        for year in sorted({int(when[:4]) for _, when in lines}):
            fundings = dict.fromkeys(funding for funding, when in lines if int(when[:4]) == year)
            budgets = [self.budget(funding, year) for funding in fundings]
            there, spent = (sum(getattr(one, name) for one in budgets) for name in ("available", "spent"))
            yield Bilingual(
                f"{year}년 예산 현액 {there:,}원, 집행액 {spent:,}원",
                f"{year}: KRW {there:,} available, KRW {spent:,} spent",
            )

    def budget(self, funding: str, year: int) -> Budget:
        """How the money of a source of funds of a year stands."""
        line = f"{funding} {year}"
        used = [one for key, one in self.months.items() if key.startswith(f"{line}-")]
        return Budget(
            self.budgets.get(line, 0),
            self.carried_in.get(line, 0),
            self.carried_out.get(line, 0),
            sum(one.committed for one in used),
            sum(one.spent for one in used),
            sum(one.returned for one in used),
        )


def evolve(money: Money, fact: MoneyFact, at: datetime, version: int) -> Money:
    match fact:
        case BudgetSet():
            line = f"{fact.funding} {fact.year}"
            return with_item(money, (at, version), "budgets", line, fact.amount_krw)
        case CarriedOut():
            return replace(money, carried_out=_add(money.carried_out, fact))
        case CarriedIn():
            return replace(money, carried_in=_add(money.carried_in, fact))
        case MonthReopened():
            return with_item(money, (at, version), "reopened", fact.month, fact.until)
    line = f"{fact.funding} {fact.month}"
    months = dict(money.months)
    months[line] = add_to_month(months.get(line, Month()), fact)
    return replace(money, months=months)


def add_to_month(month: Month, fact: Entry | Corrected) -> Month:
    """The month with what an entry, or the correction of one, adds to it."""
    posting, krw = find_addition(fact)
    changed: Month = replace(month, **{posting: getattr(month, posting) + krw})
    return changed


def find_addition(fact: Entry | Corrected) -> tuple[Posting, int]:
    """To what an entry, or the correction of one, adds, and how much."""
    if isinstance(fact, Corrected):
        return fact.posting, fact.amount_krw - fact.was_krw
    return ENTRIES[type(fact)], fact.amount_krw


def _add(lines: Mapping[str, int], fact: CarriedOut | CarriedIn) -> dict[str, int]:
    line = f"{fact.funding} {fact.year}"
    return {**lines, line: lines.get(line, 0) + fact.amount_krw}


MONEY = Fold.of("money", Money(), MoneyFact, evolve, beside=task_stream)
