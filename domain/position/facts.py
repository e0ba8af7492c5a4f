"""What can happen to a position of the city's own, and who holds it by that. The kinds and fields are stored for ever."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

import msgspec

from domain.errors import Bilingual
from domain.fact import Fact, Fold
from domain.stamps import EVER, Stamps, with_item, with_values
from domain.values import LocalText

Mandate = Literal["standing", "proxy", "substitute"]  # 전결, 대결, 직무대리
MANDATES: Mapping[Mandate, Bilingual] = {
    "standing": Bilingual("전결", "by standing delegation"),
    "proxy": Bilingual("대결", "as a proxy"),
    "substitute": Bilingual("직무대리", "as a substitute"),
}


class Declared(Fact, frozen=True):
    """The city has the position from now on, or calls it so from now on."""

    kind = "position.declared"
    name: LocalText


class Appointed(Fact, frozen=True):
    """A person, by the random id of the vault, came into the position."""

    kind = "position.appointed"
    subject: str


class Released(Fact, frozen=True):
    kind = "position.released"
    subject: str


class Delegated(Fact, frozen=True):
    """Who holds the position lets another sign in approval lines, both days included; without `ends` until it is ended.

    `number`: names the delegation within the position; `mandate`: 전결, 대결 or 직무대리.
    """

    kind = "position.delegated"
    number: int
    mandate: Mandate
    holder: str
    delegate: str
    starts: date
    ends: date | None = None


class DelegationEnded(Fact, frozen=True):
    kind = "position.delegation_ended"
    number: int


PositionFact = Declared | Appointed | Released | Delegated | DelegationEnded


class Position(msgspec.Struct, frozen=True, gc=False):
    """`name` is absent until it is declared. `holders`: since when (effective time) who is in it; `delegations`: by number,
    those that nobody has ended; whether one is in force on a day is for its own dates to say. `stamps`: since when all is so.
    """

    name: LocalText | None = None
    holders: Mapping[str, datetime] = msgspec.field(default_factory=dict)
    delegations: Mapping[int, Delegated] = msgspec.field(default_factory=dict)
    stamps: Stamps = msgspec.field(default_factory=dict)

    def mandate_of(self, subject: str, day: date) -> Delegated | None:
        """By which delegation the person may sign on that day; the delegator still has to hold the position."""
        given = (each for holder in self.holders for each in self.given_by(holder, day))
        return next((one for one in given if one.delegate == subject), None)

    def given_by(self, holder: str, day: date) -> list[Delegated]:
        """Who signs for the holder on that day."""
        return [
            one
            for one in self.delegations.values()
            if one.holder == holder and one.starts <= day <= (one.ends or date.max)
        ]


def evolve(position: Position, fact: PositionFact, at: datetime, version: int) -> Position:
    match fact:
        case Declared():
            return with_values(position, (at, version), name=fact.name)
        case Appointed():
            return with_item(position, (at, version), "holders", fact.subject, at)
        case Released():
            return with_item(position, (at, version), "holders", fact.subject, None)
        case Delegated():
            return with_item(position, (EVER, version), "delegations", fact.number, fact)
        case DelegationEnded():  # what was ended stays so, whichever day its ending is dated
            return with_item(position, (EVER, version), "delegations", fact.number, None)


POSITION = Fold.of("position", Position(), PositionFact, evolve)
