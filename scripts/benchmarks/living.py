"""What people wait for: a task's whole life, and a commit to show on the board."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from domain.agency.commands import Register
from domain.aggregate import Command
from domain.programme.commands import AddTask, Open
from domain.programme.facts import Area
from domain.task import commands as task
from domain.values import LocalText, Plan
from projections.task_board import TASK_BOARD
from projections.tracking import LOG, ViewTracking
from scripts.benchmarks.dbos_peer import workflows
from scripts.benchmarks.measuring import Sides, time_work
from scripts.benchmarks.place import Place
from store.envelope import Actor
from workers.engine import Engine
from workflows.command_envelope import CommandEnvelope

_PLANNER, _OFFICER = Actor(role="planner"), Actor(role="officer", agency="gto")
_TITLE = LocalText(ko="관광 수요응답버스", en="Tourism bus on demand")
_PLAN = Plan(start=date(2024, 3, 1), end=date(2024, 12, 31), budget_krw=470_000_000)
_STEPS = ("propose", "approve", "start", "report", "evaluate")
_A_YEAR = 27  # tasks on a year's list
_FIRST_YEAR = 2001
_A_SECOND, _PATIENCE_SECONDS = 100, 30.0


def life(place: Place, size: int) -> Sides:
    """Propose, approve, start, report, evaluate, each durable: through the command handler, and as a DBOS workflow of as many steps."""
    with_dbos = place.hold(workflows(place.database(), _STEPS))

    def by_project(number: int) -> float:
        engine = place.engine()
        tasks = _list_tasks(engine, size)

        def work() -> int:
            for one in tasks:
                for command, actor in _life(one):
                    engine.handler.handle(CommandEnvelope(command=command, actor=actor, via="cli"))
            return size

        return time_work(work)

    def by_peer(number: int) -> float:
        def work() -> int:
            for one in range(size):
                with_dbos(f"{number}-{one}")
            return size

        return time_work(work)

    return {"project": by_project, "peer": by_peer}


def _life(number: str) -> Iterator[tuple[Command, Actor]]:
    yield task.Propose(task=number, title=_TITLE, area="culture", lead="gto", plan=_PLAN), _OFFICER
    yield task.Approve(task=number), _PLANNER
    yield (
        task.Start(
            task=number,
        ),
        _OFFICER,
    )
    yield task.SubmitFinalReport(task=number, text="계획한 사업을 완료함."), _OFFICER
    yield task.Evaluate(task=number, score="87.5", grade="A"), _PLANNER


def _list_tasks(engine: Engine, size: int) -> Sequence[str]:
    """New tasks on the lists of as many years as they need."""
    years = range(_FIRST_YEAR, _FIRST_YEAR + math.ceil(size / _A_YEAR))
    tasks = [f"{year}-{number:02}" for year in years for number in range(1, _A_YEAR + 1)][:size]
    areas = (Area(id="culture", name=_TITLE),)
    given: list[Command] = [Register(agency="gto", name=_TITLE)]
    given += [Open(year=year, name=_TITLE, city=_TITLE, areas=areas) for year in years]
    given += [AddTask(year=int(one[:4]), task=one, area="culture", lead="gto", title=_TITLE) for one in tasks]
    for command in given:
        engine.handler.handle(CommandEnvelope(command=command, actor=_PLANNER, via="cli"))
    return tasks


def visible(place: Place, size: int) -> Sides:
    """From the commit to the board's row, through an RQ worker of its own, at 100 commands a second: the slowest of 100."""
    engine, _ = place.hold(place.engine_at_work())
    tasks = _list_tasks(engine, _A_YEAR)
    for one in tasks:
        for command, actor in list(_life(one))[:3]:
            engine.handler.handle(CommandEnvelope(command=command, actor=actor, via="cli"))

    def by_project(number: int) -> float:
        seen = _Board(engine)
        committed: dict[int, float] = {}
        with seen.watched():
            began = time.perf_counter()
            for turn in range(size):
                # an open loop: the moments are fixed beforehand, so that a stall is not waited out
                time.sleep(max(0.0, began + turn / _A_SECOND - time.perf_counter()))
                report = task.ReportProgress(task=tasks[turn % len(tasks)], percent=turn % 100)
                outcome = engine.handler.handle(CommandEnvelope(command=report, actor=_OFFICER, via="cli"))
                committed[outcome.last_position] = time.perf_counter()
            seen.until(max(committed))
        waits = sorted(1000 * max(0.0, seen.at(position) - at) for position, at in committed.items())
        return waits[math.ceil(0.99 * len(waits)) - 1]

    return {"project": by_project}


class _Board:
    """Looks at how far the board has come, some hundred times a second."""

    def __init__(self, engine: Engine) -> None:
        self._tracking = ViewTracking(engine.store, TASK_BOARD)
        self._came: list[tuple[int, float]] = [(0, 0.0)]
        self._over = threading.Event()

    @contextmanager
    def watched(self) -> Iterator[None]:
        looking = threading.Thread(target=self._look)
        looking.start()
        try:
            yield
        finally:
            self._over.set()
            looking.join()

    def _look(self) -> None:
        while not self._over.wait(0.002):
            position = self._tracking.max_tracking_id(LOG) or 0
            if position > self._came[-1][0]:
                self._came.append((position, time.perf_counter()))

    def until(self, position: int) -> None:
        deadline = time.perf_counter() + _PATIENCE_SECONDS
        while self._came[-1][0] < position:
            if time.perf_counter() > deadline:
                raise TimeoutError(f"the board stands at {self._came[-1][0]}, not at {position}")
            time.sleep(0.005)

    def at(self, position: int) -> float:
        """When the board was first seen to hold this fact."""
        return next(moment for came, moment in self._came if came >= position)
