"""How far each view has come in the log: a row a view and version, written together with the view's rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from psycopg.errors import UndefinedColumn

from projections.view import View
from store.connecting import SCHEMA_VERSION, Connection
from store.errors import NotMigrated
from store.log import Store
from store.looking_up import HEAD

SEVERAL = "several"  # the rows were folded by more than one code
_COLUMNS = f"position, {HEAD} - position, state, error, error_position, code"
_ALL = f"SELECT view, version, {_COLUMNS} FROM views.positions ORDER BY view"
_SEEN = f"SELECT {_COLUMNS} FROM views.positions WHERE view = %s AND version = %s"
_LOCKED = f"{_SEEN} FOR UPDATE"
_NEWEST = (
    f"SELECT version, {_COLUMNS} FROM views.positions WHERE view = %s AND version <= %s "
    "ORDER BY version DESC LIMIT 1 FOR UPDATE"
)
_STANDS_AT = "SELECT position FROM views.positions WHERE view = %s AND version = %s"
_OLDER = "SELECT max(version) FROM views.positions WHERE view = %s AND version < %s"
_MOVE = (
    "UPDATE views.positions SET position = %s, state = %s, error = %s, error_position = %s, "
    f"code = CASE WHEN position = 0 OR code = %s THEN %s ELSE '{SEVERAL}' END WHERE view = %s AND version = %s"
).encode()


_DAMAGED = (
    "UPDATE views.positions SET state = 'stopped', error = %s, error_position = NULL "
    "WHERE view = %s AND version = %s AND NOT (state = 'stopped' AND error_position IS NULL)"
)
_TRIED_AGAIN = (
    "UPDATE views.positions SET state = 'running', error = NULL "
    "WHERE view = %s AND version = %s AND state = 'stopped' AND error_position IS NULL"
)


class ViewNotBuilt(NotMigrated):
    """`version`: what this program needs; `before`: what is in use, which the program before goes on with."""

    ko = (
        "{view} 조회 화면 버전 {version}이(가) 아직 없습니다(사용 중: 버전 {before}). `donghaeng views rebuild {view}`로 만드십시오. "
        "그동안 이전 프로그램은 버전 {before}을(를) 그대로 사용합니다."
    )
    en = (
        "Version {version} of the view {view} is not there yet; {before} is in use. Make it with `donghaeng views rebuild "
        "{view}`; until then the program before goes on with version {before}."
    )


class Position(msgspec.Struct, frozen=True):
    """How far a view has come. `lag`: facts of the log still to be folded; `state`: running or stopped.

    `error`: why it stopped: in front of the fact at `error_position`, or where that is None over its own table, which is
    damaged. `code`: SHA-256 of what folded its rows, or "several".
    """

    position: int
    lag: int
    state: str
    error: str | None = None
    error_position: int | None = None
    code: str | None = None

    @property
    def damaged(self) -> bool:
        """Whether its table cannot be used as it stands: see projections.damage."""
        return self.state == "stopped" and self.error_position is None


def positions_of(store: Store, views: Iterable[View]) -> dict[str, Position]:
    """The positions of these views in use, by name; a tally stands where its base view stands. Raises NotMigrated."""
    with store.connection() as connection:
        rows: Any = _query(connection, _ALL)
    found = {(name, version): Position(*rest) for name, version, *rest in rows}
    places: dict[str, Position] = {}
    for view in views:
        place = found.get((view.name, view.version))
        if place is None:
            raise _missing_error(
                view, max((older for name, older in found if name == view.name), default=None)
            )
        places |= dict.fromkeys([one.name for one in view.tables], place)
    return places


def stands_at(connection: Connection, view: View) -> int:
    """The position behind the last fact that the view has folded. Raises NotMigrated."""
    row = connection.execute(_STANDS_AT, (view.checkpoint_name, view.version)).fetchone()
    if row is None:
        raise _missing_error(view, _older(connection, view))
    return int(row[0])


def place_of(connection: Connection, view: View) -> Position | None:
    """Where the view stands; None where it was never made. Raises NotMigrated."""
    rows = _query(connection, _SEEN, (view.checkpoint_name, view.version))
    return Position(*rows[0]) if rows else None


def lock_position(connection: Connection, view: View) -> Position:
    """Where the view stands; nobody else can move it until the transaction ends. Raises NotMigrated."""
    rows = _query(connection, _LOCKED, (view.checkpoint_name, view.version))
    if not rows:
        raise _missing_error(view, _older(connection, view))
    return Position(*rows[0])


def lock_newest(connection: Connection, view: View) -> tuple[int, Position] | None:
    """The version that is in use, this program's or the newest before it, and where that stands, locked as above.

    None where there is none. Raises NotMigrated.
    """
    rows = _query(connection, _NEWEST, (view.name, view.version))
    return (rows[0][0], Position(*rows[0][1:])) if rows else None


def move(connection: Connection, view: View, position: int, problem: str | None = None) -> None:
    """Put the view behind the fact at this position. `problem`: why it stops in front of the next one."""
    from projections.fold_code import code_of  # noqa: PLC0415 - it reads sources, and only who folds asks

    state, error_position = ("running", None) if problem is None else ("stopped", position + 1)
    code = code_of(view)
    values = (position, state, problem, error_position, code, code, view.checkpoint_name, view.version)
    connection.execute(_MOVE, values)


def stop_for_damage(connection: Connection, view: View, problem: str) -> bool:
    """The view's table is damaged: it stands still where it is; whether that is news."""
    return connection.execute(_DAMAGED.encode(), (problem, view.checkpoint_name, view.version)).rowcount > 0


def try_again(connection: Connection, view: View) -> None:
    """A view that stands still over its table goes on, or stops anew where that is as damaged as before."""
    connection.execute(_TRIED_AGAIN.encode(), (view.checkpoint_name, view.version))


def _query(connection: Connection, query: str, given: Any = None) -> Any:
    try:
        return connection.execute(query.encode(), given).fetchall()
    except UndefinedColumn:
        raise NotMigrated(found="– (views.positions)", needed=SCHEMA_VERSION) from None


def _older(connection: Connection, view: View) -> int | None:
    row: Any = connection.execute(_OLDER, (view.name, view.version)).fetchone()
    found: int | None = row[0]
    return found


def _missing_error(view: View, older: int | None) -> NotMigrated | ViewNotBuilt:
    if older is not None and older < view.version:
        return ViewNotBuilt(view=view.name, version=view.version, before=older)
    return NotMigrated(found=f"– ({view.name} v{view.version})", needed=SCHEMA_VERSION)
