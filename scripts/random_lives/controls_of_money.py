"""Faults of money, funds and meetings put back by a switch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace as replace_context
from typing import Any

from msgspec.structs import replace

from domain.fund.facts import Entry, TakenBack
from domain.meeting.facts import DecisionDone
from domain.money.facts import BudgetSet, Corrected
from scripts.random_lives.control import Control


def _as_if_new(right: Any) -> Any:
    """A correction adds all that it says."""

    def evolve(row: Any, recorded: Any) -> Any:
        if isinstance(recorded.fact, Corrected):
            recorded = replace(recorded, fact=replace(recorded.fact, was_krw=0))
        return right(row, recorded)

    return evolve


def _last_told(right: Any) -> Any:
    """Of two budgets that which was told last is so."""

    def evolve(row: Any, recorded: Any) -> Any:
        after = right(row, recorded)
        if isinstance(recorded.fact, BudgetSet):
            return replace(after, budget_krw=recorded.fact.amount_krw)
        return after

    return evolve


def _of_now(right: Any) -> Any:
    """A late entry is checked against what is there now alone."""

    def check(command: Any, account: str, fund: Any, context: Any) -> Any:
        return right(command, account, fund, replace_context(context, then=None))

    return check


def _to_the_left(right: Any) -> Any:
    """What is taken back is added to the left, as if it had been used."""

    def entries_of(fact: Any) -> Any:
        if isinstance(fact, TakenBack):
            account = f"allocated_{fact.form} {fact.beneficiary}"
            return (
                Entry(account, debit_krw=fact.amount_krw),
                Entry(f"free_{fact.form}", credit_krw=fact.amount_krw),
            )
        return right(fact)

    return entries_of


def _of_no_pledge(right: Any) -> Any:
    return lambda *given: replace(right(*given), of_pledge_krw=0)


def _stays_open(right: Any) -> Any:
    return lambda row, recorded: row if isinstance(recorded.fact, DecisionDone) else right(row, recorded)


def _whenever(right: Any) -> Any:
    """It is not looked at what was so when it is said to have been done."""
    return lambda command, meeting, context: right(command, meeting, replace_context(context, then=None))


CONTROLS_OF_MONEY: Mapping[str, Control] = {
    "corrected_on_top": Control(
        "What an entry should have said is added to what it said.",
        {"projections.money:MONEY.evolve": _as_if_new},
        kinds=("list",),
        seeds=(70002,),
    ),
    "budget_told_last": Control(
        "A late budget takes the place of one that was so after it.",
        {"projections.money:MONEY.evolve": _last_told},
        kinds=("list",),
        seeds=(70003,),
    ),
    "never_closed": Control(
        "A month takes entries after it was closed.",
        {"domain.money.decider:_check_month": lambda right: lambda *_: None},
        kinds=("money",),
        seeds=(70002,),
    ),
    "beyond_unsaid": Control(
        "What goes beyond the budget is let, and says nothing of it.",
        {"domain.money.decider:_look_over": lambda right: lambda *_, **__: {}},
        kinds=("money",),
        seeds=(70002,),
    ),
    "carried_out_alone": Control(
        "What is left of a year may go to the next one though it was spent.",
        {"domain.money.decider:_check_remains": lambda right: lambda *_, **__: None},
        kinds=("money",),
        seeds=(70030,),
    ),
    "there_now_alone": Control(
        "A late allocation or use is taken where there was not so much then.",
        {"domain.fund.decider:_check_there": _of_now},
        kinds=("fund",),
        seeds=(70033,),
    ),
    "taken_back_as_used": Control(
        "What is taken back of an allocation looks as if it had been used.",
        {"domain.fund.ledger:entries_of": _to_the_left},
        kinds=("list",),
        seeds=(70018,),
    ),
    "pledge_for_ever": Control(
        "A contribution leaves the pledge that it fulfils as it was.",
        {"domain.fund.decider:_contribute": _of_no_pledge},
        kinds=("fund",),
        seeds=(70043,),
    ),
    "done_and_open": Control(
        "What was decided stays open when it is done.",
        {"projections.meetings:DECISIONS_OPEN.evolve": _stays_open},
        kinds=("list",),
        seeds=(70041,),
    ),
    "climbs_too_late": Control(
        "What an agency has not carried out never climbs to the city.",
        {"workflows.decisions_waiting:is_citys": lambda right: lambda row, today: row.agency is None},
        kinds=("list",),
        seeds=(70041,),
    ),
    "quorum_of_anybody": Control(
        "Nobody counts who is there before something is decided.",
        {"domain.meeting.holding:_check_quorum": lambda right: lambda *_: None},
        kinds=("meeting",),
        seeds=(70056,),
    ),
    "done_before_decided": Control(
        "What is done may be dated before it was decided, and stays open by what was so.",
        {"domain.meeting.decider:_DECIDE#FinishDecision": _whenever},
        kinds=("list", "meeting"),
        seeds=(70006,),
    ),
}
