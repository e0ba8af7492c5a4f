"""The one runner: reads the log after a view's position, folds, and writes rows and position in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import psycopg
import structlog

from projections.folding import Folding, in_words
from projections.positions import Position, locked, move, positions
from projections.skips import skipped
from projections.tables import add_to_tally, read_rows, write_rows
from projections.view import View
from store.connecting import Connection
from store.log import Store
from store.without_gc import without_gc

__all__ = ["BATCH", "Position", "positions", "project"]

_log = structlog.get_logger()
BATCH = 2000  # as fast as any larger one, and the lock is held for a tenth of a second at most


class _RowsRefused(Exception):
    """The touched rows cannot be read, or the folded ones not be written: some fact among so many is to blame."""

    def __init__(self, first: int, facts: int, problem: str) -> None:
        self.first, self.facts, self.problem = first, facts, problem


def project(
    store: Store, view: View, batch: int = BATCH, most: int | None = None, up_to: int | None = None
) -> int:
    """Bring a view to the end of the log, or past so many facts (`most`) if not fewer; the number of facts passed.

    `up_to`: the position of the last fact to fold.

    Each batch is one transaction under a lock on the view's position, so that two runners at once, a runner killed
    anywhere, or one woken twice leave every fact folded exactly once. A fact that cannot be folded, or whose rows
    cannot be written, stops this view in front of it, unless a person has said that it may be skipped; the next run
    tries again. Raises NotMigrated.
    """
    passed = 0
    while most is None or passed < most:
        try:
            with store.connection() as connection, connection.transaction():
                read, at_end = _step(store, connection, view, batch, up_to)
        except _RowsRefused as error:
            if error.facts == 1:
                if not _got_past(store, view, error):
                    return passed
                passed += 1
                continue
            batch = error.facts // 2
            continue
        passed += read
        if at_end:
            return passed
    return passed


def _step(
    store: Store, connection: Connection, view: View, batch: int, up_to: int | None
) -> tuple[int, bool]:
    """One batch; how many facts it passed, and whether there is nothing more to do."""
    # What a crash of the server takes back, rows and position together, is folded again: the log is what must be on disk.
    connection.execute("SET LOCAL synchronous_commit = off")
    place = locked(connection, view)
    # a stopped view first tries the fact that stopped it, alone, so that trying again costs next to nothing
    limit = batch if place.error is None else 1
    if up_to is not None:
        limit = min(limit, up_to - place.position)
    rows = store.rows_after(place.position, limit, connection) if limit > 0 else []
    if not rows:
        return 0, True
    own = view.own(rows)
    folding = _folded(store, connection, view, own, rows)
    with _blamed_on(rows):
        write_rows(connection, view, folding.before, folding.after)
        for tally in view.tallies:
            add_to_tally(connection, tally, folding.before, folding.after)
    if folding.problem is None:
        move(connection, view, rows[-1][0])
        return len(rows), place.error is None and len(rows) < limit
    at = own[folding.good][0]
    _stopped(connection, view, place, at, folding.problem)
    return at - 1 - place.position, True


def _folded(store: Store, connection: Connection, view: View, own: list[Any], rows: list[Any]) -> Folding:
    def look_up(keys: list[str]) -> dict[str, Any]:
        with _blamed_on(rows):
            return read_rows(connection, view, keys)

    folding = Folding(store, view, own, partial(skipped, store, view))
    with without_gc():
        folding.run(look_up)
    return folding


@contextmanager
def _blamed_on(rows: list[Any]) -> Iterator[None]:
    """Values that are refused are the facts' fault, a server that goes or a missing table is not."""
    try:
        yield
    except (psycopg.DataError, psycopg.IntegrityError) as error:
        raise _RowsRefused(rows[0][0], len(rows), in_words(error)) from error
    except psycopg.Error:
        raise
    except Exception as error:
        raise _RowsRefused(rows[0][0], len(rows), in_words(error)) from error


def _got_past(store: Store, view: View, error: _RowsRefused) -> bool:
    """Pass over the one fact that is to blame if it may be skipped, else stop in front of it."""
    with store.connection() as connection, connection.transaction():
        place = locked(connection, view)
        if place.position != error.first - 1:  # another runner got past it
            return False
        if error.first in skipped(store, view):
            move(connection, view, error.first)
            return True
        _stopped(connection, view, place, error.first, error.problem)
        return False


def _stopped(connection: Connection, view: View, place: Position, at: int, problem: str) -> None:
    """Stand in front of the fact and say so: once, not at every vain attempt."""
    if (place.error, place.error_position) != (problem, at):
        move(connection, view, at - 1, problem)
        _log.error("view_stopped", view=view.name, position=at, error=problem)
