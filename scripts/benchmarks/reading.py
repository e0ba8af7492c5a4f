"""What reads: the log into states, the log into rows of a view."""

from __future__ import annotations

from typing import Any

from domain.task.state import TASK
from projections.runner import project
from projections.task_board import TASK_BOARD
from scripts.benchmarks import data, peer
from scripts.benchmarks.measuring import Sides, time_work
from scripts.benchmarks.place import Place
from scripts.benchmarks.replaying import raw

_PEER_CATCHES_UP = 4000
_PAGE = 5000


def replay(place: Place, size: int) -> Sides:
    """The whole log into folded task states, each fact validated; the peer decodes and mutates a third of it, the limit reads the bytes by a bare cursor with orjson."""
    engine, app = place.engine(), place.peer()
    store = engine.store
    store.import_facts(data.lines(size, 40))
    peer.save_lives(app, [peer.steps(data.life(number)) for number in range(-(-size // 3 // data.PER_TASK))])

    def by_project(number: int) -> float:
        def work() -> int:
            states: dict[str, Any] = {}
            count, evolve, initial = 0, TASK.evolve, TASK.initial
            for facts in store.replay(chunk=_PAGE):
                for one in facts:
                    states[one.stream] = evolve(
                        states.get(one.stream, initial), one.fact, one.effective_at, one.version
                    )
                count += len(facts)
            return count

        return time_work(work)

    def by_peer(number: int) -> float:
        def work() -> int:
            states: dict[Any, Any] = {}
            start = 1
            while page := app.recorder.select_notifications(start, _PAGE):
                for stored in page:
                    happened: Any = app.mapper.to_domain_event(stored)
                    states[stored.originator_id] = happened.mutate(states.get(stored.originator_id))
                start = page[-1].id + 1
            return start - 1

        return time_work(work)

    return {
        "project": by_project,
        "peer": by_peer,
        "limit": lambda _: time_work(lambda: raw(engine.app_dsn)),
    }


def catch_up(place: Place, size: int) -> Sides:
    """The task board from the start, 40 tasks active at once; the peer's documented runner over 4,000 events."""
    return _catch_up(place, size, 40)


def catch_up_scattered(place: Place, size: int) -> Sides:
    """The same, every fact of a batch another row; the peer again over 4,000 events, of a thousand tasks."""
    return _catch_up(place, size, 20_000)


def _catch_up(place: Place, size: int, active: int) -> Sides:
    store = place.store()
    store.import_facts(data.lines(size, active))

    def by_project(number: int) -> float:
        place.forget_view(store)
        return time_work(lambda: project(store, TASK_BOARD))

    def by_peer(number: int) -> float:
        dsn = place.database()
        total = peer.save_interleaved(place.peer(dsn), min(size, _PEER_CATCHES_UP), active)

        def work() -> int:
            peer.catch_up(dsn, total)
            return total

        return time_work(work)

    return {"project": by_project, "peer": by_peer}
