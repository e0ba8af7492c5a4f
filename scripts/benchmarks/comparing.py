"""What the system looks for by itself: the part of the database compared at each seal, and a whole night's comparison."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from scripts.benchmarks import data
from scripts.benchmarks.measuring import Sides, time_work
from scripts.benchmarks.place import Place
from scripts.benchmarks.sealed import copy_sealed
from store.recorded import Batch, NewFact
from workers.engine import Engine
from workers.sealing.nightly_comparison import compare_nightly, compare_rolling

_EVERY_SECONDS = 30.0  # as often as the log is sealed
_ROUND_SECONDS = 35.0  # two parts fall into it, whatever the store's size: of a million facts a fifth as many appends take hours


def part(place: Place, size: int) -> Sides:
    """One part, with its texts, as it is compared twice a minute."""
    engine = copy_sealed(place, size)

    def by_project(number: int) -> float:
        began = time.perf_counter()
        compare_rolling(engine)
        return 1000 * (time.perf_counter() - began)

    return {"project": by_project}


def beside_appends(place: Place, size: int) -> Sides:
    """Appends, one fact a commit, while a part is compared as often as the log is sealed, in the same process; the peer: the same, nothing compared. A round ends after 35 seconds, two parts, if not before with a fifth as many appends as there are facts."""
    engine = copy_sealed(place, size)
    most = max(100, size // 5)

    def appended(stream: str) -> float:
        def work() -> int:
            over = time.monotonic() + _ROUND_SECONDS
            for version in range(1, most + 1):
                fact = NewFact(stream, version, data.envelope(), data.report(version))
                engine.store.append(Batch(command_id=uuid.uuid4().hex, digest=bytes(32), facts=(fact,)))
                if time.monotonic() > over:
                    return version
            return most

        return time_work(work)

    def by_project(number: int) -> float:
        with _compare_all_the_while(engine):
            return appended(f"task/{number}")

    return {"project": by_project, "peer": lambda number: appended(f"task/{1000 + number}")}


@contextmanager
def _compare_all_the_while(engine: Engine) -> Iterator[None]:
    over = threading.Event()

    def compare() -> None:
        compare_rolling(engine)
        while not over.wait(_EVERY_SECONDS):
            compare_rolling(engine)

    comparing = threading.Thread(target=compare)
    comparing.start()
    try:
        yield
    finally:
        over.set()
        comparing.join()


def whole(place: Place, size: int) -> Sides:
    """Facts a second of a night's comparison: facts, texts, command ids, entries and every other view."""
    engine = copy_sealed(place, size)

    def work(number: int) -> int:
        night = datetime.now(UTC) + timedelta(days=number)
        while compare_nightly(engine, night):
            pass
        return size

    return {"project": lambda number: time_work(lambda: work(number))}
