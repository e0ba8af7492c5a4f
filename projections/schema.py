"""The tables of the views, as statements for the one migration command. Views are rebuilt, not migrated."""

from __future__ import annotations

from collections.abc import Iterable

from projections import marks
from projections.as_of import TABLE
from projections.view import Tally, View
from projections.views import VIEWS

_POSITIONS = """
CREATE TABLE IF NOT EXISTS views.positions (
    view           text NOT NULL,
    version        integer NOT NULL,
    position       bigint NOT NULL DEFAULT 0,
    state          text NOT NULL DEFAULT 'running',
    error          text,
    error_position bigint,
    PRIMARY KEY (view, version)
)"""
_CODE = "ALTER TABLE views.positions ADD COLUMN IF NOT EXISTS code text"
# what is folded anew beside the rows in use; `certificate`: of a switch that is not on record yet
_BUILDS = """
CREATE TABLE IF NOT EXISTS views.builds (
    place       text PRIMARY KEY,
    version     integer NOT NULL,
    code        text NOT NULL,
    shards      integer NOT NULL,
    whole       boolean NOT NULL DEFAULT false,
    id          uuid NOT NULL,
    certificate json
)"""


def statements(views: Iterable[View] = tuple(VIEWS.values())) -> list[str]:
    """Each is safe to repeat. A view whose older version is in use gets no new tables: they come with a rebuild."""
    return [_POSITIONS, _CODE, _BUILDS, TABLE, *marks.statements(), *map(_made, views)]


def _made(view: View) -> str:
    body = "; ".join(
        [rows_of(view), *indexes_of(view), *marks.triggers_of(view), *tallies_of(view), position_of(view)]
    )
    older = f"SELECT FROM views.positions WHERE view = '{view.name}' AND position > 0 AND version < {view.version}"
    own = f"SELECT FROM views.positions WHERE view = '{view.name}' AND version = {view.version}"
    return f"DO $$ BEGIN IF NOT EXISTS ({older}) OR EXISTS ({own}) THEN {body}; END IF; END $$"


def rows_of(view: View) -> str:
    """The table of a view's rows."""
    columns = "".join(f", {name} {kind}" for name, kind in view.columns.items())
    key = 'key text COLLATE "C" PRIMARY KEY, row json NOT NULL'
    # a row changes often and its columns seldom: half a page of room to do it without touching an index
    return f"CREATE TABLE IF NOT EXISTS {view.table} ({key}{columns}) WITH (fillfactor = {view.room})"


def indexes_of(view: View) -> list[str]:
    """The indexes on what people filter by."""
    declared = {name: f"({name})" for name in view.columns} if view.indexes is None else view.indexes
    table = view.table.removeprefix("views.")
    return [
        f"CREATE INDEX IF NOT EXISTS {table}_{name} ON {view.table} {definition}"
        for name, definition in declared.items()
    ]


def tallies_of(view: View) -> list[str]:
    """The tables of a view's tallies."""
    return [_of_tally(tally) for tally in view.tallies]


def position_of(view: View) -> str:
    """Where a view stands that has folded nothing yet."""
    return f"INSERT INTO views.positions (view, version) VALUES ('{view.place}', {view.version}) ON CONFLICT DO NOTHING"


def _of_tally(tally: Tally) -> str:
    keys = ", ".join(f"{name} {kind} NOT NULL" for name, kind in tally.keys.items())
    amounts = ", ".join(f"{name} numeric NOT NULL" for name in tally.amounts)
    key = ", ".join(tally.keys)
    return f"CREATE TABLE IF NOT EXISTS {tally.table} ({keys}, {amounts}, PRIMARY KEY ({key}))"
