"""What a simulated year came to: its figures, its pages and lists as files, and what is shown of it at the end."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import msgspec

from domain.errors import Lang
from domain.programme.facts import Closed
from domain.seoul import local_day
from domain.streams import task_stream
from domain.task.facts import OfTask
from projections.board_page import board
from projections.history_line import Line
from projections.inspection.searching import Filters
from projections.labels import Areas
from projections.notices import notice_states
from projections.programme_summary import ProgrammeSummaryRow
from projections.responsible import Responsible
from projections.task_board import summary
from projections.views import positions
from store.log import Store
from trail.files import write_safely
from workers.delivery.sink import Sink
from workers.engine import Engine
from workflows.lookups import agency_names, area_names, count_agencies, find_handed_over, responsible_for
from workflows.queries.tasks import TaskRow, with_next
from workflows.telling import history_of, lines_of
from workflows.trail.findings import findings


class ViewStands(msgspec.Struct, frozen=True):
    """`lag`: how many facts of the log it has not folded."""

    position: int
    lag: int


class JobsDone(msgspec.Struct, frozen=True):
    """As RQ counts them in the workers' own processes. `projections`: those that folded views."""

    projections: int
    failed: int


class RemindersSent(msgspec.Struct, frozen=True):
    """By what is recorded of them; and what came to the mail server in how many `messages`, counted there."""

    sent: int
    unknown: int
    failed: int
    cancelled: int
    delivered: int
    duplicates: int
    messages: int


class TrailSealed(msgspec.Struct, frozen=True):
    """`pack`: what an inspector would take home of one task; `events`: how many of its facts are in it."""

    sealed: int
    witnesses: tuple[str, ...]
    quorum: bool
    pack: str
    events: int


class SimulatedYear(msgspec.Struct, frozen=True):
    """The run's figures. `automatic_transitions`: steps of tasks and of the programme by rule; `report`: the files of it."""

    tasks: int
    agencies: int
    events: int
    stages: Mapping[str, int]
    views: Mapping[str, ViewStands]
    jobs: JobsDone
    automatic_transitions: int
    notices: RemindersSent
    trail: TrailSealed
    findings: Mapping[str, int]
    seconds: float
    report: list[str]


class YearRead(msgspec.Struct, frozen=True):
    """What people are shown of it: the board, a task's history, the year's sums.

    `responsible`: who answered for the first task that was handed over, before that, while the head was away, and after.
    """

    board: list[TaskRow]
    areas: Mapping[int, Areas]
    history: list[Line]
    handed_over: str | None
    responsible: list[Responsible]
    summary: list[ProgrammeSummaryRow]


def count_year(
    engine: Engine, sink: Sink, sealed: TrailSealed, seconds: float, report: Sequence[Path]
) -> SimulatedYear:
    """`sink`: the mail server that the year's reminders came to."""
    store, counts = engine.store, engine.queues.counts()
    rows = board(store)
    return SimulatedYear(
        tasks=len(rows),
        agencies=count_agencies(store),
        events=store.head().position,
        stages=Counter(row.stage for row in rows),
        views={name: ViewStands(one.position, one.lag) for name, one in positions(store).items()},
        jobs=JobsDone(counts["projections"]["finished"], sum(count["failed"] for count in counts.values())),
        automatic_transitions=_count_by_rule(store),
        notices=_count_reminders(store, sink),
        trail=sealed,
        findings=findings(store, "en", filters=Filters(), only_open=False, limit=0).counts,
        seconds=round(seconds, 1),
        report=[str(path) for path in report],
    )


def read_year(store: Store, year: int, task: str, lang: Lang) -> YearRead:
    """`task`: whose history is shown."""
    handed_over = find_handed_over(store)
    return YearRead(
        board=with_next(store, board(store), local_day(store.now())),
        areas=area_names(store, [year]),
        history=history_of(store, task_stream(task), lang),
        handed_over=handed_over,
        responsible=[] if handed_over is None else _list_responsible(store, handed_over, year),
        summary=summary(store, year),
    )


def write_year(folder: Path, store: Store, year: int) -> None:
    """The board, the summary and every task's history as files, each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = board(store)
    _write_json(folder / f"board-{year}.json", rows)
    _write_json(folder / f"summary-{year}.json", summary(store, year))
    names = agency_names(store)
    facts = {row.task: store.read(task_stream(row.task)) for row in rows}
    langs: tuple[Lang, ...] = ("ko", "en")
    for lang in langs:
        histories = {task: lines_of(store, some, lang, names) for task, some in facts.items()}
        _write_json(folder / f"histories-{year}.{lang}.json", histories)


def _count_reminders(store: Store, sink: Sink) -> RemindersSent:
    states, came = notice_states(store), sink.notices()
    return RemindersSent(
        sent=states.get("sent", 0),
        unknown=states.get("unknown", 0),
        failed=states.get("failed", 0),
        cancelled=states.get("cancelled", 0),
        delivered=len(came),
        duplicates=came.total() - len(came),
        messages=len(sink.mails),
    )


def _count_by_rule(store: Store) -> int:
    return sum(
        fact.envelope.via == "rule"
        and (isinstance(fact.fact, Closed) or (isinstance(fact.fact, OfTask) and fact.fact.moved is not None))
        for facts in store.replay()
        for fact in facts
    )


def _list_responsible(store: Store, task: str, year: int) -> list[Responsible]:
    found = (
        responsible_for(store, task, day) for day in (date(year, 6, 16), date(year, 8, 9), date(year, 9, 2))
    )
    return [one for one in found if one is not None]


def _write_json(path: Path, document: object) -> None:
    text = json.dumps(msgspec.to_builtins(document), ensure_ascii=False, indent=1) + "\n"
    write_safely(path, text.encode())
