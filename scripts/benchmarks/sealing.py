"""What sealing costs who writes: the same appends with the log being sealed beside them, and without."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from domain.trail.commands import OnKeys
from scripts.benchmarks import data
from scripts.benchmarks.measuring import Sides, time_work
from scripts.benchmarks.place import Place
from store.envelope import Actor
from store.recorded import Batch, NewFact
from workers.engine import Engine
from workers.sealing.folder import TrailFolder
from workers.sealing.keeping import begin
from workflows.command_envelope import CommandEnvelope

_EVERY_SECONDS, _PATIENCE_SECONDS = 1.0, 120.0


def sealing(place: Place, size: int) -> Sides:
    """One fact a commit, one writer, while an RQ worker seals the log once a second; the peer: the same, not sealed."""
    engine, _ = place.hold(place.engine_at_work(parts=(("worker", "automation"),), data="sealing"))

    def give(command: OnKeys) -> object:
        return engine.handler.handle(CommandEnvelope(command=command, actor=Actor(role="planner"), via="cli"))

    begin(engine, give, None, new_log=False)

    def appended(stream: str) -> float:
        def work() -> int:
            for version in range(1, size + 1):
                fact = NewFact(stream, version, data.envelope(), data.report(version))
                engine.store.append(Batch(command_id=uuid.uuid4().hex, digest=bytes(32), facts=(fact,)))
            return size

        return time_work(work)

    def by_project(number: int) -> float:
        with _seal_every_second(engine):
            return appended(f"task/{number}")

    return {"project": by_project, "peer": lambda number: appended(f"task/{1000 + number}")}


@contextmanager
def _seal_every_second(engine: Engine) -> Iterator[None]:
    """Wakes who seals; when it is over, everything is sealed and nobody is at work any more."""
    over = threading.Event()

    def wake() -> None:
        while True:
            engine.queues.wake("automation", "seal")
            if over.wait(_EVERY_SECONDS):
                return

    waking = threading.Thread(target=wake)
    waking.start()
    try:
        yield
    finally:
        over.set()
        waking.join()
    _until_sealed(engine, engine.store.head().position)


def _until_sealed(engine: Engine, position: int) -> None:
    folder, deadline = TrailFolder(engine.data), time.monotonic() + _PATIENCE_SECONDS
    while (found := folder.load_published()) is None or found[
        1
    ].size < position - 1:  # the last may be a seal's own
        if time.monotonic() > deadline:
            raise TimeoutError(f"the log is not sealed to {position}")
        engine.queues.wake("automation", "seal")
        time.sleep(0.2)
