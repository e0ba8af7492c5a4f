"""Where a query over views' tables gets its rows from: the tables in use, or what a slice of the log makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from projections.as_of import rows_of
from projections.behind import note
from projections.fresh import tallied
from projections.slices import Cut
from projections.tables import stored
from projections.view import Tally, View
from projections.views import VIEWS
from store.arrays import Texts
from store.log import Store

Given = dict[str, Any]


def found(store: Store, query: bytes, given: Any, at: Cut | None = None) -> list[Any]:
    """The rows of a query. `at`: not over the tables in use, but over what they would hold at that slice.

    The query names each table as the view declares it, with an alias after it; its parameters are then named too.
    """
    if at is None:
        with store.connection() as connection:
            note(connection, query.decode())
            return connection.execute(query, given).fetchall()
    text, more = query.decode(), dict(given or {})
    for view in VIEWS.values():
        wanted = [tally for tally in view.tallies if f"{tally.table} AS" in text]
        if not wanted and f"{view.table} AS" not in text:
            continue
        rows = rows_of(store, view, at)
        text, given_rows = _of_view(text, view, rows)
        more |= given_rows
        for tally in wanted:
            text, given_sums = _of_tally(text, tally, rows)
            more |= given_sums
    with store.connection() as connection:
        return connection.execute(text.encode(), more, prepare=False).fetchall()


def _of_view(query: str, view: View, rows: Mapping[str, Any]) -> tuple[str, Given]:
    columns = {"key": "text", "row": "json", **view.columns}
    listed = ", ".join(f"{name}::{kind} AS {name}" for name, kind in columns.items())
    arrays = [Texts(rows), *map(Texts, stored(view, list(rows.values())))]
    return _instead(query, view.table, listed, dict.fromkeys(columns, "text"), arrays)


def _of_tally(query: str, tally: Tally, rows: Mapping[str, Any]) -> tuple[str, Given]:
    columns = {**tally.keys, **dict.fromkeys(tally.amounts, "numeric")}
    amounts = [(*key, *sums) for key, sums in tallied(tally, rows).items()]
    arrays = [list(column) for column in zip(*amounts, strict=True)] or [[] for _ in columns]
    return _instead(query, tally.table, ", ".join(columns), columns, arrays)


def _instead(
    query: str, table: str, listed: str, kinds: Mapping[str, str], arrays: list[Any]
) -> tuple[str, Given]:
    """The query with rows that are given along in place of the table."""
    mark = table.replace(".", "_")
    given = {f"{mark}_{name}": array for name, array in zip(kinds, arrays, strict=True)}
    unnested = ", ".join(f"%({mark}_{name})s::{kind}[]" for name, kind in kinds.items())
    source = f"(SELECT {listed} FROM unnest({unnested}) AS given({', '.join(kinds)}))"
    return query.replace(f"{table} AS", f"{source} AS"), given
