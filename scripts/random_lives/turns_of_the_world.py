"""What happens to all at once: the calendar changes, the definition does, the ticker is away, servers and workers fail."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from scripts.random_lives.life import Step, moment
from scripts.random_lives.turns_of_agencies import Agencies


def world(year: int, begins: date, until: date, agencies: Agencies, chance: random.Random) -> Iterator[Step]:
    """In no order."""

    def day() -> date:
        return begins + timedelta(days=chance.randrange(1, max((until - begins).days, 2)))

    for _ in range(chance.choice((0, 0, 1, 2))):
        yield from _holiday(day(), chance)
    for _ in range(chance.choice((0, 0, 1))):
        yield _step(day(), 11, "calendar_open", year=year + chance.choice((0, 1, 1, 2, 3)))
    if chance.random() < 0.15:
        yield from _migration(year, day(), chance)
    for _ in range(chance.choice((0, 0, 1, 1, 2))):
        yield from _away(day(), chance)
    for _ in range(chance.choice((1, 2, 6)) if chance.random() < 0.25 else 0):
        yield from _mail_closed(day(), agencies, chance)
    if chance.random() < 0.05:
        yield from _restore(day(), chance)
    if chance.random() < 0.15:
        yield _step(day(), 13, "redis_flushed")
    if chance.random() < 0.1:
        yield _step(day(), 14, "worker_killed")


def _holiday(at: date, chance: random.Random) -> Iterator[Step]:
    """Proclaimed for a day soon, in some months, or years ahead, and sometimes withdrawn again."""
    day = at + timedelta(days=chance.choice((0, 1, 2, 5, 10, 10, 30, 90, 400, 1200)))
    while day.weekday() > 4:
        day += timedelta(days=1)
    yield _step(at, 15, "proclaim", day=str(day))
    if chance.random() < 0.5:
        yield _step(at + timedelta(days=chance.randint(0, 12)), 16, "withdraw_day", day=str(day))


def _migration(year: int, at: date, chance: random.Random) -> Iterator[Step]:
    first, second = ("donghaeng-2024/2", "donghaeng-2024/1")
    if year >= 2025:
        first, second = second, first
    yield _step(at, 12, "migrate", to=first)
    if chance.random() < 0.7:
        yield _step(at + timedelta(days=chance.choice((0, 1, 3, 20))), 17, "migrate", to=second)


def _away(at: date, chance: random.Random) -> Iterator[Step]:
    """The ticker alone, or with it all that Redis carries."""
    hours = chance.choice((3, 12, 30, 72, 24 * 7, 24 * 16, 24 * 30))
    yield _step(
        at, chance.randrange(24), chance.choice(("ticker_away", "ticker_away", "redis_gone")), hours=hours
    )


def _mail_closed(at: date, agencies: Agencies, chance: random.Random) -> Iterator[Step]:
    """The mail server takes nothing for hours or days, while people often change: what waits is for others then."""
    hours = chance.choice((3, 20, 26, 26, 30, 72, 24 * 8))
    yield _step(at, chance.choice((8, 9, 12)), "mail_closed", hours=hours)
    for _ in range(chance.choice((0, 1, 2)) if hours > 3 else 0):
        later = at + timedelta(days=chance.randint(1, hours // 24 + 1))
        yield from agencies.leaves(later) if chance.random() < 0.6 else agencies.turn(later)


def _restore(at: date, chance: random.Random) -> Iterator[Step]:
    """A backup, which takes the store's place hours or days later, and is accepted then or after a while."""
    yield _step(at, 7, "backed_up")
    lost = at + timedelta(days=chance.choice((0, 1, 1, 1, 3, 20)))
    yield _step(lost, chance.choice((10, 15, 23)), "restored")
    yield _step(lost + timedelta(days=chance.choice((0, 0, 1, 5))), 23, "epoch_accepted")


def _step(day: date, hour: int, do: str, /, **values: Any) -> Step:
    return Step(moment(day, hour, 7), do, values=values)
