"""How long what did not work is left alone: said once, for hosts, views, jobs, Redis, and what is refused by rule."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Hashable


class Rests:
    """`first` seconds after the first trouble with a thing, twice as long each time, at most `longest`.

    Nobody waits in here, so that one thread looks after many things. Nothing hangs on what it remembers.
    """

    def __init__(self, first: float, longest: float, now: Callable[[], float] | None = None) -> None:
        self._first, self._longest = first, longest
        self._clock = now
        self._rests: dict[Hashable, tuple[float, float]] = {}  # until when, and how long

    def _now(self) -> float:
        return (self._clock or time.monotonic)()

    def resting(self, thing: Hashable = None) -> bool:
        """Whether it is to be left alone."""
        return thing in self._rests and self._now() < self._rests[thing][0]

    def note_failure(self, thing: Hashable = None) -> float:
        """There was trouble with it: its rest begins; for how many seconds."""
        before = self._rests.get(thing)
        rest = self._first if before is None else min(2 * before[1], self._longest)
        self._rests[thing] = (self._now() + rest, rest)
        return rest

    def may_try(self, thing: Hashable = None) -> bool:
        """Whether it is to be tried now; if so its rest begins, as if that were in vain."""
        if self.resting(thing):
            return False
        self.note_failure(thing)
        return True

    def well(self, thing: Hashable = None) -> None:
        """It worked: the next trouble is the first one again."""
        self._rests.pop(thing, None)

    def forget_over(self, keep: Collection[Hashable] = ()) -> None:
        """Whose rest is over is taken to be well, except for those to `keep`."""
        now = self._now()
        self._rests = {one: rest for one, rest in self._rests.items() if one in keep or now <= rest[0]}
