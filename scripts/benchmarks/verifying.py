"""`donghaeng trail verify --store` as an inspector gives it: how fast, and in how much memory."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from scripts.benchmarks.measuring import Sides, time_work
from scripts.benchmarks.memory import megabytes_of
from scripts.benchmarks.place import Place
from scripts.benchmarks.sealed import copy_sealed
from workers.engine import Engine
from workers.trail_folder import trail_folder

_COMMAND = "from scripts.cli.entry import run; run()"
_LOOK_SECONDS = 0.2


def verify(place: Place, size: int) -> Sides:
    """Facts a second of `donghaeng trail verify --store`, with its start: leaves, tiles, texts, command ids, entries, every other view."""
    engine = copy_sealed(place, size)
    return {"project": lambda _: time_work(lambda: verify_and_measure(engine, place, size)[0])}


def verify_memory(place: Place, size: int) -> Sides:
    """The most memory that this command holds at once, with the process that compares the views beside it."""
    engine = copy_sealed(place, size)
    return {"project": lambda _: verify_and_measure(engine, place, size)[1]}


def verify_and_measure(engine: Engine, place: Place, size: int) -> tuple[int, float]:
    """How many facts, and the most memory of all its processes together."""
    paper = engine.data.with_name(
        f"{engine.data.name}-policy"
    )  # as it was got on paper: another file than the trail's
    shutil.copy(trail_folder(engine.data) / "policy", paper)
    redis = place.redis_address()["unix_socket_path"]
    told = {
        "DONGHAENG_DATA": str(engine.data),
        "DATABASE_URL": engine.app_dsn,
        "DATABASE_OWNER_URL": engine.owner_dsn,
        "REDIS_URL": f"unix://{redis}",
    }
    words = ["trail", "verify", "--store", "--as", "inspector", "--policy", str(paper), "--json"]
    with subprocess.Popen(
        [sys.executable, "-c", _COMMAND, *words],
        env=os.environ | told,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    ) as process:
        most = 0.0
        while process.poll() is None:
            most = max(most, megabytes_of(process.pid))
            time.sleep(_LOOK_SECONDS)
        said = process.communicate()[0].decode()
    assert process.returncode == 0, said
    return size, most
