"""What a rebuild costs: the task board folded anew beside the one in use, compared, and put in its place."""

from __future__ import annotations

import os
import subprocess
import sys

from projections.runner import project
from projections.task_board import TASK_BOARD
from scripts.benchmarks import data
from scripts.benchmarks.measuring import Sides, time_work
from scripts.benchmarks.place import Place
from workers.engine import Engine

_PROGRAM = """
import sys
from contextlib import closing
from projections.rebuilding.rebuild import rebuild_view
from projections.task_board import TASK_BOARD
from scripts.benchmarks.memory import most_megabytes
from store.connecting import OWNER_ROLE, connect
from store.log import Store

with Store.open(sys.argv[1]) as store, closing(connect(sys.argv[2], OWNER_ROLE)) as owner:
    done = rebuild_view(store, owner, TASK_BOARD, lambda certificate, command_id: None)
assert done.differences == 0
print(done.position, most_megabytes())
"""


def rebuild(place: Place, size: int) -> Sides:
    """The task board rebuilt in a process of its own, which starts, folds, compares and switches; 40 tasks at once."""
    engine = _fill(place, size)
    return {"project": lambda _: time_work(lambda: int(in_a_process(engine)[0]))}


def rebuild_memory(place: Place, size: int) -> Sides:
    """The most memory that this process holds at once, as the kernel counts it; every fact of a batch another row."""
    engine = _fill(place, size, active=20_000)
    return {"project": lambda _: in_a_process(engine)[1]}


def _fill(place: Place, size: int, active: int = 40) -> Engine:
    engine = place.engine()
    engine.store.import_facts(data.lines(size, active))
    project(engine.store, TASK_BOARD)
    return engine


def in_a_process(engine: Engine) -> tuple[float, float]:
    """The position that the task board was rebuilt up to, and the megabytes that it took."""
    words = [sys.executable, "-c", _PROGRAM, engine.app_dsn, engine.owner_dsn]
    done = subprocess.run(words, env=dict(os.environ), stdout=subprocess.PIPE, text=True, check=True)
    facts, megabytes = map(float, done.stdout.split())
    return facts, megabytes
