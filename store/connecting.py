"""A connection to PostgreSQL, with the server's faults worded by name and without passwords."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import conninfo, errors

from store.arrays import register
from store.errors import NotMigrated, NotUnicode, StoreTooOld, StoreUnreachable

OLDEST = 15
SCHEMA_VERSION = "0009"  # the newest in store/schema/versions
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
# What a database, a role or PGOPTIONS may have set otherwise, and what we read and write by. First of all the time
# that a statement may take, lest the rest of them take too long.
_FIRST = {"statement_timeout": "0"}
_SETTINGS = {
    "lock_timeout": "0",
    "idle_session_timeout": "0",
    "default_transaction_isolation": "'read committed'",
    "default_transaction_read_only": "off",
    "default_transaction_deferrable": "off",
    "search_path": "pg_catalog",
    "timezone": "'UTC'",
    "datestyle": "'ISO, MDY'",
    "intervalstyle": "'postgres'",
    "bytea_output": "'hex'",
    "extra_float_digits": "1",
    "standard_conforming_strings": "on",
    "array_nulls": "on",
    "jit": "off",
}
_SINCE = {"transaction_timeout": (17, "0")}  # settings that older servers do not know
# Whoever is stopped in the middle of a transaction must not keep others waiting for its locks for ever.
_MOST_IDLE = "60s"


def connect(dsn: str, role: str | None = None) -> Connection:
    """An autocommit connection in UTC. `role`: the role to act as, when the login is another.

    Raises StoreUnreachable, StoreTooOld, NotUnicode; NotMigrated when that role does not exist yet.
    """
    try:
        connection = _opened(dsn)
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
    try:
        if role is not None and connection.info.user != role:
            connection.execute(f"SET ROLE {role}".encode())
        _settle(connection)
    except errors.InvalidParameterValue:
        connection.close()
        raise NotMigrated(found="–", needed=SCHEMA_VERSION) from None
    except psycopg.Error as error:
        connection.close()
        raise StoreUnreachable(problem=_problem(error, dsn)) from None
    register(connection)
    return connection


def session(dsn: str, most_idle: str = _MOST_IDLE) -> Connection:
    """An autocommit connection with the same settings for what is done beside the store: migrating, sweeping, measuring.

    `most_idle`: for how long a transaction may do nothing, "0" for ever. Raises psycopg's errors.
    """
    connection = _opened(dsn)
    try:
        _settle(connection, most_idle)
    except BaseException:
        connection.close()
        raise
    return connection


def _opened(dsn: str) -> Connection:
    address = _PATIENCE | conninfo.conninfo_to_dict(dsn) | _OURS
    return psycopg.connect(conninfo.make_conninfo(**address), autocommit=True)


def _settle(connection: Connection, most_idle: str = _MOST_IDLE) -> None:
    """What ALTER DATABASE … SET, ALTER ROLE … SET and PGOPTIONS leave in a session ends here."""
    version = connection.info.server_version // 10_000
    later = {name: value for name, (since, value) in _SINCE.items() if version >= since}
    rest = _SETTINGS | later | {"idle_in_transaction_session_timeout": f"'{most_idle}'"}
    for settings in (_FIRST, rest):
        connection.execute("; ".join(f"SET {name} = {value}" for name, value in settings.items()).encode())


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
