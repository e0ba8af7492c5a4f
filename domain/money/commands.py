"""What can be asked of the money of a task. Limits on values sit here."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.aggregate import Command
from domain.errors import Bilingual
from domain.limited import AgencyName, Month, TaskNumber, Year
from domain.limits import MOST_KRW
from domain.money.facts import Funding
from domain.plan_limits import Day
from domain.roles import HEAD, OFFICER, PLANNER
from domain.streams import money_stream

Won = Annotated[int, Field(strict=True, ge=0, le=MOST_KRW)]
SomeWon = Annotated[int, Field(strict=True, ge=1, le=MOST_KRW)]
Number = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]


class OnMoney(Command):
    """A command about the money of one task."""

    task: TaskNumber

    @property
    def stream(self) -> str:
        return money_stream(self.task)


class SetBudget(OnMoney):
    """Say what a funding gives for a year, in place of what was said before."""

    name = "money.set_budget"
    typed = "money budget"
    label = Bilingual("예산 편성", "set the budget")
    by = PLANNER
    funding: Funding
    year: Year
    amount_krw: Won


class _OfAgency(OnMoney):
    """What an agency does with the money. `agency`: which, the task's lead or a partner."""

    by = OFFICER | HEAD | PLANNER
    agency: AgencyName


class _Enter(_OfAgency):
    funding: Funding
    month: Month
    amount_krw: SomeWon


class Commit(_Enter):
    name = "money.commit"
    label = Bilingual("원인행위 등록", "enter a commitment")


class Spend(_Enter):
    name = "money.spend"
    label = Bilingual("집행 등록", "enter spending")


class Return(_Enter):
    name = "money.return"
    label = Bilingual("반납 등록", "enter what was returned")


class CarryOver(OnMoney):
    """Let what is left of a year go to the next one."""

    name = "money.carry_over"
    label = Bilingual("예산 이월", "carry the budget over")
    by = PLANNER
    funding: Funding
    year: Year
    amount_krw: SomeWon


class Correct(_OfAgency):
    """Say what an entry, by its number in the history, should have said. It takes effect when the entry did."""

    name = "money.correct"
    label = Bilingual("집행 자료 정정", "correct an entry")
    needs_reason = True
    number: Number
    amount_krw: Won

    @property
    def takes_time_of(self) -> int | None:
        return self.number


class ReopenMonth(OnMoney):
    """Let a month that was closed take entries and corrections again."""

    name = "money.reopen_month"
    label = Bilingual("마감한 월 재개", "open a closed month again")
    by = PLANNER
    needs_reason = True
    month: Month
    until: Day


MoneyCommand = SetBudget | Commit | Spend | Return | CarryOver | Correct | ReopenMonth
