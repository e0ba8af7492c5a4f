"""Tables beside those in use: made, gone on with after an interruption, completed, dropped. All as their owner."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import msgspec
import psycopg
from psycopg import errors

from projections.fold_code import code_of
from projections.positions import Position, lock_position
from projections.rebuilding.errors import BeingRebuilt, OwnerNeeded
from projections.schema import indexes_of, position_of, rows_of, tallies_of
from projections.tables import add_to_tally
from projections.view import View
from store.connecting import APPLICATION_ROLE, SCHEMA_VERSION, Connection, fault, server_message
from store.errors import NotMigrated, StoreFault

_LOCK = 20240309
_CHUNK = 2000
OLD = "_old"


class Build(msgspec.Struct, frozen=True):
    """Rows of `view` on their way. `shards`: in how many parts; `whole`: the parts have become one, with all tables.

    `id`: of the certificate's command; `certificate`: of a switch that is done and not on record yet.
    """

    view: View
    code: str
    shards: int
    whole: bool
    id: str
    certificate: dict[str, Any] | None = None

    @property
    def parts(self) -> list[View]:
        """What the runner folds: the whole view, or its shards without the tallies."""
        if self.whole:
            return [self.view]
        bare = replace(self.view, tallies=())
        return [replace(bare, shard=(number, self.shards)) for number in range(1, self.shards + 1)]


@contextmanager
def hold_view(owner: Connection, view: View) -> Iterator[None]:
    """Nobody else rebuilds or verifies the view meanwhile; the server's faults are worded.

    Raises BeingRebuilt, OwnerNeeded, StoreFault, StoreUnreachable.
    """
    with word_faults(owner):
        row = owner.execute(
            f"SELECT pg_try_advisory_lock({_LOCK}, hashtext(%s))".encode(), (view.name,)
        ).fetchone()
        if row is None or not row[0]:
            raise BeingRebuilt(view=view.name)
        try:
            yield
        finally:
            if not owner.closed:
                owner.execute(f"SELECT pg_advisory_unlock({_LOCK}, hashtext(%s))".encode(), (view.name,))


@contextmanager
def word_faults(owner: Connection) -> Iterator[None]:
    try:
        yield
    except errors.InsufficientPrivilege as error:
        raise OwnerNeeded(problem=server_message(error)) from error
    except errors.UndefinedTable as error:
        if "views.positions" in server_message(error) or "views.builds" in server_message(error):
            raise NotMigrated(found="– (views)", needed=SCHEMA_VERSION) from None
        raise StoreFault(problem=server_message(error)) from error
    except (psycopg.OperationalError, psycopg.InterfaceError, psycopg.InternalError) as error:
        raise fault(error, closed=bool(owner.closed)) from error


def find_build(owner: Connection, view: View) -> Build | None:
    """What was begun beside the view, by whatever program."""
    query = "SELECT version, code, shards, whole, id, certificate FROM views.builds WHERE place = %s"
    row: Any = owner.execute(query, (view.checkpoint_name,)).fetchone()
    if row is None:
        return None
    version, code, shards, whole, identity, certificate = row
    return Build(replace(view, version=version), code, shards, whole, identity.hex, certificate)


def begin_build(owner: Connection, view: View, shards: int) -> Build:
    """A build of these tables: the one that was interrupted, if this program began it, else a new one."""
    code = code_of(view)
    with owner.transaction():
        before = find_build(owner, view)
        if before is not None and (before.view.version, before.code) == (view.version, code):
            return before
        forget(owner, view)
        build = Build(view, code, shards if view.by_stream else 1, whole=False, id=uuid.uuid4().hex)
        _run(owner, [rows_of(view), _grant_statement(view.table), *map(position_of, build.parts)])
        owner.execute(
            "INSERT INTO views.builds (place, version, code, shards, id) VALUES (%s, %s, %s, %s, %s)",
            (view.checkpoint_name, view.version, code, build.shards, uuid.UUID(build.id)),
        )
        return build


def complete_build(owner: Connection, build: Build) -> Build:
    """The build as one, once its parts stand at one position: with indexes and tallies over all its rows."""
    if build.whole:
        return build
    view = build.view
    with owner.transaction():
        position = min(lock_position(owner, part).position for part in build.parts)
        # many rows at once are indexed in half the time of one after the other
        _run(
            owner,
            [*indexes_of(view), *tallies_of(view), *(_grant_statement(one.table) for one in view.tallies)],
        )
        _count(owner, view)
        # whoever reads after the switch must not wait for the server to look at them in its own time
        _run(owner, [f"ANALYZE {one.table}" for one in view.tables])
        for part in build.parts:
            owner.execute("DELETE FROM views.positions WHERE view = %s", (part.checkpoint_name,))
        _run(owner, [position_of(view)])
        owner.execute(
            "UPDATE views.positions SET position = %s, code = %s WHERE view = %s",
            (position, build.code, view.checkpoint_name),
        )
        owner.execute("UPDATE views.builds SET whole = true WHERE place = %s", (view.checkpoint_name,))
    return msgspec.structs.replace(build, whole=True)


def places(owner: Connection, build: Build) -> list[Position]:
    """Where the parts of a build stand."""
    with owner.transaction():
        return [lock_position(owner, part) for part in build.parts]


def forget(owner: Connection, view: View) -> None:
    """Drop what was begun in these tables, of any version."""
    drop(owner, tables_like(owner, view, rf"_v[0-9]+{view.suffix}"))
    owner.execute(
        "DELETE FROM views.positions WHERE view = %s OR view LIKE %s",
        (view.checkpoint_name, f"{view.checkpoint_name}.%of%"),
    )
    owner.execute("DELETE FROM views.builds WHERE place = %s", (view.checkpoint_name,))


def tables_like(owner: Connection, view: View, ending: str) -> list[str]:
    """Tables of a view and its tallies whose names end so, a regular expression."""
    names = "|".join(one.name for one in view.tables)
    query = (
        "SELECT 'views.' || tablename FROM pg_tables WHERE schemaname = 'views' AND tablename ~ %s ORDER BY 1"
    )
    return [row[0] for row in owner.execute(query, (f"^({names}){ending}$",)).fetchall()]


def drop(owner: Connection, tables: Iterable[str]) -> None:
    _run(owner, [f"DROP TABLE IF EXISTS {table}" for table in tables])


def _count(owner: Connection, view: View) -> None:
    """The tallies over all rows, a chunk of rows at a time."""
    decode = msgspec.json.Decoder(view.row).decode
    if not view.tallies:
        return
    with owner.cursor(name="rows_to_count") as rows:
        rows.execute(f"SELECT key, row::text FROM {view.table}".encode())
        while chunk := rows.fetchmany(_CHUNK):
            counted = {key: decode(row) for key, row in chunk}
            for tally in view.tallies:
                add_to_tally(owner, tally, {}, counted)


def _grant_statement(table: str) -> str:
    return f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {APPLICATION_ROLE}"


def _run(owner: Connection, statements: Iterable[str]) -> None:
    for statement in statements:
        owner.execute(statement.encode())
