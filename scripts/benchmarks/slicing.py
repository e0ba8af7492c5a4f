"""The whole city's list of tasks in the middle of its history."""

from __future__ import annotations

import time
from datetime import datetime

from projections.board_page import board
from projections.slices import AsOfMoments, resolve_as_of
from scripts.benchmarks import data
from scripts.benchmarks.measuring import Sides, time_work
from scripts.benchmarks.place import Place
from store.log import Store


def as_of(place: Place, size: int) -> Sides:
    """The list of tasks as it was known in the middle of the history, folded from the first fact; of the history a second."""
    store = _fill(place, size)
    return {
        "project": lambda _: time_work(lambda: _ask(store, size, AsOfMoments(as_of=_middle(store, size))))
    }


def effective(place: Place, size: int) -> Sides:
    """The same as corrected since: by all that is known now, in the order in which it was so."""
    store = _fill(place, size)
    return {
        "project": lambda _: time_work(lambda: _ask(store, size, AsOfMoments(effective=_middle(store, size))))
    }


def again(place: Place, size: int) -> Sides:
    """The same list asked for a second time."""
    store = _fill(place, size)
    wanted = AsOfMoments(as_of=_middle(store, size))
    _ask(store, size, wanted)

    def by_project(number: int) -> float:
        began = time.perf_counter()
        board(store, at=resolve_as_of(store, wanted))
        return 1000 * (time.perf_counter() - began)

    return {"project": by_project}


def _fill(place: Place, size: int) -> Store:
    store = place.store()
    store.import_facts(data.lines(size, 40))
    return store


def _middle(store: Store, size: int) -> datetime:
    return store.at([size // 2 + 1])[0].known_at


def _ask(store: Store, size: int, wanted: AsOfMoments) -> int:
    with store.connection() as connection:
        connection.execute("DELETE FROM views.slices")
    assert board(store, at=resolve_as_of(store, wanted))
    return size
