"""What many processes write at once, beside one process of ours, as many of the peers, and as many raw writers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from scripts.benchmarks.measuring import Sides
from scripts.benchmarks.place import Place

MANY = 16
Writers = Callable[[int], float]


def append_many(place: Place, size: int) -> Sides:
    """One fact a commit, sixteen processes on streams of their own: ours, eventsourcing's, and raw INSERTs of the same bytes."""
    return {
        "project": _of(_writers(place, "append", place.store_dsn()), MANY, size),
        "peer": _of(_writers(place, "peer-append", place.database()), MANY, size),
        "limit": _of(_writers(place, "raw", place.store_dsn(owner=True)), MANY, size),
    }


def append_one(place: Place, size: int) -> Sides:
    """The same sixteen beside one of them alone."""
    return _beside_one(place, "append", size)


def command_many(place: Place, size: int) -> Sides:
    """Load 30 to 60 facts, decide, append, by sixteen processes: through the command handler, and by eventsourcing's repository and save."""
    return {
        "project": _of(_writers(place, "command", place.store_dsn()), MANY, size),
        "peer": _of(_writers(place, "peer-command", place.database()), MANY, size),
    }


def command_dbos(place: Place, size: int) -> Sides:
    """The same commands beside as many processes of DBOS, each command a workflow of one durable step."""
    return {
        "project": _of(_writers(place, "command", place.store_dsn()), MANY, size),
        "peer": _of(_writers(place, "dbos", place.database()), MANY, size),
    }


def command_one(place: Place, size: int) -> Sides:
    """Agencies registered through the command handler, which reads nothing for that: sixteen processes beside one of them alone."""
    return _beside_one(place, "register", size)


def _beside_one(place: Place, side: str, size: int) -> Sides:
    writers = _writers(place, side, place.store_dsn())
    return {"project": _of(writers, MANY, size), "peer": _of(writers, 1, size)}


def _of(writers: Callable[[int, float], float], count: int, size: int) -> Writers:
    """A round: so many work for `size` milliseconds."""
    return lambda _: writers(count, size / 1000)


def _writers(place: Place, side: str, dsn: str) -> Callable[[int, float], float]:
    return place.hold(_program(side, dsn))


@contextmanager
def _program(side: str, dsn: str) -> Iterator[Callable[[int, float], float]]:
    """The processes of one side; called with how many are to work, and for how many seconds, what they did a second."""
    command = [sys.executable, "-m", "scripts.benchmarks.many", side, dsn, str(MANY)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        told, said = program.stdin, program.stdout
        assert told is not None
        assert said is not None
        if said.readline() != "ready\n":
            raise RuntimeError(f"the writers of {side} did not begin")

        def work(writers: int, seconds: float) -> float:
            told.write(f"{writers} {seconds}\n")
            told.flush()
            return float(said.readline())

        yield work
