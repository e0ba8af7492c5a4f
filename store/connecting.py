"""A connection to PostgreSQL, with the server's faults worded by name and without passwords."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import conninfo, errors

from store.arrays import register
from store.errors import NotMigrated, NotUnicode, StoreTooOld, StoreUnreachable

OLDEST = 15
SCHEMA_VERSION = "0006"  # the newest in store/schema/versions
APPLICATION_ROLE = "donghaeng_app"
OWNER_ROLE = "donghaeng_owner"

Connection = psycopg.Connection[tuple[Any, ...]]

# A server that falls silent is given up within about 20 seconds, wherever the silence begins.
_PATIENCE: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
# PGCLIENTENCODING, which may stand in somebody's environment, must not spoil what we send in UTF-8.
_OURS = {"application_name": "donghaeng", "client_encoding": "UTF8"}
# Whoever is stopped in the middle of a transaction must not keep others waiting for its locks for ever.
_SESSION = "SET TIME ZONE 'UTC'; SET jit = off; SET idle_in_transaction_session_timeout = '60s'"


def connect(dsn: str, role: str | None = None) -> Connection:
    """An autocommit connection in UTC. `role`: the role to act as, when the login is another.

    Raises StoreUnreachable, StoreTooOld, NotUnicode; NotMigrated when that role does not exist yet.
    """
    try:
        address = _PATIENCE | conninfo.conninfo_to_dict(dsn) | _OURS
        connection = psycopg.connect(conninfo.make_conninfo(**address), autocommit=True)
    except psycopg.Error as error:
        if role is not None and f'role "{role}" does not exist' in str(error):
            raise NotMigrated(found="–", needed=SCHEMA_VERSION) from None
        raise StoreUnreachable(problem=_problem(error, dsn)) from None
    if connection.info.server_version < OLDEST * 10_000:
        found = connection.info.server_version // 10_000
        connection.close()
        raise StoreTooOld(found=found, needed=OLDEST)
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        connection.close()
        raise NotUnicode(found=encoding)
    as_role = f"SET ROLE {role};" if role is not None and connection.info.user != role else ""
    try:
        connection.execute(f"{as_role} {_SESSION}".encode())
    except errors.InvalidParameterValue:
        connection.close()
        raise NotMigrated(found="–", needed=SCHEMA_VERSION) from None
    except psycopg.Error as error:
        connection.close()
        raise StoreUnreachable(problem=_problem(error, dsn)) from None
    register(connection)
    return connection


def said(error: psycopg.Error) -> str:
    """The server's message in one line, without where in our own function it came about."""
    return " ".join((error.diag.message_primary or str(error)).split())


def _problem(error: psycopg.Error, dsn: str) -> str:
    """The server's words in one line. A password in the address is never repeated."""
    try:
        password = conninfo.conninfo_to_dict(dsn).get("password")
    except psycopg.Error:
        return "the address is not a PostgreSQL URL"
    words = " ".join(str(error).split())
    return words.replace(str(password), "…") if password else words
