"""A Redis of one's own, likewise. Apart from `check_database`, since Redis's client takes long to load."""

from __future__ import annotations

from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.connection import parse_url
from redis.exceptions import RedisError
from redis.retry import Retry

from trail.logs import Logger
from workers.servers.errors import UNREADABLE, NotAnAddress, RedisTooOld, RedisUnreachable

_OLDEST_REDIS = (6, 2)
_ASKING: dict[str, Any] = {
    "socket_timeout": 5,
    "socket_connect_timeout": 5,
    "retry": Retry(NoBackoff(), 0),
    "protocol": 2,  # servers before 6.0 know no other, and could not even say how old they are
}
_QUICKLY = {"socket_timeout": 1, "socket_connect_timeout": 1}
_log = Logger()


def check_redis(url: str, *, needed: bool = True) -> dict[str, Any]:
    """Arguments of redis.Redis for a URL whose server answers and is new enough.

    Not `needed`, a server that does not answer within a second is told in the log and no more: commands go on
    without it. Raises NotAnAddress, RedisTooOld; RedisUnreachable where it is needed.
    """
    try:
        settings = _arguments(url)
        asked = redis.Redis(**settings | _ASKING | ({} if needed else _QUICKLY))
    except (ValueError, TypeError):
        example = "rediss://donghaeng@redis.example:6380/0"
        raise NotAnAddress(setting="REDIS_URL", problem=UNREADABLE, example=example) from None
    try:
        found = str(asked.info("server")["redis_version"])
        version = tuple(map(int, found.split(".")[:2]))
    except (RedisError, OSError, LookupError, ValueError) as error:
        words = str(error).replace(str(settings.get("password") or "\0"), "…")
        if not needed:
            _log.warning("redis_away", error=words)
            return settings
        raise RedisUnreachable(problem=words) from None
    finally:
        asked.close()
    if version < _OLDEST_REDIS:
        raise RedisTooOld(found=found, needed=".".join(map(str, _OLDEST_REDIS)))
    return settings


def _arguments(url: str) -> dict[str, Any]:
    settings: dict[str, Any] = dict(parse_url(url))  # type: ignore[no-untyped-call]
    settings.pop("connection_class", None)
    if "path" in settings:
        settings["unix_socket_path"] = settings.pop("path")
    if url.startswith("rediss:"):
        settings["ssl"] = True
    return settings
