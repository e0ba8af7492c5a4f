"""How a row is measured: its sides in turn, warmed up once, medians of several rounds."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scripts.benchmarks.place import Place

Round = Callable[[int], tuple[int, float]]
Sides = Mapping[str, Round]


@dataclass(frozen=True)
class Row:
    """`make(place, size)`: the sides by name (project, peer, limit), each from a round's number to (work, seconds).

    `size`: facts or commands a round; `full`: the same for `--full`. Targets are least ratios.
    """

    name: str
    make: Callable[[Place, int], Sides]
    size: int
    full: int
    rounds: int
    peer_target: float
    limit_target: float | None = None
    unit: str = "facts/s"

    @property
    def says(self) -> str:
        """What is compared, in one sentence or two."""
        return str(self.make.__doc__)

    @property
    def target(self) -> str:
        peer = f"≥ {self.peer_target:g}× peer"
        return peer if self.limit_target is None else f"{peer}, ≥ {self.limit_target:g}× limit"


def timed(work: Callable[[], int]) -> tuple[int, float]:
    """The work's count and its seconds, with the collector held off: garbage of the set-up is nobody's."""
    gc.collect()
    gc.disable()
    began = time.perf_counter()
    try:
        count = work()
        return count, time.perf_counter() - began
    finally:
        gc.enable()


def measured(row: Row, sides: Sides, advance: Callable[[], object]) -> dict[str, float]:
    """Each side's median work a second. Round 0 warms up and is not counted; `advance` is called after each round."""
    rates: dict[str, list[float]] = {side: [] for side in sides}
    for number in range(row.rounds + 1):
        for side, run in sides.items():
            count, seconds = run(number)
            rates[side].append(count / seconds)
        advance()
    return {side: statistics.median(counted[1:]) for side, counted in rates.items()}


def result(row: Row, medians: Mapping[str, float]) -> dict[str, object]:
    """One row as it is printed; `limit` is None where there is none."""
    project, limit = medians["project"], medians.get("limit")
    ratio_peer = project / medians["peer"]
    ratio_limit = None if limit is None else project / limit
    met = ratio_peer >= row.peer_target and (
        row.limit_target is None or (ratio_limit is not None and ratio_limit >= row.limit_target)
    )
    return {
        "name": row.name,
        "unit": row.unit,
        "project": round(project),
        "peer": round(medians["peer"]),
        "limit": None if limit is None else round(limit),
        "ratio_peer": round(ratio_peer, 2),
        "ratio_limit": None if ratio_limit is None else round(ratio_limit, 2),
        "target": row.target,
        "met": met,
    }
