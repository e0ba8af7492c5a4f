"""All facts of the log in one snapshot, each read once and given to whoever compares something with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from store.connecting import Connection
from store.log import Store
from store.without_gc import without_gc
from trail.stored import POSITION, StoredFact

_AT_A_TIME = 2048


class Taker(Protocol):
    def take(self, rows: Sequence[StoredFact]) -> None:
        """The next facts, as `Store.rows_after` gives them."""


class WholeLog:
    """The facts from the first one on. `position`: of the last one that was read; `last`: no fact after it is."""

    def __init__(
        self, store: Store, connection: Connection, takers: Sequence[Taker], last: int | None = None
    ) -> None:
        self._store, self._connection, self._takers = store, connection, takers
        self._last = last
        self._waiting: list[StoredFact] = []
        self._over = False
        self.position = 0

    def next(self, count: int) -> list[StoredFact]:
        """The next so many; fewer only where the log ends."""
        while len(self._waiting) < count and self._read():
            pass
        found, self._waiting = self._waiting[:count], self._waiting[count:]
        return found

    def all(self) -> Iterator[int]:
        """Read all that is left; how many at a time."""
        self._waiting = []
        while more := self._read():
            self._waiting = []
            yield more

    def after(self, position: int, limit: int) -> list[StoredFact]:
        """Facts that were read, or are still to be, once more."""
        return self._store.rows_after(position, limit, self._connection)

    def _read(self) -> int:
        if self._over:
            return 0
        most = _AT_A_TIME if self._last is None else min(_AT_A_TIME, self._last - self.position)
        rows = self.after(self.position, most) if most > 0 else []
        self._over = not rows
        if rows:
            self.position = rows[-1][POSITION]
            self._waiting += rows
            for taker in self._takers:
                taker.take(rows)
        return len(rows)


@contextmanager
def snapshot(store: Store) -> Iterator[Connection]:
    """A connection that sees the store as it is at the first question that it is asked; the collector is held off."""
    with without_gc(), as_of_now(store) as connection:
        yield connection


@contextmanager
def as_of_now(store: Store) -> Iterator[Connection]:
    """The same, for less than all of the log: the collector goes on."""
    with store.connection() as connection, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield connection
