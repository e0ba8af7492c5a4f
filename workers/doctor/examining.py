"""Looks at everything a running Donghaeng stands on, and says of each thing what was seen and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

from redis.exceptions import RedisError

from domain.errors import DonghaengError, ServerUnreachable
from workers.bootstrap import open_engine, servers
from workers.doctor.beside import texts, vault
from workers.doctor.delivery import post, webhooks
from workers.doctor.engine import jobs, parts, store, views
from workers.doctor.finding import Finding, said, unseen
from workers.doctor.machine import disk, keys
from workers.doctor.servers import database, redis
from workers.doctor.times import calendar, clocks, deadlines
from workers.doctor.trail import compared, trail
from workers.settings import Settings


def examined(settings: Settings) -> Iterator[Finding]:
    """Every finding, one after the other; what cannot be looked at says so, and the rest goes on."""
    yield from disk(settings)
    yield from keys(settings.data)
    with ExitStack() as held:
        addresses = None
        for with_redis in (True, False):
            try:
                addresses = held.enter_context(servers(settings, with_redis=with_redis))
                break
            except ServerUnreachable as error:
                if with_redis:
                    yield said("servers", error)
        if addresses is None:
            return
        yield from database(settings, addresses)
        if addresses.redis is None:
            return
        try:
            engine = held.enter_context(open_engine(addresses, settings.data))
        except DonghaengError as error:
            yield from redis(addresses, None)
            yield said("store", error)
            return
        seen = list(redis(addresses, engine.queues))
        yield from seen
        # signs of life are written to Redis: where it takes none, silence says nothing
        living = partial(parts, written=all(one.state == "ok" for one in seen))
        before, after = (store, clocks, views, calendar, deadlines), (jobs, trail, compared, webhooks)
        checks = {check.__name__: check for check in before} | {"parts": living}
        checks |= {check.__name__: check for check in after}
        checks |= {"texts": texts, "vault": partial(vault, settings)}
        for name, check in (checks | {"post": partial(post, settings)}).items():
            try:
                yield from check(engine)
            except DonghaengError as error:
                yield said(name, error)
            except RedisError as error:
                yield unseen(name, str(error))
