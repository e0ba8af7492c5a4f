"""What happens to a listed task until it is proposed: its proposal comes late or never, and the list is changed meanwhile."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from msgspec.structs import replace

from scripts.random_lives.life import Step, moment
from scripts.random_lives.turns_of_agencies import Agencies

WAITED_FOR_FROM = 2027  # the year from which a programme's definition says until when


class WaitingForProposal:
    """By chances of its own, so that all other lives are what they were. `eventful`: something happens; `never`: nobody
    proposes it.

    Who proposes it is whom the list names by then.
    """

    def __init__(self, task: str, lead: str, agencies: Agencies, begins: date, until: date) -> None:
        self._task, self._begins, self._until = task, begins, until
        self._chance = random.Random(f"lateness {task} {begins} {until}")  # noqa: S311 - a story, no secret
        self._lead = lead
        self.eventful = int(task[:4]) >= WAITED_FOR_FROM and self._chance.random() < 0.4
        self._steps = list(self._change(agencies)) if self.eventful else []
        self.never = self.eventful and self._chance.random() < 0.2
        self._days = self._chance.choice((0, 20, 28, 30, 35, 45, 60)) if self.eventful else 0

    def steps(self) -> Iterator[Step]:
        yield from self._steps

    def delay(self, proposed: Step) -> Step:
        at = proposed.at + timedelta(days=self._days)
        last = [one.at for one in self._steps if one.do == "programme_change_task"][-1:]
        at = max([at, *(one + timedelta(minutes=9) for one in last)])
        return replace(proposed, at=at, values={**proposed.values, "lead": self._lead})

    def _change(self, agencies: Agencies) -> Iterator[Step]:
        """The list names another lead or title, sometimes since a day before; seldom the year is closed by hand."""
        day = self._begins
        for _ in range(self._chance.choice((0, 0, 1, 1, 2))):
            day += timedelta(days=self._chance.randint(0, 15))
            values: dict[str, str] = {}
            if self._chance.random() < 0.7 and len(agencies.names) > 1:
                others = [one for one in agencies.names if one != self._lead]
                self._lead = values["lead"] = self._chance.choice(others)
            else:
                values["title"] = f"과제 {self._task} 바꿈 {day:%m%d}"
            at = moment(day, self._chance.randrange(9, 18), self._chance.randrange(60))
            late = None
            if self._chance.random() < 0.3:
                late = moment(max(day - timedelta(days=self._chance.choice((1, 3, 9))), self._begins), 9)
            yield Step(
                at,
                "programme_change_task",
                task=self._task,
                late=late if late and late < at else None,
                values=values,
            )
        if self._chance.random() < 0.08:
            yield Step(moment(self._begins + timedelta(days=40), 15), "programme_close", task=self._task)
