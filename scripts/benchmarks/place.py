"""Where it is measured: one server, a new database for each store."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from projections.schema import statements
from projections.task_board import TASK_BOARD
from scripts.benchmarks import data
from store.log import Store
from store.migrate import migrate
from store.recorded import Batch, NewFact
from workers.servers import running


class Place:
    """Databases on one server, gone at the end."""

    def __init__(self, cluster: str, redis: dict[str, Any] | None, held: ExitStack) -> None:
        self._cluster, self.redis, self._held = cluster, redis, held
        self._numbers = itertools.count(1)

    def database(self) -> str:
        """A new empty database's connection string."""
        name = f"bench_{next(self._numbers)}"
        with psycopg.connect(self._cluster, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return psycopg.conninfo.make_conninfo(self._cluster, dbname=name)

    def store(self) -> Store:
        """A new store, as the application's role."""
        return self._held.enter_context(
            Store.open(self._migrated().replace("donghaeng_owner", "donghaeng_app"))
        )

    def raw_facts(self) -> str:
        """A database with the same tables and indexes, to be written to as their owner."""
        return self._migrated()

    def forget_view(self, store: Store) -> None:
        """Empty the task board, so that it is caught up from the start."""
        with store.connection() as connection:
            connection.execute(f"DELETE FROM {TASK_BOARD.table}".encode())
            for tally in TASK_BOARD.tallies:
                connection.execute(f"DELETE FROM {tally.table}".encode())
            connection.execute("UPDATE views.positions SET position = 0")

    def tasks_of(self, store: Store, tasks: int, length: int, round_: int) -> list[tuple[str, str]]:
        """New tasks with so many facts each: their numbers and lead agencies."""
        made = []
        for number in range(tasks):
            task = f"{2000 + round_}-{number:02}"
            life = enumerate(data.life(number, length), start=1)
            facts = tuple(NewFact(f"task/{task}", version, data.envelope(), fact) for version, fact in life)
            store.append(Batch(command_id=facts[0].envelope.command, digest=b"bench", facts=facts))
            made.append((task, facts[0].fact.lead))
        return made

    def _migrated(self) -> str:
        dsn = self.database()
        migrate(dsn, views=statements())
        return dsn


@contextmanager
def place(folder: Path) -> Iterator[Place]:
    """The servers that come along, in a folder of their own."""
    with running(folder) as addresses, ExitStack() as held:
        assert addresses.owner_dsn is not None
        yield Place(addresses.owner_dsn, addresses.redis, held)
