"""A view's rows as they are now: those in use, and what the log holds beyond them folded in, however far they lag."""

from __future__ import annotations

from typing import Any

import msgspec

from projections.damage import name_damage
from projections.fresh import Fresh
from projections.positions import stands_at
from projections.view import View
from store.log import Store


def present(store: Store, view: View) -> dict[str, Any]:
    """The rows at the end of the log, by key, all held in memory. Raises Unfoldable, ViewDamaged."""
    fresh = Fresh(store, view)
    decode = msgspec.json.Decoder(view.row).decode
    with store.connection() as connection, name_damage(store, [view]), connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        fresh.position = stands_at(connection, view)
        found: Any = connection.execute(f"SELECT key, row::text FROM {view.table}".encode()).fetchall()
    fresh.rows = {key: decode(row) for key, row in found}
    fresh.fold_up_to(store.head().position)
    return fresh.rows
