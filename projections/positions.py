"""How far each view has come in the log: a row a view and version, written together with the view's rows."""

from __future__ import annotations

from typing import Any

import msgspec
from psycopg.errors import UndefinedColumn

from projections.fold_code import code_of
from projections.view import View
from projections.views import VIEWS
from store.connecting import SCHEMA_VERSION, Connection
from store.errors import NotMigrated
from store.log import Store

SEVERAL = "several"  # the rows were folded by more than one code
_COLUMNS = "p.position, h.position - p.position, p.state, p.error, p.error_position, p.code"
_ALL = f"SELECT p.view, p.version, {_COLUMNS} FROM views.positions p, donghaeng.head h ORDER BY p.view"
_LOCKED = (
    f"SELECT {_COLUMNS} FROM views.positions p, donghaeng.head h "
    "WHERE p.view = %s AND p.version = %s FOR UPDATE OF p"
)
_SEEN = f"SELECT {_COLUMNS} FROM views.positions p, donghaeng.head h WHERE p.view = %s AND p.version = %s"
_STANDS_AT = "SELECT position FROM views.positions WHERE view = %s AND version = %s"
_OLDER = "SELECT max(version) FROM views.positions WHERE view = %s AND version < %s"
_MOVE = (
    "UPDATE views.positions SET position = %s, state = %s, error = %s, error_position = %s, "
    f"code = CASE WHEN position = 0 OR code = %s THEN %s ELSE '{SEVERAL}' END WHERE view = %s AND version = %s"
)


class ViewNotBuilt(NotMigrated):
    """`version`: what this program needs; `before`: what is in use, which the program before goes on with."""

    ko = (
        "{view} 조회 화면 {version}판이 아직 없습니다(쓰는 중: {before}판). `donghaeng views rebuild {view}`로 만드십시오. "
        "그동안 이전 프로그램은 {before}판을 그대로 씁니다."
    )
    en = (
        "Version {version} of the view {view} is not there yet; {before} is in use. Make it with `donghaeng views rebuild "
        "{view}`; until then the program before goes on with version {before}."
    )


class Position(msgspec.Struct, frozen=True):
    """How far a view has come. `lag`: facts of the log still to be folded; `state`: running or stopped.

    `code`: SHA-256 of what folded its rows, or "several".
    """

    position: int
    lag: int
    state: str
    error: str | None = None
    error_position: int | None = None
    code: str | None = None


def positions(store: Store) -> dict[str, Position]:
    """The position of every view in use, by name; a tally stands where its base view stands. Raises NotMigrated."""
    with store.connection() as connection:
        rows: Any = _asked(connection, _ALL)
    found = {(name, version): Position(*rest) for name, version, *rest in rows}
    places: dict[str, Position] = {}
    for view in VIEWS.values():
        place = found.get((view.name, view.version))
        if place is None:
            raise _never_made(view, max((older for name, older in found if name == view.name), default=None))
        places |= dict.fromkeys([view.name, *(tally.name for tally in view.tallies)], place)
    return places


def stands_at(connection: Connection, view: View) -> int:
    """The position behind the last fact that the view has folded. Raises NotMigrated."""
    row = connection.execute(_STANDS_AT, (view.place, view.version)).fetchone()
    if row is None:
        raise _never_made(view, _older(connection, view))
    return int(row[0])


def place_of(connection: Connection, view: View) -> Position | None:
    """Where the view stands; None where it was never made. Raises NotMigrated."""
    rows = _asked(connection, _SEEN, (view.place, view.version))
    return Position(*rows[0]) if rows else None


def locked(connection: Connection, view: View) -> Position:
    """Where the view stands; nobody else can move it until the transaction ends. Raises NotMigrated."""
    rows = _asked(connection, _LOCKED, (view.place, view.version))
    if not rows:
        raise _never_made(view, _older(connection, view))
    return Position(*rows[0])


def move(connection: Connection, view: View, position: int, problem: str | None = None) -> None:
    """Put the view behind the fact at this position. `problem`: why it stops in front of the next one."""
    state, error_position = ("running", None) if problem is None else ("stopped", position + 1)
    code = code_of(view)
    values = (position, state, problem, error_position, code, code, view.place, view.version)
    connection.execute(_MOVE.encode(), values)


def _asked(connection: Connection, query: str, given: Any = None) -> Any:
    try:
        return connection.execute(query.encode(), given).fetchall()
    except UndefinedColumn:
        raise NotMigrated(found="– (views.positions)", needed=SCHEMA_VERSION) from None


def _older(connection: Connection, view: View) -> int | None:
    row: Any = connection.execute(_OLDER, (view.name, view.version)).fetchone()
    found: int | None = row[0]
    return found


def _never_made(view: View, older: int | None) -> NotMigrated | ViewNotBuilt:
    if older is not None and older < view.version:
        return ViewNotBuilt(view=view.name, version=view.version, before=older)
    return NotMigrated(found=f"– ({view.name} v{view.version})", needed=SCHEMA_VERSION)
