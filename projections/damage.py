"""Tables of views that cannot be read or written as they stand: told apart from facts that cannot be folded.

Nothing is lost with such a table: the facts make it anew (projections.rebuilding). Until then its view stands still.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

import psycopg

from domain.errors import DonghaengError
from domain.view.facts import Why
from projections.positions import lock_position, place_of, stop_for_damage
from projections.view import Tally, View
from store.connecting import Connection, server_message
from store.errors import StoreFault
from store.log import Store
from trail.logs import Logger

_log = Logger()
# data_corrupted, index_corrupted, undefined_file, io_error
_UNREADABLE = {"XX001", "XX002", "58P01", "58030"}
_MISSHAPEN = (psycopg.ProgrammingError, psycopg.DataError, psycopg.IntegrityError)
_OF_FILE = re.compile(r"\b(?:base/\d+|pg_tblspc/(\d+)/[^/]+/\d+)/(\d+)")
_OF_TOAST = re.compile(r"\bpg_toast_\d+")
_OF_INDEX = re.compile(r'\bindex "(\w+)"')
# the table itself, or that to which an index or the place of its long rows belongs
_TABLE = """
SELECT coalesce(long.oid, own.oid)::regclass::text, coalesce(long.oid, own.oid)
FROM (SELECT coalesce(pg_filenode_relation(%s, %s), to_regclass('views.' || %s), to_regclass('pg_toast.' || %s)) AS oid) r
LEFT JOIN pg_index i ON i.indexrelid = r.oid CROSS JOIN LATERAL (SELECT coalesce(i.indrelid, r.oid) AS oid) own
LEFT JOIN pg_class long ON long.reltoastrelid = own.oid"""
_SHAPE = """
SELECT attname, format_type(atttypid, NULL), attnotnull AND NOT atthasdef FROM pg_attribute
WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped"""
_KINDS = "SELECT name, format_type(to_regtype(kind), NULL) FROM unnest(%s::text[], %s::text[]) AS declared(name, kind)"
_KEYS = """
SELECT array_agg(attname::text) FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)
WHERE indrelid = to_regclass(%s) AND indisunique AND indisvalid AND indpred IS NULL GROUP BY indexrelid"""
_RIGHTS = """
SELECT string_agg(needed, ', ') FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) needed
WHERE NOT has_table_privilege(to_regclass(%s), needed)"""


class ViewDamaged(StoreFault):
    """The table of a view cannot be used as it stands. `problem`: the server's words, or what is not as declared."""

    ko = (
        "{view} 조회 화면의 표가 손상되어 읽을 수 없습니다: {problem}. 기록에는 이상이 없습니다. 기록에서 다시 만드십시오: "
        "`donghaeng views rebuild {view} --as planner`. 그동안 `--as-of`로 보는 것은 기록에서 바로 만들므로 볼 수 있습니다."
    )
    en = (
        "The table of the view {view} is damaged and cannot be used: {problem}. The facts are not touched by that. Make it "
        "anew from them with `donghaeng views rebuild {view} --as planner`. Until then, what is shown with `--as-of` is made "
        "from the facts and can be seen."
    )


class Damage(NamedTuple):
    """`problem`: in words; `table`: the table to blame, by PostgreSQL's number of it, where the server said which."""

    view: View
    problem: str
    table: int | None = None


@contextmanager
def name_damage(store: Store, views: Sequence[View]) -> Iterator[None]:
    """What goes wrong in the block with a table of these views is named, and the view stands still from then on.

    No transaction that holds the view's position may be open round it. Raises ViewDamaged; whatever else went wrong as it is.
    """
    try:
        yield
    except psycopg.Error as error:
        found = damage(store, views, error)
        if found is None:
            raise
        stop_view(store, *found)
        raise ViewDamaged(view=found[0].name, problem=found[1]) from error


def stop_view(store: Store, view: View, problem: str, table: int | None = None) -> None:
    """The view stands still until it is made anew, or verified; said once. Who cannot write it down says it all the same.

    Not where it was made anew since the damage was met: whoever rebuilds it holds its position until the new tables are
    in use, so that behind that lock the tables are looked at again.
    """
    with suppress(DonghaengError, psycopg.Error), store.connection() as connection, connection.transaction():
        lock_position(connection, view)
        if _is_still_so(connection, view, problem, table) and stop_for_damage(connection, view, problem):
            _log.error(
                "view_damaged", view=view.name, error=problem, next=f"donghaeng views rebuild {view.name}"
            )


def damage(store: Store, views: Sequence[View], error: psycopg.Error) -> Damage | None:
    """Which of these views' tables is to blame for an error, and what is wrong with it; None where none is."""
    unreadable = error.sqlstate in _UNREADABLE
    if not unreadable and not isinstance(error, _MISSHAPEN):
        return None
    with store.connection() as connection:
        if unreadable:
            name, number = _table(connection, server_message(error))
            for view in views:
                if name in _tables(view):
                    return Damage(view, server_message(error), number)
            return None
        for view in views:
            if (problem := misshapen(connection, view)) is not None:
                return Damage(view, problem)
    return None


def _is_still_so(connection: Connection, view: View, problem: str, table: int | None) -> bool:
    """Whether the damage is one of the tables that are in use now. An index has its name again in the new table, a table
    never its number.
    """
    if misshapen(connection, view) is not None:
        return True
    name, number = _table(connection, problem)
    return name in _tables(view) and table in (None, number)


def misshapen(connection: Connection, view: View) -> str | None:
    """Why the view's tables are not as it declares them, as far as folding into them needs it; None where they are."""
    if place_of(connection, view) is None:  # it was never made: that is said elsewhere
        return None
    for one in view.tables:
        if (unlike := columns_unlike(connection, one.table, one.declared)) is not None:
            return unlike[1]
        if (problem := _unwritable(connection, one)) is not None:
            return problem
    return None


def columns_unlike(connection: Connection, table: str, declared: Mapping[str, str]) -> tuple[Why, str] | None:
    """Why a table cannot be read as if it had these columns, also in words; None where it has them."""
    there: Any = connection.execute(_SHAPE.encode(), (table,)).fetchall()
    if not there:
        return "missing", f"the table {table} is missing"
    kinds = {name: kind for name, kind, _ in there}
    wanted: Any = connection.execute(_KINDS.encode(), (list(declared), list(declared.values()))).fetchall()
    for name, kind in wanted:
        if kinds.get(name) != kind:
            return "another_shape", f"the table {table} has no column {name} of the type {kind}"
    return None


def _unwritable(connection: Connection, one: View | Tally) -> str | None:
    """Why rows cannot be written to a table that has the right columns."""
    table = one.table
    for name, _, needed in connection.execute(_SHAPE.encode(), (table,)):
        if needed and name not in one.declared:
            return f"the table {table} demands a column {name} that the view does not have"
    if set(one.unique) not in [set(row[0]) for row in connection.execute(_KEYS.encode(), (table,))]:
        return f"the table {table} has no index that keeps {', '.join(sorted(one.unique))} unique"
    ((missing,),) = connection.execute(_RIGHTS.encode(), (table,)).fetchall()
    return f"the table {table} does not grant {missing}" if missing else None


def _table(connection: Connection, problem: str) -> tuple[str | None, int | None]:
    """The table that the server's words are about, and its number."""
    file, index, toast = (one.search(problem) for one in (_OF_FILE, _OF_INDEX, _OF_TOAST))
    given = (
        0 if file is None else int(file[1] or 0),
        None if file is None else int(file[2]),
        None if index is None else index[1],
        None if toast is None else toast[0],
    )
    found: Any = connection.execute(_TABLE.encode(), given).fetchone()
    return (None, None) if found is None else found


def _tables(view: View) -> list[str]:
    return [one.table for one in view.tables]
