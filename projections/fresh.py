"""A fresh fold of a view over the log in memory, and its comparison with the rows in use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import groupby, islice
from typing import Any

import msgspec
import psycopg

from domain.errors import Refusal
from projections.folding import Folding
from projections.positions import stands_at
from projections.skips import skipped
from projections.tables import add_to_tally, difference, stored, write_rows
from projections.view import Tally, View
from store.connecting import Connection
from store.log import Store
from store.recorded import Recorded
from store.without_gc import without_gc

_CHUNK = 5000


class Unfoldable(Refusal):
    """A fact that the view cannot fold and that nobody has said it may skip."""

    ko = "{view} 조회 화면은 {position}번 기록을 처리할 수 없습니다: {problem}"
    en = "The view {view} cannot fold the fact at position {position}: {problem}"


class Difference(msgspec.Struct, frozen=True):
    """A row that is not what the log makes of it. `live`, `fresh`: None where there is no row.

    A view's row is its JSON and its columns as they stand in the table, a tally's is its amounts.
    """

    table: str
    key: str
    live: tuple[Any, ...] | None
    fresh: tuple[Any, ...] | None


def fold(view: View, recordeds: Iterable[Recorded[Any]]) -> dict[str, Any]:
    """The view's rows after these facts, by key."""
    rows: dict[str, Any] = {}
    for recorded in recordeds:
        if recorded.kind in view.kinds:
            view.fold(rows, recorded)
    return {key: row for key, row in rows.items() if row is not None}


def tallied(tally: Tally, rows: Mapping[str, Any]) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """The tally's amounts over these rows, by key."""
    return difference(tally, {}, rows)


def compare(store: Store, view: View) -> list[Difference]:
    """What differs, byte for byte, between the rows in use and a fresh fold up to the view's position."""
    with store.connection() as connection, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        position = stands_at(connection, view)
        live = _rows(connection, view)
        counted = {tally.table: _amounts(connection, tally) for tally in view.tallies}
    fresh = Fresh(store, view)
    fresh.fold_up_to(position)
    return _differences(view, live, counted, fresh.rows)


class Fresh:
    """A view's rows, folded from the first fact on. `rows`: by key; `position`: of the fact folded last."""

    def __init__(self, store: Store, view: View) -> None:
        self._store, self.view = store, view
        self.rows: dict[str, Any] = {}
        self.position = 0

    def fold_up_to(self, last: int, progress: Callable[[int], None] = lambda _: None) -> None:
        """Fold the facts up to this position. Raises Unfoldable at one that may not be skipped."""
        while self.position < last:
            self.fold_in(self._store.rows_after(self.position, min(_CHUNK, last - self.position)))
            progress(self.position)

    def fold_in(self, stored_facts: Iterable[Any]) -> None:
        """Fold these stored facts, whatever order they are in. Raises Unfoldable at one that may not be skipped."""
        # a fact that may be skipped is a batch of its own
        for _, facts in groupby(stored_facts, lambda row: row[0] if row[0] in self.skips else 0):
            while batch := list(islice(facts, _CHUNK)):
                self._take(batch)

    def _take(self, stored_facts: Sequence[Any]) -> None:
        folding = Folding(self._store, self.view, stored_facts, lambda: self.skips)
        with without_gc():
            folding.run(lambda keys: {key: self.rows[key] for key in keys if key in self.rows})
        if folding.problem is not None:
            raise Unfoldable(
                view=self.view.name, position=stored_facts[folding.good][0], problem=folding.problem
            )
        alone = len(stored_facts) == 1 and stored_facts[0][0] in self.skips
        after = {} if alone and not self._writable(folding) else folding.after
        for key, row in after.items():
            if row is None:
                self.rows.pop(key, None)
            else:
                self.rows[key] = row
        self.position = stored_facts[-1][0]

    @cached_property
    def skips(self) -> frozenset[int]:
        """The positions that a person has let the view pass over."""
        return skipped(self._store, self.view)

    def _writable(self, folding: Folding) -> bool:
        """Whether the tables take the rows; tried, and taken back. The runner skips what they do not."""
        with self._store.connection() as connection, connection.transaction(force_rollback=True):
            try:
                write_rows(connection, self.view, folding.before, folding.after)
                for tally in self.view.tallies:
                    add_to_tally(connection, tally, folding.before, folding.after)
            except (psycopg.OperationalError, psycopg.InterfaceError):
                raise
            except Exception:
                return False
        return True


def _differences(
    view: View, live: Mapping[Any, Any], counted: Mapping[str, Mapping[Any, Any]], fresh: Mapping[str, Any]
) -> list[Difference]:
    as_stored = dict(zip(fresh, zip(*stored(view, list(fresh.values())), strict=True), strict=True))
    differences = _between(view.table, live, as_stored)
    for tally in view.tallies:
        differences += _between(tally.table, counted[tally.table], tallied(tally, fresh))
    return differences


def _rows(connection: Connection, view: View) -> dict[Any, tuple[Any, ...]]:
    listed = "".join(f", {name}::text" for name in view.columns)
    found = connection.execute(f"SELECT key, row::text{listed} FROM {view.table}".encode())
    return {key: tuple(row) for key, *row in found}


def _amounts(connection: Connection, tally: Tally) -> dict[Any, tuple[Any, ...]]:
    listed = ", ".join([*tally.keys, *tally.amounts])
    width = len(tally.keys)
    found = connection.execute(f"SELECT {listed} FROM {tally.table}".encode())
    return {row[:width]: tuple(map(int, row[width:])) for row in found}


def _between(
    table: str, live: Mapping[Any, tuple[Any, ...]], fresh: Mapping[Any, tuple[Any, ...]]
) -> list[Difference]:
    return [
        Difference(table, str(key), live.get(key), fresh.get(key))
        for key in sorted(live.keys() | fresh.keys())
        if live.get(key) != fresh.get(key)
    ]
