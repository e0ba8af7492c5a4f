"""Which store this is, and whether this program fits its schema."""

from __future__ import annotations

from typing import Any

import msgspec
from psycopg import errors

from store.connecting import SCHEMA_VERSION, Connection
from store.errors import NotMigrated, SchemaOfNewerProgram


class Identity(msgspec.Struct, frozen=True):
    """`id`: hex, for ever; `simulated`: its clock is moved by hand, for ever; `signing_key`: for its jobs."""

    id: str
    simulated: bool
    signing_key: bytes


def identity(connection: Connection) -> Identity:
    """Raises NotMigrated, SchemaOfNewerProgram."""
    version = schema_version(connection)
    if version is not None and version > SCHEMA_VERSION:
        raise SchemaOfNewerProgram(found=version, known=SCHEMA_VERSION)
    if version != SCHEMA_VERSION:
        raise NotMigrated(found=version or "–", needed=SCHEMA_VERSION)
    row: Any = connection.execute("SELECT id, simulated, signing_key FROM donghaeng.store").fetchone()
    return Identity(id=row[0].hex, simulated=row[1], signing_key=row[2])


def schema_version(connection: Connection) -> str | None:
    """The schema's version; None when there is none."""
    try:
        row: Any = connection.execute("SELECT version_num FROM donghaeng.schema_version").fetchone()
    except (errors.UndefinedTable, errors.InvalidSchemaName, errors.InsufficientPrivilege):
        return None
    return None if row is None else str(row[0])
