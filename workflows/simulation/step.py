"""One step of a simulated year: who does what at which moment."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import msgspec

from domain.aggregate import Command
from store.envelope import Actor

SEOUL = ZoneInfo("Asia/Seoul")
PLANNER, SYSTEM = Actor(role="planner"), Actor(role="system")


class Step(msgspec.Struct, frozen=True):
    """`at`: aware; the store's clock is moved there before the command is handed in.

    `by_rule`: nobody hands it in; by then a rule has done it. `details`: what the vault is told of a new person.
    """

    at: datetime
    command: Command
    actor: Actor
    reason: str
    by_rule: bool = False
    details: Mapping[str, str] = {}


def officer(agency: str) -> Actor:
    return Actor(role="officer", agency=agency)


def in_office_hours(day: date, chance: random.Random) -> datetime:
    """A moment of that day between 09:00 and 17:59 in Seoul."""
    return datetime.combine(day, time(chance.randrange(9, 18), chance.randrange(60)), SEOUL)
