"""Connections lent out, one user at a time, and taken back. None is ever shared across a fork."""

from __future__ import annotations

import os
import select
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.pq import TransactionStatus

from store.connecting import Connection, connect, said
from store.errors import StoreFault, StoreUnreachable, Unstorable


class Connections:
    """As many connections to one address as are used at once. `role`: see store.connecting.connect."""

    def __init__(self, dsn: str, role: str) -> None:
        self._dsn, self._role = dsn, role
        self._idle: deque[Connection] = deque()
        self._process = os.getpid()
        self._closed = False
        self._of_parent: list[Connection] = []
        self.made = 0  # how many connections there have been

    @contextmanager
    def lend(self) -> Iterator[Connection]:
        """A connection in autocommit, with the server's faults worded.

        Raises StoreUnreachable, StoreFault; Unstorable for values that no database or encoding can hold.
        """
        connection = self.take()
        try:
            yield connection
        except UnicodeEncodeError as error:
            raise Unstorable(problem=str(error)) from error
        except psycopg.DataError as error:
            raise Unstorable(problem=said(error)) from error
        except (psycopg.OperationalError, psycopg.InterfaceError, psycopg.InternalError) as error:
            if connection.closed:
                raise StoreUnreachable(problem=said(error)) from error
            raise StoreFault(problem=said(error)) from error
        finally:
            self.give_back(connection)

    def take(self) -> Connection:
        """The connection that was used last, if the server is still there, else a new one."""
        if os.getpid() != self._process:
            self._leave_to_parent()
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:  # another thread was faster
                break
            if not _said_goodbye(connection):
                return connection
            connection.close()
        connection = connect(self._dsn, self._role)
        self.made += 1
        return connection

    def give_back(self, connection: Connection) -> None:
        """Keep it for the next user unless it is lost. What it left open is rolled back."""
        if not connection.closed and connection.info.transaction_status != TransactionStatus.IDLE:
            try:
                connection.rollback()
            except psycopg.Error:
                connection.close()
        if self._closed:
            connection.close()
        elif not connection.closed:
            self._idle.append(connection)

    def close(self) -> None:
        """Close what is not lent out; what is, is closed when it comes back."""
        self._closed = True
        if os.getpid() != self._process:
            self._leave_to_parent()
        while self._idle:
            self._idle.pop().close()

    def _leave_to_parent(self) -> None:
        # kept and not closed: closing would tell the server to end the parent's sessions
        self._of_parent.extend(self._idle)
        self._idle = deque()
        self._process = os.getpid()


def _said_goodbye(connection: Connection) -> bool:
    """Something to read on a connection that asked for nothing: the server has stopped or cut it."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))
