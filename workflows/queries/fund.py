"""What people read of funds: all of them, the statement of one, and one with its gifts and history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

import msgspec

from domain.errors import Refusal
from domain.fund.facts import Contributed, Form, Pledged, Used, UseProven
from domain.fund.ledger import ACCOUNTS, account_of
from domain.fund.state import FUND, Fund, balance_of
from domain.seoul import local_day
from domain.streams import fund_stream
from domain.values import LocalText
from projections.fund import FundRow, accounts_of
from projections.history_line import Line
from projections.slices import of_stream
from store.recorded import RecordedFact, fold_state
from workflows.queries.inquiry import Inquiry


class NoSuchFund(Refusal):
    ko = "기금 {fund}은(는) 설치되지 않았습니다. `donghaeng fund list`로 확인하십시오."
    en = "There is no fund {fund}. See `donghaeng fund list`."


class AccountRead(msgspec.Struct, frozen=True):
    """`debit_krw`, `credit_krw`: all that was added on each side; `balance_krw`: what stands there, on the side where it belongs."""

    account: str
    debit_krw: int
    credit_krw: int
    balance_krw: int


class AllocationRead(msgspec.Struct, frozen=True):
    """`title`: of a citizens' project. `remaining_krw`: allocated and not used; `proven_krw`: what of its use was proved."""

    beneficiary: str
    title: LocalText | None
    form: Form
    allocated_krw: int
    used_krw: int
    proven_krw: int
    remaining_krw: int


class Statement(msgspec.Struct, frozen=True):
    """`total_debit_krw`, `total_credit_krw`: of all accounts; in double entry they are the same."""

    fund: str
    name: LocalText
    accounts: list[AccountRead]
    allocations: list[AllocationRead]
    total_debit_krw: int
    total_credit_krw: int


class FundList(msgspec.Struct, frozen=True):
    funds: list[Statement]


class GiftRead(msgspec.Struct, frozen=True):
    """`giver`: None of who asked not to be named; `kind`: pledge or contribution; `left_krw`: of a pledge, what is still to come."""

    number: int
    kind: str
    giver: str | None
    form: Form
    amount_krw: int
    day: date
    pledge: int | None = None
    left_krw: int | None = None


class UseRead(msgspec.Struct, frozen=True):
    number: int
    beneficiary: str
    form: Form
    amount_krw: int
    day: date
    proven: bool


class FundShown(msgspec.Struct, frozen=True):
    """`people`: the names of those who gave and may be named, by id, where the reader may see them."""

    statement: Statement
    gifts: list[GiftRead]
    uses: list[UseRead]
    people: Mapping[str, str]
    history: list[Line]


def list_funds(inquiry: Inquiry) -> FundList:
    """All that were ever opened, by id."""
    at = inquiry.authorise("fund")
    rows = accounts_of(inquiry.store, at=at)
    by_fund = groupby(rows, lambda row: row.fund)
    found = [_statement(fund, list(its)) for fund, its in by_fund]
    return FundList([one for one in found if one is not None])


def show_statement(inquiry: Inquiry, fund: str) -> Statement:
    """From the view's rows alone, so that it takes no longer where there are many entries. Raises NoSuchFund."""
    at = inquiry.authorise("fund")
    found = _statement(fund, accounts_of(inquiry.store, fund, at))
    if found is None:
        raise NoSuchFund(fund=fund)
    return found


def show_fund(inquiry: Inquiry, fund: str) -> FundShown:
    """By the fold of the view over the fund's own facts. Raises NoSuchFund."""
    from projections.fresh import fold  # noqa: PLC0415 - as below
    from projections.fund import FUND as LEDGER  # noqa: PLC0415
    from workflows.telling import history_of  # noqa: PLC0415 - with all sentences, of which lists tell none

    at, stream = inquiry.authorise("fund"), fund_stream(fund)
    facts = of_stream(inquiry.store.read(stream), at)
    rows = fold(LEDGER, facts)
    statement = _statement(fund, [rows[key] for key in sorted(rows)])
    if statement is None:
        raise NoSuchFund(fund=fund)
    state: Fund = fold_state(FUND, facts)
    gifts = [_gift(one, state) for one in facts if isinstance(one.fact, Pledged | Contributed)]
    people = inquiry.names_of([one.giver for one in gifts if one.giver is not None])
    lines = history_of(inquiry.store, stream, inquiry.lang, at, lambda _: people)
    return FundShown(statement, gifts, _uses(facts), people, lines)


def _statement(fund: str, rows: Sequence[FundRow]) -> Statement | None:
    """None where it was not opened by the moment of the slice."""
    named = next((one for one in rows if not one.account), None)
    if named is None or named.title_ko is None:
        return None
    sums: dict[str, list[int]] = {}
    for row in rows:
        if row.account:
            held = sums.setdefault(account_of(row.account), [0, 0])
            held[0] += row.debit_krw
            held[1] += row.credit_krw
    accounts = [
        AccountRead(account, debit, credit, balance_of(account, debit, credit))
        for account in ACCOUNTS
        if account in sums
        for debit, credit in [sums[account]]
    ]
    return Statement(
        fund,
        LocalText(ko=named.title_ko, en=named.title_en),
        accounts,
        [_allocation(row) for row in rows if row.account.startswith("allocated_")],
        sum(one.debit_krw for one in accounts),
        sum(one.credit_krw for one in accounts),
    )


def _allocation(row: FundRow) -> AllocationRead:
    account, _, beneficiary = row.account.partition(" ")
    return AllocationRead(
        beneficiary,
        None if row.title_ko is None else LocalText(ko=row.title_ko, en=row.title_en),
        "money" if account == "allocated_money" else "kind",
        row.credit_krw,
        row.debit_krw,
        row.proven_krw,
        row.balance,
    )


def _gift(recorded: RecordedFact[Any], state: Fund) -> GiftRead:
    fact = recorded.fact
    giver = None if fact.anonymous else fact.giver
    day = local_day(recorded.effective_at)
    if isinstance(fact, Pledged):
        left = state.pledges.get(recorded.version, 0)
        return GiftRead(recorded.version, "pledge", giver, "money", fact.amount_krw, day, left_krw=left)
    return GiftRead(
        recorded.version, "contribution", giver, fact.form, fact.amount_krw, day, pledge=fact.pledge
    )


def _uses(facts: Sequence[RecordedFact[Any]]) -> list[UseRead]:
    proven = {one.fact.use for one in facts if isinstance(one.fact, UseProven)}
    return [
        UseRead(
            one.version,
            one.fact.beneficiary,
            one.fact.form,
            one.fact.amount_krw,
            local_day(one.effective_at),
            one.version in proven,
        )
        for one in facts
        if isinstance(one.fact, Used)
    ]
