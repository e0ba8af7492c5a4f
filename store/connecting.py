"""A connection to PostgreSQL, with the server's faults worded by name and without passwords."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import psycopg
from psycopg import conninfo, errors
from psycopg.abc import PQGen

from store.arrays import register
from store.errors import (
    NotMigrated,
    NotUnicode,
    StoreBusy,
    StoreFault,
    StoreSilent,
    StoreTooOld,
    StoreUnreachable,
)
from store.waits import CONNECT_SECONDS, READING, WHOLE, Waits, seconds_left, spend

OLDEST = 15
SCHEMA_VERSION = "0014"  # the newest in store/schema/versions
APPLICATION_ROLE = "donghaeng_app"
OWNER_ROLE = "donghaeng_owner"

R = TypeVar("R")
_CHECK_SECONDS = 0.1  # how often Ctrl-C is looked for, as psycopg does


class NoAnswer(psycopg.OperationalError):
    """The server said nothing for so long that the connection was given up; what it was asked may have been done."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"no answer for {seconds:.0f} seconds")


class Connection(psycopg.Connection[tuple[Any, ...]]):
    """One that waits for no answer longer than it may: nothing of TCP's own sees a server that is stopped."""

    waits: Waits = READING
    # up to there facts are known to stay, whatever becomes of the server: see store.flushing
    flushed: int = 0
    appended: int = -1  # the last position that it appended itself
    alone: bool = False  # nobody else appended between its last two, and no standby is waited for

    def wait(self, gen: PQGen[R], interval: float = _CHECK_SECONDS, timeout: float | None = None) -> R:
        """As psycopg's. Raises NoAnswer; the connection is closed then."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        most, began = seconds_left(self.waits.answer), time.monotonic()
        try:
            return super().wait(gen, interval, most)
        except errors._WaitTimeout:
            return self._wait_on(gen, interval, most)
        finally:
            spend(began)

    def _wait_on(self, gen: PQGen[R], interval: float, most: float) -> R:
        """Give it up, unless it may take as long as it needs and the server is at work."""
        while self.waits.whole and self._is_at_work():
            with suppress(errors._WaitTimeout):
                return super().wait(gen, interval, most)
        self.close()
        raise NoAnswer(most) from None

    def _is_at_work(self) -> bool:
        """Whether the server, asked by another connection, says that this one's session does what it was asked."""
        try:
            with _open(self.info.dsn, password=self.info.password, waits=READING) as other:
                row = other.execute(
                    "SELECT state = 'active' FROM pg_catalog.pg_stat_activity WHERE pid = %s",
                    (self.info.backend_pid,),
                ).fetchone()
        except psycopg.Error:
            return False
        return row is not None and row[0] is not False  # None: another role's, which may not be seen


# A server that falls silent is given up within about 20 seconds, wherever the silence begins.
_PATIENCE: dict[str, Any] = {
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
# PGCLIENTENCODING, which may stand in somebody's environment, must not spoil what we send in UTF-8.
_OURS = {"application_name": "donghaeng", "client_encoding": "UTF8"}
# What a database, a role or PGOPTIONS may have set otherwise, and what we read and write by. First of all the time
# that a statement may take, lest the rest of them take too long.
_SETTINGS = {
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
# How far a commit goes is the server's to say, but never that it need not be on the disk.
_ON_DISK = (
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
)
_SINCE = {"transaction_timeout": (17, "0")}  # settings that older servers do not know


def connect(dsn: str, role: str | None = None, waits: Waits = READING) -> Connection:
    """An autocommit connection in UTC. `role`: the role to act as, when the login is another.

    Raises StoreUnreachable, StoreTooOld, NotUnicode; NotMigrated when that role does not exist yet.
    """
    try:
        connection = _open(dsn, waits=waits)
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


def session(dsn: str, waits: Waits = WHOLE) -> Connection:
    """An autocommit connection with the same settings for what is done beside the store: migrating, sweeping, measuring.

    Raises psycopg's errors.
    """
    connection = _open(dsn, waits=waits)
    try:
        _settle(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _open(dsn: str, *, waits: Waits, password: str = "") -> Connection:
    most = {"connect_timeout": math.ceil(seconds_left(CONNECT_SECONDS)) or 1}
    own = _OURS | ({"password": password} if password else {})
    address = _PATIENCE | most | conninfo.conninfo_to_dict(dsn) | own
    began = time.monotonic()
    try:
        connection = Connection.connect(conninfo.make_conninfo(**address), autocommit=True)
    finally:
        spend(began)
    connection.waits = waits
    return connection


def _settle(connection: Connection) -> None:
    """What ALTER DATABASE … SET, ALTER ROLE … SET and PGOPTIONS leave in a session ends here."""
    version, waits = connection.info.server_version // 10_000, connection.waits
    later = {name: value for name, (since, value) in _SINCE.items() if version >= since}
    ends = {"lock_timeout": waits.lock, "idle_in_transaction_session_timeout": waits.idle}
    rest = _SETTINGS | later | {name: milliseconds(seconds) for name, seconds in ends.items()}
    connection.execute(_set_statement("statement_timeout", milliseconds(waits.statement)).encode())
    connection.execute(
        "; ".join([*(_set_statement(name, value) for name, value in rest.items()), _ON_DISK]).encode()
    )


def _set_statement(name: str, value: str) -> str:
    return f"SET {name} = {value}"


@contextmanager
def without_time_limit(connection: Connection) -> Iterator[None]:
    """What is asked in the block, inside of a transaction, may take as long as it needs: see store.waits.WHOLE."""
    before = connection.waits
    connection.execute("SET LOCAL statement_timeout = 0")
    connection.waits = WHOLE
    try:
        yield
    finally:
        connection.waits = before


def milliseconds(seconds: float) -> str:
    """As PostgreSQL's settings take them."""
    return str(round(1000 * seconds))


def server_message(error: psycopg.Error) -> str:
    """The server's message in one line, without where in our own function it came about."""
    return " ".join((error.diag.message_primary or str(error)).split())


def fault(error: psycopg.Error, *, closed: bool) -> StoreUnreachable | StoreFault:
    """What the server could not do, by name. `closed`: whether the connection was lost over it."""
    if isinstance(error, NoAnswer):
        return StoreSilent(seconds=f"{error.seconds:.0f}")
    if closed:
        return StoreUnreachable(problem=server_message(error))
    if isinstance(error, errors.LockNotAvailable | errors.QueryCanceled):
        return StoreBusy(problem=server_message(error), holders="")
    return StoreFault(problem=server_message(error))


def _problem(error: psycopg.Error, dsn: str) -> str:
    """The server's words in one line. A password in the address is never repeated."""
    try:
        password = conninfo.conninfo_to_dict(dsn).get("password")
    except psycopg.Error:
        return "the address is not a PostgreSQL URL"
    words = " ".join(str(error).split())
    return words.replace(str(password), "…") if password else words
