"""What becomes of tasks' money and of a fund in a life: most of it right, some beyond what there is, too late, or somebody else's."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from scripts.random_lives.life import SEOUL, Step, moment

_FUNDINGS = ("city", "agency", "national", "donated")
_MILLION = 1_000_000
GIVERS = 4
_PROJECT = "citizens-1"
_TURNS_OF_FUND = (
    *("fund_contribute",) * 7,
    *("fund_pledge",) * 2,
    *("fund_allocate",) * 5,
    *("fund_use",) * 5,
    *("fund_prove",) * 3,
    "fund_take_back",
    "fund_transfer",
    "fund_cancel",
)
_TURNS_OF_MONEY = (
    *("money_spend",) * 10,
    *("money_commit",) * 6,
    *("money_correct",) * 4,
    *("money_budget",) * 2,
    "money_return",
    "money_carry",
    "money_reopen",
)


class Paying:
    def __init__(self, chance: random.Random, agencies: Sequence[str], begins: date, until: date) -> None:
        self._chance, self._agencies = chance, agencies
        self._begins, self._until = begins, until

    def definition(self) -> dict[str, Any]:
        """What a definition of the life's says of money."""
        chance = self._chance
        return {
            "overspend": chance.choice(("refuse", "warn")),
            "closing_day": chance.choice((1, 5, 10, 20, 28)),
        }

    def of_tasks(self, steps: Sequence[Step]) -> Iterator[Step]:
        """From the approval of each task on, seldom before."""
        approved: dict[str, datetime] = {}
        for one in steps:
            if one.do == "task_approve" and one.task is not None:
                approved[one.task] = min(one.at, approved.get(one.task, one.at))
        for task, at in approved.items():
            yield from self._of_task(task, at.astimezone(SEOUL).date())

    def _of_task(self, task: str, day: date) -> Iterator[Step]:
        chance = self._chance
        budgets = {
            one: chance.randint(20, 300) * _MILLION for one in chance.sample(_FUNDINGS, chance.randint(1, 3))
        }
        for funding, krw in budgets.items():
            said: dict[str, Any] = {"funding": funding, "year": int(task[:4]), "krw": krw}
            yield self._step(day + timedelta(days=chance.randint(0, 2)), "money_budget", task, **said)
        if chance.random() < 0.1:
            day -= timedelta(days=6)
        while day < self._until:
            day += timedelta(days=chance.randint(1, 9))
            funding = chance.choice(sorted(budgets))
            do = chance.choice(_TURNS_OF_MONEY)
            yield from self._turn(task, day, do, funding, budgets[funding])

    def _turn(self, task: str, day: date, do: str, funding: str, budget: int) -> Iterator[Step]:
        chance, krw = self._chance, budget * self._chance.randint(1, 30) // 100
        by: dict[str, Any] = {
            "by": chance.choice(("lead",) * 8 + ("partner", "other")),
            "other": chance.choice(self._agencies),
        }
        month = _month(day, -chance.choice((0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 3, -1)))
        match do:
            case "money_budget":
                more = {"funding": funding, "year": day.year, "krw": budget * chance.randint(60, 150) // 100}
                yield self._step(day, do, task, late=self._late(day), **more)
            case "money_carry":
                yield self._step(day, do, task, funding=funding, year=day.year, krw=krw)
            case "money_correct":
                percent, which = chance.choice((0, 50, 90, 110, 300)), chance.choice((1, 1, 2, 3))
                yield self._step(day, do, task, which=which, percent=percent, **by)
            case "money_reopen":
                old = _month(day, -chance.choice((1, 2, 3)))
                yield self._step(
                    day, do, task, month=old, until=str(day + timedelta(days=chance.randint(0, 9)))
                )
                yield self._step(day, "money_spend", task, funding=funding, month=old, krw=krw, **by)
            case _:
                late = self._late(day) if do == "money_spend" else None
                yield self._step(day, do, task, late=late, funding=funding, month=month, krw=krw, **by)

    def of_fund(self, tasks: Sequence[str]) -> Iterator[Step]:
        chance = self._chance
        for number in range(1, GIVERS + 1):
            yield self._step(self._begins, "person_register", person=f"giver-{number}")
        day = self._begins + timedelta(days=chance.randint(1, 4))
        yield self._step(day, "fund_open")
        for _ in range(chance.randint(2, 4)):
            yield self._given(day + timedelta(days=1), "fund_contribute")
        while (day := day + timedelta(days=chance.randint(1, 6))) < self._until:
            yield self._given(day, chance.choice(_TURNS_OF_FUND), tasks)

    def _given(self, day: date, do: str, tasks: Sequence[str] = ()) -> Step:
        chance = self._chance
        form = "kind" if chance.random() < 0.3 else "money"
        late = self._late(day)
        if do in ("fund_contribute", "fund_pledge"):
            pledge = chance.choice((0, 0, 0, 1, 1, 2))
            more = {"form": form, "pledge": pledge, "anonymous": chance.random() < 0.2}
            more["anothers"] = chance.random() < 0.1
            krw, giver = chance.randint(1, 50) * _MILLION, chance.randint(1, GIVERS)
            return self._step(
                day,
                do,
                late=late,
                person=f"giver-{giver}",
                krw=krw,
                **(more if do == "fund_contribute" else {}),
            )
        if do in ("fund_allocate", "fund_use", "fund_take_back"):
            beneficiary = chance.choice((*tasks[:2], _PROJECT))
            percent = chance.choice((10, 30, 50, 100, 100, 105))
            pick = chance.randint(0, 9)
            return self._step(
                day, do, late=late, form=form, beneficiary=beneficiary, percent=percent, pick=pick
            )
        if do == "fund_transfer":
            wrong = chance.choice((0, 0, 1000))
            return self._step(day, do, krw=chance.randint(1, 5) * _MILLION, wrong=wrong)
        return self._step(day, do, which=chance.choice((1,) * 8 + (2, 0)))

    def _late(self, day: date) -> datetime | None:
        """Since when it was so: mostly since it is said; else some days before."""
        if self._chance.random() < 0.75:
            return None
        return moment(max(self._begins, day - timedelta(days=self._chance.choice((1, 3, 10, 40)))), 9)

    def _step(
        self, day: date, do: str, task: str | None = None, /, *, late: datetime | None = None, **values: Any
    ) -> Step:
        at = moment(day, self._chance.randrange(9, 18), self._chance.randrange(60))
        return Step(at, do, task=task, late=late if late is None or late < at else None, values=values)


def _month(day: date, more: int) -> str:
    months = day.year * 12 + day.month - 1 + more
    return f"{months // 12}-{months % 12 + 1:02}"
