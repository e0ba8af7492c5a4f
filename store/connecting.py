"""Connections to PostgreSQL, with the server's faults worded by name and without passwords."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import conninfo

from store.arrays import register
from store.errors import StoreTooOld, StoreUnreachable

OLDEST = 15
_PATIENCE_SECONDS = 5

Connection = psycopg.Connection[tuple[Any, ...]]


def connect(dsn: str, role: str | None = None) -> Connection:
    """An autocommit connection in UTC. `role`: the role to act as, when the login is another.

    Raises StoreUnreachable, StoreTooOld.
    """
    try:
        patient: dict[str, Any] = {"connect_timeout": _PATIENCE_SECONDS} | conninfo.conninfo_to_dict(dsn)
        address = conninfo.make_conninfo(**patient | {"application_name": "donghaeng"})
        connection = psycopg.connect(address, autocommit=True)
    except psycopg.Error as error:
        raise StoreUnreachable(problem=_problem(error, dsn)) from None
    if connection.info.server_version < OLDEST * 10_000:
        found = connection.info.server_version // 10_000
        connection.close()
        raise StoreTooOld(found=found, needed=OLDEST)
    as_role = f"SET ROLE {role};" if role is not None and connection.info.user != role else ""
    try:
        connection.execute(f"{as_role} SET TIME ZONE 'UTC'; SET jit = off".encode())
    except psycopg.Error as error:
        connection.close()
        raise StoreUnreachable(problem=_problem(error, dsn)) from None
    register(connection)
    return connection


def _problem(error: psycopg.Error, dsn: str) -> str:
    """The server's words in one line. A password in the address is never repeated."""
    try:
        password = conninfo.conninfo_to_dict(dsn).get("password")
    except psycopg.Error:
        return "the address is not a PostgreSQL URL"
    words = " ".join(str(error).split())
    return words.replace(str(password), "…") if password else words
