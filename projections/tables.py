"""Rows of views and tallies, in and out of their tables, always many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from projections.view import Tally, View
from store.connecting import Connection

_encode = msgspec.json.Encoder().encode


def read_rows(connection: Connection, view: View, keys: Sequence[str]) -> dict[str, Any]:
    """The rows under these keys, as the view's row type; absent ones are left out."""
    if not keys:
        return {}
    query = f"SELECT key, row::text FROM {view.table} WHERE key = ANY(%b)"
    found: Any = connection.execute(query.encode(), (list(keys),), prepare=True).fetchall()
    decode = msgspec.json.Decoder(view.row).decode
    return {key: decode(row) for key, row in found}


def write_rows(
    connection: Connection, view: View, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Write what differs between the two, delete what is None now."""
    changed = {key: row for key, row in after.items() if row is not None and row is not before.get(key)}
    if changed:
        rows = list(changed.values())
        columns = [[_plain(getattr(row, name)) for row in rows] for name in view.columns]
        texts = [_encode(row).decode() for row in rows]
        connection.execute(_upsert(view), (list(changed), texts, *columns), prepare=True)
    gone = [key for key, row in after.items() if row is None and key in before]
    if gone:
        connection.execute(f"DELETE FROM {view.table} WHERE key = ANY(%s)".encode(), (gone,))


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


def difference(
    tally: Tally, before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """What the change of rows adds to each key's amounts, in a fixed order; keys that nothing changes are absent."""
    sums: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * len(tally.amounts))
    for sign, rows in ((-1, before), (1, after)):
        for key, row in rows.items():
            if row is None or before.get(key) is after.get(key):
                continue
            group, amounts = tally.contribution(row)
            total = sums[group]
            for place, amount in enumerate(amounts):
                total[place] += sign * amount
    return {key: tuple(sums[key]) for key in sorted(sums) if any(sums[key])}


def _upsert(view: View) -> bytes:
    names = ["key", "row", *view.columns]
    types = ["text", "json", *view.columns.values()]
    arrays = ", ".join("%b::text[]" if kind == "json" else f"%b::{kind}[]" for kind in types)
    cast = ", ".join(
        f"{name}::json" if kind == "json" else name for name, kind in zip(names, types, strict=True)
    )
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


def _plain(value: Any) -> Any:
    """Enumerations are stored as their text."""
    return value.value if hasattr(value, "value") else value
