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
from psycopg.abc import PQGen
from psycopg.errors import InvalidSqlStatementName, error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

from store.connecting import Connection

_SINCE = datetime(2000, 1, 1, tzinfo=UTC)  # where PostgreSQL begins to count
_integer = Struct(">q").unpack
_numbers = itertools.count(1)


class Unfinished(Exception):
    """Of two statements the first was done, and the second was not."""


class Statement:
    """`types`: the oids of the parameters, which are given in PostgreSQL's binary form, as the results come back."""

    def __init__(self, sql: str, types: Sequence[int]) -> None:
        self._sql, self._types = sql.encode(), list(types)
        self._formats = [1] * len(self._types)
        self._names: weakref.WeakKeyDictionary[Connection, bytes] = weakref.WeakKeyDictionary()

    def run(self, connection: Connection, parameters: Sequence[bytes]) -> list[bytes | None]:
        """The one row of the result, or nothing where it has none. Raises psycopg's errors."""
        with connection.lock:
            try:
                result = self._run(connection, parameters)
            except InvalidSqlStatementName:
                # psycopg deallocates everything after a rollback; nothing was run, so it is run now
                self._forget(connection)
                result = self._run(connection, parameters)
        return _row(result)

    def run_before(
        self, second: Statement, connection: Connection, parameters: Sequence[bytes]
    ) -> list[bytes | None]:
        """The one row of the result, once it was committed and the second was run after that, all in one round trip.

        Raises psycopg's errors, and then nothing of the first is known to be done; Unfinished.
        """
        with connection.lock:
            try:
                result = self._run_both(second, connection, parameters)
            except InvalidSqlStatementName:  # as in `run`
                for statement in (_BEGIN, self, _COMMIT, second):
                    statement._forget(connection)
                result = self._run_both(second, connection, parameters)
        return _row(result)

    def _run(self, connection: Connection, parameters: Sequence[bytes]) -> PGresult:
        self._prepare(connection)
        self._send(connection, parameters)
        return _result(connection, ExecStatus.TUPLES_OK)

    def _run_both(self, second: Statement, connection: Connection, parameters: Sequence[bytes]) -> PGresult:
        turns = ((_BEGIN, ()), (self, parameters), (_COMMIT, ()), (second, ()))
        for statement, _ in turns:
            statement._prepare(connection)
        pgconn = connection.pgconn
        pgconn.enter_pipeline_mode()
        try:
            for statement, given in turns:
                statement._send(connection, given)
            pgconn.pipeline_sync()
            *first, last = connection.wait(_all(pgconn, len(turns)))
            pgconn.exit_pipeline_mode()
        except BaseException:
            connection.close()  # what is still to come belongs to nobody
            raise
        for result in first:
            if result.status == ExecStatus.FATAL_ERROR:
                _roll_back(connection)
                raise error_from_result(result, encoding=connection.info.encoding)
        if last.status == ExecStatus.FATAL_ERROR:
            second._forget(connection)
            raise Unfinished from error_from_result(last, encoding=connection.info.encoding)
        return first[1]

    def _prepare(self, connection: Connection) -> None:
        if connection not in self._names:
            name = f"donghaeng_{next(_numbers)}".encode()
            connection.pgconn.send_prepare(name, self._sql, self._types)
            _result(connection, ExecStatus.COMMAND_OK)
            self._names[connection] = name

    def _forget(self, connection: Connection) -> None:
        """It is prepared anew, under another name: the server may know it still, where it forgot another only."""
        self._names.pop(connection, None)

    def _send(self, connection: Connection, parameters: Sequence[bytes]) -> None:
        connection.pgconn.send_query_prepared(self._names[connection], parameters, self._formats, 1)


def integer(value: bytes | None) -> int:
    """A bigint."""
    assert value is not None
    return int(_integer(value)[0])


def moment(value: bytes | None) -> datetime:
    """A timestamptz."""
    return _SINCE + timedelta(microseconds=integer(value))


_BEGIN, _COMMIT = Statement("BEGIN", ()), Statement("COMMIT", ())


def _all(pgconn: PGconn, count: int) -> PQGen[list[PGresult]]:
    """The last result of each statement of a pipeline."""
    yield from generators.send(pgconn)
    results = []
    for _ in range(count):
        results.append((yield from generators.fetch_many(pgconn))[-1])
    yield from generators.fetch_many(pgconn)  # that it is over
    return results


def _roll_back(connection: Connection) -> None:
    """Past psycopg, which would have the server forget all that is prepared."""
    if connection.pgconn.transaction_status == TransactionStatus.INERROR:
        connection.pgconn.send_query(b"ROLLBACK")
        _result(connection, ExecStatus.COMMAND_OK)


def _row(result: PGresult) -> list[bytes | None]:
    return [result.get_value(0, column) for column in range(result.nfields)] if result.ntuples else []


def _result(connection: Connection, expected: ExecStatus) -> PGresult:
    # raises OperationalError where the connection is lost meanwhile
    result: PGresult = connection.wait(generators.execute(connection.pgconn))[-1]
    if result.status != expected:
        raise error_from_result(result, encoding=connection.info.encoding)
    return result
