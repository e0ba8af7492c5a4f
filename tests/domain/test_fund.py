"""A fund's ledger: what is given, allocated, used and proved, and that it always balances."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.aggregate import DecisionContext
from domain.errors import Refusal
from domain.fact import Fact
from domain.fund import commands as c
from domain.fund import facts as f
from domain.fund import refusals as r
from domain.fund.decider import AGGREGATE
from domain.fund.facts import Entry
from domain.fund.ledger import ACCOUNTS, ASSETS, account_of, entries_of, sums_of
from domain.fund.state import FUND, Fund
from domain.subject import facts as p
from tests.domain.examples import HEAD, NOON, OFFICER, REF, TASK_ID, WORLD, fold, ko, refused, when

OPENED = f.Opened(name=ko("공익 기금"))
GIFT = f.Contributed(giver=HEAD, form="money", amount_krw=1_000)
GIVEN = (OPENED, GIFT)
ALLOCATED = f.Allocated(beneficiary=TASK_ID, form="money", amount_krw=600)


def made(command: Any, given: Sequence[Fact] = GIVEN, **more: Any) -> Fact:
    (fact,) = when(command, given, **more)
    return fact


def contribute(**said: Any) -> c.Contribute:
    return c.Contribute(**({"fund": "gongik", "giver": HEAD, "form": "money", "amount_krw": 500} | said))


def allocate(**said: Any) -> c.Allocate:
    return c.Allocate(
        **({"fund": "gongik", "beneficiary": TASK_ID, "form": "money", "amount_krw": 600} | said)
    )


def test_what_is_given_is_allocated_used_and_proved() -> None:
    assert made(c.Open(fund="gongik", title=ko("공익 기금")), ()) == OPENED
    assert made(contribute(amount_krw=1_000), (OPENED,)) == GIFT
    assert made(allocate()) == ALLOCATED
    used = made(
        c.Use(fund="gongik", beneficiary=TASK_ID, form="money", amount_krw=250, what=REF), (*GIVEN, ALLOCATED)
    )
    facts = (*GIVEN, ALLOCATED, used)
    proven = made(c.Prove(fund="gongik", use=4, evidence=REF), facts)
    fund: Fund = fold(FUND, (*facts, proven))
    allocated = f"allocated_money {TASK_ID}"
    assert {one: fund.balance(one) for one in ("money", "free_money", allocated)} == {
        "money": 750,
        "free_money": 400,
        allocated: 350,
    }
    assert fund.proven == {allocated: 250}
    refused(r.UseProvenBefore, c.Prove(fund="gongik", use=4, evidence=REF), (*facts, proven))
    for number in (1, 3, 9):
        refused(r.NoSuchUse, c.Prove(fund="gongik", use=number, evidence=REF), facts)


def test_nothing_goes_out_that_is_not_there() -> None:
    told = refused(r.NotThere, allocate(amount_krw=1_001), GIVEN)
    assert "holds KRW 1,000" in told.say("en")
    refused(r.NotThere, allocate(form="kind"), GIVEN)  # in kind there is nothing
    given = (*GIVEN, ALLOCATED)
    refused(r.NotThere, allocate(amount_krw=401), given)
    use = c.Use(fund="gongik", beneficiary=TASK_ID, form="money", amount_krw=601, what=REF)
    refused(r.NotThere, use, given)
    refused(r.NotThere, use.model_copy(update={"beneficiary": "garden", "amount_krw": 1}), given)
    back = c.TakeBack(fund="gongik", beneficiary=TASK_ID, form="money", amount_krw=600)
    refused(r.NotThere, back.model_copy(update={"amount_krw": 601}), given)
    fund: Fund = fold(FUND, (*given, made(back, given)))
    assert (fund.balance("free_money"), fund.balance(f"allocated_money {TASK_ID}")) == (1_000, 0)


def test_who_gives_is_somebody_whose_details_are_there() -> None:
    refused(r.GiverUnknown, contribute(giver="9" * 32), GIVEN)
    gone = {**WORLD, f"subject/{HEAD}": (p.Registered(), p.Erased())}
    for command in (contribute(), c.Pledge(fund="gongik", giver=HEAD, amount_krw=5)):
        refused(r.GiverErased, command, GIVEN, world=gone)
    refused(r.KindNotDescribed, contribute(form="kind"), GIVEN)
    made(contribute(form="kind", what=REF))
    with pytest.raises(ValueError, match="amount_krw"):
        contribute(amount_krw=0)


def test_a_pledge_is_fulfilled_by_gifts_or_cancelled() -> None:
    pledged = f.Pledged(giver=HEAD, amount_krw=1_000)
    given = (OPENED, pledged)
    assert made(c.Pledge(fund="gongik", giver=HEAD, amount_krw=1_000), (OPENED,)) == pledged
    part = made(contribute(amount_krw=300, pledge=2), given)
    assert isinstance(part, f.Contributed)
    assert part.of_pledge_krw == 300
    fund: Fund = fold(FUND, (*given, part))
    assert (fund.pledges, fund.balance("pledges"), fund.balance("pledged")) == ({2: 700}, 700, 700)
    rest = made(contribute(amount_krw=900, pledge=2), (*given, part))  # more than was promised
    assert isinstance(rest, f.Contributed)
    assert rest.of_pledge_krw == 700
    done: Fund = fold(FUND, (*given, part, rest))
    assert (done.pledges, done.balance("pledges"), done.balance("money")) == ({}, 0, 1_200)
    refused(r.NoSuchPledge, contribute(pledge=2), (*given, part, rest))
    refused(r.NoSuchPledge, contribute(pledge=7), given)
    refused(r.PledgeOfAnother, contribute(pledge=2, giver=OFFICER), given)
    cancelled = made(c.CancelPledge(fund="gongik", pledge=2), (*given, part))
    assert cancelled == f.PledgeCancelled(pledge=2, amount_krw=700)
    assert fold(FUND, (*given, part, cancelled)).balance("pledges") == 0


def test_an_allocation_is_for_a_task_that_there_is_or_a_project_with_a_name() -> None:
    refused(r.BeneficiaryUnknown, allocate(beneficiary="2024-99"), GIVEN)
    refused(r.ProjectUnnamed, allocate(beneficiary="garden"), GIVEN)
    named = made(allocate(beneficiary="garden", title=ko("마을 정원")))
    made(allocate(beneficiary="garden", amount_krw=1), (*GIVEN, named))
    refused(r.FundNotOpened, allocate(), ())
    refused(r.FundNameUnchanged, c.Open(fund="gongik", title=ko("공익 기금")), GIVEN)


def transfer(*entries: Entry) -> c.Transfer:
    return c.Transfer(fund="gongik", entries=entries)


def test_a_transfer_balances_by_form_and_takes_nothing_that_is_not_there() -> None:
    thing = f.Contributed(giver=HEAD, form="kind", amount_krw=100, what=REF)
    sold = transfer(
        Entry("money", debit_krw=90),
        Entry("free_money", credit_krw=90),
        Entry("free_kind", debit_krw=100),
        Entry("kind", credit_krw=100),
    )
    fund: Fund = fold(FUND, (*GIVEN, thing, made(sold, (*GIVEN, thing))))
    assert {one: fund.balance(one) for one in ("money", "kind", "free_kind")} == {
        "money": 1_090,
        "kind": 0,
        "free_kind": 0,
    }
    told = refused(
        r.TransferUnbalanced,
        transfer(Entry("money", debit_krw=90), Entry("free_money", credit_krw=100)),
        GIVEN,
    )
    assert "KRW 90 stand on the left and KRW 100 on the right" in told.say("en")
    across = transfer(Entry("money", debit_krw=90), Entry("free_kind", credit_krw=90))
    refused(r.TransferUnbalanced, across, GIVEN)
    refused(r.NotThere, sold, GIVEN)  # there is nothing in kind
    refused(
        r.NotThere, transfer(Entry("free_money", debit_krw=1_001), Entry("money", credit_krw=1_001)), GIVEN
    )
    spent = (*GIVEN, ALLOCATED)  # what is allocated is not free
    refused(r.NotThere, transfer(Entry("free_money", debit_krw=401), Entry("money", credit_krw=401)), spent)
    refused(
        r.AccountNotTransferable,
        transfer(Entry("pledges", debit_krw=1), Entry("pledged", credit_krw=1)),
        GIVEN,
    )
    for one in (Entry("money"), Entry("money", debit_krw=1, credit_krw=1)):
        refused(r.EntrySidesUnclear, transfer(one, Entry("free_money", credit_krw=1)), GIVEN)
    with pytest.raises(ValueError, match="entries"):
        transfer(Entry("money", debit_krw=-5), Entry("free_money", credit_krw=-5))


def test_a_late_entry_needs_what_was_there_then() -> None:
    before = DecisionContext(NOON, {}, GIVEN, NOON + timedelta(days=1), then=FUND.initial)
    with pytest.raises(r.NotThere):
        AGGREGATE.decide(allocate(beneficiary="garden", title=ko("마을 정원")), fold(FUND, GIVEN), before)


SUMS = st.integers(min_value=1, max_value=1_000)
FORMS = st.sampled_from(["money", "kind"])
FOR = st.sampled_from([TASK_ID, "garden"])
TITLE = ko("마을 정원")
COMMANDS = st.one_of(
    st.builds(c.Pledge, fund=st.just("gongik"), giver=st.just(HEAD), amount_krw=SUMS),
    st.builds(c.CancelPledge, fund=st.just("gongik"), pledge=st.integers(1, 8)),
    st.builds(
        c.Contribute,
        fund=st.just("gongik"),
        giver=st.just(HEAD),
        form=FORMS,
        amount_krw=SUMS,
        what=st.just(REF),
        pledge=st.one_of(st.none(), st.integers(1, 8)),
    ),
    st.builds(
        c.Allocate, fund=st.just("gongik"), beneficiary=FOR, form=FORMS, amount_krw=SUMS, title=st.just(TITLE)
    ),
    st.builds(c.TakeBack, fund=st.just("gongik"), beneficiary=FOR, form=FORMS, amount_krw=SUMS),
    st.builds(c.Use, fund=st.just("gongik"), beneficiary=FOR, form=FORMS, amount_krw=SUMS, what=st.just(REF)),
    st.builds(c.Prove, fund=st.just("gongik"), use=st.integers(1, 12), evidence=st.just(REF)),
    st.builds(
        lambda left, right, krw, more: transfer(
            Entry(left, debit_krw=krw), Entry(right, credit_krw=krw + more)
        ),
        st.sampled_from(["money", "kind", "free_money", "free_kind"]),
        st.sampled_from(["money", "kind", "free_money", "free_kind"]),
        SUMS,
        st.sampled_from([0, 0, 0, 1]),
    ),
)


def check_balanced(fund: Fund) -> None:
    """Both sides of the ledger and of each form are the same, and no account is on the wrong side."""
    assert sum(one.debit for one in fund.accounts.values()) == sum(
        one.credit for one in fund.accounts.values()
    )
    held = [Entry(name, one.debit, one.credit) for name, one in fund.accounts.items()]
    assert all(left == right for left, right in sums_of(held).values())
    assert all(fund.balance(one) >= 0 for one in fund.accounts)
    assert fund.balance("pledges") == sum(fund.pledges.values())
    for line, proven in fund.proven.items():
        assert proven <= fund.accounts[line].debit


@settings(max_examples=150, deadline=None)
@given(st.lists(COMMANDS, max_size=25))
def test_whatever_is_asked_the_ledger_balances(commands: list[Any]) -> None:
    facts: tuple[Fact, ...] = (OPENED,)
    for command in commands:
        try:
            facts = (*facts, *when(command, facts))
        except Refusal:
            continue
        check_balanced(fold(FUND, facts))
        assert all(left == right for left, right in sums_of(entries_of(facts[-1])).values())


def test_a_ledger_that_does_not_balance_is_found() -> None:
    """The control: a transfer as no decider makes it."""
    bad = f.Transferred(entries=(Entry("money", debit_krw=5), Entry("free_money", credit_krw=4)))
    with pytest.raises(AssertionError):
        check_balanced(fold(FUND, (*GIVEN, bad)))
    assert account_of("allocated_money 2024-07") in ACCOUNTS
    assert ACCOUNTS.keys() > ASSETS
