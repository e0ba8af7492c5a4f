"""Reading views' rows by their queries: from the tables in use, or from what a slice of the log makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from projections.behind import note
from projections.damage import name_damage
from projections.fresh import tally_rows
from projections.query import Query, parameter_name
from projections.rows_as_of import rows_of
from projections.slices import AsOf
from projections.tables import encode_rows
from projections.view import Tally, View
from store.arrays import Texts
from store.log import Store

R = TypeVar("R", bound=msgspec.Struct)


def ask(store: Store, query: Query, given: Any = None, at: AsOf | None = None) -> list[Any]:
    """What a query finds. `at`: not in the tables in use, but in what they would hold at that slice of the log, here and below.

    Its parameters are then given by name. Raises ViewDamaged.
    """
    if at is None:
        with store.connection() as connection, name_damage(store, query.views):
            note(connection, query.views)
            return connection.execute(query.sql, given).fetchall()
    more = dict(given or {})
    for view in query.views:
        rows = rows_of(store, view, at)
        for table in view.tables:
            if table.name in query.tables:
                more |= _columns(view, table, rows)
    with store.connection() as connection:
        return connection.execute(query.of_given, more, prepare=False).fetchall()


def ask_rows(store: Store, kind: type[R], query: Query, given: Any = None, at: AsOf | None = None) -> list[R]:
    """The rows that a query finds as JSON in its only column."""
    decode = msgspec.json.Decoder(kind).decode
    return [decode(row) for row in ask_column(store, query, given, at)]


def ask_column(store: Store, query: Query, given: Any = None, at: AsOf | None = None) -> list[Any]:
    """The values of a query's only column."""
    return [value for (value,) in ask(store, query, given, at)]


def ask_value(store: Store, query: Query, given: Any = None) -> Any:
    """The one value that a query finds."""
    (value,) = ask_column(store, query, given)
    return value


def all_rows(store: Store, view: View, at: AsOf | None = None) -> dict[str, Any]:
    """All rows of a view, by key."""
    if at is not None:
        return rows_of(store, view, at)
    decode = msgspec.json.Decoder(view.row).decode
    query = Query(f"SELECT key, row::text FROM {{{view.name}}} AS its", view)
    return {key: decode(row) for key, row in ask(store, query)}


def _columns(view: View, table: View | Tally, rows: Mapping[str, Any]) -> dict[str, Any]:
    """What is given along in place of a table, by name."""
    columns: list[Any]
    if isinstance(table, Tally):
        amounts = [(*key, *sums) for key, sums in tally_rows(table, rows).items()]
        columns = [list(column) for column in zip(*amounts, strict=True)] or [[] for _ in table.declared]
    else:
        columns = [Texts(rows), *map(Texts, encode_rows(view, list(rows.values())))]
    return {parameter_name(table, name): column for name, column in zip(table.declared, columns, strict=True)}
