"""Where it is measured: one server, a new database for each store, dropped when a row is done; big ones are filled once."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from msgspec.structs import replace as replace_fact

from domain.task.facts import Proposed
from projections.schema import statements
from projections.task_board import TASK_BOARD
from scripts.benchmarks import data, peer
from store.connecting import session
from store.log import Store
from store.migrate import migrate
from store.recorded import Batch, NewFact
from workers.bootstrap import migrate_store, open_engine
from workers.engine import Engine
from workers.environment import Secret
from workers.processes import PARTS
from workers.servers import Addresses
from workers.settings import Settings
from workers.supervisor import Supervisor, at_work

T = TypeVar("T")
SERVERS = "var"  # the folder of the servers, within the bench's
LOADED, MOST_LOADED = 30, 60  # how many facts a task has whose commands are measured


class Place:
    """Databases and files for one row, gone when it is done."""

    def __init__(
        self, addresses: Addresses, folder: Path, held: ExitStack, filled: dict[str, Path] | None = None
    ) -> None:
        self._addresses, self._folder, self._held = addresses, folder, held
        self._filled = {} if filled is None else filled
        self._numbers = itertools.count(1)

    def file(self, name: str) -> Path:
        path = self._folder / name
        self._held.callback(path.unlink, missing_ok=True)
        return path

    def database(self, like: str | None = None) -> str:
        """A new database's connection string; empty, or as the one of this name, which nobody is connected to."""
        name = f"bench_{next(self._numbers)}"
        # by files: a copy of so many rows would otherwise go through the server's log
        copied = "" if like is None else f" TEMPLATE {like} STRATEGY FILE_COPY"
        self._as_owner("postgres", f"CREATE DATABASE {name}{copied}")
        self._held.callback(self._as_owner, "postgres", f"DROP DATABASE {name} WITH (FORCE)")
        return self._dsn_of(name)

    def _dsn_of(self, database: str) -> str:
        return psycopg.conninfo.make_conninfo(str(self._addresses.owner_dsn), dbname=database)

    def store(self) -> Store:
        """A new store, as the application's role."""
        return self._held.enter_context(Store.open(self.store_dsn()))

    def store_dsn(self, *, owner: bool = False) -> str:
        """A new store's connection string, as the application's role or as its owner."""
        dsn = self._migrate()
        return dsn if owner else _as_application(dsn)

    def engine(self, recent: int = 500, *, simulated: bool = False) -> Engine:
        """A new store with its queues and its command handler. `recent`: how many streams that remembers."""
        owner_dsn = self._migrate(simulated=simulated)
        return self._held.enter_context(self._open(owner_dsn, self._folder, recent))

    def filled_engine(self, name: str, fill: Callable[[Engine], object]) -> Engine:
        """An engine on a copy of the store of this name, with a copy of its data folder. `fill` makes both for the first row
        that asks for them: a million facts take longer to fill in than to measure.
        """
        if name not in self._filled:
            kept = self._folder / name
            kept.mkdir(mode=0o700)
            self._as_owner("postgres", f"CREATE DATABASE {name}")
            migrate(self._dsn_of(name), simulated=False, views=statements())
            with self._open(self._dsn_of(name), kept) as engine:
                fill(engine)
            self._filled[name] = kept
        owner_dsn = self.database(like=name)
        # a copy is without what a database is given beside its tables: who may do what in it, and its settings
        migrate(owner_dsn, simulated=False, views=statements())
        folder = self._folder / f"{name}-{next(self._numbers)}"
        shutil.copytree(self._filled[name], folder)
        self._held.callback(shutil.rmtree, folder, ignore_errors=True)
        return self._held.enter_context(self._open(owner_dsn, folder))

    def _open(self, owner_dsn: str, data: Path, recent: int = 500) -> AbstractContextManager[Engine]:
        addresses = replace(self._addresses, app_dsn=_as_application(owner_dsn), owner_dsn=owner_dsn)
        return open_engine(addresses, data, recent)

    @contextmanager
    def engine_at_work(
        self,
        *,
        simulated: bool = False,
        smtp_url: str | None = None,
        parts: Sequence[Sequence[str]] = PARTS,
        data: str = "at-work",
    ) -> Iterator[tuple[Engine, Supervisor]]:
        """The same, with the parts of `up` running beside it in processes of their own, on a data folder of that name."""
        addresses = replace(self._addresses, app_dsn=_as_application(self._migrate(simulated=simulated)))
        settings = Settings(
            data=self._folder / data,
            database_url=Secret(str(addresses.app_dsn)),
            redis_url=Secret(f"unix://{self.redis_address()['unix_socket_path']}"),
            smtp_url=None if smtp_url is None else Secret(smtp_url),
        )
        with (
            open_engine(addresses, settings.data) as engine,
            at_work(settings, self._folder / "logs", parts) as supervisor,
        ):
            yield engine, supervisor

    @contextmanager
    def up(self) -> Iterator[Path]:
        """The data folder of the servers with a store of its own and the parts beside it, as who sets nothing has it."""
        settings = Settings(data=self._folder / SERVERS, database_url=None, redis_url=None)
        migrate_store(self._addresses)
        with at_work(settings, self._folder / "logs"):
            yield settings.data

    def redis_address(self) -> dict[str, Any]:
        assert self._addresses.redis is not None
        return dict(self._addresses.redis)

    def hold(self, block: AbstractContextManager[T]) -> T:
        """Something else that is to be gone when the row is done."""
        return self._held.enter_context(block)

    def raw_facts(self) -> psycopg.Connection[Any]:
        """A database with the same tables and indexes, to be written to as their owner."""
        return self._held.enter_context(session(self._migrate()))

    def peer(self, dsn: str | None = None) -> peer.Tasks:
        """The peer's application on a database, by default on a new one."""
        app = peer.Tasks(env=peer.environment(dsn or self.database()))
        self._held.callback(app.close)
        return app

    def forget_view(self, store: Store) -> None:
        """Empty the task board, so that it is caught up from the start, and from tables without dead rows."""
        with store.connection() as connection:
            database = connection.info.dbname
        for one in TASK_BOARD.tables:
            self._as_owner(database, f"TRUNCATE {one.table}")
        self._as_owner(database, "UPDATE views.positions SET position = 0")

    def put_texts(self, store: Store, texts: Iterable[tuple[str, str]]) -> None:
        """Free texts (id, body) beside the log, in the index too, and the statistics that a store has after a while."""
        with store.connection() as connection:
            dsn = psycopg.conninfo.make_conninfo(
                str(self._addresses.owner_dsn), dbname=connection.info.dbname
            )
        with session(dsn) as owner:
            copying = "COPY donghaeng.texts (id, salt, body, indexed) FROM STDIN"
            with owner.cursor().copy(copying) as copy:
                for identity, body in texts:
                    copy.write_row((identity, b"salt", body, True))
            owner.execute("ANALYZE")

    def _migrate(self, *, simulated: bool = False) -> str:
        dsn = self.database()
        migrate(dsn, simulated=simulated, views=statements())
        return dsn

    def _as_owner(self, database: str, statement: str) -> None:
        dsn = psycopg.conninfo.make_conninfo(str(self._addresses.owner_dsn), dbname=database)
        with session(dsn) as connection:
            connection.execute(statement.encode())


def new_tasks(
    store: Store, tasks: int, length: int, round_: int, definition: str | None = None
) -> list[tuple[str, str]]:
    """New tasks with so many facts each: their numbers and lead agencies. `definition`: by which they go."""
    made = []
    for number in range(tasks):
        task = f"{2000 + round_}-{number:02}"
        life = enumerate(data.life(number, length), start=1)
        facts = tuple(
            NewFact(f"task/{task}", version, data.envelope(), _by(definition, fact)) for version, fact in life
        )
        store.append(Batch(command_id=facts[0].envelope.command, digest=b"bench", facts=facts))
        made.append((task, facts[0].fact.lead))
    return made


def _by(definition: str | None, fact: Any) -> Any:
    return replace_fact(fact, definition=definition) if definition and isinstance(fact, Proposed) else fact


def _as_application(owner_dsn: str) -> str:
    return psycopg.conninfo.make_conninfo(owner_dsn, user="donghaeng_app")


@contextmanager
def place(addresses: Addresses, folder: Path, filled: dict[str, Path] | None = None) -> Iterator[Place]:
    """A place for one row. `filled`: what rows before it have filled here, by the name of the store: its data folder."""
    with ExitStack() as held:
        yield Place(addresses, folder, held, filled)
