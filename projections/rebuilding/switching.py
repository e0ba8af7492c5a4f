"""Which version of a view is in use, and the one transaction in which another takes its place."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec
from psycopg.errors import LockNotAvailable

from projections.marks import forget_mark
from projections.positions import Position, lock_newest
from projections.rebuilding import shadow_tables
from projections.rebuilding.errors import ReadersBusy
from projections.rebuilding.shadow_tables import OLD, Build
from projections.view import View
from store.connecting import Connection

_TRIES = 20


def in_use(owner: Connection, view: View) -> tuple[View | None, Position | None]:
    """The view in the version that is in use, this program's or the newest before it, and where it stands.

    Nobody can move it until the transaction ends.
    """
    found = lock_newest(owner, view)
    if found is None:
        return None, None
    version, place = found
    older = replace(
        view, version=version, tallies=tuple(replace(one, version=version) for one in view.tallies)
    )
    return older, place


def switch(
    owner: Connection, view: View, live: View | None, build: Build, position: int, certificate: Any
) -> None:
    """In the transaction that is open: the old tables go out of the way, the new ones take their names."""
    same = live is not None and live.version == view.version
    pairs = [(one.table, new.table) for one, new in zip(view.tables, build.view.tables, strict=True)]
    kept = _to_keep(owner, [table for table, _ in pairs]) if same else []
    _lock_tables(owner, view, [new for _, new in pairs] + kept)
    if live is not None:
        drop_old(owner, view, live)
    for table, new in pairs:
        if table in kept:
            _rename(owner, table, table + OLD)
        _rename(owner, new, table)
    forget_mark(owner, view)
    owner.execute("DELETE FROM views.positions WHERE view = %s", (build.view.checkpoint_name,))
    owner.execute(
        "INSERT INTO views.positions (view, version, position, code) VALUES (%s, %s, %s, %s) "
        "ON CONFLICT (view, version) DO UPDATE SET code = excluded.code, "
        # what was wrong with the tables is over; what is wrong with a fact is not
        "state = CASE WHEN positions.error_position IS NULL THEN 'running' ELSE positions.state END, "
        "error = CASE WHEN positions.error_position IS NOT NULL THEN positions.error END",
        (view.name, view.version, position, build.code),
    )
    owner.execute(
        "UPDATE views.builds SET certificate = %s WHERE place = %s",
        (msgspec.json.encode(certificate).decode(), build.view.checkpoint_name),
    )


def _to_keep(owner: Connection, wanted: Sequence[str]) -> list[str]:
    """Those that are there. What a stranger made in the place of one is dropped, which the schema's owner may, and no more."""
    query = (
        "SELECT name, pg_has_role(relowner, 'USAGE') FROM unnest(%s::text[]) AS given(name) "
        "JOIN pg_class ON oid = to_regclass(name)"
    )
    found: Any = owner.execute(query, (list(wanted),)).fetchall()
    shadow_tables.drop(owner, [name for name, ours in found if not ours])
    return [name for name, ours in found if ours]


def _lock_tables(owner: Connection, view: View, tables: Sequence[str]) -> None:
    """Wait for those who read just now, but not so long that those who come after them wait too."""
    for _ in range(_TRIES):
        try:
            with owner.transaction():
                owner.execute("SET LOCAL lock_timeout = '500ms'")
                owner.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE".encode())
        except LockNotAvailable:
            time.sleep(0.1)
        else:
            return
    raise ReadersBusy(view=view.name)


def drop_old(owner: Connection, view: View, live: View) -> None:
    kept = shadow_tables.tables_like(owner, view, rf"_v[0-9]+{OLD}")
    for version in range(1, live.version):
        kept += shadow_tables.tables_like(owner, view, f"_v{version}")
    shadow_tables.drop(owner, kept)
    owner.execute("DELETE FROM views.positions WHERE view = %s AND version < %s", (view.name, live.version))


def _rename(owner: Connection, table: str, to: str) -> None:
    """A table with its indexes."""
    old, new = (name.removeprefix("views.") for name in (table, to))
    query = "SELECT indexname FROM pg_indexes WHERE schemaname = 'views' AND tablename = %s"
    indexes = [row[0] for row in owner.execute(query, (old,)).fetchall()]
    owner.execute(f"ALTER TABLE {table} RENAME TO {new}".encode())
    for index in indexes:
        owner.execute(f'ALTER INDEX views."{index}" RENAME TO "{index.replace(old, new, 1)}"'.encode())
