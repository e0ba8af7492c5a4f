"""Which lives the tests live."""

from __future__ import annotations

from scripts.random_lives.acts import ACTS
from scripts.random_lives.acts_of_lines import ACTS_OF_LINES
from scripts.random_lives.acts_of_meetings import ACTS_OF_MEETINGS
from scripts.random_lives.acts_of_money import ACTS_OF_MONEY
from scripts.random_lives.life import TAKE
from scripts.random_lives.machine import TURNS
from scripts.random_lives.story import (
    FIRST_OF_OWN,
    FIRST_YEAR,
    LAST_YEAR,
    OF_LINES,
    OF_PLACES,
    OF_STARTS,
    life_of,
)

FIRST, LAST = 297, 30_000
OWN = 8  # of cities with a definition of their own: with places of its own, with days that it counts from, with approval lines, with money
YEARS = range(FIRST_YEAR, LAST_YEAR + 2)  # in which a life can be looked back on


def _seeds() -> tuple[int, ...]:
    """The first ones, and beyond them each that has a kind of step, or ends in a year, that none before it has."""
    missing: set[str | int] = {*ACTS, *TURNS, *YEARS} - {
        TAKE,
        *ACTS_OF_LINES,
        *ACTS_OF_MEETINGS,
        *ACTS_OF_MONEY,
    }
    seeds: list[int] = []
    for seed in range(LAST):
        if seed >= FIRST and not missing:
            break
        life = life_of(seed)
        has: set[str | int] = {life.until.year, *(step.do for step in life.steps)}
        if seed < FIRST or has & missing:
            seeds.append(seed)
            missing -= has
    return tuple(seeds)


_OWN = (FIRST_OF_OWN, OF_PLACES[0], OF_STARTS[0], OF_LINES[0])
_OF_MONEY = (70_000, 70_001, 70_002, 70_013)  # which have each kind of step of money and meetings
IN_CI = tuple(sorted({*_seeds(), *(first + more for first in _OWN for more in range(OWN)), *_OF_MONEY}))
