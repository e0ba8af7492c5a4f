"""Looks at everything a running Donghaeng stands on, and says of each thing what was seen and what to do."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack
from functools import partial

import psycopg
from redis.exceptions import RedisError

from domain.errors import DonghaengError, ServerUnreachable
from store.connecting import server_message as in_one_line
from workers.bootstrap import open_engine, servers
from workers.doctor.beside import texts, vault
from workers.doctor.delivery import channels, post
from workers.doctor.engine import jobs, parts, store, views
from workers.doctor.machine import disk, keys, rights
from workers.doctor.rules import rules
from workers.doctor.servers import database, redis, restarts
from workers.doctor.times import calendar, clocks, deadlines
from workers.doctor.trail import compared, trail
from workers.engine import Engine
from workers.finding import Finding, finding_of, finding_of_unseen
from workers.servers import Addresses
from workers.settings import Settings


def examine(settings: Settings) -> Iterator[Finding]:
    """Every finding, one after the other; what cannot be looked at says so, and the rest goes on."""
    yield from disk(settings)
    yield from rights(settings.data)
    yield from keys(settings.data)
    yield from restarts(settings)
    with ExitStack() as held:
        addresses = yield from _servers(settings, held)
        if addresses is None:
            return
        yield from database(settings, addresses)
        if addresses.redis is None:
            return
        try:
            engine = held.enter_context(open_engine(addresses, settings.data))
        except DonghaengError as error:
            yield from redis(addresses, None)
            yield finding_of("store", error)
            return
        except psycopg.Error as error:  # its session was ended in the middle of a question
            yield finding_of_unseen("store", in_one_line(error))
            return
        seen = list(redis(addresses, engine.queues))
        yield from seen
        # signs of life are written to Redis: where it takes none, silence says nothing
        living = partial(parts, written=all(one.state == "ok" for one in seen))
        before, after = (store, clocks, views, calendar, deadlines, rules), (jobs, trail, compared)
        checks = {check.__name__: check for check in before} | {"parts": living}
        checks |= {check.__name__: check for check in after}
        checks |= {"webhooks": partial(channels, settings), "texts": texts, "vault": partial(vault, settings)}
        for name, check in (checks | {"post": partial(post, settings)}).items():
            yield from _look(name, check, engine)


def _servers(settings: Settings, held: ExitStack) -> Generator[Finding, None, Addresses | None]:
    """The servers, without Redis where that cannot be had; None where there is no database either."""
    for with_redis in (True, False):
        try:
            return held.enter_context(servers(settings, with_redis=with_redis))
        except ServerUnreachable as error:
            if with_redis:
                yield finding_of("servers", error)
    return None


def _look(name: str, check: Callable[[Engine], Iterable[Finding]], engine: Engine) -> Iterator[Finding]:
    """What a check sees, or why it sees nothing more."""
    try:
        yield from check(engine)
    except DonghaengError as error:
        yield finding_of(name, error)
    except psycopg.Error as error:
        yield finding_of_unseen(name, in_one_line(error))
    except RedisError as error:
        yield finding_of_unseen(name, str(error))
