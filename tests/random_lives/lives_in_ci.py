"""Which lives the tests live."""

from __future__ import annotations

from scripts.random_lives.acts import ACTS
from scripts.random_lives.machine import TURNS
from scripts.random_lives.story import FIRST_OF_OWN, FIRST_OF_STARTS, FIRST_YEAR, LAST_YEAR, life_of

FIRST, LAST = 297, 30_000
OWN = 16  # of cities with a definition of their own
STARTS = range(FIRST_OF_STARTS, FIRST_OF_STARTS + OWN)  # which counts from days of its own
YEARS = range(FIRST_YEAR, LAST_YEAR + 2)  # in which a life can be looked back on


def _seeds() -> tuple[int, ...]:
    """The first ones, and beyond them each that has a kind of step, or ends in a year, that none before it has; but for steps of a
    definition's own, which only those lives have that count from them.
    """
    missing: set[str | int] = {*ACTS, *TURNS, *YEARS} - {"task_step"}
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


IN_CI = tuple(sorted({*_seeds(), *range(FIRST_OF_OWN, FIRST_OF_OWN + OWN), *STARTS}))
