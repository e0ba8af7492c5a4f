"""How what people wait for grows with the history: over sealed stores of ten thousand facts, ten times as many, and so on."""

from __future__ import annotations

import statistics
import uuid
from collections.abc import Callable, Mapping

from domain.task.commands import ReportProgress
from domain.task.stages import Stage
from domain.values import Figure
from projections.board_page import board_page
from projections.inspection.searching import Filters
from projections.rows_as_of import keep_spaced, spacing
from projections.slices import AsOf
from projections.task_board import TASK_BOARD
from scripts.benchmarks import data, history
from scripts.benchmarks.measuring import Sides, seconds_of
from scripts.benchmarks.place import LOADED, Place, new_tasks
from scripts.benchmarks.rebuilding import in_a_process
from scripts.benchmarks.replaying import exponent
from scripts.benchmarks.sealed import fill_and_seal
from scripts.benchmarks.verifying import verify_and_measure
from store.envelope import Actor
from store.recorded import Batch, NewFact
from workers.engine import Engine, owner_of
from workflows.command_envelope import CommandEnvelope
from workflows.queries.inquiry import Inquiry
from workflows.queries.tasks import list_tasks
from workflows.read_access import Reader
from workflows.trail.reading import page
from workflows.trail.views import compare_views_on

_LEAST, _STEP = 10_000, 10
_LINEAR, _FLAT = 1.05, 0.1
PARTS = {
    "list": _FLAT,
    "search": _FLAT,
    "as-of": _LINEAR,
    "as-of-kept": _FLAT,
    "as-of-spaced": _LINEAR,
    "rebuild": _LINEAR,
    "verify": _LINEAR,
    "append": _FLAT,
    "command": _FLAT,
}
_ROWS = 25  # fewer than the smallest store has of any filter
_FACTS, _COMMANDS = 100, 20  # a turn
Work = Callable[[Engine, int, int], float]


def growth(place: Place, size: int) -> Sides:
    """The exponent fitted over sealed stores of 10,000 facts, ten times as many, and so on: 1 is linear, 0 does not grow. Pages of the list by each filter, first pages of searches, a first --as-of in the middle, the same kept, a first one where a night has kept some, the task board rebuilt, `trail verify --store`, an append, a command."""
    engines = {one: _fill(place, one) for one in sizes(size)}
    written = {
        one: _import_history(place, one) for one in engines
    }  # what is written here is not as a store verifies

    def side(name: str, engines: Mapping[int, Engine], work: Work, turns: int) -> Callable[[int], float]:
        def by_project(number: int) -> float:
            took: dict[int, list[float]] = {one: [] for one in engines}
            for turn in range(number * turns, (number + 1) * turns):
                for one, engine in engines.items():  # in turns, so that what else is on the machine meets all
                    took[one].append(work(engine, one, turn))
            return exponent(name, {one: statistics.median(seconds) for one, seconds in took.items()})

        return by_project

    works: dict[str, tuple[Mapping[int, Engine], Work, int]] = {
        "list": (engines, _list, 9),
        "search": (engines, _search, 9),
        "as-of": (engines, _as_of, 3),
        "as-of-kept": (engines, _as_of_kept, 9),
        "as-of-spaced": (engines, _as_of_spaced, 3),
        "rebuild": (engines, lambda engine, _, turn: seconds_of(lambda: in_a_process(engine)), 1),
        "verify": (engines, lambda engine, one, turn: _verify(engine, place, one), 1),
        "append": (written, _append, 9),
        "command": (written, _command, 9),
    }
    return {name: side(name, *works[name]) for name in PARTS}


def sizes(size: int) -> list[int]:
    """Ten thousand, ten times as many and so on, up to this one; of a smaller one a hundredth, a tenth and all of it."""
    first = _LEAST if size >= _STEP * _LEAST else max(100, size // _STEP**2)  # one size alone has no exponent
    found = [first]
    while found[-1] * _STEP <= size:
        found.append(found[-1] * _STEP)
    return found


def _fill(place: Place, size: int) -> Engine:
    engine = fill_and_seal(place, size)
    with owner_of(engine) as owner:
        owner.execute("VACUUM ANALYZE")  # as it is after a while
    return engine


def _import_history(place: Place, size: int) -> Engine:
    engine = place.engine()
    engine.store.import_facts(history.lines(size))
    with owner_of(engine) as owner:
        owner.execute("VACUUM ANALYZE")
    return engine


def _list(engine: Engine, size: int, turn: int) -> float:
    def work() -> None:
        for stage, area in ((None, None), (Stage.EVALUATED, None), (None, "culture")):
            inquiry = Inquiry(engine.store, Reader(via="cli"), "en")
            assert list_tasks(inquiry, stage=stage, area=area, most=_ROWS).tasks

    return seconds_of(work)


def _search(engine: Engine, size: int, turn: int) -> float:
    asked = (
        Filters(),
        Filters(kinds=("task.progress_reported",)),
        Filters(role="officer"),
        Filters(task="2024-0001"),
    )
    return seconds_of(lambda: [page(engine.store, filters, "en") for filters in asked])


def _as_of(engine: Engine, size: int, turn: int) -> float:
    with engine.store.connection() as connection:
        connection.execute("DELETE FROM views.slices")
    return _as_of_kept(engine, size, turn)


def _as_of_kept(engine: Engine, size: int, turn: int) -> float:
    def work() -> None:
        assert board_page(engine.store, most=_ROWS, at=AsOf(size // 2)).rows

    return seconds_of(work)


def _as_of_spaced(engine: Engine, size: int, turn: int) -> float:
    """In the middle between two of those that a night keeps, or of the log where it is too short for two."""
    with engine.store.connection() as connection:
        connection.execute("DELETE FROM views.slices")
    keep_spaced(engine.store, TASK_BOARD)
    every = spacing(engine.store.head().position)
    last = every * 5 // 2 if 5 * every < 2 * size else size // 2

    def work() -> None:
        assert board_page(engine.store, most=_ROWS, at=AsOf(last)).rows

    return seconds_of(work)


def _verify(engine: Engine, place: Place, size: int) -> float:
    """With the slices that a night keeps, which are compared too."""
    for view in compare_views_on():
        keep_spaced(engine.store, view)
    return seconds_of(lambda: verify_and_measure(engine, place, size))


def _append(engine: Engine, size: int, turn: int) -> float:
    def work() -> None:
        for version in range(1, _FACTS + 1):
            fact = NewFact(f"task/2100-{turn:04}", version, data.envelope(), data.report(version))
            engine.store.append(Batch(command_id=uuid.uuid4().hex, digest=bytes(32), facts=(fact,)))

    return seconds_of(work)


def _command(engine: Engine, size: int, turn: int) -> float:
    streams = new_tasks(engine.store, _COMMANDS, LOADED, 101 + turn)

    def work() -> None:
        for task, lead in streams:
            given = ReportProgress(
                task=task, percent=50, text="분기 보고", figures=(Figure(indicator="results", value="5"),)
            )
            engine.handler.handle(
                CommandEnvelope(
                    command=given, actor=Actor(role="officer", agency=lead), via="cli", reason="분기"
                )
            )

    return seconds_of(work)
