"""What an export holds beside the log's lines: for each table its name, its columns with their types, and its lines."""

from __future__ import annotations

import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from types import UnionType
from typing import Any

import msgspec

from projections.fresh import tally_rows
from projections.inspection.entries import TRAIL_ENTRIES
from projections.rows_as_of import rows_of
from projections.slices import AsOf
from projections.view import Tally, View
from projections.views import VIEWS
from store.log import Store

_encode = msgspec.json.Encoder().encode
_TYPES = {str: "VARCHAR", int: "BIGINT", bool: "BOOLEAN", date: "DATE", datetime: "TIMESTAMPTZ"}
_TALLIED = {"integer": "BIGINT", "text": "VARCHAR"}


Dated = tuple[int | None, bytes]  # the year to which a line belongs, where it belongs to one


class Table(msgspec.Struct, frozen=True):
    """`folder`: where it lies in the export; `columns`: names with their types in DuckDB."""

    folder: str
    columns: Mapping[str, str]


# the view of trail entries is left out: it is an index of the facts, which are there themselves
EXPORTED: Sequence[View] = tuple(view for view in VIEWS.values() if view is not TRAIL_ENTRIES)


def tables_of(store: Store, view: View, at: AsOf) -> Iterator[tuple[Table, Iterable[Dated]]]:
    """A view and its tallies at a cut of the log, each with its rows as lines of JSON without the newline.

    The view's rows are held in memory. Raises Unfoldable, NewerFact, UnreadableFact.
    """
    rows = rows_of(store, view, at)
    columns = {"key": "VARCHAR"} | {name: type_of(kind) for name, kind in _fields(view.row).items()}
    yield Table(f"views/{view.name}", columns), _lines(rows)
    for tally in view.tallies:
        kinds = {name: _TALLIED[kind] for name, kind in tally.keys.items()}
        table = Table(f"views/{tally.name}", kinds | dict.fromkeys(tally.amounts, "BIGINT"))
        yield table, _lines_of_tally(tally, rows)


def type_of(kind: Any) -> str:
    """What a field's type is in DuckDB: plain values and lists of them as such, all else as JSON."""
    if typing.get_origin(kind) in (typing.Union, UnionType):
        kinds = [one for one in typing.get_args(kind) if one is not type(None)]
        return type_of(kinds[0]) if len(kinds) == 1 else "JSON"
    if typing.get_origin(kind) is typing.Literal or (isinstance(kind, type) and issubclass(kind, Enum)):
        return "VARCHAR"
    if typing.get_origin(kind) is tuple and typing.get_args(kind)[1:] == (...,):
        item = type_of(typing.get_args(kind)[0])
        return "JSON" if item == "JSON" else f"{item}[]"
    return _TYPES.get(kind, "JSON")


def _fields(row: type[msgspec.Struct]) -> dict[str, Any]:
    hints = typing.get_type_hints(row)
    return {name: hints[name] for name in row.__struct_fields__}


def _lines(rows: Mapping[str, Any]) -> Iterator[Dated]:
    for key in sorted(rows):
        fields = _encode(rows[key])[1:]
        line = b'{"key":' + _encode(key) + (b"," if len(fields) > 1 else b"") + fields
        yield getattr(rows[key], "year", None), line


def _lines_of_tally(tally: Tally, rows: Mapping[str, Any]) -> Iterator[Dated]:
    names = (*tally.keys, *tally.amounts)
    for key, amounts in tally_rows(tally, rows).items():
        row = dict(zip(names, (*key, *amounts), strict=True))
        yield row.get("year"), _encode(row)
