"""Connections lent out, one user at a time, and taken back. None is ever shared across a fork."""

from __future__ import annotations

import os
import select
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from psycopg.pq import TransactionStatus

from store.connecting import Connection, connect, fault, server_message
from store.errors import Unstorable
from store.flushing import flush_here
from store.waits import READING, Waits


class Connections:
    """As many connections to one address as are used at once. `role`, `waits`: see store.connecting.connect."""

    def __init__(self, dsn: str, role: str, waits: Waits = READING) -> None:
        self._dsn, self._role, self._waits = dsn, role, waits
        self._idle: deque[Connection] = deque()
        self._process = os.getpid()
        self._closed = False
        self._of_parent: list[Connection] = []
        self.made = 0  # how many connections there have been
        # whether behind a new one is still the store that it was
        self.check: Callable[[], object] = lambda: None
        self.appended, self.epoch = 0, 0  # the last position that was appended through these, in which epoch
        self._checked = 0

    @contextmanager
    def lend(self, *, flushed: bool = True) -> Iterator[Connection]:
        """A connection in autocommit, with the server's faults worded.

        What was read in the block is on the disk when it ends. `flushed`: False where the block itself sees to that, or
        nothing of it leaves the database.

        Raises StoreUnreachable, StoreSilent, StoreFault, StoreBusy; Unstorable for values that no database or encoding
        can hold.
        """
        connection = self.take()
        try:
            try:
                yield connection
            finally:
                if flushed and connection.info.transaction_status == TransactionStatus.IDLE:
                    flush_here(connection)
        except UnicodeEncodeError as error:
            raise Unstorable(problem=str(error)) from error
        except psycopg.DataError as error:
            raise Unstorable(problem=server_message(error)) from error
        except (psycopg.OperationalError, psycopg.InterfaceError, psycopg.InternalError) as error:
            raise fault(error, closed=bool(connection.closed)) from error
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
            if not _has_hung_up(connection):
                return connection
            connection.close()
        connection = connect(self._dsn, self._role, self._waits)
        self.made += 1
        return connection

    @property
    def unchecked(self) -> bool:
        """Whether one was made since `run_check`: after a failover there may be another server behind it."""
        return self.made != self._checked

    def run_check(self) -> None:
        """Raises what `check` raises; then it is run again the next time."""
        made = self._checked
        self._checked = self.made  # what it asks is asked by these connections
        try:
            self.check()
        except BaseException:
            self._checked = made
            raise

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


def _has_hung_up(connection: Connection) -> bool:
    """Something to read on a connection that asked for nothing: the server has stopped or cut it."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))
