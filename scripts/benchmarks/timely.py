"""What time costs: looking for what is due, explaining deadlines, moving them with a holiday."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime

from domain.calendar.commands import Proclaim, WithdrawDay
from domain.task import facts
from domain.values import LocalText, Milestone, Plan
from projections.deadlines import DEADLINES, tasks_due
from projections.runner import project
from scripts.benchmarks.measuring import Sides
from scripts.benchmarks.place import Place
from store.envelope import Actor, Envelope
from store.log import Store
from store.recorded import Batch, NewFact
from workers.engine import Engine
from workers.sweeping import sweep
from workflows.automation.deadlines import count_deadline
from workflows.automation.reacting import Memory
from workflows.automation.rescheduling import change_calendar
from workflows.calendars import calendars, opening
from workflows.command_envelope import CommandEnvelope
from workflows.explaining_counts import day_by_day

_PLANNER = Actor(role="planner")
_NAME = LocalText(ko="과제", en="task")
_TODAY = datetime(2024, 6, 3, tzinfo=UTC)
_HOLIDAY = date(2024, 10, 1)
# five deadlines each: three quarters, a milestone, the final report; the holiday moves two of them
_PLAN = Plan(
    start=date(2024, 6, 1),
    end=date(2024, 12, 31),
    budget_krw=1,
    milestones=(Milestone(id="autumn", name=_NAME, due=_HOLIDAY),),
)
_EACH = 5
_AT_ONCE = 300


def idle_sweep(place: Place, size: int) -> Sides:
    """A ticker's look at a city of so many open deadlines, of which none is due and none has to be counted again."""
    engine, memory = _city(place, size)

    def by_project(number: int) -> float:
        return _milliseconds(lambda: sweep(engine, memory))

    return {"project": by_project}


def explain(place: Place, size: int) -> Sides:
    """So many deadlines counted again and told day by day, as `donghaeng deadline explain` does it."""
    engine, _ = _city(place, size)
    known = calendars(engine.store, [2024, 2025])
    deadlines = [one for row in tasks_due(engine.store) for one in row.deadlines]

    def by_project(number: int) -> float:
        return _milliseconds(
            lambda: [day_by_day(count_deadline(one, known).reckoned, "ko") for one in deadlines]
        )

    return {"project": by_project}


def proclaim(place: Place, size: int) -> Sides:
    """A holiday proclaimed, or withdrawn, over so many open deadlines: those that it moves in the same append."""
    engine, _ = _city(place, size)

    def by_project(number: int) -> float:
        command = WithdrawDay(day=_HOLIDAY) if number % 2 else Proclaim(day=_HOLIDAY, title=_NAME)
        envelope = CommandEnvelope(command=command, actor=_PLANNER, via="cli", reason="공고")
        took = _milliseconds(lambda: change_calendar(engine.store, engine.handler, envelope, command))
        project(engine.store, DEADLINES)
        return took

    return {"project": by_project}


def _city(place: Place, size: int) -> tuple[Engine, Memory]:
    """A simulated store on 3 June 2024 with so many open deadlines."""
    engine = place.engine(simulated=True)
    engine.store.move_clock(_TODAY)
    for year, without in ((2024, [_HOLIDAY]), (2025, [])):
        engine.handler.handle(CommandEnvelope(command=opening(year, without), actor=_PLANNER, via="cli"))
    tasks = [f"{2024 + number // 900}-{number % 900 + 1:03}" for number in range(size // _EACH)]
    for first in range(0, len(tasks), _AT_ONCE):
        _run(engine.store, tasks[first : first + _AT_ONCE])
    project(engine.store, DEADLINES)
    memory = Memory()
    while sweep(engine, memory):
        project(engine.store, DEADLINES)
    return engine, memory


def _run(store: Store, tasks: list[str]) -> None:
    """Put tasks under way, past the command handler: what is measured comes later."""
    identity = uuid.uuid4().hex
    envelope = Envelope(v=1, schema=1, actor=_PLANNER, via="cli", authn="asserted", command=identity)
    life = (
        facts.Proposed(title=_NAME, area="x", lead="gto", plan=_PLAN, definition="donghaeng-2024/1"),
        facts.Approved(),
        facts.Started(on=_TODAY.date()),
    )
    new = [
        NewFact(f"task/{task}", version, envelope, fact)
        for task in tasks
        for version, fact in enumerate(life, start=1)
    ]
    store.append(Batch(identity, b"", tuple(new)))


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)
