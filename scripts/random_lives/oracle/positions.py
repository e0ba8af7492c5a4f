"""Who is in the city's positions at a moment, and whom they let sign for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from scripts.random_lives.oracle.cases import Fact, Record, day_of, seoul_day
from scripts.random_lives.oracle.life import Life


@dataclass
class Position:
    holders: set[str] = field(default_factory=set)
    delegations: dict[int, Record] = field(default_factory=dict)

    def mandates_of(self, subject: str, day: date) -> list[Record]:
        """The delegations by which the person may sign on that day: in force, and of somebody who is in the position."""
        return [
            one
            for one in self.delegations.values()
            if one["delegate"] == subject
            and one["holder"] in self.holders
            and day_of(one["starts"]) <= day <= (day_of(one["ends"]) if one.get("ends") else date.max)
        ]


def position_at(life: Life, name: str, fact: Fact) -> Position:
    """As it was known before that fact, and in effect on its day."""
    return fold_position(life, name, fact.position, seoul_day(fact.known))


def fold_position(life: Life, name: str, before: int, day: date) -> Position:
    position = Position()
    told = [one for one in life.streams.get(f"position/{name}", []) if one.position < before]
    for one in sorted(told, key=lambda one: (one.so, one.version)):
        if seoul_day(one.so) <= day and one.kind == "position.appointed":
            position.holders.add(one.data["subject"])
        elif seoul_day(one.so) <= day and one.kind == "position.released":
            position.holders.discard(one.data["subject"])
    _delegate(position, sorted(told, key=lambda one: one.version))
    return position


def _delegate(position: Position, told: Iterable[Fact]) -> None:
    """By their own dates, whichever day they are entered; what was ended stays so."""
    for one in told:
        if one.kind == "position.delegated":
            position.delegations[one.data["number"]] = one.data
        elif one.kind == "position.delegation_ended":
            position.delegations.pop(one.data["number"], None)
