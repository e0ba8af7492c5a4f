"""A fresh fold of a view over the log, and its comparison with the rows in use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from projections.positions import stands_at
from projections.tables import difference, stored
from projections.view import Tally, View
from store.connecting import Connection
from store.log import Store
from store.recorded import Recorded


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
    fresh = fold(view, (fact for chunk in store.replay(last=position) for fact in chunk))
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
