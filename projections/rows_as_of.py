"""Any view at any slice of the log, by the view's own fold, kept for the next one who asks."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from psycopg.errors import UndefinedTable

from projections import row_packs as packing
from projections.code_version import code_version
from projections.compact import Compact
from projections.fresh import Fresh
from projections.row_packs import pack_rows, unpack_in_order, unpack_rows
from projections.slices import AsOf, AsOfMoments, resolve_as_of, rows_of_facts
from projections.view import View
from store.connecting import SCHEMA_VERSION
from store.errors import NotMigrated
from store.log import Store
from trail.json_bytes import BROKEN

_MOST_ROWS = 200_000  # beyond that keeping them costs more than folding anew
_KEPT = 200  # so many slices of those that were asked for, the newest, and no more of them than
_KEPT_BYTES = 256 * 2**20
MOST_SPACED, _LEAST_SPACE = 8, 10_000
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
# so that a piece of it is read without the rest
IN_PIECES = "ALTER TABLE views.slices ALTER rows SET STORAGE EXTERNAL"
_OF_THIS_PROGRAM = (
    "FROM views.slices WHERE view = %(view)s AND version = %(version)s AND code = %(code)s AND rows <> ''"
)
_KNOWN_THEN = (
    f"SELECT last, NULL, rows {_OF_THIS_PROGRAM} AND effective = 'infinity' AND last <= %(last)s "
    "ORDER BY last DESC LIMIT 1"
).encode()
_SO_THEN = (
    f"SELECT last, effective, rows {_OF_THIS_PROGRAM} AND last = %(last)s AND effective <= %(effective)s "
    "ORDER BY effective DESC LIMIT 1"
).encode()
_LISTED = (
    f"SELECT last, nullif(effective, 'infinity') {_OF_THIS_PROGRAM} ORDER BY effective <> 'infinity', last, effective"
).encode()
_THIS = (
    f"SELECT rows {_OF_THIS_PROGRAM} AND last = %(last)s "
    "AND effective = coalesce(%(effective)s, timestamptz 'infinity')"
).encode()
_PIECE = _THIS.replace(b"SELECT rows", b"SELECT substring(rows FROM %(begin)s FOR %(length)s)")
_KEEP = """
    INSERT INTO views.slices (view, version, code, last, effective, rows)
    VALUES (%(view)s, %(version)s, %(code)s, %(last)s, coalesce(%(effective)s, timestamptz 'infinity'), %(rows)s)
    ON CONFLICT DO NOTHING"""
# never those that stand where the spaced ones do, nor the one that was asked for just now
_FORGET = """
    DELETE FROM views.slices AS kept USING (
        SELECT ctid, row_number() OVER newest AS place, sum(length(rows)) OVER newest AS bytes FROM views.slices
        WHERE NOT (effective = 'infinity' AND last %% %(every)s = 0) WINDOW newest AS (ORDER BY made_at DESC, ctid)
    ) AS asked WHERE kept.ctid = asked.ctid AND place > 1 AND (place > %(slices)s OR bytes > %(bytes)s)"""
# a spaced one with too many rows has none: it is not folded each night to find that out again
_TOO_MANY = _LISTED.replace(b"rows <> ''", b"rows = ''")
_FORGET_REMOVED = b"DELETE FROM views.slices WHERE view <> ALL(%s)"
_FORGET_OTHERS = (
    b"DELETE FROM views.slices WHERE view = %(view)s AND (version, code) <> (%(version)s, %(code)s) "
    b"AND effective = 'infinity' AND last %% %(every)s = 0"
)


def rows_of(store: Store, view: View, wanted: AsOfMoments | AsOf) -> dict[str, Any]:
    """The view's rows at the slice, by key. Raises Unfoldable, NotMigrated.

    What a cut of the log holds never changes, so what was folded once is kept, by the program's version, and a later
    cut in the same sense goes on from the nearest one that was. The rows are all held in memory, the facts are not.
    """
    at = wanted if isinstance(wanted, AsOf) else resolve_as_of(store, wanted)
    fresh = Fresh(store, view)
    kept, fresh.rows = _load_nearest(store, fresh, at)
    if kept == at:
        return fresh.rows
    fresh.fold_in(rows_of_facts(store, at, view.kinds, since=kept))
    _keep(store, fresh, at)
    return fresh.rows


def rows_behind(store: Store, view: View, at: AsOf, after: str | None) -> Iterator[Any]:
    """The rows whose keys come after this one, None: all, by key; of a slice that is kept only as far as they are asked for.

    Raises Unfoldable, NotMigrated.
    """
    asked = _parameters(Fresh(store, view), at)

    def read(begin: int, length: int) -> bytes:
        with store.connection() as connection, _require_table():
            given = asked | {"begin": begin + 1, "length": length}
            found: Any = connection.execute(_PIECE, given, binary=True).fetchone()
        if found is None:
            raise _NotKept
        return bytes(found[0])

    try:
        for key, row in packing.rows_behind(read, view.row, after):
            yield row
            after = key
    except _NotKept:  # never, or not any more: it may be forgotten between two pieces
        rows = rows_of(store, view, at)
        yield from (rows[key] for key in sorted(rows) if after is None or key > after)


class _NotKept(Exception):
    """A slice is to be folded from the facts."""


def _load_nearest(store: Store, fresh: Fresh, at: AsOf) -> tuple[AsOf | None, dict[str, Any]]:
    """The nearest cut that does not go beyond this one, and its rows."""
    query = _KNOWN_THEN if at.effective is None else _SO_THEN
    with store.connection() as connection, _require_table():
        found: Any = connection.execute(query, _parameters(fresh, at), binary=True).fetchone()
    if found is None:
        return None, {}
    last, effective, rows = found
    return AsOf(last, effective), unpack_rows(rows, fresh.view.row)


@contextmanager
def _require_table() -> Iterator[None]:
    """Raises NotMigrated where it is not there."""
    try:
        yield
    except UndefinedTable:
        raise NotMigrated(found="– (views.slices)", needed=SCHEMA_VERSION) from None


def _keep(store: Store, fresh: Fresh, at: AsOf) -> None:
    if len(fresh.rows) > _MOST_ROWS:
        return
    rows = pack_rows(fresh.rows)
    with store.connection() as connection, connection.transaction():
        connection.execute(_KEEP.encode(), _parameters(fresh, at) | {"rows": rows})
        limits = {"slices": _KEPT, "bytes": _KEPT_BYTES, "every": spacing(store.head().position)}
        connection.execute(_FORGET.encode(), limits)


def spacing(head: int) -> int:
    """Every how many facts of a log so long a slice is kept before anybody asks. It doubles as the log grows, so that those
    kept of the shorter log are among those of the longer one.
    """
    every = _LEAST_SPACE
    while head // every > MOST_SPACED:
        every *= 2
    return every


def keep_spaced(store: Store, view: View) -> None:
    """Keep the view at a few positions, evenly spaced, so that a first question folds little; none of another program's.

    Safe to run twice, late or side by side: a cut's rows are the same whoever folds them. Raises Unfoldable, NotMigrated.
    """
    head = store.head().position
    every, asked = spacing(head), _parameters(Fresh(store, view), AsOf(0))
    with store.connection() as connection, _require_table():
        connection.execute(_FORGET_OTHERS, asked | {"every": every})
        there = {
            last for last, effective in connection.execute(_LISTED, asked).fetchall() if effective is None
        }
        beyond = min((last for last, _ in connection.execute(_TOO_MANY, asked).fetchall()), default=head + 1)
    for last in range(every, min(head + 1, beyond), every):
        if last not in there and len(rows_of(store, view, AsOf(last))) > _MOST_ROWS:
            with store.connection() as connection:
                connection.execute(_KEEP.encode(), asked | {"last": last, "rows": b""})
            return


def forget_removed(store: Store, views: Collection[str]) -> None:
    """Of a view that is not among these any more nothing is kept: it was nobody's turn to forget the spaced ones."""
    with store.connection() as connection, _require_table():
        connection.execute(_FORGET_REMOVED, (list(views),))


def list_kept(store: Store, view: View) -> list[AsOf]:
    """The slices of the view that this program would go on from: those of what was known first, in their order.

    Raises NotMigrated.
    """
    with store.connection() as connection, _require_table():
        return [
            AsOf(*row)
            for row in connection.execute(_LISTED, _parameters(Fresh(store, view), AsOf(0))).fetchall()
        ]


def is_kept_as_folded(store: Store, view: View, at: AsOf) -> bool:
    """Whether a kept slice is what the facts make of it, folded anew; facts may be gone from the log's end. Raises Unfoldable."""
    if at.last > store.head().position:
        return False
    anew = Fresh(store, view, rows=Compact(view.row))
    anew.fold_in(rows_of_facts(store, at, view.kinds))
    return is_as_kept(store, anew, at)


def is_as_kept(store: Store, fresh: Fresh, at: AsOf) -> bool:
    """The same, where they are folded up to there."""
    with store.connection() as connection:
        row: Any = connection.execute(_THIS, _parameters(fresh, at), binary=True).fetchone()
    if row is None:  # forgotten meanwhile
        return True
    try:
        kept = unpack_in_order(row[0])
    except (zlib.error, *BROKEN):
        return False
    encode = msgspec.json.encode
    return (
        kept is not None
        and len(kept) == len(fresh.rows)
        and all(key in fresh.rows and encode(fresh.rows[key]) == bytes(raw) for key, raw in kept.items())
    )


def _parameters(fresh: Fresh, at: AsOf) -> dict[str, Any]:
    """What a person lets the view pass over belongs to the fold as the program does."""
    code = " ".join([code_version(), *map(str, sorted(fresh.skips))])
    return {
        "view": fresh.view.name,
        "version": fresh.view.version,
        "code": code,
        "last": at.last,
        "effective": at.effective,
    }
