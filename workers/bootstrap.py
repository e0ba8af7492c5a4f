"""The only place that builds things: servers, store, queues and the one door, from the settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg import conninfo

from domain.errors import DonghaengError, Refusal, ServerUnreachable
from projections.exports.taking_in import TakenIn, take_in
from projections.rebuilding.errors import OwnerNeeded
from projections.schema import statements
from store.connecting import APPLICATION_ROLE, OWNER_ROLE, Connection, connect
from store.errors import StoreFault, StoreUnreachable
from store.log import Store
from workers.acted_on import begun, epoch_of, mark_restored
from workers.counting import CARRIED_OUT, Counts
from workers.queues import Queues
from workers.servers import Addresses, running
from workers.servers.check import checked_database, checked_redis
from workers.settings import Settings
from workers.traces import carried, flush, span
from workers.waking import Waker
from workflows.door import Door
from workflows.order import Order
from workflows.refusing import UNRECORDED

if TYPE_CHECKING:
    from store.backups.dumping import Progress
    from store.backups.header import Header
    from store.vault import Vault
    from workers.post.sending import Post
    from workers.sealing.stamping import Authority

JOBS: Mapping[str, str] = {
    "project": "workers.tasks.project",
    "project_all": "workers.tasks.project_all",
    "index": "workers.tasks.index",
    "send": "workers.tasks.send",
    "seal": "workers.tasks.seal",
    "compare": "workers.tasks.compare",
}


@dataclass(frozen=True)
class Engine:
    """Everything a command, a job or the ticker needs, built for one store."""

    store: Store
    queues: Queues
    door: Door
    data: Path
    vault_dsn: str = ""
    app_dsn: str = ""
    owner_dsn: str = ""


class NoDataFolder(ServerUnreachable):
    """The store would lie there."""

    ko = "자료 폴더 {path}이(가) 없습니다. 경로를 확인하거나, 새로 시작하려면 `donghaeng migrate --data {path}`를 실행하십시오."
    en = "There is no data folder {path}. Look at the path, or begin a new store with `donghaeng migrate --data {path}`."


@contextmanager
def servers(settings: Settings, *, with_redis: bool = True, redis_needed: bool = True) -> Iterator[Addresses]:
    """The addresses of one's own servers, or of those in the data folder, running as long as they are needed.

    `redis_needed`: whether one's own Redis must answer.
    """
    own_database, own_redis = settings.database_url is not None, settings.redis_url is not None
    if own_database and (own_redis or not with_redis):
        nothing = Addresses(owner_dsn=None, app_dsn=None, redis=None)
        yield _given(settings, nothing, with_redis, redis_needed)
        return
    with running(
        settings.data.absolute(), postgres=not own_database, redis=with_redis and not own_redis
    ) as local:
        yield _given(settings, local, with_redis, redis_needed)


@contextmanager
def engine(settings: Settings) -> Iterator[Engine]:
    """An engine on a store that `donghaeng migrate` has made; it needs no Redis to begin with.

    Raises NoDataFolder, ServerUnreachable, NotMigrated.
    """
    if settings.database_url is None and not settings.data.exists():
        raise NoDataFolder(path=settings.data)  # before servers are made there for nothing
    with servers(settings, redis_needed=False) as addresses, open_engine(addresses, settings.data) as built:
        yield built


@contextmanager
def open_engine(addresses: Addresses, data: Path, recent: int = 500) -> Iterator[Engine]:
    """An engine on servers that run. `recent`: how many streams its door remembers."""
    assert addresses.app_dsn is not None
    assert addresses.redis is not None
    with Store.open(addresses.app_dsn) as store:
        queues = Queues(addresses.redis, store.id, store.signing_key, JOBS)
        counts = Counts(queues)

        def wake(job: str, trace: str | None) -> None:
            queues.wake("projections", job, trace=trace)
            counts.bring()

        waker = Waker(wake)

        @contextmanager
        def watched(orders: Sequence[Order]) -> Iterator[None]:
            """Round each command, or several given at once: its span and its count."""
            first = orders[0]
            with span(first.command.name, command_id=first.command_id, stream=first.command.stream):
                try:
                    yield
                except Refusal as refusal:
                    counts.add(refusal.name)
                    raise
                counts.add(CARRIED_OUT, len(orders))

        door = Door(
            store,
            lambda: waker.ask("project_all", carried()),
            recent,
            watched,
            lambda: counts.add(UNRECORDED),
        )
        try:
            yield Engine(
                store,
                queues,
                door,
                data,
                _as_vault(addresses.app_dsn),
                app_dsn=addresses.app_dsn,
                owner_dsn=addresses.owner_dsn or addresses.app_dsn,
            )
        finally:
            waker.flush()
            counts.bring(now=True)
            flush()


@contextmanager
def vault_of(settings: Settings, built: Engine) -> Iterator[Vault]:
    """The vault beside the engine's store, with its own role and the key file."""
    from store.vault import VAULT_ROLE, Vault  # noqa: PLC0415 - ciphers take a tenth of a second to load

    path = settings.vault_key or settings.data / "keys" / "vault.json"
    dsn = built.vault_dsn
    if settings.vault_database_url is not None:
        dsn = settings.vault_database_url.get_secret_value()
    yield Vault(lambda: connect(dsn, role=VAULT_ROLE), built.store.id, path)


@contextmanager
def owner_of(built: Engine) -> Iterator[Connection]:
    """A connection that may make and drop the tables of views. Raises OwnerNeeded."""
    try:
        connection = connect(built.owner_dsn, role=OWNER_ROLE)
    except StoreUnreachable as error:
        if "permission denied" in error.say("en"):
            raise OwnerNeeded(problem="permission denied to set role") from None
        raise
    with closing(connection):
        yield connection


def channels_of(settings: Settings) -> tuple[str, ...]:
    """By which messages can go out: mail needs a server."""
    return ("webhook",) if settings.smtp_url is None else ("mail", "webhook")


def post_of(settings: Settings, built: Engine, vault: Vault) -> Post:
    """What sends messages. Raises BadSmtpUrl."""
    from workers.post.sending import Post  # noqa: PLC0415 - only the post's worker needs HTTP and SMTP
    from workers.post.smtp import Mailer, server_at  # noqa: PLC0415

    url = settings.smtp_url
    return Post(
        built,
        vault,
        None if url is None else Mailer(server_at(url.get_secret_value()), settings.mail_from),
        sender=settings.mail_from,
        unsubscribe=settings.mail_unsubscribe,
        allowed=settings.allowed_networks,
    )


def authority_of(settings: Settings) -> Authority | None:
    """Who timestamps the trail, if anybody is set."""
    from workers.sealing.stamping import Authority  # noqa: PLC0415 - only who seals needs ciphers and HTTP

    if settings.tsa_url is None or settings.tsa_certificates is None:
        return None
    return Authority(settings.tsa_url, settings.tsa_certificates)


def migrate_store(addresses: Addresses, *, simulated: bool = False) -> None:
    """Bring the schema and the view tables up to date; safe to repeat and to run twice at once."""
    from store.migrate import migrate  # noqa: PLC0415 - alembic takes a third of a second to load

    assert addresses.owner_dsn is not None
    migrate(addresses.owner_dsn, simulated=simulated, views=statements())


def _as_vault(app_dsn: str) -> str:
    """The address of the same database for the vault's role; the servers that come along ask for no password."""
    parts = conninfo.conninfo_to_dict(app_dsn)
    if parts.get("user") == APPLICATION_ROLE:
        return conninfo.make_conninfo(app_dsn, user="donghaeng_vault")
    return app_dsn


def back_up_store(
    addresses: Addresses, settings: Settings, out: Path, passphrase: str, progress: Progress
) -> Header:
    """The store, the data folder's keys and the vault's as one sealed file; see store.backups.dumping.back_up."""
    from store.backups.dumping import back_up  # noqa: PLC0415 - ciphers take a tenth of a second to load

    assert addresses.owner_dsn is not None
    return back_up(
        addresses.owner_dsn,
        out,
        passphrase,
        keys=settings.data / "keys",
        vault_key=settings.vault_key,
        progress=progress,
    )


def restore_store(
    addresses: Addresses, data: Path, file: Path, passphrase: str, progress: Progress
) -> Header:
    """The store of a backup in an empty place, its keys in the data folder; see store.backups.restoring.restore.

    It is known to be a restored one from the moment it can be seen.
    """
    from store.backups.restoring import restore  # noqa: PLC0415 - as above

    assert addresses.owner_dsn is not None
    header = restore(
        addresses.owner_dsn,
        file,
        passphrase,
        keys=data / "keys",
        views=statements(),
        progress=progress,
        before_commit=lambda header: mark_restored(data, header.store),
    )
    with Store.open(addresses.owner_dsn) as store:
        mark_restored(data, store.id, epoch_of(store))
    return header


def take_in_history(built: Engine, path: Path, progress: Progress) -> TakenIn:
    """An exported history in the empty store; see projections.exports.taking_in.take_in.

    It is known to be a restored one from the moment it can be seen, since the store it is of may act on it too. Where
    nothing came in after all, refused or interrupted, it is not; where the server is gone, nobody knows, so it stays so.
    """
    marked = []

    def mark(epoch: int) -> None:
        mark_restored(built.data, built.store.id, epoch)
        marked.append(epoch)

    try:
        done = take_in(built.store, path, progress, mark)
    except (Refusal, StoreFault, KeyboardInterrupt):
        with suppress(DonghaengError):
            if marked and built.store.head().position == 0:
                begun(built.store, built.data)
        raise
    built.queues.wake("projections", "project_all")
    return done


def _given(settings: Settings, local: Addresses, with_redis: bool, redis_needed: bool) -> Addresses:
    """The addresses given in the settings, each checked, before the local ones."""
    database, owner = settings.database_url, settings.database_owner_url or settings.database_url
    return Addresses(
        owner_dsn=local.owner_dsn if owner is None else checked_database(owner.get_secret_value()),
        app_dsn=local.app_dsn if database is None else checked_database(database.get_secret_value()),
        redis=local.redis
        if settings.redis_url is None or not with_redis
        else checked_redis(settings.redis_url.get_secret_value(), needed=redis_needed),
    )
