"""Which version of a view is in use, and the one transaction in which another takes its place."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec
from psycopg.errors import LockNotAvailable

from projections.marks import forget_mark
from projections.positions import Position
from projections.rebuilding import beside
from projections.rebuilding.beside import OLD, Build
from projections.rebuilding.errors import ReadersBusy
from projections.view import View
from store.connecting import Connection

_TRIES = 20


def in_use(owner: Connection, view: View) -> tuple[View | None, Position | None]:
    """The view in the version that is in use, this program's or the newest before it, and where it stands.

    Nobody can move it until the transaction ends.
    """
    query = (
        "SELECT p.version, p.position, h.position - p.position, p.state, p.error, p.error_position, p.code "
        "FROM views.positions p, donghaeng.head h WHERE p.view = %s AND p.version <= %s "
        "ORDER BY p.version DESC LIMIT 1 FOR UPDATE OF p"
    )
    row: Any = owner.execute(query, (view.name, view.version)).fetchone()
    if row is None:
        return None, None
    version, *rest = row
    older = replace(
        view, version=version, tallies=tuple(replace(one, version=version) for one in view.tallies)
    )
    return older, Position(*rest)


def switch(
    owner: Connection, view: View, live: View | None, build: Build, position: int, certificate: Any
) -> None:
    """In the transaction that is open: the old tables go out of the way, the new ones take their names."""
    same = live is not None and live.version == view.version
    pairs = [(one.table, new.table) for one, new in zip(tables(view), tables(build.view), strict=True)]
    _locked(owner, view, [new for _, new in pairs] + ([table for table, _ in pairs] if same else []))
    if live is not None:
        drop_old(owner, view, live)
    for table, new in pairs:
        if same:
            _rename(owner, table, table + OLD)
        _rename(owner, new, table)
    forget_mark(owner, view)
    owner.execute("DELETE FROM views.positions WHERE view = %s", (build.view.place,))
    owner.execute(
        "INSERT INTO views.positions (view, version, position, code) VALUES (%s, %s, %s, %s) "
        "ON CONFLICT (view, version) DO UPDATE SET code = excluded.code",
        (view.name, view.version, position, build.code),
    )
    owner.execute(
        "UPDATE views.builds SET certificate = %s WHERE place = %s",
        (msgspec.json.encode(certificate).decode(), build.view.place),
    )


def tables(view: View) -> list[Any]:
    return [view, *view.tallies]


def _locked(owner: Connection, view: View, tables: Sequence[str]) -> None:
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
    kept = beside.tables_like(owner, view, rf"_v[0-9]+{OLD}")
    for version in range(1, live.version):
        kept += beside.tables_like(owner, view, f"_v{version}")
    beside.drop(owner, kept)
    owner.execute("DELETE FROM views.positions WHERE view = %s AND version < %s", (view.name, live.version))


def _rename(owner: Connection, table: str, to: str) -> None:
    """A table with its indexes."""
    old, new = (name.removeprefix("views.") for name in (table, to))
    query = "SELECT indexname FROM pg_indexes WHERE schemaname = 'views' AND tablename = %s"
    indexes = [row[0] for row in owner.execute(query, (old,)).fetchall()]
    owner.execute(f"ALTER TABLE {table} RENAME TO {new}".encode())
    for index in indexes:
        owner.execute(f'ALTER INDEX views."{index}" RENAME TO "{index.replace(old, new, 1)}"'.encode())
