"""The tables of the views, as statements for the one migration command. Views are rebuilt, not migrated."""

from __future__ import annotations

from collections.abc import Iterable

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


def statements(views: Iterable[View] = tuple(VIEWS.values())) -> list[str]:
    """Each is safe to repeat."""
    made = [_POSITIONS, TABLE]
    for view in views:
        made += _of_view(view)
        for tally in view.tallies:
            made += _of_tally(tally)
    return made


def _of_view(view: View) -> list[str]:
    columns = "".join(f", {name} {kind}" for name, kind in view.columns.items())
    declared = {name: f"({name})" for name in view.columns} if view.indexes is None else view.indexes
    indexes = [
        f"CREATE INDEX IF NOT EXISTS {view.name}_v{view.version}_{name} ON {view.table} {definition}"
        for name, definition in declared.items()
    ]
    key = 'key text COLLATE "C" PRIMARY KEY, row json NOT NULL'
    return [
        # a row changes often and its columns seldom: half a page of room to do it without touching an index
        f"CREATE TABLE IF NOT EXISTS {view.table} ({key}{columns}) WITH (fillfactor = {view.room})",
        *indexes,
        f"INSERT INTO views.positions (view, version) VALUES ('{view.name}', {view.version}) ON CONFLICT DO NOTHING",
    ]


def _of_tally(tally: Tally) -> list[str]:
    keys = ", ".join(f"{name} {kind} NOT NULL" for name, kind in tally.keys.items())
    amounts = ", ".join(f"{name} numeric NOT NULL" for name in tally.amounts)
    key = ", ".join(tally.keys)
    return [f"CREATE TABLE IF NOT EXISTS {tally.table} ({keys}, {amounts}, PRIMARY KEY ({key}))"]
