"""How a row is measured: its sides in turn, warmed up once, medians of several rounds."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from domain.errors import DonghaengError
from scripts.benchmarks.place import Place

Round = Callable[[int], float]
Sides = Mapping[str, Round]


class PeerNotHere(DonghaengError):
    """What a row is measured with is not on this machine. `tool`: which; `todo`: how it is had."""

    exit_code = 3
    ko = "{tool}이(가) 이 컴퓨터에 없어 {row} 항목을 잴 수 없습니다. {todo}"
    en = "{tool} is not on this machine, so the row {row} cannot be measured. {todo}"


def _nothing() -> None:
    """Most rows need nothing that does not come along."""


@dataclass(frozen=True)
class Row:
    """`make(place, size)`: the sides by name (project, peer, limit), each from a round's number to what came of it.

    That is work a second, of which there may have to be `least` so much, or what `unit` says where `most` says how much
    there may be (`of` what). `size`: facts or commands a
    round; `full`: the same for `--full`. The other targets are least ratios. `needs`: raises PeerNotHere, quickly, where
    the row cannot be measured on this machine. `parts`: the sides are rows of their own, of each of which there may be so
    much at most.
    """

    name: str
    make: Callable[[Place, int], Sides]
    size: int
    full: int
    rounds: int
    peer_target: float | None = None
    limit_target: float | None = None
    most: float | None = None
    least: float | None = None
    of: str = ""
    unit: str = "facts/s"
    needs: Callable[[], object] = _nothing
    parts: Mapping[str, float] | None = None

    @property
    def says(self) -> str:
        """What is compared, in one sentence or two."""
        return str(self.make.__doc__)

    @property
    def target(self) -> str:
        if self.most is not None:
            return f"{self.of}≤ {self.most:g} {self.unit}"
        if self.least is not None:
            return f"≥ {self.least:,.0f} {self.unit}"
        peer = f"≥ {self.peer_target:.3g}× peer"
        return peer if self.limit_target is None else f"{peer}, ≥ {self.limit_target:g}× limit"


def seconds_of(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def time_work(work: Callable[[], int]) -> float:
    """The work's count a second, with the collector held off: garbage of the set-up is nobody's."""
    gc.collect()
    gc.disable()
    began = time.perf_counter()
    try:
        count = work()
        return count / (time.perf_counter() - began)
    finally:
        gc.enable()


def measure(row: Row, sides: Sides, advance: Callable[[], object]) -> dict[str, float]:
    """Each side's median. Round 0 warms up and is not counted; `advance` is called after each round."""
    rates: dict[str, list[float]] = {side: [] for side in sides}
    for number in range(row.rounds + 1):
        for side, run in sides.items():
            rates[side].append(run(number))
        advance()
    return {side: statistics.median(counted[1:]) for side, counted in rates.items()}


def results(row: Row, medians: Mapping[str, float]) -> list[dict[str, object]]:
    """The row as it is printed; of one in parts a row each."""
    if row.parts is None:
        return [result(row, medians)]
    return [
        result(replace(row, name=f"{row.name}-{part}", most=most), {"project": medians[part]})
        for part, most in row.parts.items()
    ]


def result(row: Row, medians: Mapping[str, float]) -> dict[str, object]:
    """One row as it is printed; `limit` is None where there is none."""
    project, peer, limit = medians["project"], medians.get("peer"), medians.get("limit")
    ratio_peer = None if peer is None else project / peer
    ratio_limit = None if limit is None else project / limit
    met = (
        (row.most is None or project <= row.most)
        and (row.least is None or project >= row.least)
        and _is_reached(ratio_peer, row.peer_target)
        and _is_reached(ratio_limit, row.limit_target)
    )
    return {
        "name": row.name,
        "unit": row.unit,
        "project": _round(project),
        "peer": None if peer is None else _round(peer),
        "limit": None if limit is None else _round(limit),
        "ratio_peer": None if ratio_peer is None else round(ratio_peer, 2),
        "ratio_limit": None if ratio_limit is None else round(ratio_limit, 2),
        "target": row.target,
        "met": met,
    }


def _round(value: float) -> float:
    """Whole, but for what is told in hundredths."""
    return round(value) if value >= 10 else round(value, 2)


def _is_reached(ratio: float | None, target: float | None) -> bool:
    return target is None or (ratio is not None and ratio >= target)
