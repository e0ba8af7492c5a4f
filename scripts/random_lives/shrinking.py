"""Makes a failing life smaller, as long as the same kind of finding stays: without tasks, agencies, days, then steps."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from msgspec.structs import replace

from scripts.random_lives.life import Life, Step

Fails = Callable[[Life], bool]
_SECONDS = 90.0


def shrunk(life: Life, fails: Fails, seconds: float = _SECONDS) -> Life:
    """The smallest one that was found within the time. `fails`: whether a life still shows the finding."""
    return _Shrinking(fails, time.monotonic() + seconds).run(life)


class _Shrinking:
    def __init__(self, fails: Fails, end: float) -> None:
        self._fails, self._end = fails, end

    def run(self, life: Life) -> Life:
        life = self._shorter(life)
        if len(life.tasks) > 3:  # one alone, most often
            for task in life.tasks:
                alone = replace(life, steps=tuple(one for one in life.steps if one.task in (None, task)))
                if self._still(alone):
                    life = alone
                    break
        life = self._without_each(life, life.tasks, lambda step: step.task)
        life = self._without_each(life, life.agencies, lambda step: step.agency)
        return self._shorter(self._fewer(life))

    def _still(self, life: Life) -> bool:
        return bool(life.steps) and time.monotonic() < self._end and self._fails(life)

    def _shorter(self, life: Life) -> Life:
        """Looked back on earlier, with the steps up to then: half of the days that are left, again and again."""
        first = life.steps[0].at
        low, high = timedelta(0), life.until - first
        while high - low > timedelta(days=3):
            middle = low + (high - low) / 2
            until = (first + middle).replace(hour=12, minute=0, second=0, microsecond=0)
            shorter = replace(life, until=until, steps=tuple(one for one in life.steps if one.at < until))
            if self._still(shorter):
                life, high = shorter, middle
            else:
                low = middle
        return life

    def _without_each(self, life: Life, names: Sequence[str], name: Callable[[Step], str | None]) -> Life:
        for one in names:
            fewer = replace(life, steps=tuple(step for step in life.steps if name(step) != one))
            if self._still(fewer):
                life = fewer
        return life

    def _fewer(self, life: Life) -> Life:
        """Delta debugging (ddmin): leave out ever smaller parts, until no single step can go."""
        size = max(len(life.steps) // 2, 1)
        while True:
            at, gone = 0, False
            while at < len(life.steps):
                fewer = replace(life, steps=life.steps[:at] + life.steps[at + size :])
                if self._still(fewer):
                    life, gone = fewer, True
                else:
                    at += size
            if (size == 1 and not gone) or time.monotonic() >= self._end:
                return life
            size = max(size // 2, 1) if not gone or size > 1 else 1
