"""The fund of a simulated year: who gives what, to whom it goes, what it was used for.

The announcement only says that there is to be one: all of it is drawn, from a seed of its own, and says so.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from functools import partial

from msgspec.structs import replace

from domain.aggregate import Command
from domain.fund import commands as c
from domain.fund.facts import Form
from domain.money.commands import SetBudget, Spend
from domain.seoul import SEOUL
from domain.subject.commands import Register
from domain.values import LocalText
from store.envelope import Actor
from workflows.programme_file import TaskEntry
from workflows.simulation.step import Step
from workflows.simulation.turns import Turns

FUND, _PROJECT = "gongik", "citizens-1"
_FUND_TITLE = LocalText(ko="공익 기금(모의)", en="Fund for the public good (simulated)")
_PROJECT_TITLE = LocalText(
    ko="마을 나눔터 조성(모의)", en="A place to share in the neighbourhood (simulated)"
)
_Day = tuple[int, int]  # month and day
_MILLION = 1_000_000
_GIVERS, _UNNAMED, _PLEDGED, _IN_KIND = 10, 1, 4, 2  # of the givers: who asks not to be named, who promises
_HALF, _DUE = 20 * _MILLION, (9, 30)  # what is promised is given in two halves
# of each contribution: month and day, the giver, and of one in kind what it is
_GIVEN: tuple[tuple[int, int, int, str | None], ...] = (
    (4, 22, 0, None),
    (5, 7, _UNNAMED, None),
    (5, 20, _IN_KIND, "태블릿 컴퓨터 20대(모의)"),
    (6, 10, 3, None),
    (6, 19, _PLEDGED, None),
    (7, 16, 5, None),
    (8, 13, 6, None),
    (9, 10, 0, None),
    (9, 26, _PLEDGED, None),
    (10, 17, 7, "생활용품 300상자(모의)"),
    (11, 7, 8, None),
    (12, 12, 9, None),
)
_OPENED, _PROMISED, _ALLOTTED, _TAKEN_BACK = (4, 1), (5, 13), (6, 20), (12, 20)
_SHARES = (
    10 * _MILLION,
    8 * _MILLION,
    6 * _MILLION,
)  # of the first task, the second, and the citizens' project
_CITIZENS = 2
# of each use: month and day, whose of these, how much, and the day on which it was proved, if it was
_USED: tuple[tuple[int, int, int, int, tuple[int, int] | None], ...] = (
    (8, 20, 0, 6 * _MILLION, (9, 3)),
    (9, 24, _CITIZENS, 4 * _MILLION, (10, 8)),
    (10, 22, 1, 8 * _MILLION, (11, 5)),
    (12, 17, 0, 4 * _MILLION, None),
)


class Giving:
    """`plain`: tasks of which two get something."""

    def __init__(self, plain: Sequence[TaskEntry], seed: int, turns: Turns, why: str) -> None:
        self._chance = random.Random(f"{seed}/fund")
        self._turns, self._why, self._year = turns, why, turns.year
        self._givers = [f"{self._chance.getrandbits(128):032x}" for _ in range(_GIVERS)]
        self._tasks = self._chance.sample(list(plain), 2)
        self._beneficiaries = (*(one.id for one in self._tasks), _PROJECT)
        self._krw = [
            _HALF if giver == _PLEDGED else self._chance.randrange(2, 31) * _MILLION
            for _, _, giver, _ in _GIVEN
        ]

        self._found: list[Step] = []
        self._pledge, self._used = (
            0,
            dict[int, int](),
        )  # numbers in the fund's history, uses by their place in the list

    def steps(self) -> list[Step]:
        """In order of time: what names a pledge or a use has its number from having given it before."""
        turns: list[tuple[_Day, Callable[[], None]]] = [
            (_OPENED, self._open),
            (_PROMISED, self._promise),
            (_ALLOTTED, self._allot),
            (_TAKEN_BACK, self._take_back),
        ]
        for place, (month, day, *_) in enumerate(_GIVEN):
            turns.append(((month, day), partial(self._contribute, place)))
        for place, (month, day, *_, proved) in enumerate(_USED):
            turns.append(((month, day), partial(self._use, place)))
            if proved is not None:
                turns.append((proved, partial(self._prove, place, proved)))
        for _, turn in sorted(turns, key=lambda one: one[0]):
            turn()
        return self._found

    def _open(self) -> None:
        self._give(_OPENED, c.Open(fund=FUND, title=_FUND_TITLE))
        for number, giver in enumerate(self._givers, start=1):
            details = {"name": f"기부자 {number}(모의)", "mail": f"giver-{number}@giver.example"}
            step = self._step(_OPENED, Register(subject=giver), self._turns.people.planner)
            self._found.append(replace(step, details=details))

    def _promise(self) -> None:
        due = date(self._year, *_DUE)
        giver = self._givers[_PLEDGED]
        self._pledge = self._give(_PROMISED, c.Pledge(fund=FUND, giver=giver, amount_krw=2 * _HALF, due=due))

    def _contribute(self, place: int) -> None:
        month, day, giver, what = _GIVEN[place]
        given = c.Contribute(
            fund=FUND,
            giver=self._givers[giver],
            form="kind" if what else "money",
            amount_krw=self._krw[place],
            what=what,
            pledge=self._pledge if giver == _PLEDGED else None,
            anonymous=giver == _UNNAMED,
        )
        self._give((month, day), given)

    def _allot(self) -> None:
        """To each task also as a budget from donations; what came in kind goes to the citizens' project."""
        for one, krw in zip(self._beneficiaries, _SHARES, strict=True):
            self._allocate(one, "money", krw)
        self._allocate(_PROJECT, "kind", self._krw[[one[2] for one in _GIVEN].index(_IN_KIND)])
        for entry, krw in zip(self._tasks, _SHARES, strict=False):
            budget = SetBudget(task=entry.id, funding="donated", year=self._year, amount_krw=krw)
            self._found.append(self._step(_ALLOTTED, budget, self._turns.people.planner))

    def _allocate(self, beneficiary: str, form: Form, krw: int) -> None:
        title = _PROJECT_TITLE if beneficiary == _PROJECT else None
        given = c.Allocate(fund=FUND, beneficiary=beneficiary, form=form, amount_krw=krw, title=title)
        self._give(_ALLOTTED, given)

    def _use(self, place: int) -> None:
        """Of a task it is spending too, which its lead enters."""
        month, day, whose, krw, _ = _USED[place]
        used = c.Use(
            fund=FUND,
            beneficiary=self._beneficiaries[whose],
            form="money",
            amount_krw=krw,
            what="사업비로 사용(모의).",
        )
        self._used[place] = self._give((month, day), used)
        if whose == _CITIZENS:
            return
        lead = self._turns.lead(self._tasks[whose], date(self._year, month, day))
        spent = Spend(
            task=self._tasks[whose].id,
            agency=str(lead.agency),
            funding="donated",
            month=f"{self._year}-{month:02}",
            amount_krw=krw,
        )
        self._found.append(self._step((month, day), spent, lead))

    def _prove(self, place: int, day: _Day) -> None:
        self._give(day, c.Prove(fund=FUND, use=self._used[place], evidence="지출 증빙서 사본(모의)."))

    def _take_back(self) -> None:
        """What the citizens' project did not use."""
        left = _SHARES[_CITIZENS] - sum(krw for *_, whose, krw, _ in _USED if whose == _CITIZENS)
        self._give(_TAKEN_BACK, c.TakeBack(fund=FUND, beneficiary=_PROJECT, form="money", amount_krw=left))

    def _give(self, day: _Day, command: c.OnFund) -> int:
        """The number that it comes to have in the fund's history."""
        self._found.append(self._step(day, command, self._turns.people.planner))
        return sum(isinstance(one.command, c.OnFund) for one in self._found)

    def _step(self, day: _Day, command: Command, actor: Actor) -> Step:
        at = datetime.combine(date(self._year, *day), time(14), SEOUL)
        return Step(at, command, actor, self._why)
