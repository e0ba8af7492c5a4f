"""The whole city's list of tasks in the middle of its history."""

from __future__ import annotations

import time
from datetime import datetime

from projections.reading import board
from projections.slices import Slice, cut
from scripts.benchmarks import data
from scripts.benchmarks.measuring import Sides, timed
from scripts.benchmarks.place import Place
from store.log import Store


def as_of(place: Place, size: int) -> Sides:
    """The list of tasks as it was known in the middle of the history, folded from the first fact; of the history a second."""
    store = _filled(place, size)
    return {"project": lambda _: timed(lambda: _asked(store, size, Slice(as_of=_middle(store, size))))}


def effective(place: Place, size: int) -> Sides:
    """The same as corrected since: by all that is known now, in the order in which it was so."""
    store = _filled(place, size)
    return {"project": lambda _: timed(lambda: _asked(store, size, Slice(effective=_middle(store, size))))}


def again(place: Place, size: int) -> Sides:
    """The same list asked for a second time."""
    store = _filled(place, size)
    wanted = Slice(as_of=_middle(store, size))
    _asked(store, size, wanted)

    def by_project(number: int) -> float:
        began = time.perf_counter()
        board(store, at=cut(store, wanted))
        return 1000 * (time.perf_counter() - began)

    return {"project": by_project}


def _filled(place: Place, size: int) -> Store:
    store = place.store()
    store.import_facts(data.lines(size, 40))
    return store


def _middle(store: Store, size: int) -> datetime:
    return store.at([size // 2 + 1])[0].known_at


def _asked(store: Store, size: int, wanted: Slice) -> int:
    with store.connection() as connection:
        connection.execute("DELETE FROM views.slices")
    assert board(store, at=cut(store, wanted))
    return size
