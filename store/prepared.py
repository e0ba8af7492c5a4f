"""A statement prepared once a connection and run without psycopg's cursors: half of an append's time in this program.

It is sent and awaited through libpq as psycopg does itself, so that Ctrl-C and a lost connection end it just the same.
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from struct import Struct

from psycopg import generators
from psycopg.errors import InvalidSqlStatementName, error_from_result
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

from store.connecting import Connection

_SINCE = datetime(2000, 1, 1, tzinfo=UTC)  # where PostgreSQL begins to count
_integer = Struct(">q").unpack
_numbers = itertools.count(1)


class Statement:
    """`types`: the oids of the parameters, which are given in PostgreSQL's binary form, as the results come back."""

    def __init__(self, sql: str, types: Sequence[int]) -> None:
        self._sql, self._types = sql.encode(), list(types)
        self._name = f"donghaeng_{next(_numbers)}".encode()
        self._formats = [1] * len(self._types)
        self._known: weakref.WeakSet[Connection] = weakref.WeakSet()

    def run(self, connection: Connection, parameters: Sequence[bytes]) -> list[bytes | None]:
        """The one row of the result. Raises psycopg's errors."""
        with connection.lock:
            try:
                result = self._run(connection, parameters)
            except InvalidSqlStatementName:
                # psycopg deallocates everything after a rollback; nothing was run, so it is run now
                self._known.discard(connection)
                result = self._run(connection, parameters)
        return [result.get_value(0, column) for column in range(result.nfields)]

    def _run(self, connection: Connection, parameters: Sequence[bytes]) -> PGresult:
        if connection not in self._known:
            connection.pgconn.send_prepare(self._name, self._sql, self._types)
            _result(connection, ExecStatus.COMMAND_OK)
            self._known.add(connection)
        connection.pgconn.send_query_prepared(self._name, parameters, self._formats, 1)
        return _result(connection, ExecStatus.TUPLES_OK)


def integer(value: bytes | None) -> int:
    """A bigint."""
    assert value is not None
    return int(_integer(value)[0])


def moment(value: bytes | None) -> datetime:
    """A timestamptz."""
    return _SINCE + timedelta(microseconds=integer(value))


def _result(connection: Connection, expected: ExecStatus) -> PGresult:
    # raises OperationalError where the connection is lost meanwhile
    result: PGresult = connection.wait(generators.execute(connection.pgconn))[-1]
    if result.status != expected:
        raise error_from_result(result, encoding=connection.info.encoding)
    return result
