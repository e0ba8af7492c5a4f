"""What a year's report costs: the announced year, walked through as the demo does it, written in all formats."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from scripts.benchmarks.measuring import Sides
from scripts.benchmarks.place import Place
from workers.bootstrap import vault_of
from workers.delivery.sink import mail_sink
from workers.engine import Engine
from workers.settings import Settings
from workers.simulating import walk
from workflows.programme_file import read_programme
from workflows.simulation.year import steps

_YEAR = 2024
_PROGRAMME = Path(__file__).resolve().parents[2] / "data" / f"programme-{_YEAR}.json"
_PROGRAM = """
import resource, sys
from pathlib import Path
from projections.report.formats import FORMATS
from projections.report.publishing import write_report
from scripts.benchmarks.memory import most_megabytes
from store.log import Store

with Store.open(sys.argv[1]) as store:
    _, files = write_report(store, int(sys.argv[2]), list(FORMATS), "ko", Path(sys.argv[3]))
assert len(files) == len(FORMATS)
# formats are made in processes of their own, of which this is the largest
print(max(most_megabytes(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024))
"""
_MOST: dict[str, float] = {}


def report(place: Place, size: int) -> Sides:
    """The announced year's report in all formats, by a process of its own which starts, folds, draws and writes."""
    engine = _walk(place)
    return write_apart(engine.app_dsn, _YEAR, engine.data / "reports", _MOST)


def report_memory(place: Place, size: int) -> Sides:
    """The most memory that one of these processes held at once, as the kernel counts it."""
    return say_most(_MOST, lambda: report(place, size))


def write_apart(dsn: str, year: int, out: Path, most: dict[str, float]) -> Sides:
    """A year's report in all formats by a process of its own, in milliseconds. `most`: takes the megabytes that one held."""

    def by_project(number: int) -> float:
        began = time.perf_counter()
        words = [sys.executable, "-c", _PROGRAM, dsn, str(year), str(out)]
        done = subprocess.run(words, env=dict(os.environ), capture_output=True, text=True, check=True)
        took = time.perf_counter() - began
        most["megabytes"] = max(most.get("megabytes", 0.0), float(done.stdout))
        return 1000 * took

    return {"project": by_project}


def say_most(most: dict[str, float], write: Callable[[], Sides]) -> Sides:
    """The most that was held. `write`: gives what writes a report, where none was written yet."""

    def by_project(number: int) -> float:
        if not most:
            write()["project"](1)
        return most["megabytes"]

    return {"project": by_project}


def _walk(place: Place) -> Engine:
    sink = place.hold(mail_sink())
    engine, _ = place.hold(place.engine_at_work(simulated=True, smtp_url=sink.url, data="report"))
    vault = place.hold(vault_of(Settings(data=engine.data), engine))
    walk(engine, steps(read_programme(_PROGRAMME)), lambda _: None, vault=vault, channels=("mail",))
    return engine
