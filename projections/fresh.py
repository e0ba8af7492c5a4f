"""A fresh fold of a view over the log, and its comparison with the rows in use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from projections.tables import difference
from projections.view import Tally, View
from store.log import Store
from store.recorded import Recorded


class Difference(msgspec.Struct, frozen=True):
    """A row that is not what the log makes of it. `live`, `fresh`: None where there is no row."""

    table: str
    key: str
    live: Any
    fresh: Any


def fold(view: View, recordeds: Iterable[Recorded[Any]]) -> dict[str, Any]:
    """The view's rows after these facts, by key."""
    rows: dict[str, Any] = {}
    for recorded in recordeds:
        if recorded.kind in view.kinds:
            view.fold(rows, recorded)
    return {key: row for key, row in rows.items() if row is not None}


def tallied(tally: Tally, rows: dict[str, Any]) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """The tally's amounts over these rows, by key."""
    return difference(tally, {}, rows)


def compare(store: Store, view: View) -> list[Difference]:
    """What differs between the rows in use and a fresh fold up to the view's position; empty when nothing does."""
    with store.connection() as connection, connection.transaction():
        run = connection.execute
        run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        place: Any = run("SELECT position FROM views.positions WHERE view = %s", (view.name,)).fetchone()
        found: Any = run(f"SELECT key, row::text FROM {view.table}".encode()).fetchall()
        counted = {
            tally.table: run(
                f"SELECT {', '.join([*tally.keys, *tally.amounts])} FROM {tally.table}".encode()
            ).fetchall()
            for tally in view.tallies
        }
    decode = msgspec.json.Decoder(view.row).decode
    live = {key: decode(row) for key, row in found}
    fresh = fold(view, (fact for chunk in store.replay(last=place[0]) for fact in chunk))
    differences = _between(view.table, live, fresh)
    for tally in view.tallies:
        width = len(tally.keys)
        rows = {row[:width]: tuple(map(int, row[width:])) for row in counted[tally.table]}
        differences += _between(tally.table, rows, tallied(tally, fresh))
    return differences


def _between(table: str, live: dict[Any, Any], fresh: dict[Any, Any]) -> list[Difference]:
    keys = sorted(live.keys() | fresh.keys())
    return [
        Difference(table, str(key), live.get(key), fresh.get(key))
        for key in keys
        if live.get(key) != fresh.get(key)
    ]
