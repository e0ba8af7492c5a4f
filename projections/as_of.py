"""Any view at any slice of the log, by the view's own fold, kept for the next one who asks."""

from __future__ import annotations

import zlib
from typing import Any

import msgspec
from psycopg.errors import UndefinedTable

from projections.code_version import code_version
from projections.fresh import Fresh
from projections.slices import Cut, Slice, cut, stored_of
from projections.view import View
from store.connecting import SCHEMA_VERSION
from store.errors import NotMigrated
from store.log import Store

_MOST_ROWS = 200_000  # beyond that keeping them costs more than folding anew
_KEPT = 200  # so many slices, the newest; each is at most some megabytes
TABLE = """
CREATE TABLE IF NOT EXISTS views.slices (
    view      text NOT NULL,
    version   integer NOT NULL,
    code      text NOT NULL,
    last      bigint NOT NULL,
    effective timestamptz NOT NULL,
    rows      bytea NOT NULL,
    made_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (view, version, code, last, effective)
)"""
_KNOWN_THEN = """
    SELECT last, NULL, rows FROM views.slices
    WHERE view = %(view)s AND version = %(version)s AND code = %(code)s AND effective = 'infinity'
        AND last <= %(last)s ORDER BY last DESC LIMIT 1"""
_SO_THEN = """
    SELECT last, effective, rows FROM views.slices
    WHERE view = %(view)s AND version = %(version)s AND code = %(code)s AND last = %(last)s
        AND effective <= %(effective)s ORDER BY effective DESC LIMIT 1"""
_KEEP = """
    INSERT INTO views.slices (view, version, code, last, effective, rows)
    VALUES (%(view)s, %(version)s, %(code)s, %(last)s, coalesce(%(effective)s, timestamptz 'infinity'), %(rows)s)
    ON CONFLICT DO NOTHING"""
_FORGET = """
    DELETE FROM views.slices WHERE made_at <= (SELECT made_at FROM views.slices ORDER BY made_at DESC OFFSET %s LIMIT 1)"""


def rows_of(store: Store, view: View, wanted: Slice | Cut) -> dict[str, Any]:
    """The view's rows at the slice, by key. Raises Unfoldable, NotMigrated.

    What a cut of the log holds never changes, so what was folded once is kept, by the program's version, and a later
    cut in the same sense goes on from the nearest one that was. The rows are all held in memory, the facts are not.
    """
    at = wanted if isinstance(wanted, Cut) else cut(store, wanted)
    fresh = Fresh(store, view)
    kept, fresh.rows = _kept(store, fresh, at)
    if kept == at:
        return fresh.rows
    fresh.fold_in(stored_of(store, at, view.kinds, since=kept))
    _keep(store, fresh, at)
    return fresh.rows


def _kept(store: Store, fresh: Fresh, at: Cut) -> tuple[Cut | None, dict[str, Any]]:
    """The nearest cut that does not go beyond this one, and its rows."""
    query = _KNOWN_THEN if at.effective is None else _SO_THEN
    with store.connection() as connection:
        try:
            found: Any = connection.execute(query.encode(), _asked(fresh, at), binary=True).fetchone()
        except UndefinedTable:
            raise NotMigrated(found="– (views.slices)", needed=SCHEMA_VERSION) from None
    if found is None:
        return None, {}
    last, effective, rows = found
    kind: Any = dict[str, fresh.view.row]  # type: ignore[name-defined]
    return Cut(last, effective), msgspec.json.decode(zlib.decompress(rows), type=kind)


def _keep(store: Store, fresh: Fresh, at: Cut) -> None:
    if len(fresh.rows) > _MOST_ROWS:
        return
    rows = zlib.compress(msgspec.json.encode(fresh.rows), 1)
    with store.connection() as connection, connection.transaction():
        connection.execute(_KEEP.encode(), _asked(fresh, at) | {"rows": rows})
        connection.execute(_FORGET.encode(), (_KEPT,))


def _asked(fresh: Fresh, at: Cut) -> dict[str, Any]:
    """What a person lets the view pass over belongs to the fold as the program does."""
    code = " ".join([code_version(), *map(str, sorted(fresh.skips))])
    return {
        "view": fresh.view.name,
        "version": fresh.view.version,
        "code": code,
        "last": at.last,
        "effective": at.effective,
    }
