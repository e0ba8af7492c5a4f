"""Who holds the city's positions when, who signs, objects and asks anew, in the life of a city with approval lines."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from scripts.random_lives.life import TAKE, Step, moment
from scripts.random_lives.own_lines import ASK, LINED, POSITIONS, TAKE_STEP

_WRONG = 0.07  # how often somebody signs whose turn it is not
_DATED_BACK = 0.1  # how often somebody tries to date back what goes by a line
_PEOPLE = 7


class Signing:
    """`lined`: the most signatures that a line takes, by command."""

    def __init__(self, chance: random.Random, lined: Mapping[str, int], begins: date, until: date) -> None:
        self._chance, self._lined = chance, lined
        self._begins, self._until = begins, until
        self._people = [f"city-p{number}" for number in range(1, _PEOPLE + 1)]

    def declare(self) -> Iterator[Step]:
        """Before a definition that names them is adopted."""
        for one in POSITIONS:
            yield self._at(self._begins, "position_declare", position=one)

    def appoint(self) -> Iterator[Step]:
        """A person or two in each position, seldom none, and others who may come into one."""
        for person in self._people:
            yield self._at(self._begins, "person_register", person=person, mail=f"{person}@people.example")
        for one in POSITIONS:
            for person in self._chance.sample(self._people, self._chance.choice((0, *(1,) * 9, 2, 2, 2))):
                yield self._at(self._begins, "position_appoint", position=one, person=person)

    def turns(self, steps: Sequence[Step], tasks: Sequence[str]) -> list[Step]:
        """All steps of the life, with those who sign what others ask for, in no order."""
        asked = [self._undated(one) for one in steps] + list(self._advances(tasks))
        found = []
        for one in asked:
            found.append(one)
            count = self._lined.get(_command_of(one), 0)
            if count:
                found += self._follow(one, count)
        return found + list(self._turns_of_positions())

    def _undated(self, step: Step) -> Step:
        """What goes by a line is seldom dated back: it would be refused."""
        if _command_of(step) not in self._lined or self._chance.random() < _DATED_BACK:
            return step
        return replace(step, late=None)

    def _advances(self, tasks: Sequence[str]) -> Iterator[Step]:
        for task in tasks:
            day = self._begins + timedelta(days=self._chance.randint(6, 25))
            while day < self._until:
                form = {"amount": str(self._chance.choice((5, 20, 90)) * 1_000_000)}
                at = moment(day, self._chance.randrange(9, 18), self._chance.randrange(60))
                yield Step(at, TAKE, task=task, values={"step": ASK, "form": form})
                day += timedelta(days=self._chance.choice((3, 10, 25, 40)))

    def _follow(self, asked: Step, count: int) -> Iterator[Step]:
        """Those who sign, soon or over days, one who objects, who asks no more, and who asks once more."""
        chance, at = self._chance, asked.at
        for _ in range(count if chance.random() < 0.7 else chance.randint(0, count)):
            at += self._pause()
            do = "task_object" if chance.random() < 0.08 else "task_sign"
            yield self._sign(do, asked, at)
        dice = chance.random()
        if dice < 0.05:
            yield self._sign("task_withdraw_line", asked, at + self._pause())
        if 0.03 < dice < 0.15:
            again = replace(asked, at=at + timedelta(days=chance.randint(0, 6), minutes=1), late=None)
            yield again
            at = again.at
            for _ in range(count):
                at += self._pause()
                yield self._sign("task_sign", asked, at)

    def _sign(self, do: str, asked: Step, at: datetime) -> Step:
        values: dict[str, Any] = {"pick": self._chance.randrange(10**6)}
        if self._chance.random() < _WRONG:
            values["wrong"] = True
        return Step(at, do, task=asked.task, values=values)

    def _pause(self) -> timedelta:
        """Mostly within the hour, so that what comes next in the life still fits."""
        if self._chance.random() < 0.7:
            return timedelta(minutes=self._chance.randint(1, 20))
        return timedelta(days=self._chance.choice((0, 1, 1, 2, 3, 6)), minutes=self._chance.randint(1, 90))

    def _turns_of_positions(self) -> Iterator[Step]:
        """People come into positions and leave them, also looked back on, and let others sign."""
        chance = self._chance
        for _ in range(chance.randint(1, 5)):
            day = self._begins + timedelta(
                days=chance.randrange(1, max((self._until - self._begins).days, 2))
            )
            position, person = chance.choice(POSITIONS), chance.choice(self._people)
            late = None if chance.random() < 0.7 else moment(day - timedelta(days=chance.randint(0, 12)))
            dice = chance.random()
            if dice < 0.35:
                yield self._at(
                    day, "position_release", hour=11, late=late, position=position, which=chance.randrange(9)
                )
                if chance.random() < 0.8:
                    yield self._at(
                        day, "position_appoint", hour=12, late=late, position=position, person=person
                    )
            elif dice < 0.5:
                yield self._at(day, "position_appoint", hour=12, late=late, position=position, person=person)
            elif dice < 0.9:
                yield from self._delegation(day, position, person)
            else:
                yield self._at(day, "position_declare", hour=12, position=position, name=f"새 {position}")

    def _delegation(self, day: date, position: str, person: str) -> Iterator[Step]:
        chance = self._chance
        starts = day + timedelta(days=chance.choice((-1, 0, 0, 2, 6)))
        span: dict[str, Any] = {
            "mandate": chance.choice(("standing", "proxy", "substitute")),
            "starts": str(starts),
        }
        if span["mandate"] != "standing" or chance.random() < 0.5:
            span["ends"] = str(starts + timedelta(days=chance.choice((0, 4, 20, 60))))
        yield self._at(
            day,
            "position_delegate",
            hour=9,
            position=position,
            person=person,
            which=chance.randrange(9),
            **span,
        )
        if chance.random() < 0.3:
            later = day + timedelta(days=chance.randint(0, 12))
            yield self._at(later, "position_end_delegation", hour=13, position=position)

    def _at(self, day: date, do: str, *, hour: int = 8, late: datetime | None = None, **values: Any) -> Step:
        at = moment(day, hour)
        return Step(at, do, late=late if late is None or late < at else None, values=values)


def _command_of(step: Step) -> str:
    if step.do == TAKE and step.values.get("step") == ASK:
        return TAKE_STEP
    return LINED[step.do][0] if step.do in LINED else ""
