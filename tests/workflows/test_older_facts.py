"""Facts of older versions come to the present one in every path; what is newer stops each of them by name."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.persistence import StoredEvent
from psycopg.conninfo import make_conninfo

from domain.register import FACTS, REGISTER, Register
from domain.task import commands as task
from domain.task import facts
from domain.task.state import TASK
from projections.deadlines import DEADLINES
from projections.fresh import Fresh, Unfoldable
from projections.inspection.entries import TRAIL_ENTRIES
from projections.inspection.searching import Filters
from projections.query import Query
from projections.reading import ask_column, ask_value
from projections.report.drilling import figure_of
from projections.report.making import report
from projections.rows_as_of import rows_of
from projections.runner import project
from projections.slices import AsOfMoments, facts_of, resolve_as_of
from projections.view import View
from projections.views import VIEWS, positions
from store.application import FactApplication
from store.bulk import export_facts
from store.envelope import Actor
from store.errors import NewerFact, NotImportable, UnreadableFact
from store.log import Store
from store.mapper import encode
from store.recorded import fold_state
from tests.projections.appended_facts import PROPOSED, append, envelope
from tests.store.copied_databases import copied
from workflows.command_envelope import CommandEnvelope
from workflows.command_handler import CommandHandler
from workflows.telling import history_of
from workflows.trail.reading import page
from workflows.trail.showing import describe_entry

STREAM, KIND, DEFINITION = "task/2024-07", facts.DeadlinesSet.kind, "donghaeng-2024/2"
AT = 4  # the position of the planted fact, the last of its stream
LATER = datetime.now(UTC) + timedelta(days=3)


# the program of these tests calls `definition` what a first version called `by`
NOW = Register(FACTS, {(KIND, 1): lambda fields: {"definition": fields.pop("by"), **fields}})
OLDER: dict[str, Any] = {"by": DEFINITION, "calendars": [{"year": 2024, "version": 1}], "deadlines": []}


def plant(store: Store, kind: str, **fields: Any) -> None:
    """Put stored bytes behind the log as another version of the program would have written them."""
    head, _, _ = encode(envelope(), PROPOSED).partition(b"\n")
    said = json.loads(head) | {"schema": fields.pop("schema", 1), "command": uuid.uuid4().hex}
    state = json.dumps(said).encode() + b"\n" + json.dumps(fields).encode()
    store.recorder.insert_events([StoredEvent(STREAM, AT, kind, state)])


@contextmanager
def opened(cluster: str, template: str, register: Register = REGISTER) -> Iterator[Store]:
    """An empty store of the test's own."""
    with (
        copied(cluster, template) as dsn,
        Store.open(make_conninfo(dsn, user="donghaeng_app"), register) as store,
    ):
        yield store


@contextmanager
def log(cluster: str, template: str, register: Register, kind: str, **fields: Any) -> Iterator[Store]:
    """A task under way, and behind it the planted fact; its views were folded up to there."""
    with opened(cluster, template, register) as store:
        started = facts.Started(on=date(2024, 3, 8))
        append(store, (STREAM, PROPOSED), (STREAM, facts.Approved()), (STREAM, started))
        for view in VIEWS.values():
            project(store, view)
        plant(store, kind, **fields)
        yield store


@pytest.fixture(scope="module")
def older(cluster: str, template: str) -> Iterator[Store]:
    """A fact of the first version, read by a program that knows the second and how to come to it."""
    with log(cluster, template, NOW, KIND, **OLDER) as store:
        yield store


@pytest.fixture(scope="module")
def without_upcaster(cluster: str, template: str) -> Iterator[Store]:
    with log(cluster, template, REGISTER, KIND, **OLDER) as store:
        yield store


@pytest.fixture(scope="module")
def newer_version(cluster: str, template: str) -> Iterator[Store]:
    with log(cluster, template, REGISTER, KIND, **OLDER, schema=7) as store:
        yield store


@pytest.fixture(scope="module")
def unknown_kind(cluster: str, template: str) -> Iterator[Store]:
    with log(cluster, template, REGISTER, "task.flown", to="the moon", schema=3) as store:
        yield store


def said(recordeds: Any) -> str:
    (one,) = (one for one in recordeds if one.position == AT)
    return str(one.fact.definition)


def state(store: Store) -> str:
    return str(fold_state(TASK, store.read(STREAM)).definition)


def by_the_command_handler(store: Store) -> str:
    """A command on the task is decided on all of its facts."""
    command = task.Suspend(task="2024-07")
    if store.read(STREAM)[-1].kind == facts.Suspended.kind:
        command = task.Resume(task="2024-07")
    CommandHandler(store, lambda: None).handle(
        CommandEnvelope(command=command, actor=Actor(role="planner"), via="cli", reason="사유")
    )
    return state(store)


def projected(store: Store, view: View) -> None:
    """Bring the view up to date, as workers do; where it stops, what it says."""
    project(store, view)
    place = positions(store)[view.name]
    if place.state == "stopped":
        raise Unfoldable(view=view.name, position=place.error_position, problem=place.error)


def by_the_runner(store: Store) -> str:
    projected(store, DEADLINES)
    return str(ask_value(store, _DEFINITION))


def by_a_fresh_fold(store: Store) -> str:
    fresh = Fresh(store, DEADLINES)
    fresh.fold_up_to(AT)
    return str(fresh.rows["2024-07"].definition)


def by_a_query(store: Store) -> str:
    return str(ask_column(store, _DEFINITION, at=resolve_as_of(store, AsOfMoments(as_of=LATER)))[0])


def by_history(store: Store) -> str:
    line = history_of(store, STREAM, "en")[AT - 1]
    return DEFINITION if "nothing more due" in line.sentence else line.sentence


def by_a_search(store: Store) -> str:
    projected(store, TRAIL_ENTRIES)
    (entry,) = page(store, Filters(kinds=(KIND,)), "en").entries
    return DEFINITION if "nothing more due" in entry.sentence else entry.sentence


def by_the_report(store: Store) -> str:
    """It goes through the whole log, and tells of the one task."""
    document, _ = report(store, 2024)
    assert figure_of(document, "summary.tasks").value == 1
    return DEFINITION


def by_eventsourcing(store: Store) -> str:
    (stored,) = store.recorder.select_notifications(AT, 1)
    happened: Any = store.mapper.to_domain_event(stored)
    (last,) = (one for one in FactApplication(store=store).events.get(STREAM) if one.originator_version == AT)
    assert last == happened
    return str(happened.fact.definition)


_DEFINITION = Query("SELECT t.row->>'definition' FROM {deadlines} AS t", DEADLINES)
PATHS: dict[str, Callable[[Store], str]] = {
    "a stream": lambda store: said(store.read(STREAM)),
    "a task's state": state,
    "a page of the log": lambda store: said(store.after(0, 100)),
    "by its position": lambda store: said(store.at([AT])),
    "a replay": lambda store: said(one for some in store.replay() for one in some),
    "the command handler": by_the_command_handler,
    "a view's runner": by_the_runner,
    "a fresh fold": by_a_fresh_fold,
    "a slice as known then": lambda store: said(facts_of(store, AsOfMoments(as_of=LATER))),
    "a slice as it was so": lambda store: said(facts_of(store, AsOfMoments(effective=LATER))),
    "a view as of a day": lambda store: rows_of(store, DEADLINES, AsOfMoments(as_of=LATER))["2024-07"].definition,
    "a view as it was so": lambda store: rows_of(store, DEADLINES, AsOfMoments(effective=LATER))["2024-07"].definition,
    "a query as of a day": by_a_query,
    "history in sentences": by_history,
    "the trail searched": by_a_search,
    "an entry of the trail": lambda store: describe_entry(store, AT, "en", Path("none")).fact.definition,
    "the report": by_the_report,
    "eventsourcing's application": by_eventsourcing,
}  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_a_fact_of_an_older_version_is_read_as_the_present_one(older: Store, path: str) -> None:
    assert PATHS[path](older) == DEFINITION


@pytest.mark.parametrize("path", PATHS)
def test_without_its_upcaster_no_path_reads_it(without_upcaster: Store, path: str) -> None:
    """The control."""
    with pytest.raises((UnreadableFact, Unfoldable), match="`by`"):
        PATHS[path](without_upcaster)


@pytest.mark.parametrize("path", PATHS)
def test_a_newer_version_stops_every_path_with_its_kind_and_the_version_needed(
    newer_version: Store, path: str
) -> None:
    with pytest.raises((NewerFact, Unfoldable), match=rf"{KIND}, schema version 7, .*newer program"):
        PATHS[path](newer_version)


@pytest.mark.parametrize("path", PATHS)
def test_an_unknown_kind_stops_every_path_by_its_name(unknown_kind: Store, path: str) -> None:
    with pytest.raises((NewerFact, Unfoldable), match=r"task\.flown, schema version 3, .*newer program"):
        PATHS[path](unknown_kind)


def test_lines_keep_the_bytes_of_the_older_version_and_come_in_again(
    older: Store, cluster: str, template: str
) -> None:
    rows = older.rows_after(0, AT)[:AT]
    lines = list(export_facts(rows))
    assert rb"\"by\":" in lines[AT - 1]
    with opened(cluster, template, NOW) as copy:
        assert copy.import_facts(lines) == AT
        assert copy.rows_after(0, 10) == rows


@pytest.mark.parametrize(
    ("log", "says"),
    [("without_upcaster", "`by`"), ("newer_version", "newer program"), ("unknown_kind", "newer program")],
)
def test_lines_that_cannot_be_read_are_refused_and_nothing_is_written(
    log: str, says: str, request: pytest.FixtureRequest, cluster: str, template: str
) -> None:
    lines = list(export_facts(request.getfixturevalue(log).rows_after(0, AT)))
    with opened(cluster, template) as copy:
        with pytest.raises(NotImportable, match=says):
            copy.import_facts(lines)
        assert copy.head().position == 0
