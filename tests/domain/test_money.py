"""The money of a task: what may be entered, corrected, carried over, and by which definition."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.fact import Fact
from domain.lifecycle.model import Definition
from domain.lifecycle.money import MoneyRules
from domain.money import commands as c
from domain.money import facts as f
from domain.money import refusals as r
from domain.money.course import course_of
from domain.money.months import closes_on
from domain.money.state import MONEY, Budget, Money, Month
from tests.domain.examples import APPROVED, PROPOSED, TASK_ID, WORLD, fold, refused, when
from workflows.definitions.templates import templates

JUNE = datetime(2024, 6, 3, 3, tzinfo=UTC)
UNDER_WAY = {**WORLD, f"task/{TASK_ID}": (PROPOSED, APPROVED)}
BUDGET = f.BudgetSet(funding="city", year=2024, amount_krw=1_000)
SPENT = f.Spent(agency="gjcf", funding="city", month="2024-05", amount_krw=600)
GIVEN = (BUDGET, SPENT)


def define(**said: Any) -> Definition:
    return templates()["donghaeng-2024/1"].model_copy(update={"money": MoneyRules(**said)})


def entry(kind: type[Any] = c.Spend, **said: Any) -> Any:
    usual = {"task": TASK_ID, "agency": "gjcf", "funding": "city", "month": "2024-06", "amount_krw": 100}
    return kind(**(usual | said))


def made(command: Any, given: Sequence[Fact] = GIVEN, **more: Any) -> tuple[Fact, ...]:
    return when(command, given, **({"world": UNDER_WAY, "at": JUNE} | more))


def no(refusal: Any, command: Any, given: Sequence[Fact] = GIVEN, **more: Any) -> str:
    return refused(refusal, command, given, **({"world": UNDER_WAY, "at": JUNE} | more)).say("en")


def test_a_budget_is_set_and_used_by_month() -> None:
    assert made(c.SetBudget(task=TASK_ID, funding="city", year=2024, amount_krw=1_000), ()) == (BUDGET,)
    (committed,) = made(entry(c.Commit, amount_krw=400))
    (spent,) = made(entry(amount_krw=400))
    money: Money = fold(MONEY, (*GIVEN, committed, spent))
    assert money.months == {"city 2024-05": Month(0, 600), "city 2024-06": Month(400, 400)}
    assert money.budget("city", 2024) == Budget(1_000, 0, 0, 400, 1_000, 0)
    assert money.budget("city", 2024).remaining == 0
    assert money.budget("national", 2024) == Budget()


def test_what_is_beyond_the_budget_is_refused_or_warned_of_by_the_definition() -> None:
    told = no(r.BeyondBudget, entry(amount_krw=401))
    assert "KRW 1 beyond the KRW 1,000" in told
    assert "donghaeng-2024/1" in told
    no(r.BeyondBudget, entry(c.Commit, amount_krw=1_001))
    no(r.BeyondBudget, c.SetBudget(task=TASK_ID, funding="city", year=2024, amount_krw=599))
    no(r.BeyondBudget, entry(), ())  # where there is no budget, all is beyond it
    (warned,) = made(entry(amount_krw=401), definition=define(overspend="warn"))
    assert isinstance(warned, f.Spent)
    assert (warned.over_krw, warned.definition) == (1, "donghaeng-2024/1")
    (within,) = made(entry(amount_krw=400), definition=define(overspend="warn"))
    assert isinstance(within, f.Spent)
    assert (within.over_krw, within.definition) == (0, "")


def test_only_what_is_left_goes_back_or_on() -> None:
    assert "KRW 400 remain" in no(r.MoreThanRemains, entry(c.Return, amount_krw=401))
    (returned,) = made(entry(c.Return, amount_krw=400))
    assert fold(MONEY, (*GIVEN, returned)).budget("city", 2024).available == 600
    no(r.MoreThanRemains, c.CarryOver(task=TASK_ID, funding="city", year=2024, amount_krw=401))
    carried = made(c.CarryOver(task=TASK_ID, funding="city", year=2024, amount_krw=400))
    assert carried == (
        f.CarriedOut(funding="city", year=2024, amount_krw=400),
        f.CarriedIn(funding="city", year=2025, amount_krw=400),
    )
    money: Money = fold(MONEY, (*GIVEN, *carried))
    assert money.budget("city", 2024).remaining == 0
    assert money.budget("city", 2025).available == 400
    no(r.MoreThanRemains, entry(c.Return, amount_krw=1), (*GIVEN, *carried))


def test_a_month_that_is_closed_takes_nothing_until_the_city_opens_it() -> None:
    """By default until the tenth of the next month."""
    may, late = entry(month="2024-05"), datetime(2024, 6, 10, 16, tzinfo=UTC)  # the eleventh in Seoul
    correct = c.Correct(task=TASK_ID, agency="gjcf", number=2, amount_krw=500)
    made(may, at=late - timedelta(hours=2))
    told = no(r.MonthClosed, may, at=late)
    assert "closed at the end of 2024-06-10" in told
    assert f"money reopen-month {TASK_ID} 2024-05" in told
    no(r.MonthClosed, correct, at=late)
    made(may, at=late, definition=define(closing_day=11))
    reopen = c.ReopenMonth(task=TASK_ID, month="2024-05", until=date(2024, 6, 20))
    no(r.MonthStillOpen, reopen)
    no(r.ReopenedUntilPast, reopen.model_copy(update={"until": date(2024, 6, 10)}), at=late)
    given = (*GIVEN, *made(reopen, at=late))
    made(may, given, at=late)
    assert made(correct, given, at=late) == (
        f.Corrected(number=2, posting="spent", funding="city", month="2024-05", amount_krw=500, was_krw=600),
    )
    no(r.MonthClosed, may, given, at=late + timedelta(days=10))
    assert closes_on("2024-12", 10) == date(2025, 1, 10)


def test_a_correction_says_what_the_entry_should_have_said() -> None:
    (first,) = made(c.Correct(task=TASK_ID, agency="gjcf", number=2, amount_krw=0))
    given = (*GIVEN, first)
    assert fold(MONEY, given).budget("city", 2024).spent == 0
    (second,) = made(c.Correct(task=TASK_ID, agency="gjcf", number=2, amount_krw=1_000), given)
    assert isinstance(second, f.Corrected)
    assert (second.was_krw, second.over_krw) == (0, 0)
    assert fold(MONEY, (*given, second)).budget("city", 2024).spent == 1_000
    no(r.BeyondBudget, c.Correct(task=TASK_ID, agency="gjcf", number=2, amount_krw=1_001), given)
    no(r.EntrySaysSo, c.Correct(task=TASK_ID, agency="gjcf", number=2, amount_krw=600))
    no(r.NotYourEntry, c.Correct(task=TASK_ID, agency="gto", number=2, amount_krw=500))
    for number in (1, 3, 9):
        no(r.NoSuchEntry, c.Correct(task=TASK_ID, agency="gjcf", number=number, amount_krw=500))
    assert c.Correct(task=TASK_ID, agency="gjcf", number=2, amount_krw=500).takes_time_of == 2


def test_a_return_is_corrected_within_what_remains() -> None:
    given = (*GIVEN, f.Returned(agency="gjcf", funding="city", month="2024-06", amount_krw=300))
    correct = c.Correct(task=TASK_ID, agency="gjcf", number=3, amount_krw=400)
    (corrected,) = made(correct, given)
    assert fold(MONEY, (*given, corrected)).budget("city", 2024).remaining == 0
    no(r.MoreThanRemains, correct.model_copy(update={"amount_krw": 401}), given)


def test_money_is_of_a_task_an_agency_and_a_year_that_there_are() -> None:
    no(r.MoneyOfNoTask, entry(task="2024-99"), ())
    no(r.MoneyBeforeApproval, entry(), world={**WORLD, f"task/{TASK_ID}": (PROPOSED,)})
    no(r.MoneyBeforeApproval, entry(), world=WORLD)
    made(c.SetBudget(task=TASK_ID, funding="city", year=2024, amount_krw=5), (), world=WORLD)  # listed
    assert "gjcf, gto" in no(r.TakesNoPart, entry(agency="gtc"))
    made(entry(agency="gto"))  # a partner
    no(r.MonthToCome, entry(month="2024-07"))
    no(r.YearBeforeTask, entry(month="2023-12"))
    no(r.YearBeforeTask, c.SetBudget(task=TASK_ID, funding="city", year=2023, amount_krw=5))
    no(r.BudgetUnchanged, c.SetBudget(task=TASK_ID, funding="city", year=2024, amount_krw=1_000))


@pytest.mark.parametrize("amount", [0, -1, 10**15 + 1, 1.0, True, "5"])
def test_an_amount_is_a_whole_number_of_won(amount: Any) -> None:
    with pytest.raises(ValueError, match="amount_krw"):
        entry(amount_krw=amount)


def test_entries_come_to_the_same_in_whichever_order_they_are_told() -> None:
    corrected = f.Corrected(
        number=2, posting="spent", funding="city", month="2024-05", amount_krw=500, was_krw=600
    )
    facts = (*GIVEN, corrected, f.CarriedOut(funding="city", year=2024, amount_krw=100))
    told: Money = fold(MONEY, facts)
    other = MONEY.initial
    for number in (4, 3, 2, 1):
        other = MONEY.evolve(other, facts[number - 1], JUNE, number)
    assert replace(other, stamps={}) == replace(told, stamps={})
    assert told.budget("city", 2024) == Budget(1_000, 0, 100, 0, 500, 0)


@pytest.mark.parametrize(
    ("spent", "today", "rate", "elapsed", "forecast", "warning"),
    [
        (0, date(2024, 1, 1), "0.0", "0.3", 0, None),
        (500, date(2024, 7, 1), "50.0", "50.0", 1_000, None),
        (301, date(2024, 7, 1), "30.1", "50.0", 602, None),
        (300, date(2024, 7, 1), "30.0", "50.0", 600, None),  # twenty points behind, and not more
        (299, date(2024, 7, 1), "29.9", "50.0", 598, "behind"),
        (701, date(2024, 7, 1), "70.1", "50.0", 1_402, "ahead"),
        (1_001, date(2024, 12, 31), "100.1", "100.0", 1_001, "over"),
        (0, date(2023, 12, 31), "0.0", "0.0", None, None),
        (700, date(2025, 3, 1), "70.0", "100.0", 700, "behind"),
    ],
)
def test_how_the_money_goes(
    spent: int, today: date, rate: str, elapsed: str, forecast: int | None, warning: str | None
) -> None:
    found = course_of(1_000, spent, date(2024, 1, 1), date(2024, 12, 31), today, below=20, above=20)
    assert (found.rate, found.elapsed, found.forecast_krw, found.warning) == (
        rate,
        elapsed,
        forecast,
        warning,
    )


def test_without_a_budget_there_is_no_rate() -> None:
    first, last = date(2024, 1, 1), date(2024, 12, 31)
    found = course_of(0, 0, first, last, date(2024, 7, 1), below=20, above=20)
    assert (found.rate, found.warning) == (None, None)
    assert course_of(0, 1, first, last, date(2024, 7, 1), below=20, above=20).warning == "over"
