"""The one runner: reads the log after a view's position, folds, and writes rows and position in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import structlog

from domain.catalogue import FACTS
from domain.errors import DonghaengError
from projections.tables import add_to_tally, read_rows, write_rows
from projections.view import View
from projections.views import VIEWS
from store.connecting import Connection
from store.errors import NewerFact
from store.log import Store, decoded
from store.recorded import Recorded
from store.without_gc import without_gc

_log = structlog.get_logger()
BATCH = 2000

_LOCK_POSITION = "SELECT position, state FROM views.positions WHERE view = %s FOR UPDATE"
_MOVE = (
    "UPDATE views.positions SET position = %s, state = %s, error = %s, error_position = %s WHERE view = %s"
)
_POSITIONS = (
    "SELECT p.view, p.position, h.position - p.position, p.state, p.error, p.error_position "
    "FROM views.positions p, donghaeng.head h ORDER BY p.view"
)


class Position(msgspec.Struct, frozen=True):
    """How far a view has come. `lag`: facts of the log still to be folded; `state`: running or stopped."""

    position: int
    lag: int
    state: str
    error: str | None = None
    error_position: int | None = None


def positions(store: Store) -> dict[str, Position]:
    """Every view's position, by name; a tally stands where its base view stands."""
    with store.connection() as connection:
        rows: Any = connection.execute(_POSITIONS).fetchall()
    found = {name: Position(*rest) for name, *rest in rows}
    tallies = {t.name: found[v.name] for v in VIEWS.values() for t in v.tallies if v.name in found}
    return found | tallies


def project(store: Store, view: View, batch: int = BATCH) -> int:
    """Bring a view to the end of the log; the number of facts passed.

    Each batch is one transaction under a lock on the view's position, so that two runners at once, a runner killed
    anywhere, or one woken twice leave every fact folded exactly once. A fact that cannot be folded stops this view
    in front of it; the next run tries again.
    """
    passed = 0
    while True:
        with store.connection() as connection, connection.transaction():
            read = _step(store, connection, view, batch)
        passed += read
        if read < batch:
            return passed


def _step(store: Store, connection: Connection, view: View, batch: int) -> int:
    place: Any = connection.execute(_LOCK_POSITION, (view.name,)).fetchone()
    rows = store.rows_after(place[0], batch, connection)
    if not rows:
        return 0
    with without_gc():
        folding = _Folding(view, rows)
        folding.decode()
        folding.fold(read_rows(connection, view, folding.keys))
    write_rows(connection, view, folding.before, folding.after)
    for tally in view.tallies:
        add_to_tally(connection, tally, folding.before, folding.after)
    if folding.error is None:
        connection.execute(_MOVE, (rows[-1][0], "running", None, None, view.name))
        return len(rows)
    stopped_at = rows[folding.good][0]
    connection.execute(_MOVE, (stopped_at - 1, "stopped", folding.error, stopped_at, view.name))
    _log.error("view_stopped", view=view.name, position=stopped_at, error=folding.error)
    return folding.good


class _Folding:
    """A batch on its way: decoded, then folded, as far as its facts can be."""

    def __init__(self, view: View, rows: list[Any]) -> None:
        self._view, self._rows = view, rows
        self._facts: list[tuple[int, tuple[str, ...], Recorded[Any]]] = []
        self.good = len(rows)
        self.error: str | None = None
        self.before: Mapping[str, Any] = {}
        self.after: dict[str, Any] = {}

    @property
    def keys(self) -> list[str]:
        return list({key: None for _, keys, _ in self._facts for key in keys})

    def decode(self) -> None:
        kinds, keys = self._view.kinds, self._view.keys
        for number, row in enumerate(self._rows):
            try:
                if row[3] in kinds:
                    recorded = decoded(row)
                    self._facts.append((number, keys(recorded), recorded))
                elif row[3] not in FACTS:
                    raise NewerFact(kind=row[3], needed=1, known=0)
            except Exception as error:
                self._stop(number, error)
                return

    def fold(self, before: Mapping[str, Any]) -> None:
        self.before = before
        evolve, after = self._view.evolve, dict(before)
        for number, keys, recorded in self._facts:
            try:
                for key in keys:
                    after[key] = evolve(after.get(key), recorded)
            except Exception as error:
                self._stop(number, error)
                break
        self.after = after

    def _stop(self, number: int, error: Exception) -> None:
        self.good = number
        self.error = (
            error.say("en") if isinstance(error, DonghaengError) else f"{type(error).__name__}: {error}"
        )
