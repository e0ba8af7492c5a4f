"""What reminders cost: so many notices due at once, armed, put into digests and handed to a mail server."""

from __future__ import annotations

import subprocess
import sys
import time
import uuid
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from redis import Redis
from rq import Queue

from domain.agency import facts as agency
from domain.calendar.reckoning import business_day
from domain.channels import Channel
from domain.programme import facts as programme
from domain.task import facts
from domain.task.basis import basis_of
from domain.task.state import TASK
from domain.values import CalendarVersion, LocalText, Milestone, Plan
from projections.notices import notice_states
from projections.views import positions
from scripts.benchmarks.measuring import Sides
from scripts.benchmarks.memory import most_megabytes
from scripts.benchmarks.place import Place
from store.envelope import Actor, Envelope
from store.log import Store
from store.recorded import Batch, NewFact
from workers.delivery.sink import Sink, mail_sink
from workers.engine import Engine
from workflows.automation.deadlines import open_deadlines
from workflows.calendars import calendars, opening
from workflows.command_envelope import CommandEnvelope
from workflows.definitions.templates import templates

_PLANNER = Actor(role="planner")
_NAME = LocalText(ko="과제", en="task")
_OPENED = datetime(2024, 6, 3, tzinfo=UTC)
_DAY = date(2024, 6, 20)  # fourteen business days before the milestones, and no other rung's
_NINE = datetime(2024, 6, 20, 0, tzinfo=UTC)
_MILESTONES, _TASKS_EACH, _AT_ONCE = 10, 10, 300
_PATIENCE_SECONDS = 600.0
_PEER_JOBS = 300
_MOST: dict[str, float] = {}


def notices(place: Place, size: int) -> Sides:
    """So many notices due in one moment, a hundred for each agency, with `up`'s two RQ workers and its ticker: until all
    are recorded as sent and the mail server has each once. The peer: RQ with one job a reminder, which sends it."""
    sink = place.hold(mail_sink())

    def by_project(number: int) -> float:
        wanted = size if number else max(size // 50, 100)
        sink.mails.clear()
        with place.engine_at_work(simulated=True, smtp_url=sink.url) as (engine, supervisor):
            _city(engine, wanted)
            _until(lambda: not any(one.lag for one in positions(engine.store).values()))
            time.sleep(3.0)  # the ticker's own first look at everything
            began = time.perf_counter()
            engine.store.move_clock(_NINE)
            _until(lambda: notice_states(engine.store).get("sent", 0) >= wanted)
            took = time.perf_counter() - began
            if number:
                _MOST["megabytes"] = max(map(most_megabytes, supervisor.processes))
        came = sink.notices()
        assert len(came) == came.total() == wanted, f"{came.total()} notices came, {len(came)} different"
        return wanted / took

    def by_peer(number: int) -> float:
        return _one_job_a_reminder(place.redis_address(), sink)

    return {"project": by_project, "peer": by_peer}


def notices_memory(place: Place, size: int) -> Sides:
    """The most memory that a process of the row before held at once, as the kernel counts it."""

    def by_project(number: int) -> float:
        if "megabytes" not in _MOST:
            notices(place, size)["project"](1)
        return _MOST["megabytes"]

    return {"project": by_project}


def _one_job_a_reminder(redis: dict[str, Any], sink: Sink) -> float:
    with Redis(**redis) as connection:
        queue = Queue("bench-reminders", connection=connection)
        began = time.perf_counter()
        for number in range(_PEER_JOBS):
            queue.enqueue("scripts.benchmarks.reminder_job.send_one", sink.port, number)
        workers = [
            subprocess.Popen([sys.executable, "-c", _PEER, msgspec.json.encode(redis).decode()])
            for _ in range(2)
        ]
        for worker in workers:
            worker.wait()
        took = time.perf_counter() - began
        queue.delete()
    return _PEER_JOBS / took


_PEER = """
import json, sys
import scripts.benchmarks.reminder_job  # once, not in every job's process
from redis import Redis
from rq import Queue, Worker
connection = Redis(**json.loads(sys.argv[1]))
Worker([Queue("bench-reminders", connection=connection)], connection=connection).work(burst=True, logging_level="ERROR")
"""


def _city(engine: Engine, wanted: int) -> None:
    """As many milestones due on one day, a hundred for each agency, put there past the command handler."""
    store = engine.store
    store.move_clock(_OPENED)
    for year in (2024, 2025):
        engine.handler.handle(CommandEnvelope(command=opening(year), actor=_PLANNER, via="cli"))
    known = calendars(store, (2023, 2024, 2025))
    due = business_day(known, _DAY, 14)
    plan = Plan(
        start=_OPENED.date(),
        end=date(2024, 12, 31),
        budget_krw=1,
        milestones=tuple(Milestone(id=f"m{number}", name=_NAME, due=due) for number in range(_MILESTONES)),
    )
    tasks = [f"{2024 + number // 900}-{number % 900 + 1:03}" for number in range(wanted // _MILESTONES)]
    _append(store, [("programme/2024", programme.Opened(name=_NAME, city=_NAME, areas=()))])
    agencies = [f"a{number}" for number in range(-(-len(tasks) // _TASKS_EACH))]
    for first in range(0, len(agencies), _AT_ONCE):
        some = agencies[first : first + _AT_ONCE]
        _append(store, [(f"agency/{one}", fact) for one in some for fact in _agency(one)])
    life = _life(plan, known)
    for first in range(0, len(tasks), _AT_ONCE):
        some = tasks[first : first + _AT_ONCE]
        _append(
            store,
            [
                (f"task/{one}", fact)
                for number, one in enumerate(some, start=first)
                for fact in (
                    msgspec.structs.replace(life[0], lead=agencies[number // _TASKS_EACH]),
                    *life[1:],
                )
            ],
        )


def _life(plan: Plan, known: Any) -> tuple[Any, ...]:
    life = (
        facts.Proposed(title=_NAME, area="x", lead="", plan=plan, definition="donghaeng-2024/1"),
        facts.Approved(),
        facts.Started(on=_OPENED.date()),
    )
    state = TASK.initial
    for number, fact in enumerate(life, start=1):
        state = TASK.evolve(state, fact, _OPENED, number)
    by = templates()["donghaeng-2024/1"]
    return (
        *life,
        facts.DeadlinesSet(
            definition=by.identity,
            calendars=(CalendarVersion(year=2024, version=1), CalendarVersion(year=2025, version=1)),
            deadlines=open_deadlines(basis_of(state), by, known).deadlines,
        ),
    )


def _agency(identity: str) -> tuple[Any, ...]:
    return (
        agency.Registered(name=LocalText(ko=identity)),
        agency.ContactSet(channel=Channel.MAIL, address=f"tasks@{identity}.example"),
    )


def _append(store: Store, new: list[tuple[str, Any]]) -> None:
    identity = uuid.uuid4().hex
    envelope = Envelope(v=1, schema=1, actor=_PLANNER, via="cli", authn="asserted", command=identity)
    versions: dict[str, int] = {}
    numbered = []
    for stream, fact in new:
        versions[stream] = versions.get(stream, 0) + 1
        numbered.append(
            NewFact(
                stream, versions[stream], msgspec.structs.replace(envelope, schema=fact.schema_version), fact
            )
        )
    store.append(Batch(identity, b"", tuple(numbered)))


def _until(done: Any) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while not done():
        if time.monotonic() > end:
            raise TimeoutError("the workers did not come to an end")
        time.sleep(0.2)
