"""What writes: single facts, whole commands, files in bulk."""

from __future__ import annotations

import uuid

from domain.task.commands import ReportProgress
from domain.values import Figure
from scripts.benchmarks import data, peer
from scripts.benchmarks.measuring import Sides, time_work
from scripts.benchmarks.place import LOADED, MOST_LOADED, Place, new_tasks
from store.envelope import Actor
from store.mapper import encode
from store.recorded import Batch, NewFact
from workflows.command_envelope import CommandEnvelope


def append(place: Place, size: int) -> Sides:
    """One fact a commit, one writer. The limit writes the same bytes into the same table by a prepared INSERT."""
    store, app, raw = place.store(), place.peer(), place.raw_facts()
    task = peer.grow(peer.steps(data.life(0, 3)))
    app.save(task)
    reports = peer.steps(map(data.report, range(size)))

    def by_project(number: int) -> float:
        def work() -> int:
            for version in range(1, size + 1):
                fact = NewFact(f"task/{number}", version, data.envelope(), data.report(version))
                store.append(Batch(command_id=uuid.uuid4().hex, digest=bytes(32), facts=(fact,)))
            return size

        return time_work(work)

    def by_peer(number: int) -> float:
        def work() -> int:
            for step in reports:
                peer.take(task, step)
                app.save(task)
            return size

        return time_work(work)

    def at_limit(number: int) -> float:
        def work() -> int:
            for version in range(1, size + 1):
                fact = data.report(version)
                state = encode(data.envelope(), fact)
                row = (number * size + version, f"task/{number}", version, fact.kind, state)
                raw.execute(data.INSERT, row, prepare=True, binary=True)
            return size

        return time_work(work)

    return {"project": by_project, "peer": by_peer, "limit": at_limit}


def report_on(task: str, lead: str) -> CommandEnvelope:
    """A quarter's report by the task's lead."""
    given = ReportProgress(
        task=task, percent=50, text="분기 보고", figures=(Figure(indicator="results", value="5"),)
    )
    return CommandEnvelope(command=given, actor=Actor(role="officer", agency=lead), via="cli", reason="분기")


def command(place: Place, size: int) -> Sides:
    """Load 30 to 60 facts, decide, append, wake: through the command handler, and by repository, method and save."""
    tasks = -(-size // (MOST_LOADED - LOADED))
    # without memory of the streams: the row is about a command that has to read them
    engine, app = place.engine(recent=0), place.peer()
    report = peer.steps([data.report(25)])[0]

    def by_project(number: int) -> float:
        streams = new_tasks(engine.store, tasks, LOADED, number)

        def work() -> int:
            for turn in range(size):
                identity, lead = streams[turn % tasks]
                engine.handler.handle(report_on(identity, lead))
            return size

        return time_work(work)

    def by_peer(number: int) -> float:
        grown = [peer.grow(peer.steps(data.life(one, LOADED))) for one in range(tasks)]
        peer.save(app, grown)
        identities = [one.id for one in grown]

        def work() -> int:
            for turn in range(size):
                task: peer.PeerTask = app.repository.get(identities[turn % tasks])
                peer.take(task, report)
                app.save(task)
            return size

        return time_work(work)

    return {"project": by_project, "peer": by_peer}


def bulk(place: Place, size: int) -> Sides:
    """A file of JSON lines into an empty store, each decoded; the peer saves a fifth of it, decoded beforehand."""
    path = place.file("facts.jsonl")
    with path.open("wb") as file:
        file.writelines(line + b"\n" for line in data.lines(size, 40))
    lives = [peer.steps(data.life(number)) for number in range(-(-size // 5 // data.PER_TASK))]

    def by_project(number: int) -> float:
        store = place.store()

        def work() -> int:
            with path.open("rb") as file:
                return store.import_facts(file)

        return time_work(work)

    def by_peer(number: int) -> float:
        app = place.peer()
        return time_work(lambda: peer.save_lives(app, lives))

    return {"project": by_project, "peer": by_peer}
