"""What people do with tasks' money and with the fund: the commands that a step comes to, given what there is by now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from domain.fund import commands as fund
from domain.fund.facts import Entry as FundEntry
from domain.fund.facts import Pledged, Used
from domain.fund.state import FUND, Fund
from domain.money import commands as money
from domain.money.facts import Entry
from domain.streams import fund_stream, money_stream
from domain.values import LocalText
from scripts.random_lives.knowing import PLANNER, Given, Knowing, NothingMeant
from scripts.random_lives.life import Step
from store.envelope import Actor
from store.recorded import fold_state
from workflows.lookups import answering

NAME = "gongik"


def _pays(know: Knowing, step: Step) -> tuple[str, Actor]:
    """The agency whose entry it is, and one of its people: the lead, a partner, or one that takes no part."""
    task = know.task(step)
    agency = task.lead
    if step.values["by"] == "partner" and task.partners:
        agency = task.partners[0]
    if step.values["by"] == "other":
        agency = step.values["other"]
    if not agency:
        raise NothingMeant
    return agency, Actor(role="officer", agency=answering(know.store, agency))


def _enter(kind: type[money.Commit | money.Spend | money.Return]) -> Callable[[Knowing, Step], Given]:
    def act(know: Knowing, step: Step) -> Given:
        agency, by = _pays(know, step)
        given = {name: step.values[name] for name in ("funding", "month")}
        return kind(task=str(step.task), agency=agency, amount_krw=step.values["krw"], **given), by

    return act


def _correct(know: Knowing, step: Step) -> Given:
    """One of the last entries, to so many percent; of another agency's, where the step says so."""
    found = [one for one in know.store.read(money_stream(str(step.task))) if isinstance(one.fact, Entry)]
    if len(found) < step.values["which"]:
        raise NothingMeant
    one = found[-step.values["which"]]
    agency, by = _pays(know, step)
    if step.values["by"] != "other":
        agency = one.fact.agency
        by = Actor(role="officer", agency=answering(know.store, agency))
    krw = one.fact.amount_krw * step.values["percent"] // 100
    return money.Correct(task=str(step.task), agency=agency, number=one.version, amount_krw=krw), by


def _of_year(kind: type[money.SetBudget | money.CarryOver]) -> Callable[[Knowing, Step], Given]:
    def act(know: Knowing, step: Step) -> Given:
        given = {name: step.values[name] for name in ("funding", "year")}
        return kind(task=str(step.task), amount_krw=step.values["krw"], **given), PLANNER

    return act


def _reopen(know: Knowing, step: Step) -> Given:
    until = date.fromisoformat(step.values["until"])
    return money.ReopenMonth(task=str(step.task), month=step.values["month"], until=until), PLANNER


def _contribute(know: Knowing, step: Step) -> Given:
    """Of a pledge that is open, by who promised it; `pledge`: which of them, 0 none; seldom one of somebody else's."""
    values, giver = step.values, know.person(step)
    given: dict[str, Any] = {"what": "나눔 물품"} if values["form"] == "kind" else {}
    if values["pledge"] and (still := sorted(_state(know).pledges)):
        number = given["pledge"] = still[values["pledge"] % len(still)]
        giver = giver if values["anothers"] else know.store.read(fund_stream(NAME))[number - 1].fact.giver
    return (
        fund.Contribute(
            fund=NAME,
            giver=giver,
            form=values["form"],
            amount_krw=values["krw"],
            anonymous=values["anonymous"],
            **given,
        ),
        PLANNER,
    )


def _state(know: Knowing) -> Fund:
    state: Fund = fold_state(FUND, know.store.read(fund_stream(NAME)))
    return state


def _number(know: Knowing, kind: type, which: int) -> int:
    """Of the last but so many facts of a kind; seldom (0) one that is of another kind."""
    found = [one.version for one in know.store.read(fund_stream(NAME)) if isinstance(one.fact, kind)]
    if which and len(found) < which:
        raise NothingMeant
    return found[-which] if which else 1


def _of_fund(
    kind: type[fund.Allocate | fund.TakeBack | fund.Use], **more: Any
) -> Callable[[Knowing, Step], Given]:
    """So many percent of what there is to take."""

    def act(know: Knowing, step: Step) -> Given:
        state, form, beneficiary = _state(know), step.values["form"], step.values["beneficiary"]
        account = f"free_{form}"
        if kind is not fund.Allocate:
            held = [
                one for one in sorted(state.accounts) if one.startswith("alloc") and state.balance(one) > 0
            ]
            if not held:
                raise NothingMeant
            account = held[step.values["pick"] % len(held)]
            form, beneficiary = account.removeprefix("allocated_").split(" ")
        if (there := state.balance(account)) <= 0:
            raise NothingMeant
        krw = max(1, there * step.values["percent"] // 100)
        return kind(fund=NAME, beneficiary=beneficiary, form=form, amount_krw=krw, **more), PLANNER

    return act


def _transfer(know: Knowing, step: Step) -> Given:
    """As when a gift in kind was sold; `wrong`: with so much on one side alone."""
    krw, wrong = step.values["krw"], step.values["wrong"]
    entries: Sequence[FundEntry] = (
        FundEntry("free_kind", debit_krw=krw),
        FundEntry("kind", credit_krw=krw),
        FundEntry("money", debit_krw=krw),
        FundEntry("free_money", credit_krw=krw + wrong),
    )
    return fund.Transfer(fund=NAME, entries=tuple(entries)), PLANNER


ACTS_OF_MONEY: Mapping[str, Callable[[Knowing, Step], Given]] = {
    "money_budget": _of_year(money.SetBudget),
    "money_carry": _of_year(money.CarryOver),
    "money_commit": _enter(money.Commit),
    "money_spend": _enter(money.Spend),
    "money_return": _enter(money.Return),
    "money_correct": _correct,
    "money_reopen": _reopen,
    "fund_open": lambda know, step: (fund.Open(fund=NAME, title=LocalText(ko="공익 기금")), PLANNER),
    "fund_pledge": lambda know, step: (
        fund.Pledge(fund=NAME, giver=know.person(step), amount_krw=step.values["krw"]),
        PLANNER,
    ),
    "fund_cancel": lambda know, step: (
        fund.CancelPledge(fund=NAME, pledge=_number(know, Pledged, step.values["which"])),
        PLANNER,
    ),
    "fund_contribute": _contribute,
    "fund_allocate": _of_fund(fund.Allocate, title=LocalText(ko="주민 사업")),
    "fund_take_back": _of_fund(fund.TakeBack),
    "fund_use": _of_fund(fund.Use, what="사업비"),
    "fund_prove": lambda know, step: (
        fund.Prove(fund=NAME, use=_number(know, Used, step.values["which"]), evidence="영수증"),
        PLANNER,
    ),
    "fund_transfer": _transfer,
}
