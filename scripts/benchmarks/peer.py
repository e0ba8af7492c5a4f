"""The peer: `eventsourcing` used as its documentation shows, for the same tasks and the same values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg import conninfo
from psycopg.sql import SQL, Identifier

from domain.fact import Fact
from domain.task import facts
from scripts.benchmarks import data
from scripts.benchmarks.data import fields

Step = tuple[str, dict[str, Any]]


class PeerTask(Aggregate):
    """The task as a documented aggregate: decorated methods, one event class each."""

    class Proposed(Aggregate.Created):
        title: dict[str, str]
        area: str
        lead: str
        plan: dict[str, Any]
        definition: str

    @event(Proposed)
    def __init__(
        self, title: dict[str, str], area: str, lead: str, plan: dict[str, Any], definition: str
    ) -> None:
        self.title, self.area, self.lead, self.plan, self.definition = title, area, lead, plan, definition
        self.stage, self.percent, self.figures = "proposed", 0, {}  # type: ignore[var-annotated]

    @event("Approved")
    def approve(self) -> None:
        self.stage = "approved"

    @event("Started")
    def start(self, on: str) -> None:
        self.stage, self.started_on = "in_progress", on

    @event("ProgressReported")
    def report(self, percent: int, text: dict[str, str], figures: list[dict[str, str]], reason: str) -> None:
        self.percent = percent
        for figure in figures:
            self.figures[figure["indicator"]] = figure["value"]


class Tasks(Application[Any]):
    """The documented application."""


def steps(life: Iterable[Fact]) -> list[Step]:
    """The same facts as the names of the peer's events and plain values, made before any time is taken."""
    return [_step(fact) for fact in life]


def _step(fact: Fact) -> Step:
    values = fields(fact)
    match fact:
        case facts.Proposed():
            return "propose", {name: values[name] for name in ("title", "area", "lead", "plan", "definition")}
        case facts.Approved():
            return "approve", {}
        case facts.Started():
            return "start", {"on": values["on"]}
        case facts.ProgressReported():
            report = {name: values[name] for name in ("percent", "text", "figures")}
            return "report", {**report, "reason": "사유"}
    raise AssertionError(fact)


def grow(life: Sequence[Step]) -> PeerTask:
    """An aggregate with the same facts, its events pending."""
    task = PeerTask(**life[0][1])
    for step in life[1:]:
        take(task, step)
    return task


def take(task: PeerTask, step: Step) -> None:
    """One more event, pending."""
    getattr(task, step[0])(**step[1])


def save(app: Tasks, tasks: Sequence[PeerTask], at_a_time: int = 100) -> None:
    """A hundred with one event each at a time: its pipeline hangs for ever on a save of too many bytes."""
    for first in range(0, len(tasks), at_a_time):
        app.save(*tasks[first : first + at_a_time])


def save_lives(app: Tasks, lives: Sequence[Sequence[Step]]) -> int:
    """Whole lives, ten a commit; the number of events."""
    for first in range(0, len(lives), 10):
        app.save(*map(grow, lives[first : first + 10]))
    return sum(map(len, lives))


def save_interleaved(app: Tasks, total: int, active: int) -> int:
    """As many tasks at once, one event of each in turn; the number of events."""
    active = min(active, max(1, total // 4))
    tasks = [grow(steps(data.life(number, 1))) for number in range(active)]
    save(app, tasks)
    made = active
    while made < total:
        step = _step(data.report(made))
        for task in tasks:
            take(task, step)
        save(app, tasks)
        made += active
    return made


def environment(dsn: str) -> dict[str, str]:
    """eventsourcing's settings for a database."""
    parts = conninfo.conninfo_to_dict(dsn)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(parts["dbname"]),
        "POSTGRES_HOST": str(parts["host"]),
        "POSTGRES_PORT": str(parts.get("port", 5432)),
        "POSTGRES_USER": str(parts["user"]),
        "POSTGRES_PASSWORD": "",
    }


class BoardRecorder(PostgresTrackingRecorder):
    """A view with a row a task, written with its tracking in one transaction an event, as documented."""

    def __init__(self, datastore: Any, **given: Any) -> None:
        super().__init__(datastore, **given)
        table = Identifier("peer_board")
        self.sql_create_statements.append(
            SQL(
                "CREATE TABLE IF NOT EXISTS {0} "
                "(id uuid PRIMARY KEY, stage text, area text, lead text, percent int, changed bigint)"
            ).format(table)
        )
        self._insert = SQL(
            "INSERT INTO {0} VALUES (%s, 'proposed', %s, %s, 0, %s) ON CONFLICT DO NOTHING"
        ).format(table)
        self._stage = SQL("UPDATE {0} SET stage = %s, changed = %s WHERE id = %s").format(table)
        self._percent = SQL("UPDATE {0} SET percent = %s, changed = %s WHERE id = %s").format(table)

    def take(self, happened: Any, tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            at, task = tracking.notification_id, happened.originator_id
            match type(happened).__name__:
                case "Proposed":
                    cursor.execute(self._insert, (task, happened.area, happened.lead, at), prepare=True)
                case "Approved":
                    cursor.execute(self._stage, ("approved", at, task), prepare=True)
                case "Started":
                    cursor.execute(self._stage, ("in_progress", at, task), prepare=True)
                case "ProgressReported":
                    cursor.execute(self._percent, (happened.percent, at, task), prepare=True)


class Board(Projection[BoardRecorder]):
    """The documented projection over that view."""

    name = "peerboard"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.take(domain_event, tracking)


def catch_up(dsn: str, last: int) -> None:
    """Run the documented runner until the view has processed notification `last`."""
    with ProjectionRunner(
        application_class=Tasks, projection_class=Board, view_class=BoardRecorder, env=environment(dsn)
    ) as runner:
        runner.wait(last, timeout=600)
