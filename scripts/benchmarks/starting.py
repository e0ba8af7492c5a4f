"""What a start costs: the command line's help, a refusal of its words, and lists, beside the interpreter's bare start."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from projections.views import positions
from scripts.benchmarks.measuring import Sides
from scripts.benchmarks.place import Place
from workers.bootstrap import engine
from workers.settings import Settings

_DONGHAENG = (sys.executable, "-c", "from scripts.cli.entry import run; run()")
_BARE = (sys.executable, "-c", "pass")
_ANNOUNCED = Path(__file__).parents[2] / "data" / "programme-2024.json"


def start_help(place: Place, size: int) -> Sides:
    """`donghaeng task --help` and `donghaeng task list --help`, beside an interpreter that does nothing."""
    return _beside_bare([("task", "--help"), ("task", "list", "--help")], size, {}, ends=0)


def start_refusal(place: Place, size: int) -> Sides:
    """Words that no command takes, refused, beside an interpreter that does nothing."""
    return _beside_bare([("task", "lst"), ("task", "list", "--nix"), ("task", "show")], size, {}, ends=2)


def start_list(place: Place, size: int) -> Sides:
    """What is read every day, of the announced year, while `up` runs; beside an interpreter that does nothing."""
    data = place.hold(place.up())
    env = dict.fromkeys(("DATABASE_URL", "REDIS_URL"), "") | {
        "DONGHAENG_DATA": str(data),
        "DONGHAENG_AS": "planner",
    }
    load = (*_DONGHAENG, "load", str(_ANNOUNCED))
    subprocess.run(load, env={**os.environ, **env}, capture_output=True, check=True)
    _wait_for_views(data)
    return _beside_bare(
        [("task", "list"), ("task", "show", "2024-06"), ("agency", "inbox")], size, env, ends=0
    )


def _wait_for_views(data: Path) -> None:
    """Lists of views that lag would say so besides."""
    with engine(Settings(data=data, database_url=None, redis_url=None)) as built:
        while any(one.lag for one in positions(built.store).values()):
            time.sleep(0.1)


def _beside_bare(words: Sequence[Sequence[str]], size: int, env: Mapping[str, str], *, ends: int) -> Sides:
    """Milliseconds a start, of `size` starts a round."""

    def by(commands: Sequence[Sequence[str]], code: int) -> float:
        began = time.perf_counter()
        for number in range(size):
            command = commands[number % len(commands)]
            done = subprocess.run(command, env={**os.environ, **env}, capture_output=True, check=False)
            assert done.returncode == code, done.stderr.decode()
        return 1000 * (time.perf_counter() - began) / size

    own = [(*_DONGHAENG, *one) for one in words]
    return {"project": lambda number: by(own, ends), "peer": lambda number: by([_BARE], 0)}
