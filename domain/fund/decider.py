"""Every rule of funds."""

from __future__ import annotations

from typing import Any

from domain.aggregate import Aggregate, DecisionContext
from domain.attachments import attachments_of
from domain.fund import commands as c
from domain.fund import facts as f
from domain.fund import refusals as refused
from domain.fund.ledger import ACCOUNTS, TRANSFERABLE, account_of, allocation, entries_of, sums_of
from domain.fund.state import FUND, Account, Fund, balance_of
from domain.programme.state import Programme
from domain.streams import find_task_stream, subject_stream, task_stream, year_stream
from domain.subject.state import Person
from domain.task.stages import Stage
from domain.task.state import Task


def decide(command: c.FundCommand, fund: Fund, context: DecisionContext) -> tuple[f.FundFact, ...]:
    """Turn a command into facts, or refuse it."""
    if isinstance(command, c.Open):
        if fund.name == command.title:
            raise refused.FundNameUnchanged(fund=command.fund, name=command.title)
        return (f.Opened(name=command.title),)
    if fund.name is None:
        raise refused.FundNotOpened(command=command.label, fund=command.fund)
    return (_decide(command, fund, context),)


def reads(command: c.FundCommand, fund: Fund) -> tuple[str, ...]:
    """Who gives; the task that something is for."""
    match command:
        case c.Pledge() | c.Contribute():
            return (subject_stream(command.giver),)
        case c.Allocate() if is_task(command.beneficiary):
            return (task_stream(command.beneficiary), year_stream(command.beneficiary))
    return ()


def is_task(beneficiary: str) -> bool:
    """Whether it names a task, and no citizens' project."""
    return find_task_stream(beneficiary) is not None


def _decide(command: c.FundCommand, fund: Fund, context: DecisionContext) -> f.FundFact:
    match command:
        case c.Pledge():
            _check_giver(command, context)
            return command.make_fact(f.Pledged)
        case c.CancelPledge():
            left = _find_pledge(command, command.pledge, fund)
            return command.make_fact(f.PledgeCancelled, amount_krw=left)
        case c.Contribute():
            return _contribute(command, fund, context)
        case c.Allocate():
            _check_beneficiary(command, fund, context)
            _check_there(command, f"free_{command.form}", fund, context)
            return command.make_fact(f.Allocated)
        case c.TakeBack():
            _check_there(command, allocation(command.form, command.beneficiary), fund, context)
            return command.make_fact(f.TakenBack)
        case c.Use():
            _check_there(command, allocation(command.form, command.beneficiary), fund, context)
            return command.make_fact(f.Used, proofs=attachments_of(command.proofs))
        case c.Prove():
            return _prove(command, context)
        case c.Transfer():
            _check_transfer(command, fund)
            return command.make_fact(f.Transferred)
    raise AssertionError(command)


def _check_giver(command: c.Pledge | c.Contribute, context: DecisionContext) -> None:
    giver: Person = context.others[subject_stream(command.giver)]
    if not giver.registered:
        raise refused.GiverUnknown(fund=command.fund, giver=command.giver)
    if giver.erased:
        raise refused.GiverErased(fund=command.fund, giver=command.giver)


def _find_pledge(command: c.OnFund, pledge: int, fund: Fund) -> int:
    """What is left of it."""
    if (left := fund.pledges.get(pledge, 0)) <= 0:
        raise refused.NoSuchPledge(fund=command.fund, pledge=pledge)
    return left


def _contribute(command: c.Contribute, fund: Fund, context: DecisionContext) -> f.Contributed:
    _check_giver(command, context)
    if command.form == "kind" and command.what is None:
        raise refused.KindNotDescribed(fund=command.fund)
    of_pledge = 0
    if command.pledge is not None:
        left = _find_pledge(command, command.pledge, fund)
        if context.history[command.pledge - 1].giver != command.giver:
            raise refused.PledgeOfAnother(fund=command.fund, pledge=command.pledge)
        of_pledge = min(left, command.amount_krw)
    return command.make_fact(f.Contributed, of_pledge_krw=of_pledge)


def _check_beneficiary(command: c.Allocate, fund: Fund, context: DecisionContext) -> None:
    number = command.beneficiary
    if not is_task(number):
        known = any(allocation(form, number) in fund.accounts for form in f.FORMS)
        if command.title is None and not known:
            raise refused.ProjectUnnamed(fund=command.fund, beneficiary=number)
        return
    task: Task = context.others[task_stream(number)]
    listed: Programme = context.others[year_stream(number)]
    if task.stage is Stage.UNKNOWN and number not in listed.tasks:
        raise refused.BeneficiaryUnknown(fund=command.fund, beneficiary=number)


def _check_there(
    command: c.Allocate | c.TakeBack | c.Use, account: str, fund: Fund, context: DecisionContext
) -> None:
    """Now, and at the moment of a late entry."""
    then: Fund = fund if context.then is None else context.then
    there = min(fund.balance(account), then.balance(account))
    if command.amount_krw > there:
        raise _not_there(command, account, there)


def _not_there(command: c.OnFund, account: str, there: int) -> refused.NotThere:
    return refused.NotThere(
        command=command.label,
        fund=command.fund,
        account=ACCOUNTS[account_of(account)],
        there_krw=f"{there:,}",
    )


def _prove(command: c.Prove, context: DecisionContext) -> f.UseProven:
    used: Any = context.history[command.use - 1] if command.use <= len(context.history) else None
    if not isinstance(used, f.Used):
        raise refused.NoSuchUse(fund=command.fund, use=command.use)
    if any(isinstance(one, f.UseProven) and one.use == command.use for one in context.history):
        raise refused.UseProvenBefore(fund=command.fund, use=command.use)
    said = {"beneficiary": used.beneficiary, "form": used.form, "amount_krw": used.amount_krw}
    return command.make_fact(f.UseProven, proofs=attachments_of(command.proofs), **said)


def _check_transfer(command: c.Transfer, fund: Fund) -> None:
    """As many debits as credits of each form, and nothing goes out that is not there."""
    for one in command.entries:
        if one.account not in TRANSFERABLE:
            raise refused.AccountNotTransferable(fund=command.fund, account=one.account, known=TRANSFERABLE)
        if min(one.debit_krw, one.credit_krw) != 0 or max(one.debit_krw, one.credit_krw) < 1:
            raise refused.EntrySidesUnclear(fund=command.fund, account=one.account)
    for form, (left, right) in sums_of(command.entries).items():
        if left != right:
            raise refused.TransferUnbalanced(
                fund=command.fund, form=ACCOUNTS[form], debits_krw=f"{left:,}", credits_krw=f"{right:,}"
            )
    after = dict(fund.accounts)
    for one in entries_of(command.make_fact(f.Transferred)):
        before = after.get(one.account, Account())
        after[one.account] = Account(before.debit + one.debit_krw, before.credit + one.credit_krw)
    for account, held in after.items():
        if balance_of(account, held.debit, held.credit) < 0:
            raise _not_there(command, account, fund.balance(account))


AGGREGATE = Aggregate.on(FUND, c.FundCommand, decide, reads)
