"""The only place that builds things: servers, store, queues and the one way, from the settings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from psycopg import conninfo

from domain.channels import Channel
from domain.errors import DonghaengError, Refusal, ServerUnreachable
from store.connecting import APPLICATION_ROLE, connect
from store.errors import StoreFault
from store.log import Store
from store.waits import READING, Waits
from workers.command_counts import CARRIED_OUT, Counts
from workers.engine import Engine
from workers.restore_guard import epoch_of, look, mark_restored, may_act, remember_epoch
from workers.servers import Addresses, running
from workers.servers.check_database import check_database
from workers.settings import Settings
from workers.traces import current_traceparent, flush, span
from workers.waking import Waker
from workflows.refusing import UNRECORDED

if TYPE_CHECKING:
    from projections.exports.taking_in import TakenIn
    from store.backups.dumping import Progress
    from store.backups.header import Header
    from store.vault import Vault
    from workers.delivery.sending import Delivery
    from workers.queues import Queues
    from workers.sealing.stamping import Authority
    from workflows.command_envelope import CommandEnvelope
    from workflows.command_handler import CommandHandler

JOBS: Mapping[str, str] = {
    "project": "workers.tasks.project",
    "project_all": "workers.tasks.project_all",
    "index": "workers.tasks.index",
    "send": "workers.tasks.send",
    "seal": "workers.tasks.seal",
    "compare": "workers.tasks.compare",
}


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
        yield _resolve_addresses(settings, nothing, with_redis, redis_needed)
        return
    with running(
        settings.data.absolute(), postgres=not own_database, redis=with_redis and not own_redis
    ) as local:
        yield _resolve_addresses(settings, local, with_redis, redis_needed)


def kinds_of(settings: Settings) -> list[str]:
    """Which servers are those in the data folder."""
    own = {"postgres": settings.database_url, "redis": settings.redis_url}
    return [kind for kind, url in own.items() if url is None]


@contextmanager
def engine(
    settings: Settings, waits: Waits = READING, machine: Callable[[], str | None] = lambda: None
) -> Iterator[Engine]:
    """An engine on a store that `donghaeng migrate` has made; it needs no Redis to begin with.

    `waits`: for how long its questions to the store are waited for. `machine`: see CommandHandler.
    Raises NoDataFolder, ServerUnreachable, NotMigrated.
    """
    if settings.database_url is None and not settings.data.exists():
        raise NoDataFolder(path=settings.data)  # before servers are made there for nothing
    with (
        servers(settings, redis_needed=False) as addresses,
        open_engine(addresses, settings.data, waits=waits, machine=machine) as built,
    ):
        yield replace(built, seal_standbys=settings.seal_standbys)


@contextmanager
def open_engine(
    addresses: Addresses,
    data: Path,
    recent: int = 500,
    waits: Waits = READING,
    machine: Callable[[], str | None] = lambda: None,
) -> Iterator[Engine]:
    """An engine on servers that run. `recent`: how many streams its command handler remembers; the others as above."""
    assert addresses.app_dsn is not None
    assert addresses.redis is not None
    with Store.open(addresses.app_dsn, waits=waits) as store:
        store.connections.check = partial(look, store, data)
        address = addresses.redis

        @cache
        def queues() -> Queues:
            from workers.queues import Queues  # noqa: PLC0415 - RQ and Redis's client take a tenth of a second

            return Queues(address, store.id, store.signing_key, JOBS)

        counts = Counts(queues)

        def wake(job: str, trace: str | None) -> None:
            queues().wake("projections", job, trace=trace)
            counts.bring()

        waker = Waker(wake)

        def committed() -> None:
            queues()  # loaded here, not in the waker's thread, which is waited for no longer than it takes to wake
            waker.ask("project_all", current_traceparent())

        @contextmanager
        def watched(envelopes: Sequence[CommandEnvelope]) -> Iterator[None]:
            """Round each command, or several given at once: its span and its count."""
            first = envelopes[0]
            with span(first.command.name, command_id=first.command_id, stream=first.command.stream):
                try:
                    yield
                except Refusal as refusal:
                    counts.add(refusal.name)
                    raise
                counts.add(CARRIED_OUT, len(envelopes))

        @cache
        def handler() -> CommandHandler:
            from workflows.command_handler import CommandHandler  # noqa: PLC0415 - with all that decides on commands

            made = CommandHandler(store, committed, recent, watched, lambda: counts.add(UNRECORDED))
            made.machine = machine()
            return made

        try:
            yield Engine(
                store,
                queues,
                handler,
                data,
                _as_vault(addresses.app_dsn),
                app_dsn=addresses.app_dsn,
                owner_dsn=addresses.owner_dsn or addresses.app_dsn,
            )
            if store.connections.appended:  # what was acknowledged here is missed where it is lost
                with suppress(DonghaengError):
                    may_act(store, data)
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
        dsn = settings.vault_database_url.reveal()
    yield Vault(lambda: connect(dsn, role=VAULT_ROLE), built.store.id, path)


def names_of(settings: Settings, built: Engine, subjects: Collection[str]) -> dict[str, str]:
    """What persons are called, by the vault; nothing where it is not to be opened here, so that readings go on by ids."""
    with suppress(DonghaengError), vault_of(settings, built) as vault:
        found = vault.read_all(list(subjects))
        return {one: said.details["name"] for one, said in found.items() if "name" in said.details}
    return {}


def channels_of(settings: Settings) -> tuple[Channel, ...]:
    """By which messages can go out here: those that lack nothing."""
    from workers.delivery.channels import plugin_of  # noqa: PLC0415 - only who sends needs HTTP

    return tuple(one for one in Channel if plugin_of(one).lacks(settings) is None)


def delivery_of(settings: Settings, built: Engine, vault: Vault) -> Delivery:
    """What sends messages. Raises BadSmtpUrl."""
    from workers.delivery.channels import plugin_of  # noqa: PLC0415 - only a worker that delivers needs HTTP and SMTP
    from workers.delivery.sending import Delivery  # noqa: PLC0415

    signing_key = built.store.signing_key
    return Delivery(
        built,
        vault,
        {one: plugin_of(one).sender(settings, signing_key) for one in channels_of(settings)},
    )


def authority_of(settings: Settings) -> Authority | None:
    """Who timestamps the trail, if anybody is set."""
    from workers.sealing.stamping import Authority  # noqa: PLC0415 - only who seals needs ciphers and HTTP

    if settings.tsa_url is None or settings.tsa_certificates is None:
        return None
    return Authority(settings.tsa_url, settings.tsa_certificates)


def migrate_store(addresses: Addresses, *, simulated: bool = False) -> None:
    """Bring the schema and the view tables up to date; safe to repeat and to run twice at once."""
    from projections.schema import statements  # noqa: PLC0415 - with all views
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
    from projections.schema import statements  # noqa: PLC0415 - with all views
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
    from projections.exports.taking_in import take_in  # noqa: PLC0415 - with all views

    marked = []

    def mark(epoch: int) -> None:
        mark_restored(built.data, built.store.id, epoch)
        marked.append(epoch)

    try:
        done = take_in(built.store, path, progress, mark)
    except (Refusal, StoreFault, KeyboardInterrupt):
        with suppress(DonghaengError):
            if marked and built.store.head().position == 0:
                remember_epoch(built.store, built.data)
        raise
    built.queues.wake("projections", "project_all")
    return done


def _resolve_addresses(
    settings: Settings, local: Addresses, with_redis: bool, redis_needed: bool
) -> Addresses:
    """The addresses given in the settings, each checked, before the local ones."""
    database, owner = settings.database_url, settings.database_owner_url or settings.database_url
    redis = local.redis
    if settings.redis_url is not None and with_redis:
        from workers.servers.check_redis import check_redis  # noqa: PLC0415 - its client takes long to load

        redis = check_redis(settings.redis_url.reveal(), needed=redis_needed)
    return Addresses(
        owner_dsn=local.owner_dsn if owner is None else check_database(owner.reveal()),
        app_dsn=local.app_dsn if database is None else check_database(database.reveal()),
        redis=redis,
    )
