"""A simulated store's clock, moved by hand: what falls due by rule on the way is done, and mails go nowhere."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime

import msgspec

from domain.seoul import SEOUL, Moment
from store.errors import ClockBackwards, NotSimulated
from store.log import Store
from workers.bootstrap import open_engine, servers
from workers.delivery.sink import mail_sink
from workers.engine import Engine
from workers.environment import Secret
from workers.processes import WORKERS
from workers.settings import Settings
from workers.simulating import move_on, until_at_rest, until_settled
from workers.supervisor import at_work, only_up
from workflows.automation.reacting import Memory

_MAIL = ("mail",)


class ClockRead(msgspec.Struct, frozen=True):
    """Where a store's clock stands, in Seoul."""

    now: datetime


class ClockMoved(msgspec.Struct, frozen=True):
    """Where it stands now, in Seoul, and what came about on the way."""

    now: datetime
    facts: int
    mails: int


def read_clock(store: Store) -> ClockRead:
    return ClockRead(store.now().astimezone(SEOUL))


def move_clock(settings: Settings, moment: datetime, *, alone: bool) -> ClockMoved:
    """`alone`: nothing is done by rule on the way. Raises NotSimulated, ClockBackwards."""
    data = settings.data.absolute()
    with ExitStack() as held:
        held.enter_context(only_up(data))
        addresses = held.enter_context(servers(settings))
        engine = held.enter_context(open_engine(addresses, data))
        _check(engine.store, moment)
        before, mails = engine.store.head().position, 0
        if alone:
            engine.store.move_clock(moment)
        else:
            mails = _walk(settings, engine, moment)
        return ClockMoved(moment, engine.store.head().position - before, mails)


def _check(store: Store, moment: datetime) -> None:
    if not store.simulated:
        raise NotSimulated
    now = store.now()
    if moment < now:
        raise ClockBackwards(now=Moment(now), to=Moment(moment))


def _walk(settings: Settings, engine: Engine, moment: datetime) -> int:
    """As `simulate` walks; how many mails came to a mail server of our own, since nobody else is written to."""
    with mail_sink() as sink:
        ours = settings.having(smtp_url=Secret(sink.url))
        with at_work(ours, logs=engine.data / "logs", parts=WORKERS):
            memory = Memory()
            move_on(engine, moment, memory, _MAIL)
            until_settled(engine, memory, _MAIL)
            until_at_rest(engine)
        return len(sink.mails)
