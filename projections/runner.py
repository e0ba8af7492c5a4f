"""The one runner: reads the log after a view's position, folds, and writes rows and position in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import psycopg

from projections.damage import ViewDamaged, misshapen, name_damage, stop_view
from projections.folding import Folding, in_words
from projections.positions import Position, lock_position, move
from projections.skips import load_skips
from projections.tables import add_to_tally, read_rows, write_rows
from projections.view import View
from store.connecting import Connection
from store.log import Store
from store.without_gc import without_gc
from trail.logs import Logger
from trail.stored import POSITION, StoredFact

_log = Logger()
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
    tries again. A table that is damaged stops it too, until the view is made anew: nobody tries again. Raises NotMigrated.
    """
    passed = 0
    while most is None or passed < most:
        try:
            # what is read goes into tables of the same database, which a crash takes back together with it
            with (
                store.connections.lend(flushed=False) as connection,
                name_damage(store, [view]),
                connection.transaction(),
            ):
                read, at_end = _step(store, connection, view, batch, up_to)
        except ViewDamaged:  # it is said where that was found out, and another job would find the same
            return passed
        except _RowsRefused as error:
            if error.facts == 1:
                if not _get_past(store, view, error):
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
    place = lock_position(connection, view)
    if place.damaged:
        return 0, True
    # a stopped view first tries the fact that stopped it, alone, so that trying again costs next to nothing
    limit = batch if place.error is None else 1
    if up_to is not None:
        limit = min(limit, up_to - place.position)
    rows = store.rows_after(place.position, limit, connection) if limit > 0 else []
    if not rows:
        return 0, True
    own = view.in_shard(rows)
    folding = _fold_batch(store, connection, view, own, rows)
    with _blame_rows(rows):
        write_rows(connection, view, folding.before, folding.after)
        for tally in view.tallies:
            add_to_tally(connection, tally, folding.before, folding.after)
    if folding.problem is None:
        move(connection, view, rows[-1][POSITION])
        return len(rows), place.error is None and len(rows) < limit
    at = own[folding.good][POSITION]
    _stop_at(connection, view, place, at, folding.problem)
    return at - 1 - place.position, True


def _fold_batch(
    store: Store, connection: Connection, view: View, own: list[StoredFact], rows: list[StoredFact]
) -> Folding:
    def look_up(keys: list[str]) -> dict[str, Any]:
        with _blame_rows(rows):
            return read_rows(connection, view, keys)

    folding = Folding(store, view, own, partial(load_skips, store, view))
    with without_gc():
        folding.run(look_up)
    return folding


@contextmanager
def _blame_rows(rows: list[StoredFact]) -> Iterator[None]:
    """Values that are refused are the facts' fault, a server that goes or a missing table is not."""
    try:
        yield
    except (psycopg.DataError, psycopg.IntegrityError) as error:
        raise _RowsRefused(rows[0][POSITION], len(rows), in_words(error)) from error
    except psycopg.Error:
        raise
    except Exception as error:
        raise _RowsRefused(rows[0][POSITION], len(rows), in_words(error)) from error


def _get_past(store: Store, view: View, error: _RowsRefused) -> bool:
    """Pass over the one fact that is to blame if it may be skipped, else stop in front of it.

    Where the table is not as it is to be, that is to blame, and no fact.
    """
    with store.connection() as connection:
        problem = misshapen(connection, view)
    if problem is not None:
        stop_view(store, view, problem)
        return False
    with store.connection() as connection, connection.transaction():
        place = lock_position(connection, view)
        if place.position != error.first - 1:  # another runner got past it
            return False
        if error.first in load_skips(store, view):
            move(connection, view, error.first)
            return True
        _stop_at(connection, view, place, error.first, error.problem)
        return False


def _stop_at(connection: Connection, view: View, place: Position, at: int, problem: str) -> None:
    """Stand in front of the fact and say so: once, not at every vain attempt."""
    if (place.error, place.error_position) != (problem, at):
        move(connection, view, at - 1, problem)
        _log.error("view_stopped", view=view.name, position=at, error=problem)
