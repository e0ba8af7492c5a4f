"""Makes a failed storm smaller, as long as the same kind of finding stays: fewer faults, then shorter ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from scripts.random_storms.weather import Fault, Storm, storm

Fails = Callable[[Storm], bool]
_TRIES = 2  # a storm is no clockwork: what does not show at once may show the next time


def shrunk(given: Storm, fails: Fails) -> Storm:
    """The smallest one that was found. `fails`: whether a storm still shows the finding."""
    faults = _fewer(given.seed, given.faults, fails)
    for number, fault in enumerate(faults):
        if fault.seconds > 1.0:
            shorter = [*faults[:number], replace(fault, seconds=fault.seconds / 2), *faults[number + 1 :]]
            if _still(storm(given.seed, shorter), fails):
                faults = shorter
    return storm(given.seed, faults)


def _fewer(seed: int, faults: Sequence[Fault], fails: Fails) -> list[Fault]:
    """Without each, as long as one can go; first each alone."""
    if len(faults) > 1:
        for one in faults:
            if _still(storm(seed, [one]), fails):
                return [one]
    for number in range(len(faults)):
        fewer = [*faults[:number], *faults[number + 1 :]]
        if len(faults) > 2 and _still(storm(seed, fewer), fails):
            return _fewer(seed, fewer, fails)
    return list(faults)


def _still(smaller: Storm, fails: Fails) -> bool:
    return any(fails(smaller) for _ in range(_TRIES))
