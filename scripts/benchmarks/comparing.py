"""What the system looks for by itself: the part of the database compared at each seal, and a whole night's comparison."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.trail.commands import OnKeys
from projections.runner import project
from projections.trail.entries import TRAIL_ENTRIES
from scripts.benchmarks import data
from scripts.benchmarks.measuring import Sides, timed
from scripts.benchmarks.place import Place
from store.envelope import Actor
from workers.bootstrap import Engine
from workers.sealing.comparing import compare_nightly, compare_rolling
from workers.sealing.keeping import begin
from workers.sealing.sealer import seal
from workflows.order import Order


def part(place: Place, size: int) -> Sides:
    """One part, as it is compared twice a minute: 900 ms would be 3 % of the time, all of it taken from whoever writes."""
    engine = _sealed(place, size)

    def by_project(number: int) -> float:
        began = time.perf_counter()
        compare_rolling(engine)
        return 1000 * (time.perf_counter() - began)

    return {"project": by_project}


def whole(place: Place, size: int) -> Sides:
    """Facts a second of a night's comparison: facts, texts, command ids and entries."""
    engine = _sealed(place, size)
    project(engine.store, TRAIL_ENTRIES)

    def work(number: int) -> int:
        night = datetime.now(UTC) + timedelta(days=number)
        while compare_nightly(engine, night):
            pass
        return size

    return {"project": lambda number: timed(lambda: work(number))}


def _sealed(place: Place, size: int) -> Engine:
    """A store of so many facts, all of them sealed."""
    made = place.engine()
    engine = replace(made, data=place.file("comparing").with_name(f"comparing-{made.store.id}"))
    engine.store.import_facts(data.lines(size, 40))

    def give(command: OnKeys) -> object:
        return engine.door.handle(Order(command=command, actor=Actor(role="planner")))

    begin(engine, give, None, new_log=False)
    seal(engine)
    return engine
