"""A fund as its facts made it: its accounts, the pledges that are open, what was proved; no list of entries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec
from msgspec.structs import replace

from domain.fact import Fold
from domain.fund.facts import Contributed, FundFact, Opened, PledgeCancelled, Pledged, UseProven
from domain.fund.ledger import ASSETS, account_of, allocation, entries_of
from domain.stamps import Stamps, with_values
from domain.values import LocalText


class Account(msgspec.Struct, frozen=True, gc=False):
    """What was added on the left and on the right, in won."""

    debit: int = 0
    credit: int = 0


class Fund(msgspec.Struct, frozen=True, gc=False):
    """`name`: None until it is opened. `pledges`: by number, what is left of those that are open; `proven`: by account of an
    allocation, what of its use was proved.
    """

    name: LocalText | None = None
    accounts: Mapping[str, Account] = msgspec.field(default_factory=dict)
    pledges: Mapping[int, int] = msgspec.field(default_factory=dict)
    proven: Mapping[str, int] = msgspec.field(default_factory=dict)
    stamps: Stamps = msgspec.field(default_factory=dict)

    def balance(self, account: str) -> int:
        """What stands in an account, on the side on which it belongs."""
        one = self.accounts.get(account, Account())
        return balance_of(account, one.debit, one.credit)


def balance_of(account: str, debit: int, credit: int) -> int:
    return debit - credit if account_of(account) in ASSETS else credit - debit


def evolve(fund: Fund, fact: FundFact, at: datetime, version: int) -> Fund:
    match fact:
        case Opened():
            return with_values(fund, (at, version), name=fact.name)
        case UseProven():
            line = allocation(fact.form, fact.beneficiary)
            return replace(fund, proven={**fund.proven, line: fund.proven.get(line, 0) + fact.amount_krw})
    accounts = dict(fund.accounts)
    for one in entries_of(fact):
        before = accounts.get(one.account, Account())
        accounts[one.account] = Account(before.debit + one.debit_krw, before.credit + one.credit_krw)
    pledges = fund.pledges
    match fact:
        case Pledged():
            pledges = _settle(pledges, version, -fact.amount_krw)
        case PledgeCancelled():
            pledges = _settle(pledges, fact.pledge, fact.amount_krw)
        case Contributed() if fact.pledge is not None:
            pledges = _settle(pledges, fact.pledge, fact.of_pledge_krw)
    return replace(fund, accounts=accounts, pledges=pledges)


def _settle(pledges: Mapping[int, int], number: int, krw: int) -> dict[int, int]:
    """With so much less of a pledge; in whichever order its facts are told, what comes to nothing is open no more."""
    left = {**pledges, number: pledges.get(number, 0) - krw}
    if not left[number]:
        del left[number]
    return left


FUND = Fold.of("fund", Fund(), FundFact, evolve)
