"""The peer: `eventsourcing` used as its documentation shows, for the same tasks and the same values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg import conninfo
from psycopg.sql import SQL, Identifier

from domain.aggregate import Fact
from domain.task import facts
from scripts.benchmarks.data import fields


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


def grown(life: Iterator[Fact]) -> PeerTask:
    """An aggregate with the same facts, its events pending."""
    task: PeerTask | None = None
    for fact in life:
        if isinstance(fact, facts.Proposed):
            values = fields(fact)
            task = PeerTask(*(values[name] for name in ("title", "area", "lead", "plan", "definition")))
        assert task is not None
        if isinstance(fact, facts.Approved):
            task.approve()
        elif isinstance(fact, facts.Started):
            task.start(on=str(fact.on))
        elif isinstance(fact, facts.ProgressReported):
            values = fields(fact)
            task.report(values["percent"], values["text"], values["figures"], "사유")
    assert task is not None
    return task


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


def caught_up(dsn: str, last: int) -> None:
    """Run the documented runner until the view has processed notification `last`."""
    with ProjectionRunner(
        application_class=Tasks, projection_class=Board, view_class=BoardRecorder, env=environment(dsn)
    ) as runner:
        runner.wait(last, timeout=600)
