"""What a storm is: faults at moments, drawn from a seed. Nothing is done here."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from scripts.random_storms.rig import POINTS, SIDES

CLIENTS = 3
ON_THE_WIRE = 2  # the client whose PostgreSQL is at the other end of a network
PARTS = ("ticker", "worker projections", "worker post", "worker automation")
SERVERS = ("postgres", "redis")
KEEPERS = ("keeper postgres", "keeper redis")
PROCESSES = (*(f"client {number}" for number in range(CLIENTS)), *PARTS, *SERVERS, *KEEPERS, "up")
DAMAGED_VIEW = "task_board"
_CALM_EVERY = 20
_EPISODE_SECONDS = 8.0  # of a long storm: in each come as many faults as in a short one
_LONG_SHARE, _LONG_SECONDS = 0.05, 18.0  # longer than anything may be waited for


SHIFTS = {"+1 h": 3600, "-1 h": -3600, "+1 day": 86_400, "-1 day": -86_400}  # seconds


class Fault(msgspec.Struct, frozen=True):
    """`at`: seconds after the load began; `seconds`: for how long, 0 where it is over at once."""

    kind: str
    target: str
    at: float
    seconds: float = 0.0

    @property
    def point(self) -> tuple[str, str] | None:
        """At which side of which named point it waits for somebody, if it does."""
        if self.kind == "lose reply":
            return "after", "append"
        side, _, name = self.target.partition(" ")
        return (side, name) if self.kind in ("die at", "stop at") else None

    def __str__(self) -> str:
        lasting = f" for {self.seconds:g} s" if self.seconds else ""
        return f"{self.at:g} s: {self.kind} {self.target}{lasting}"


class Storm(msgspec.Struct, frozen=True):
    """`load`: for how many seconds clients work at least; for longer where a fault takes longer than it was drawn."""

    seed: int
    faults: tuple[Fault, ...]
    load: float


@dataclass(frozen=True)
class Kind:
    """`targets`: what it can happen to; `lasts`: seconds from and to, (0, 0) where it is over at once.

    `standby`: the machine has one, and is not whole afterwards, so that the next storm gets another. `often`: its weight.
    """

    targets: Sequence[str]
    lasts: tuple[float, float] = (0.0, 0.0)
    standby: bool = False
    often: float = 1.0


_POINTS = tuple(f"{side} {name}" for name in POINTS for side in SIDES)
KINDS: Mapping[str, Kind] = {
    "kill": Kind(PROCESSES, often=2.0),
    "stop": Kind([*(one for one in PROCESSES if one != "up"), "postgres session"], (0.5, 4.0), often=2.0),
    "die at": Kind(_POINTS, often=3.0),
    "stop at": Kind(_POINTS, (0.5, 3.0)),
    "lose reply": Kind(("",), often=1.5),
    "end postgres": Kind(("smart", "fast", "immediate", "one session"), (0.0, 3.0), often=1.5),
    "hold": Kind(("append lock", "head", "positions"), (1.0, 5.0), often=1.5),
    "sessions": Kind(("all ended", "used up"), (0.5, 3.0)),
    "redis": Kind(("flushed", "poisoned", "full", "only read"), (1.0, 5.0), often=2.0),
    "mail": Kind(("closed", "silent"), (1.0, 3.0), often=1.5),
    "upkeep": Kind(("vacuum full", "reindex", "long transaction"), (1.0, 3.0)),
    "wire": Kind(("slow", "half open", "cut"), (0.5, 4.0)),
    "disk": Kind(("full", "fails"), (0.5, 5.0)),
    "clock": Kind(
        [f"{one} {shift}" for one in ("client 0", *PARTS, "postgres") for shift in SHIFTS], (0.5, 6.0)
    ),
    "memory": Kind((*PARTS, *SERVERS), (0.5, 5.0)),
    "lose": Kind(("primary",), (0.0, 2.0), standby=True, often=0.5),
    "lose tail": Kind(("",), (1.0, 3.0), standby=True, often=0.4),
    "second up": Kind(("",), often=0.4),
    "page": Kind(("view", "index", "log"), (2.0, 6.0), often=0.6),
    "wal": Kind(("",), (1.0, 3.0), often=0.4),
}


def storm_of(seed: int, load: float = 0.0) -> Storm:
    """The same for the same seed. Now and then one without faults: nothing may be told then.

    `load`: for how many seconds at least; a long storm is as many short ones one after the other, with load between them.
    """
    draw = random.Random(f"storm {seed}")  # noqa: S311 - the same for a seed
    if seed % _CALM_EVERY == _CALM_EVERY - 1:
        return storm(seed, (), load)
    faults = list[Fault]()
    for episode in range(max(1, int(load / _EPISODE_SECONDS))):
        faults += [_later(one, episode * _EPISODE_SECONDS) for one in _episode(draw)]
    return storm(seed, _with_one_standby(faults), load)


def storm(seed: int, faults: Sequence[Fault], load: float = 0.0) -> Storm:
    """The faults in their order, with as much load as they need."""
    ends = [one.at + one.seconds for one in faults]
    return Storm(
        seed, tuple(sorted(faults, key=lambda one: one.at)), max([3.0, load, *(end + 0.7 for end in ends)])
    )


def _episode(draw: random.Random) -> list[Fault]:
    count = draw.choices((1, 2, 3), (5, 4, 1))[0]
    return [_fault(draw) for _ in range(count)]


def _later(fault: Fault, seconds: float) -> Fault:
    return msgspec.structs.replace(fault, at=round(fault.at + seconds, 2))


def _with_one_standby(faults: Sequence[Fault]) -> list[Fault]:
    """A machine has one standby, which is gone when it was promoted: of several faults that need it the last one stays."""
    needing = [one for one in faults if KINDS[one.kind].standby]
    return [one for one in faults if one not in needing[:-1]]


def _fault(draw: random.Random) -> Fault:
    kind = draw.choices(list(KINDS), [one.often for one in KINDS.values()])[0]
    lasts = draw.uniform(*KINDS[kind].lasts)
    if lasts and draw.random() < _LONG_SHARE:
        lasts += _LONG_SECONDS
    return Fault(kind, draw.choice(KINDS[kind].targets), round(draw.uniform(0.3, 2.0), 2), round(lasts, 2))
