"""Rows of views and tallies, in and out of their tables, always many at once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from projections.view import Tally, View
from store.arrays import Texts
from store.connecting import Connection

_TO_QUOTE = re.compile(r'[{},"\\ \t\n\r\v\f]')
_encode = msgspec.json.Encoder().encode


def read_rows(connection: Connection, view: View, keys: Sequence[str]) -> dict[str, Any]:
    """The rows under these keys, as the view's row type; absent ones are left out."""
    if not keys:
        return {}
    query = f"SELECT key, row::text FROM {view.table} WHERE key = ANY(%b)"
    # never a kept plan: made while the table is small it compares every row with every key for ever after
    found: Any = connection.execute(query.encode(), (Texts(keys),), prepare=False, binary=True).fetchall()
    decode = msgspec.json.Decoder(view.row).decode
    return {key: decode(row) for key, row in found}


def encode_rows(view: View, rows: Sequence[Any]) -> list[list[str | None]]:
    """How rows stand in the table, column by column, as texts: the row itself as JSON, then what is filtered by."""
    columns = [[_text(getattr(row, name)) for row in rows] for name in view.columns]
    return [[_encode(row).decode() for row in rows], *columns]


def write_rows(
    connection: Connection, view: View, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Write what differs between the two, delete what is None now."""
    changed = {key: row for key, row in after.items() if row is not None and row is not before.get(key)}
    if changed:
        columns = map(Texts, encode_rows(view, list(changed.values())))
        connection.execute(_upsert(view), (Texts(changed), *columns), prepare=True)
    gone = [key for key, row in after.items() if row is None and key in before]
    if gone:
        query = f"DELETE FROM {view.table} WHERE key = ANY(%b)"
        connection.execute(query.encode(), (Texts(gone),), prepare=False)


def add_to_tally(
    connection: Connection, tally: Tally, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Add the difference between the rows before and after; what counts nothing any more is deleted."""
    deltas = difference(tally, before, after)
    if not deltas:
        return
    keys = [list(column) for column in zip(*deltas, strict=True)]
    amounts = [list(column) for column in zip(*deltas.values(), strict=True)]
    connection.execute(_add(tally), (*keys, *amounts), prepare=True)
    connection.execute(f"DELETE FROM {tally.table} WHERE {tally.amounts[0]} = 0".encode())


def _add_up(total: list[int], amounts: Sequence[int], sign: int) -> None:
    for place, amount in enumerate(amounts):
        total[place] += sign * amount


def difference(
    tally: Tally, before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """What the change of rows adds to each key's amounts, in a fixed order; keys that nothing changes are absent."""
    sums: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * len(tally.amounts))
    for key, row in after.items():
        old = before.get(key)
        if row is old:
            continue
        taken = None if old is None else tally.contribution(old)
        given = None if row is None else tally.contribution(row)
        if taken == given:
            continue
        if taken is not None:
            _add_up(sums[taken[0]], taken[1], -1)
        if given is not None:
            _add_up(sums[given[0]], given[1], 1)
    return {key: tuple(sums[key]) for key in sorted(sums) if any(sums[key])}


def _upsert(view: View) -> bytes:
    names = ["key", "row", *view.columns]
    kinds = ["text", "json", *view.columns.values()]
    arrays = ", ".join(["%b::text[]"] * len(names))
    cast = ", ".join(f"{name}::{kind}" for name, kind in zip(names, kinds, strict=True))
    updates = ", ".join(f"{name} = excluded.{name}" for name in names[1:])
    listed = ", ".join(names)
    return (
        f"INSERT INTO {view.table} ({listed}) SELECT {cast} FROM unnest({arrays}) AS given({listed}) "
        f"ON CONFLICT (key) DO UPDATE SET {updates}"
    ).encode()


def _add(tally: Tally) -> bytes:
    names = [*tally.keys, *tally.amounts]
    arrays = ", ".join(
        [f"%s::{kind}[]" for kind in tally.keys.values()] + ["%s::numeric[]"] * len(tally.amounts)
    )
    sums = ", ".join(f"{name} = old.{name} + excluded.{name}" for name in tally.amounts)
    listed = ", ".join(names)
    return (
        f"INSERT INTO {tally.table} AS old ({listed}) SELECT * FROM unnest({arrays}) "
        f"ON CONFLICT ({', '.join(tally.keys)}) DO UPDATE SET {sums}"
    ).encode()


def _text(value: Any) -> str | None:
    """A column's value in the words that PostgreSQL itself uses for it."""
    if value is None or type(value) is str:
        return value
    if isinstance(value, datetime):
        utc = value.astimezone(UTC)
        parts = f".{utc.microsecond:06d}".rstrip("0") if utc.microsecond else ""
        return f"{utc:%Y-%m-%d %H:%M:%S}{parts}+00"
    if isinstance(value, tuple):
        return "{" + ",".join(map(_element, value)) + "}"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _element(item: str) -> str:
    """An array's element as PostgreSQL writes it: in quotes only where it must be."""
    if item and item.upper() != "NULL" and not _TO_QUOTE.search(item):
        return item
    return '"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"'
