"""The tables of the views, as statements for the one migration command. Views are rebuilt, not migrated."""

from __future__ import annotations

from collections.abc import Iterable

from projections import marks
from projections.rows_as_of import IN_PIECES, TABLE
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
    """Each is safe to repeat. A view whose older version is in use gets no new tables: they come with a rebuild.

    So does a table that has gone: one made empty under a position that it once had would pass for the whole.
    """
    return [_POSITIONS, _CODE, _BUILDS, TABLE, IN_PIECES, *marks.statements(), *map(_create_statement, views)]


def _create_statement(view: View) -> str:
    body = "; ".join(
        [
            rows_of(view),
            *indexes_of(view),
            *_indexes_of_before(view),
            *marks.triggers_of(view),
            *tallies_of(view),
            position_of(view),
        ]
    )
    older = f"SELECT FROM views.positions WHERE view = '{view.name}' AND position > 0 AND version < {view.version}"
    own = f"SELECT FROM views.positions WHERE view = '{view.name}' AND version = {view.version}"
    tables = ", ".join(f"('{one.table}')" for one in view.tables)
    gone = f"{own} AND position > 0 AND EXISTS (SELECT FROM (VALUES {tables}) AS named(one) WHERE to_regclass(one) IS NULL)"
    return f"DO $$ BEGIN IF (NOT EXISTS ({older}) OR EXISTS ({own})) AND NOT EXISTS ({gone}) THEN {body}; END IF; END $$"


def rows_of(view: View) -> str:
    """The table of a view's rows."""
    columns = "".join(f", {name} {kind}" for name, kind in view.columns.items())
    key = 'key text COLLATE "C" PRIMARY KEY, row json NOT NULL'
    # a row changes often and its columns seldom: half a page of room to do it without touching an index
    return f"CREATE TABLE IF NOT EXISTS {view.table} ({key}{columns}) WITH (fillfactor = {view.fill_factor})"


def indexes_of(view: View) -> list[str]:
    """The indexes on what people filter by."""
    declared = {name: f"({name})" for name in view.columns} if view.indexes is None else view.indexes
    table = view.table.removeprefix("views.")
    return [
        f"CREATE INDEX IF NOT EXISTS {table}_{name} ON {view.table} {definition}"
        for name, definition in declared.items()
    ]


def _indexes_of_before(view: View) -> list[str]:
    """A view that had an index on each column, and declares others now, is not to keep those up for nobody."""
    table = view.table.removeprefix("views.")
    left = () if view.indexes is None else [name for name in view.columns if name not in view.indexes]
    return [f"DROP INDEX IF EXISTS views.{table}_{name}" for name in left]


def tallies_of(view: View) -> list[str]:
    """The tables of a view's tallies."""
    return [_of_tally(tally) for tally in view.tallies]


def position_of(view: View) -> str:
    """Where a view stands that has folded nothing yet."""
    return f"INSERT INTO views.positions (view, version) VALUES ('{view.checkpoint_name}', {view.version}) ON CONFLICT DO NOTHING"


def _of_tally(tally: Tally) -> str:
    keys = ", ".join(f"{name} {kind} NOT NULL" for name, kind in tally.keys.items())
    amounts = ", ".join(f"{name} numeric NOT NULL" for name in tally.amounts)
    key = ", ".join(tally.keys)
    return f"CREATE TABLE IF NOT EXISTS {tally.table} ({keys}, {amounts}, PRIMARY KEY ({key}))"
