"""What is built for one store, and handed to whoever works on it; `workers.bootstrap` builds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from projections.rebuilding.errors import OwnerNeeded
from store.connecting import OWNER_ROLE, Connection, connect
from store.errors import StoreUnreachable
from store.log import Store
from store.waits import WHOLE

if TYPE_CHECKING:
    from workers.queues import Queues
    from workflows.command_handler import CommandHandler


@dataclass(frozen=True)
class Engine:
    """Everything a command, a job or the ticker needs, built for one store."""

    store: Store
    make_queues: Callable[[], Queues]
    make_handler: Callable[[], CommandHandler]
    data: Path
    vault_dsn: str = ""
    app_dsn: str = ""
    owner_dsn: str = ""
    seal_standbys: int = 0

    @property
    def queues(self) -> Queues:
        """Built when it is first asked for: who only reads needs no Redis."""
        return self.make_queues()

    @property
    def handler(self) -> CommandHandler:
        """The same: who only reads needs no commands, nor what decides on them."""
        return self.make_handler()


@contextmanager
def owner_of(built: Engine) -> Iterator[Connection]:
    """A connection that may make and drop the tables of views. Raises OwnerNeeded."""
    try:
        connection = connect(built.owner_dsn, role=OWNER_ROLE, waits=WHOLE)
    except StoreUnreachable as error:
        if "permission denied" in error.say("en"):
            raise OwnerNeeded(problem="permission denied to set role") from None
        raise
    with closing(connection):
        yield connection


@contextmanager
def owner_if_any(built: Engine) -> Iterator[Connection | None]:
    """The same, or None where it cannot be had."""
    with ExitStack() as stack:
        owner: Connection | None = None
        with suppress(OwnerNeeded, StoreUnreachable):
            owner = stack.enter_context(owner_of(built))
        yield owner
