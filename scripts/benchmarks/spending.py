"""A year in which much is decided and spent: its statements of any date, and its report."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from projections.board_page import board
from projections.fund import accounts_of
from projections.money import sums_of
from projections.rows_as_of import keep_spaced
from projections.slices import AsOf, AsOfMoments, resolve_as_of
from projections.views import VIEWS
from scripts.benchmarks.measuring import Sides
from scripts.benchmarks.place import Place
from scripts.benchmarks.reporting import say_most, write_apart
from scripts.benchmarks.spent import FUND, YEAR, lines
from store.log import Store

_ASKS: tuple[Callable[[Store, AsOf], Any], ...] = (
    lambda store, at: board(store, at=at),
    lambda store, at: sums_of(store, year=YEAR, at=at),
    lambda store, at: accounts_of(store, FUND, at),
)
_OF = ("task_board", "money", "fund")  # the views that these read
_MOST: dict[str, float] = {}


def statements(place: Place, size: int) -> Sides:
    """The board, the year's money and the fund's statement, each of a day of which nobody has asked before, with the slices
    that every night keeps; the slowest of the three.
    """
    with Store.open(dsn := _fill(place, size)) as store:
        for name in _OF:
            keep_spaced(store, VIEWS[name])

    def by_project(number: int) -> float:
        day = datetime(YEAR, 1 + (7 * number + 4) % 12, 1 + number % 28, tzinfo=UTC)
        with Store.open(dsn) as store:
            at = resolve_as_of(store, AsOfMoments(as_of=day))
            return max(_time(ask, store, at) for ask in _ASKS)

    return {"project": by_project}


def report_spending(place: Place, size: int) -> Sides:
    """That year's report in all formats, by a process of its own which starts, folds, draws and writes."""
    out = Path(place.hold(tempfile.TemporaryDirectory(prefix="donghaeng-bench-")))
    return write_apart(_fill(place, size), YEAR, out, _MOST)


def report_memory_of_spending(place: Place, size: int) -> Sides:
    """The most memory that one of these processes held at once, as the kernel counts it."""
    return say_most(_MOST, lambda: report_spending(place, size))


def _fill(place: Place, size: int) -> str:
    dsn = place.store_dsn()
    with Store.open(dsn) as store:
        store.import_facts(lines(size))
    return dsn


def _time(ask: Callable[[Store, AsOf], Any], store: Store, at: AsOf) -> float:
    """In milliseconds."""
    began = time.perf_counter()
    assert ask(store, at)
    return 1000 * (time.perf_counter() - began)
