"""Where lives are lived: one pair of servers for all, a database for each life, its queues, command handler, post and workers."""

from __future__ import annotations

import itertools
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from domain.channels import Channel
from projections.runner import project
from projections.schema import statements
from projections.views import VIEWS
from scripts.throwaway import forget_the_disk, in_memory
from store.backups.dumping import back_up, nobody_looks
from store.backups.header import Cost
from store.connecting import Connection, connect
from store.log import Store
from store.migrate import migrate
from store.vault import VAULT_ROLE, Vault
from workers import tasks
from workers.bootstrap import JOBS, restore_store
from workers.delivery.channels.mail import MailSender
from workers.delivery.sending import Delivery
from workers.delivery.sink import Sink
from workers.delivery.smtp import Mailer
from workers.engine import Engine
from workers.environment import Secret
from workers.mail_server import server_at
from workers.queues import Queues
from workers.servers import Addresses, running
from workers.servers.clearing import clear
from workers.settings import Settings
from workers.simulating import Waiting
from workers.supervisor import Supervisor, at_work
from workers.ticker import tick
from workflows.command_handler import CommandHandler

_QUEUES = ("projections", "post")
_SENDER = "donghaeng@city.example"
_PASSPHRASE, _CHEAP = "a backup of a life", Cost(doublings=4)
ACTED_ON = ("agency_register", "deadlines", "notices", "messages")
_names = itertools.count(1)


@dataclass(frozen=True)
class Ground:
    """What all lives of a run share: the servers' addresses, and a migrated simulated database to copy from."""

    owner: str
    redis: dict[str, Any]
    template: str
    folder: str


@contextmanager
def ground() -> Iterator[Ground]:
    """Servers of our own for the length of the block; nothing is left of them afterwards."""
    with tempfile.TemporaryDirectory(prefix="donghaeng-lives-", dir=in_memory()) as folder:
        top = Path(folder).resolve()
        top.chmod(0o755)
        data, lives = top / "servers", top / "lives"
        lives.mkdir()  # apart: what a stopped process leaves there goes with the folder
        try:
            with running(data) as addresses:
                on = ground_on(addresses, lives)
                forget_the_disk(on.owner)
                yield on
        finally:
            clear(data)


def ground_on(addresses: Addresses, folder: Path) -> Ground:
    """The same on servers that run already."""
    owner = psycopg.conninfo.make_conninfo(str(addresses.owner_dsn), dbname="postgres")
    name = f"lives_template_{os.getpid()}_{next(_names)}"
    _as_owner(owner, f"CREATE DATABASE {name}")
    migrate(psycopg.conninfo.make_conninfo(owner, dbname=name), simulated=True, views=statements())
    assert addresses.redis is not None
    return Ground(owner=owner, redis=dict(addresses.redis), template=name, folder=str(folder))


class TimedSink(Sink):
    """A sink that knows by the simulated clock when each mail came. `closed_until`: it takes none before."""

    def __init__(self) -> None:
        super().__init__()
        self.clock: Callable[[], datetime] | None = None
        self.times: list[datetime | None] = []
        self.closed_until: datetime | None = None

    def begin(self, clock: Callable[[], datetime]) -> None:
        """A new life: what came before is forgotten."""
        self.clock, self.closed_until = clock, None
        self.mails.clear()
        self.times.clear()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        now = None if self.clock is None else self.clock()
        if now is not None and self.closed_until is not None and now < self.closed_until:
            return "451 4.3.2 not now"
        said = await super().handle_DATA(server, session, envelope)
        self.times.append(now)
        return said


class Hands:
    """A worker in this process: takes jobs from the real queues and lets RQ perform them. No fork, no waiting."""

    def __init__(self, engine: Engine, post: Delivery) -> None:
        self._engine, self._post = engine, post

    def __call__(self, looks: int = 0) -> None:
        """Do what is waiting, however often it was looked at; where nothing is, wake what lags, as the ticker would."""
        if not self.act() and tick(self._engine):
            self.act()

    def act(self) -> int:
        """Perform the jobs that wait; how many."""
        tasks.serve(self._engine, self._post)
        done = 0
        queues = self._engine.queues
        for name in _QUEUES:
            queue = queues.queue(name)
            while isinstance(job_id := queues.redis.lpop(queue.key), bytes):
                job: Any = queues.job_class.fetch(
                    job_id.decode(), connection=queues.redis, serializer=queue.serializer
                )
                job.take_from(queue.name)
                if self._is_needed(job):
                    job.perform()
                queues.redis.delete(job.key)
                done += 1
        return done

    def _is_needed(self, job: Any) -> bool:
        """Whether to perform it as it is. Of all views those that something acts on are folded at once, the others when
        somebody looks: four of eight lag a little, as any may, and a life takes a third less.
        """
        if job.func_name != JOBS["project_all"]:
            return True
        self._engine.queues.woken("project_all")
        for view in ACTED_ON:
            project(self._engine.store, VIEWS[view])
        return False


class Place:
    """One life's own: its engine, its vault, and what works meanwhile."""

    engine: Engine
    vault: Vault
    waiting: Waiting
    supervisor: Supervisor | None = None
    dsn: str

    def __init__(self, on: Ground, sink: TimedSink, data: Path, held: ExitStack, *, supervisor: bool) -> None:
        self.sink = sink
        self._on, self.data, self._held = on, data, held
        self._stand_on(held.enter_context(_database(on)))
        if supervisor:
            app = psycopg.conninfo.make_conninfo(self.dsn, user="donghaeng_app")
            self.supervisor = held.enter_context(_crew(on, app, data, sink))
            self.waiting = Waiting(self._tick)
        else:
            self._lend_hands()

    @property
    def all_known(self) -> Waiting:
        """Until every view knows all, for who is about to look."""
        return Waiting(self.waiting.meanwhile)

    def forget_redis(self) -> None:
        """FLUSHALL, as far as it is ours: others live on the same Redis."""
        redis = self.engine.queues.redis
        for key in redis.scan_iter(f"*{self.engine.store.id}*", count=1000):
            redis.delete(key)

    def back_up(self) -> None:
        """A backup; the one before is thrown away."""
        self._backup.unlink(missing_ok=True)
        back_up(self.dsn, self._backup, _PASSPHRASE, keys=self.data / "keys", cost=_CHEAP)

    def restore(self) -> bool:
        """The store is gone, and is what the last backup says; False where there is none, and nothing happens."""
        if self.supervisor is not None or not self._backup.exists():
            return False
        self.engine.store.close()
        database = self._held.enter_context(_database(self._on, empty=True))
        addresses = Addresses(owner_dsn=_on_database(self._on, database), app_dsn=None, redis=None)
        restore_store(addresses, self.data, self._backup, _PASSPHRASE, nobody_looks)
        self._stand_on(database)
        self._lend_hands()
        return True

    @property
    def _backup(self) -> Path:
        return self.data / "yesterday.backup"

    def _stand_on(self, database: str) -> None:
        self.dsn = owner = _on_database(self._on, database)
        app = psycopg.conninfo.make_conninfo(owner, user="donghaeng_app")
        store = self._held.enter_context(Store.open(app))
        with store.connection() as connection:
            connection.prepare_threshold = 1  # a life asks the same over and over, and not for long
        self.engine = _engine(store, self._on, self.data, app, owner)
        own = self._held.enter_context(_keep(psycopg.conninfo.make_conninfo(owner, user="donghaeng_vault")))
        # the vault closes what it is given; a connection for each look would take longer than the look
        self.vault = Vault(lambda: nullcontext(own), store.id, self.data / "keys" / "vault.json")  # type: ignore[arg-type, return-value]

    def _lend_hands(self) -> None:
        mailer = Mailer(server_at(self.sink.url), _SENDER)
        self._held.callback(mailer.close)
        hands = Hands(
            self.engine, Delivery(self.engine, self.vault, {Channel.MAIL: MailSender(mailer, _SENDER)})
        )
        self.waiting = Waiting(hands, frozenset(ACTED_ON))

    def _tick(self, looks: int) -> None:
        tick(self.engine)
        time.sleep(0.01)


@contextmanager
def place(on: Ground, sink: TimedSink, *, supervisor: bool = False) -> Iterator[Place]:
    """A new simulated store with everything round it, gone after the block. `supervisor`: with real worker processes."""
    with ExitStack() as held:
        data = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="life-", dir=on.folder)))
        yield Place(on, sink, data, held, supervisor=supervisor)


def _on_database(on: Ground, database: str) -> str:
    return psycopg.conninfo.make_conninfo(on.owner, dbname=database)


@contextmanager
def _crew(on: Ground, app: str, data: Path, sink: Sink) -> Iterator[Supervisor]:
    settings = Settings(
        data=data,
        database_url=Secret(app),
        redis_url=Secret(f"unix://{on.redis['unix_socket_path']}"),
        smtp_url=Secret(sink.url),
        mail_from=_SENDER,
    )
    parts: Sequence[Sequence[str]] = (("worker", "projections"), ("worker", "post"))
    with at_work(settings, logs=data / "logs", parts=parts) as supervisor:
        yield supervisor


def _engine(store: Store, on: Ground, data: Path, app: str, owner: str) -> Engine:
    """As workers.bootstrap builds it, but that each command wakes by itself: there is nobody to keep waiting."""
    queues = Queues(on.redis, store.id, store.signing_key, JOBS)

    def wake() -> None:
        queues.wake("projections", "project_all")

    handler = CommandHandler(store, wake)
    vault = psycopg.conninfo.make_conninfo(owner, user="donghaeng_vault")
    return Engine(store, lambda: queues, lambda: handler, data, vault, app_dsn=app, owner_dsn=owner)


@contextmanager
def _keep(dsn: str) -> Iterator[Connection]:
    connection = connect(dsn, role=VAULT_ROLE)
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def _database(on: Ground, *, empty: bool = False) -> Iterator[str]:
    """A copy of the template with a store id of its own, or one with nothing in it.

    What a crash of the server would lose is of no use here.
    """
    name = f"life_{os.getpid()}_{next(_names)}"
    like = "ENCODING 'UTF8' TEMPLATE template0" if empty else f"TEMPLATE {on.template}"
    with psycopg.connect(on.owner, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} {like} STRATEGY file_copy".encode())
        try:
            connection.execute(f"ALTER DATABASE {name} SET synchronous_commit = off".encode())
            if not empty:
                with psycopg.connect(_on_database(on, name), autocommit=True) as copy:
                    # only a superuser gets past the trigger that keeps a store's identity
                    copy.execute("SET session_replication_role = replica")
                    copy.execute("UPDATE donghaeng.store SET id = gen_random_uuid()")
            yield name
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _as_owner(dsn: str, statement: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(statement.encode())
