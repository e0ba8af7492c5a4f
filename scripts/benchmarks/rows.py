"""What is measured: each row does the same work by the project, by its peer, and where there is one at the limit.

A measurement is a function from a round's number to (work done, seconds); rounds are taken in turn.
"""

from __future__ import annotations

import gc
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg

from domain.task.commands import ReportProgress
from domain.task.decider import TASK
from domain.values import Figure
from projections.runner import project
from projections.task_board import TASK_BOARD
from scripts.benchmarks import data, peer
from scripts.benchmarks.place import Place
from store.envelope import Actor
from store.mapper import encode
from store.recorded import Batch, NewFact
from workers.bootstrap import ask_all
from workers.queues import Queues
from workers.waking import Waker
from workflows.door import Door
from workflows.order import Order

Round = Callable[[int], tuple[int, float]]
Sides = Mapping[str, Round]


@dataclass(frozen=True)
class Row:
    """`make(place, size)`: the sides of a row by name (project, peer, limit). Targets are least ratios."""

    name: str
    make: Callable[[Place, int], Sides]
    size: int
    peer_target: float
    limit_target: float | None = None


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


def append(place: Place, size: int) -> Sides:
    """One fact a commit, one writer. The limit writes the same bytes into the same table by one prepared INSERT."""
    store, app = place.store(), peer.Tasks(env=peer.environment(place.database()))
    raw = psycopg.connect(place.raw_facts(), autocommit=True)
    insert = "INSERT INTO donghaeng.facts VALUES (%b, %b, %b, %b, %b, now(), now())"
    task = peer.grown(data.life(0, 3))
    app.save(task)

    def by_project(number: int) -> tuple[int, float]:
        def work() -> int:
            for version in range(1, size + 1):
                fact = NewFact(f"task/{number}", version, data.envelope(), data.report(version))
                store.append(Batch(command_id=uuid.uuid4().hex, digest=bytes(32), facts=(fact,)))
            return size

        return timed(work)

    def by_peer(number: int) -> tuple[int, float]:
        def work() -> int:
            for version in range(size):
                values = data.fields(data.report(version))
                task.report(values["percent"], values["text"], values["figures"], "사유")
                app.save(task)
            return size

        return timed(work)

    def at_limit(number: int) -> tuple[int, float]:
        def work() -> int:
            for version in range(1, size + 1):
                fact = data.report(version)
                row = (
                    number * size + version,
                    f"task/{number}",
                    version,
                    fact.kind,
                    encode(data.envelope(), fact),
                )
                raw.execute(insert, row, prepare=True, binary=True)
            return size

        return timed(work)

    return {"project": by_project, "peer": by_peer, "limit": at_limit}


def command(place: Place, size: int) -> Sides:
    """Load 30 to 60 facts, decide, append, wake: through the door, and by repository, method and save."""
    tasks, loaded = 20, 30
    store, app = place.store(), peer.Tasks(env=peer.environment(place.database()))
    store.import_facts(data.lines(tasks * data.PER_TASK, tasks))
    grown = [peer.grown(data.life(number, loaded)) for number in range(tasks)]
    for one in grown:
        app.save(one)
    assert place.redis is not None
    queues = Queues(place.redis, store.id, store.signing_key, {"project": "workers.tasks.project"})
    door = Door(store, partial(ask_all, Waker(lambda view: queues.wake("projections", "project", view))))
    fresh = iter(range(10**9))

    def by_project(number: int) -> tuple[int, float]:
        streams = place.tasks_of(store, tasks, loaded, next(fresh))

        def work() -> int:
            for turn in range(size):
                identity, lead = streams[turn % tasks]
                given = ReportProgress(
                    task=identity,
                    percent=50,
                    text="분기 보고",
                    figures=(Figure(indicator="results", value="5"),),
                )
                door.handle(Order(command=given, actor=Actor(role="officer", agency=lead), reason="분기"))
            return size

        return timed(work)

    def by_peer(number: int) -> tuple[int, float]:
        again = [peer.grown(data.life(one, loaded)) for one in range(tasks)]
        for one in again:
            app.save(one)

        def work() -> int:
            for turn in range(size):
                task: Any = app.repository.get(again[turn % tasks].id)
                task.report(
                    50,
                    {"id": "0" * 32, "commitment": "0" * 64},
                    [{"indicator": "results", "value": "5"}],
                    "분기",
                )
                app.save(task)
            return size

        return timed(work)

    return {"project": by_project, "peer": by_peer}


def bulk(place: Place, size: int) -> Sides:
    """A file of JSON lines into an empty store; the peer decodes the same values and inserts 500 events a commit."""
    lines = list(data.lines(size, 40))
    some = list(data.mixed(size // 5, 40))

    def by_project(number: int) -> tuple[int, float]:
        store = place.store()
        return timed(lambda: store.import_facts(iter(lines)))

    def by_peer(number: int) -> tuple[int, float]:
        app = peer.Tasks(env=peer.environment(place.database()))
        return timed(lambda: _saved_in_bulk(app, len(some)))

    return {"project": by_project, "peer": by_peer}


def _saved_in_bulk(app: peer.Tasks, total: int) -> int:
    saved = 0
    while saved < total:
        chunk = [peer.grown(data.life(saved // data.PER_TASK + number)) for number in range(10)]
        app.save(*chunk)
        saved += 10 * data.PER_TASK
    return saved


def replay(place: Place, size: int) -> Sides:
    """The whole log into folded task states, every fact validated; the peer decodes and mutates."""
    store, app = place.store(), peer.Tasks(env=peer.environment(place.database()))
    store.import_facts(data.lines(size, 40))
    _saved_in_bulk(app, size // 3)

    def by_project(number: int) -> tuple[int, float]:
        def work() -> int:
            states: dict[str, Any] = {}
            count, evolve, initial = 0, TASK.evolve, TASK.initial
            for chunk in store.replay():
                for one in chunk:
                    states[one.stream] = evolve(states.get(one.stream, initial), one.fact, one.effective_at)
                count += len(chunk)
            return count

        return timed(work)

    def by_peer(number: int) -> tuple[int, float]:
        def work() -> int:
            states: dict[Any, Any] = {}
            start = 1
            while page := app.recorder.select_notifications(start, 5000):
                for stored in page:
                    happened: Any = app.mapper.to_domain_event(stored)
                    states[stored.originator_id] = happened.mutate(states.get(stored.originator_id))
                start = page[-1].id + 1
            return start - 1

        return timed(work)

    return {"project": by_project, "peer": by_peer}


def _catch_up(active: int) -> Callable[[Place, int], Sides]:
    def make(place: Place, size: int) -> Sides:
        store, some = place.store(), 4000
        store.import_facts(data.lines(size, active))

        def by_project(number: int) -> tuple[int, float]:
            place.forget_view(store)
            return timed(lambda: project(store, TASK_BOARD))

        def by_peer(number: int) -> tuple[int, float]:
            dsn = place.database()
            app = peer.Tasks(env=peer.environment(dsn))
            total = _interleaved(app, some, active)

            def work() -> int:
                peer.caught_up(dsn, total)
                return total

            return timed(work)

        return {"project": by_project, "peer": by_peer}

    return make


def _interleaved(app: peer.Tasks, total: int, active: int) -> int:
    """The peer's log with as many tasks at once, one event of each in turn."""
    active = min(active, total // 4)
    tasks = [peer.grown(data.life(number, 1)) for number in range(active)]
    _save(app, tasks)
    made = active
    while made < total:
        for task in tasks:
            values = data.fields(data.report(made))
            task.report(values["percent"], values["text"], values["figures"], "사유")
        _save(app, tasks)
        made += active
    return made


def _save(app: peer.Tasks, tasks: list[peer.PeerTask]) -> None:
    """A hundred at a time: the peer's pipeline hangs for ever on a save of too many bytes."""
    for first in range(0, len(tasks), 100):
        app.save(*tasks[first : first + 100])


ROWS = (
    Row("append", append, 1500, 2.0, 0.6),
    Row("command", command, 400, 2.0),
    Row("bulk", bulk, 100_000, 2.0),
    Row("replay", replay, 100_000, 2.0),
    Row("catch-up", _catch_up(40), 100_000, 20.0),
    Row("catch-up-scattered", _catch_up(20_000), 100_000, 8.0),
)
