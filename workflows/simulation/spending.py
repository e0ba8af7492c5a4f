"""The money of a simulated year's tasks: budgets by source of funds, commitments and spending by month, what was put right.

The announcement gives no money: all of it is drawn, from a seed of its own, and says so by its reason.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

from domain.aggregate import Command
from domain.calendar.reckoning import Calendars, on_or_after
from domain.money import commands as c
from domain.money.facts import Funding
from domain.seoul import SEOUL
from domain.values import Plan
from store.envelope import Actor
from workflows.programme_file import TaskEntry
from workflows.simulation.step import Step
from workflows.simulation.turns import Turns

_UNIT = 10_000  # what is drawn is in units of so many won
_BUDGETED, _ENTERED = (3, 11), 8  # a month's entries come on that day of the next one, before it closes
_PART, _WHOLE = 6, 12  # months in which an agency pays its own part
_NATIONAL = 2  # tasks that the state gives to
_WRONG, _SEEN = 4, (6, 13)  # the month of which an entry is wrong, and the day on which that is seen
_CARRIED = (1, 9)  # the day of the next year on which a budget is carried over


class Spending:
    """`corrected`: the task with an entry that is corrected; `carried`: the one with a budget that goes on in the next year."""

    def __init__(
        self, plain: Sequence[TaskEntry], seed: int, turns: Turns, calendars: Calendars, why: str
    ) -> None:
        self._chance = random.Random(f"{seed}/spending")
        self._turns, self._calendars, self._why, self._year = turns, calendars, why, turns.year
        drawn = self._chance.sample([one.id for one in plain], min(len(plain), 2 + _NATIONAL))
        self.corrected, self.carried = drawn[:2]
        self._national = frozenset(drawn[2:])

    def steps(
        self, entry: TaskEntry, plan: Plan, start: date, still: Sequence[int], ended: date | None
    ) -> list[Step]:
        """Of one task, in order of time. `still`: months in which nothing is paid; `ended`: when it was discontinued."""
        months = [one for one in range(start.month, (ended.month if ended else 12) + 1) if one not in still]
        budgets = self._budgets(entry.id, plan.budget_krw)
        found = [
            self._by_planner(
                date(self._year, *_BUDGETED),
                c.SetBudget(task=entry.id, funding=funding, year=self._year, amount_krw=krw),
            )
            for funding, krw in budgets.items()
        ]
        left = {}
        for funding, krw in budgets.items():
            to_spend = krw * self._chance.randrange(86, 100) // (160 if ended else 100) // _UNIT * _UNIT
            left[funding] = krw - to_spend
            found += self._pay(entry, funding, _when_paid(funding, months), to_spend)
        found.sort(key=lambda step: step.at)
        if entry.id == self.corrected:
            found += self._correct(entry, found)
        if ended is not None:
            found.append(self._enter(entry, c.Return, "city", (self._year, ended.month + 1), left["city"]))
        if entry.id == self.carried:
            found += self._carry_over(entry, left["city"])
        return sorted(found, key=lambda step: step.at)

    def _budgets(self, task: str, krw: int) -> dict[Funding, int]:
        national = krw // 5 // _UNIT * _UNIT if task in self._national else 0
        own = krw * self._chance.randrange(10, 30) // 100 // _UNIT * _UNIT
        found: dict[Funding, int] = {"city": krw - national - own, "agency": own}
        return found | {"national": national} if national else found

    def _pay(self, entry: TaskEntry, funding: Funding, months: Sequence[int], krw: int) -> Iterator[Step]:
        """What is paid of a source, in unequal parts; an agency binds itself at the beginning and half way for what comes after."""
        weights = [self._chance.randrange(6, 15) for _ in months]
        shares = [krw * one // sum(weights) // _UNIT * _UNIT for one in weights]
        shares[-1] += krw - sum(shares)
        half = (len(months) + 1) // 2
        for at, part in ((0, sum(shares[:half])), (half, sum(shares[half:]))):
            if part:
                yield self._enter(entry, c.Commit, funding, (self._year, months[at]), part)
        for month, share in zip(months, shares, strict=True):
            yield self._enter(entry, c.Spend, funding, (self._year, month), share)

    def _correct(self, entry: TaskEntry, found: Sequence[Step]) -> Iterator[Step]:
        """A month is long closed, so that the planner opens it again."""
        seen, month = date(self._year, *_SEEN), f"{self._year}-{_WRONG:02}"
        number, wrong = next(
            (number, one.command)
            for number, one in enumerate(found, start=1)
            if isinstance(one.command, c.Spend) and one.command.month == month
        )
        assert isinstance(wrong, c.Spend)
        yield self._by_planner(seen, c.ReopenMonth(task=entry.id, month=month, until=seen))
        right = wrong.amount_krw * 9 // 10 // _UNIT * _UNIT
        correct = c.Correct(task=entry.id, agency=wrong.agency, number=number, amount_krw=right)
        yield self._step(seen, time(11), correct, self._turns.lead(entry, seen))

    def _carry_over(self, entry: TaskEntry, krw: int) -> Iterator[Step]:
        """What is left is paid in January, from the next year's money."""
        over = c.CarryOver(task=entry.id, funding="city", year=self._year, amount_krw=krw)
        yield self._by_planner(date(self._year + 1, *_CARRIED), over)
        for kind in (c.Commit, c.Spend):
            yield self._enter(entry, kind, "city", (self._year + 1, 1), krw)

    def _enter(
        self,
        entry: TaskEntry,
        kind: type[c.Commit | c.Spend | c.Return],
        funding: Funding,
        month: tuple[int, int],
        krw: int,
    ) -> Step:
        """All of a month at one moment, as a finance department closes it. What an agency returns is known as it is said."""
        year, number = month
        after = date(year + number // 12, number % 12 + 1, _ENTERED)
        day = on_or_after(self._calendars, date(year, number, _ENTERED) if kind is c.Return else after).due
        lead = self._turns.lead(entry, day)
        entered = kind(
            task=entry.id,
            agency=str(lead.agency),
            funding=funding,
            month=f"{year}-{number:02}",
            amount_krw=krw,
        )
        return self._step(day, time(16), entered, lead)

    def _by_planner(self, day: date, command: Command) -> Step:
        return self._step(day, time(10), command, self._turns.people.planner)

    def _step(self, day: date, at: time, command: Command, actor: Actor) -> Step:
        return Step(datetime.combine(day, at, SEOUL), command, actor, self._why)


def _when_paid(funding: Funding, months: Sequence[int]) -> list[int]:
    """The city pays each month, an agency at the half and the end of the year, the state once."""
    if funding == "city":
        return list(months)
    if funding == "agency":
        return [one for one in months if one in (_PART, _WHOLE)] or list(months[-1:])
    return [months[len(months) // 2]]
