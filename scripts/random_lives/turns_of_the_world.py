"""What happens to all at once: the calendar changes, the definition does, the ticker is away, servers and workers fail."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from scripts.random_lives.life import Step, moment


def world(year: int, begins: date, until: date, chance: random.Random) -> Iterator[Step]:
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


def _step(day: date, hour: int, do: str, /, **values: Any) -> Step:
    return Step(moment(day, hour, 7), do, values=values)
