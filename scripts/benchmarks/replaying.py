"""Replay of a whole history into folded states: with two processes, in so much memory, and how it grows."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from math import log
from multiprocessing import get_context

import orjson

from scripts.benchmarks import history
from scripts.benchmarks.folded import PAGE, fold_states
from scripts.benchmarks.measuring import Sides, seconds_of, time_work
from scripts.benchmarks.place import Place
from store.connecting import session
from store.log import Store
from workers.engine import Engine

_PROGRAM = """
import sys
from scripts.benchmarks.folded import fold_states
from scripts.benchmarks.memory import most_megabytes
from store.log import Store

with Store.open(sys.argv[1]) as store:
    facts, states = fold_states(store)
print(facts, most_megabytes())
"""


def raw(dsn: str) -> int:
    """The same bytes by a bare cursor into plain dictionaries by orjson: nothing is checked, upcast or folded."""
    count, loads = 0, orjson.loads
    with session(dsn) as connection, connection.transaction(), connection.cursor("raw") as cursor:
        cursor.itersize = PAGE
        for _, _, state in cursor.execute(
            "SELECT stream, kind, state FROM donghaeng.facts ORDER BY position"
        ):
            head, _, body = state.partition(b"\n")
            loads(head)
            loads(body)
            count += 1
    return count


def replay_two(place: Place, size: int) -> Sides:
    """A big history into folded task states by two processes, each half of the tasks; the peer is one such process."""
    engine = _fill(place, size)
    pool = ProcessPoolExecutor(2, mp_context=get_context("spawn"), initializer=gc.disable)
    place.hold(pool)

    def by(processes: int) -> Callable[[int], float]:
        def work() -> int:
            parts = [pool.submit(_part, engine.app_dsn, (n, processes)) for n in range(1, processes + 1)]
            counts, percents = zip(*(part.result() for part in parts), strict=True)
            assert sum(counts) == size
            assert sums.setdefault("percent", sum(percents)) == sum(percents), "the same states, however made"
            return size

        return lambda _: time_work(work)

    sums: dict[str, int] = {}
    return {"project": by(2), "peer": by(1)}


def replay_memory(place: Place, size: int) -> Sides:
    """The most memory that a process holds at once that replays a big history into folded task states."""
    engine = _fill(place, size)

    def by_project(number: int) -> float:
        words = [sys.executable, "-c", _PROGRAM, engine.app_dsn]
        done = subprocess.run(words, env=dict(os.environ), capture_output=True, text=True, check=True)
        facts, megabytes = done.stdout.split()
        assert int(facts) == size
        return float(megabytes)

    return {"project": by_project}


def replay_growth(place: Place, size: int) -> Sides:
    """How replay grows with the history: the exponent fitted over a hundredth, a tenth and all of it, 1 being linear; the limit is a bare cursor with orjson, nothing checked or folded."""
    sizes = sorted({max(100, size // 100), max(100, size // 10), size})
    engines = {one: _fill(place, one) for one in sizes}

    def by_project(number: int) -> float:
        return exponent("replay", {n: seconds_of(partial(fold_states, engines[n].store)) for n in sizes})

    def by_limit(number: int) -> float:
        return exponent("bare cursor", {n: seconds_of(partial(raw, engines[n].app_dsn)) for n in sizes})

    return {"project": by_project, "limit": by_limit}


def _part(dsn: str, shard: tuple[int, int]) -> tuple[int, int]:
    with Store.open(dsn) as store:
        count, states = fold_states(store, shard)
    return count, sum(state.percent for state in states.values())


def _fill(place: Place, size: int) -> Engine:
    engine = place.engine()
    engine.store.import_facts(history.lines(size))
    return engine


def exponent(name: str, seconds: dict[int, float]) -> float:
    """Of the power law through these points by least squares, which are told."""
    said = ", ".join(f"{size:,} facts {took:.4g} s ({size / took:,.0f}/s)" for size, took in seconds.items())
    xs, ys = [log(size) for size in seconds], [log(took) for took in seconds.values()]
    if len(xs) < 2:
        return 1.0
    middle = sum(xs) / len(xs)
    slope = sum((x - middle) * y for x, y in zip(xs, ys, strict=True)) / sum((x - middle) ** 2 for x in xs)
    print(f"{name}: {said}; exponent {slope:.2f}", file=sys.stderr)
    return slope
