"""How far each view has come in the log: a row a view and version, written together with the view's rows."""

from __future__ import annotations

from typing import Any

import msgspec

from projections.view import View
from projections.views import VIEWS
from store.connecting import SCHEMA_VERSION, Connection
from store.errors import NotMigrated
from store.log import Store

_COLUMNS = "p.position, h.position - p.position, p.state, p.error, p.error_position"
_ALL = f"SELECT p.view, p.version, {_COLUMNS} FROM views.positions p, donghaeng.head h ORDER BY p.view"
_LOCKED = (
    f"SELECT {_COLUMNS} FROM views.positions p, donghaeng.head h "
    "WHERE p.view = %s AND p.version = %s FOR UPDATE OF p"
)
_STANDS_AT = "SELECT position FROM views.positions WHERE view = %s AND version = %s"
_MOVE = (
    "UPDATE views.positions SET position = %s, state = %s, error = %s, error_position = %s "
    "WHERE view = %s AND version = %s"
)


class Position(msgspec.Struct, frozen=True):
    """How far a view has come. `lag`: facts of the log still to be folded; `state`: running or stopped."""

    position: int
    lag: int
    state: str
    error: str | None = None
    error_position: int | None = None


def positions(store: Store) -> dict[str, Position]:
    """The position of every view in use, by name; a tally stands where its base view stands. Raises NotMigrated."""
    with store.connection() as connection:
        rows: Any = connection.execute(_ALL.encode()).fetchall()
    found = {(name, version): Position(*rest) for name, version, *rest in rows}
    places: dict[str, Position] = {}
    for view in VIEWS.values():
        place = found.get((view.name, view.version))
        if place is None:
            raise _never_made(view)
        places |= dict.fromkeys([view.name, *(tally.name for tally in view.tallies)], place)
    return places


def stands_at(connection: Connection, view: View) -> int:
    """The position behind the last fact that the view has folded. Raises NotMigrated."""
    row = connection.execute(_STANDS_AT, (view.name, view.version)).fetchone()
    if row is None:
        raise _never_made(view)
    return int(row[0])


def locked(connection: Connection, view: View) -> Position:
    """Where the view stands; nobody else can move it until the transaction ends. Raises NotMigrated."""
    row: Any = connection.execute(_LOCKED.encode(), (view.name, view.version)).fetchone()
    if row is None:
        raise _never_made(view)
    return Position(*row)


def move(connection: Connection, view: View, position: int, problem: str | None = None) -> None:
    """Put the view behind the fact at this position. `problem`: why it stops in front of the next one."""
    state, error_position = ("running", None) if problem is None else ("stopped", position + 1)
    connection.execute(_MOVE, (position, state, problem, error_position, view.name, view.version))


def _never_made(view: View) -> NotMigrated:
    return NotMigrated(found=f"– ({view.name} v{view.version})", needed=SCHEMA_VERSION)
