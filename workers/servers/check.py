"""Servers of one's own: the address is checked and the server is asked, before anything else is done."""

from __future__ import annotations

from typing import Any

import psycopg
import redis
from psycopg import conninfo
from redis.connection import parse_url
from redis.exceptions import RedisError

from store.connecting import connect
from workers.servers.errors import NotAnAddress, RedisTooOld, RedisUnreachable

_OLDEST_REDIS = (6, 2)
_PATIENCE_SECONDS = 5


def checked_database(url: str) -> str:
    """libpq's connection string for a URL whose server answers and is new enough.

    Raises NotAnAddress, StoreUnreachable, StoreTooOld.
    """
    try:
        dsn = conninfo.make_conninfo(url)
    except psycopg.Error:
        example = "postgresql://donghaeng@db.example/donghaeng"
        raise NotAnAddress(setting="DATABASE_URL", problem="not a PostgreSQL URL", example=example) from None
    connect(dsn).close()
    return dsn


def checked_redis(url: str) -> dict[str, Any]:
    """Arguments of redis.Redis for a URL whose server answers and is new enough.

    Raises NotAnAddress, RedisUnreachable, RedisTooOld.
    """
    try:
        settings: dict[str, Any] = dict(parse_url(url))  # type: ignore[no-untyped-call]
    except ValueError as error:
        example = "rediss://donghaeng@redis.example:6380/0"
        problem = str(error).split(":")[0]
        raise NotAnAddress(setting="REDIS_URL", problem=problem, example=example) from None
    settings.pop("connection_class", None)
    if "path" in settings:
        settings["unix_socket_path"] = settings.pop("path")
    if url.startswith("rediss:"):
        settings["ssl"] = True
    asked = redis.Redis(
        **settings | {"socket_timeout": _PATIENCE_SECONDS, "socket_connect_timeout": _PATIENCE_SECONDS}
    )
    try:
        found = str(asked.info("server")["redis_version"])
    except (RedisError, OSError) as error:
        words = str(error).replace(str(settings.get("password") or "\0"), "…")
        raise RedisUnreachable(problem=words) from None
    finally:
        asked.close()
    if tuple(map(int, found.split(".")[:2])) < _OLDEST_REDIS:
        raise RedisTooOld(found=found, needed=".".join(map(str, _OLDEST_REDIS)))
    return settings
