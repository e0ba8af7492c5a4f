"""Every rule of a task's money. What the task's definition narrows comes with the context."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec.structs import replace

from domain.aggregate import Aggregate, DecisionContext
from domain.money import commands as c
from domain.money import facts
from domain.money import refusals as refused
from domain.money.facts import FUNDINGS, POSTINGS, Posting
from domain.money.months import closes_on, year_of_month
from domain.money.state import MONEY, Budget, Money
from domain.programme.state import Programme
from domain.streams import task_stream, year_of, year_stream
from domain.task.stages import Stage
from domain.task.state import Task

_BEFORE_APPROVAL = frozenset({Stage.UNKNOWN, Stage.PROPOSED, Stage.REJECTED, Stage.WITHDRAWN})
_ENTERS: dict[type[c.OnMoney], type[facts.Entry]] = {
    c.Commit: facts.Committed,
    c.Spend: facts.Spent,
    c.Return: facts.Returned,
}


def decide(command: c.MoneyCommand, money: Money, context: DecisionContext) -> tuple[facts.MoneyFact, ...]:
    """Turn a command into facts, or refuse it."""
    _check_task(command, context)
    match command:
        case c.SetBudget():
            return (_set_budget(command, money, context),)
        case c.Commit() | c.Spend() | c.Return():
            return (_enter(command, money, context),)
        case c.CarryOver():
            _check_year(command, command.year, command.year)
            _check_remains(command, money.budget(command.funding, command.year), command.year)
            return (
                command.make_fact(facts.CarriedOut),
                command.make_fact(facts.CarriedIn, year=command.year + 1),
            )
        case c.Correct():
            return (_correct(command, money, context),)
        case c.ReopenMonth():
            return (_reopen(command, money, context),)


def reads(command: c.MoneyCommand, money: Money) -> tuple[str, ...]:
    """The task, and the year's list that it may stand on."""
    return (task_stream(command.task), year_stream(command.task))


def _check_task(command: c.MoneyCommand, context: DecisionContext) -> None:
    task: Task = context.others[task_stream(command.task)]
    listed: Programme = context.others[year_stream(command.task)]
    if task.stage is Stage.UNKNOWN and command.task not in listed.tasks:
        raise refused.MoneyOfNoTask(command=command.label, task=command.task)


def _set_budget(command: c.SetBudget, money: Money, context: DecisionContext) -> facts.BudgetSet:
    _check_year(command, command.year, command.year)
    if money.budgets.get(f"{command.funding} {command.year}") == command.amount_krw:
        raise refused.BudgetUnchanged(
            task=command.task,
            year=command.year,
            funding=FUNDINGS[command.funding],
            amount_krw=_say_krw(command.amount_krw),
        )
    after = replace(money.budget(command.funding, command.year), budget=command.amount_krw)
    return command.make_fact(facts.BudgetSet, **_look_over(command, after, command.year, context))


def _enter(command: c.Commit | c.Spend | c.Return, money: Money, context: DecisionContext) -> facts.Entry:
    task: Task = context.others[task_stream(command.task)]
    if task.stage in _BEFORE_APPROVAL:
        raise refused.MoneyBeforeApproval(command=command.label, task=command.task, stage=task.stage.on_lists)
    takes_part = tuple(dict.fromkeys((task.lead, *task.partners)))
    if command.agency not in takes_part:
        raise refused.TakesNoPart(task=command.task, agency=command.agency, known=takes_part)
    _check_month(command, command.month, money, context)
    kind, year = _ENTERS[type(command)], year_of_month(command.month)
    before = money.budget(command.funding, year)
    if isinstance(command, c.Return):
        _check_remains(command, before, year)
        return command.make_fact(kind)
    after = _with_more(before, facts.ENTRIES[kind], command.amount_krw)
    return command.make_fact(kind, **_look_over(command, after, year, context))


def _correct(command: c.Correct, money: Money, context: DecisionContext) -> facts.Corrected:
    entry, was_krw = _find_entry(command, context)
    if entry is None:
        raise refused.NoSuchEntry(task=command.task, number=command.number)
    if entry.agency != command.agency:
        raise refused.NotYourEntry(task=command.task, number=command.number, agency=entry.agency)
    _check_month(command, entry.month, money, context)
    if was_krw == command.amount_krw:
        raise refused.EntrySaysSo(task=command.task, number=command.number, amount_krw=_say_krw(was_krw))
    posting, year = facts.ENTRIES[type(entry)], year_of_month(entry.month)
    more = command.amount_krw - was_krw
    before = money.budget(entry.funding, year)
    over: dict[str, Any] = {}
    if posting == "returned":
        _check_remains(command, before, year, more, entry.funding)
    elif more > 0:
        over = _look_over(command, _with_more(before, posting, more), year, context, entry.funding)
    said = {"posting": posting, "funding": entry.funding, "month": entry.month, "was_krw": was_krw}
    return command.make_fact(facts.Corrected, **said, **over)


def _find_entry(command: c.Correct, context: DecisionContext) -> tuple[facts.Entry | None, int]:
    """The entry of that number, and what it comes to by the corrections that there were."""
    entry, was_krw = None, 0
    for number, fact in enumerate(context.history, start=1):
        if number == command.number and isinstance(fact, facts.Entry):
            entry, was_krw = fact, fact.amount_krw
        elif isinstance(fact, facts.Corrected) and fact.number == command.number:
            was_krw = fact.amount_krw
    return entry, was_krw


def _reopen(command: c.ReopenMonth, money: Money, context: DecisionContext) -> facts.MonthReopened:
    closes = _closes_on(command.month, money, context)
    if context.today <= closes:
        raise refused.MonthStillOpen(task=command.task, month=command.month, closes=closes)
    if command.until < context.today:
        raise refused.ReopenedUntilPast(task=command.task, until=command.until, today=context.today)
    return command.make_fact(facts.MonthReopened)


def _check_year(command: c.MoneyCommand, year: int, given: object) -> None:
    if year < year_of(command.task):
        raise refused.YearBeforeTask(task=command.task, given=given, year=year_of(command.task))


def _check_month(command: c.MoneyCommand, month: str, money: Money, context: DecisionContext) -> None:
    _check_year(command, year_of_month(month), month)
    if month > f"{context.today:%Y-%m}":
        raise refused.MonthToCome(task=command.task, month=month, today=context.today)
    closes = _closes_on(month, money, context)
    if context.today > closes:
        raise refused.MonthClosed(
            task=command.task, month=month, closed=closes, definition=context.definition.identity
        )


def _closes_on(month: str, money: Money, context: DecisionContext) -> date:
    by_rule = closes_on(month, context.definition.money.closing_day)
    return max(by_rule, money.reopened.get(month, by_rule))


def _check_remains(
    command: c.CarryOver | c.Return | c.Correct,
    before: Budget,
    year: int,
    krw: int | None = None,
    funding: facts.Funding | None = None,
) -> None:
    """Nothing goes back or on that was spent. `krw`, `funding`: where the command does not say them so."""
    if (command.amount_krw if krw is None else krw) > max(0, before.remaining):
        raise refused.MoreThanRemains(
            command=command.label,
            task=command.task,
            year=year,
            funding=FUNDINGS[funding or command.funding],  # type: ignore[union-attr]
            remaining_krw=_say_krw(max(0, before.remaining)),
        )


def _look_over(
    command: c.MoneyCommand,
    after: Budget,
    year: int,
    context: DecisionContext,
    funding: facts.Funding | None = None,
) -> dict[str, Any]:
    """What the fact says of going beyond the budget; refused where the definition has it so."""
    if not after.over:
        return {}
    by = context.definition
    if by.money.overspend == "refuse":
        raise refused.BeyondBudget(
            command=command.label,
            task=command.task,
            year=year,
            funding=FUNDINGS[funding or command.funding],  # type: ignore[union-attr]
            available_krw=_say_krw(after.available),
            over_krw=_say_krw(after.over),
            definition=by.identity,
        )
    return {"over_krw": after.over, "definition": by.identity}


def _with_more(before: Budget, posting: Posting, krw: int) -> Budget:
    assert posting in POSTINGS
    after: Budget = replace(before, **{posting: getattr(before, posting) + krw})
    return after


def _say_krw(krw: int) -> str:
    return f"{krw:,}"


AGGREGATE = Aggregate.on(MONEY, c.MoneyCommand, decide, reads)
