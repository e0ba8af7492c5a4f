"""Meetings in a life: called, put items on, held with enough or too few, decided by vote or without, done, and minuted."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from scripts.random_lives.life import Step, moment

_SHARES = ("more than 1/2", "1/2", "2/3", "1/3")


class Meetings:
    def __init__(self, chance: random.Random, agencies: Sequence[str], begins: date) -> None:
        self._chance, self._agencies, self._begins = chance, agencies, begins

    def definition(self) -> dict[str, Any]:
        """What a definition of the life's says of meetings."""
        chance = self._chance
        return {
            "agenda_business_days": chance.randint(0, 5),
            "objection_business_days": chance.randint(1, 6),
            "quorum": chance.choice(_SHARES),
            "majority": chance.choice(_SHARES),
        }

    def turns(self) -> Iterator[Step]:
        for number in range(self._chance.choice((1, 1, 2))):
            called = self._begins + timedelta(days=self._chance.randint(1, 12) + 15 * number)
            yield from self._one(f"heads-{number + 1}", called)

    def _one(self, name: str, called: date) -> Iterator[Step]:
        chance, on = self._chance, called + timedelta(days=self._chance.randint(8, 16))
        members = chance.sample(list(self._agencies), chance.randint(1, len(self._agencies)))
        call: dict[str, Any] = {
            "year": self._begins.year,
            "on": str(on),
            "invited": members if chance.random() < 0.85 else [],
        }
        yield self._step(called, 9, "meeting_call", name, **call)
        items = chance.randint(1, 3)
        for number in range(items):
            agency: dict[str, Any] = (
                {"agency": chance.choice(self._agencies)} if chance.random() < 0.5 else {}
            )
            put = called + timedelta(days=chance.choice((0, 0, 1, 3, 9)))
            yield self._step(put, 10 + number, "meeting_item", name, number=number + 1, **agency)
        if chance.random() < 0.3:
            yield self._step(on, 9, "meeting_withdraw", name, item=1)
        came = members if chance.random() < 0.7 else chance.sample(members, chance.randint(1, len(members)))
        chairs = came[:1] if chance.random() < 0.95 else self._agencies[:2]
        yield self._step(on, 13, "meeting_open", name, came=came, chairs=chairs)
        decisions = chance.randint(2, 5)
        for number in range(decisions):
            yield self._motion(name, on, number, len(came), items)
        yield self._step(on, 16, "meeting_close", name)
        yield from self._minutes(name, on)
        for number in range(decisions):
            if chance.random() < 0.6:
                yield self._carried_out(name, on, number)

    def _motion(self, name: str, on: date, number: int, came: int, items: int) -> Step:
        chance = self._chance
        yes = chance.randint(0, came) if chance.random() < 0.5 else came
        votes = [yes, came - yes, 0]
        values: dict[str, Any] = {"pick": number}
        if chance.random() < 0.15:
            return self._step(on, 14, "meeting_vote_down", name, number, votes=votes)
        if chance.random() < 0.6:
            values["votes"] = votes
        if chance.random() < 0.6:
            values["item"] = chance.randint(1, items)
        if chance.random() < 0.2:
            values["rename"] = chance.choice(self._agencies)
        else:
            if chance.random() < 0.7:
                values["agency"] = chance.choice(self._agencies)
            if chance.random() < 0.93:
                values["until"] = str(on + timedelta(days=chance.choice((0, 3, 10, 30))))
        return self._step(on, 14, "meeting_decide", name, number, **values)

    def _minutes(self, name: str, on: date) -> Iterator[Step]:
        chance = self._chance
        yield self._step(on + timedelta(days=1), 10, "meeting_circulate", name)
        if chance.random() < 0.4:
            yield self._step(
                on + timedelta(days=2), 10, "meeting_object", name, agency=chance.choice(self._agencies)
            )
            if chance.random() < 0.7:
                yield self._step(on + timedelta(days=3), 10, "meeting_settle", name)
        yield self._step(on + timedelta(days=chance.choice((3, 14, 20))), 11, "meeting_confirm", name)

    def _carried_out(self, name: str, on: date, number: int) -> Step:
        chance = self._chance
        day = on + timedelta(days=chance.choice((0, 2, 8, 25)))
        late = moment(day - timedelta(days=chance.choice((1, 5))), 9) if chance.random() < 0.25 else None
        other = {"other": chance.choice(self._agencies)} if chance.random() < 0.1 else {}
        return self._step(day, 17, "meeting_done", name, number, late=late, which=number + 1, **other)

    def _step(
        self,
        day: date,
        hour: int,
        do: str,
        name: str,
        minute: int = 0,
        /,
        *,
        late: datetime | None = None,
        **values: Any,
    ) -> Step:
        return Step(moment(day, hour, 10 + minute), do, late=late, values={"meeting": name, **values})
