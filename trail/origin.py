"""A log's name: of which store it is, whether that store is simulated, and which epoch. It is signed under every checkpoint."""

from __future__ import annotations

import re
from enum import StrEnum

_NAMED = re.compile(r"donghaeng/(real|simulated)/[0-9a-f]{32}(?:/[0-9]+)?")
_FIRST_EPOCH = 1
READINGS = "readings"  # what the name of the log of readings and refusals ends with, and its folder below the trail's


class Clock(StrEnum):
    """By which clock facts of a log are known. REAL: the one by which they are recorded; SIMULATED: one moved by hand."""

    REAL = "real"
    SIMULATED = "simulated"


def origin(store: str, *, simulated: bool, epoch: int) -> str:
    """`store`: its id. A restored store that goes on is another log: it may not take back what the first has said."""
    kind = Clock.SIMULATED if simulated else Clock.REAL
    return f"donghaeng/{kind}/{store}{_tail(epoch)}"


def older_origin(store: str, epoch: int) -> str:
    """As logs were called before their names said whether the store is simulated. Those keep their names."""
    return f"donghaeng/{store}{_tail(epoch)}"


def clock_of(name: str) -> Clock | None:
    """What a log's name says; None for those of before."""
    found = _NAMED.fullmatch(name)
    return None if found is None else Clock(found[1])


def _tail(epoch: int) -> str:
    return f"/{epoch}" if epoch > _FIRST_EPOCH else ""
