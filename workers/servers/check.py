"""Servers of one's own: the address is checked and the server is asked, before anything else is done."""

from __future__ import annotations

from typing import Any

import psycopg
import redis
import structlog
from psycopg import conninfo
from redis.backoff import NoBackoff
from redis.connection import parse_url
from redis.exceptions import RedisError
from redis.retry import Retry

from domain.errors import Worded
from store.connecting import connect
from workers.servers.errors import NotAnAddress, RedisTooOld, RedisUnreachable

_OLDEST_REDIS = (6, 2)
_ASKING: dict[str, Any] = {
    "socket_timeout": 5,
    "socket_connect_timeout": 5,
    "retry": Retry(NoBackoff(), 0),
    "protocol": 2,  # servers before 6.0 know no other, and could not even say how old they are
}
_QUICKLY = {"socket_timeout": 1, "socket_connect_timeout": 1}
_log = structlog.get_logger()
# Nothing of the address is repeated: a sign left unquoted in a password puts its halves anywhere.
_UNREADABLE = Worded(
    "주소를 읽을 수 없습니다. 비밀번호의 특수 문자는 %로 적어야 합니다",
    "it cannot be read; special signs in a password must be percent-encoded",
)


def checked_database(url: str) -> str:
    """libpq's connection string for a URL whose server answers and is new enough.

    Raises NotAnAddress, StoreUnreachable, StoreTooOld.
    """
    try:
        dsn = conninfo.make_conninfo(url)
        ports = str(conninfo.conninfo_to_dict(dsn).get("port", ""))
    except psycopg.Error:
        ports = "unreadable"
    if not all(port.isdecimal() or not port for port in ports.split(",")):
        example = "postgresql://donghaeng@db.example/donghaeng"
        raise NotAnAddress(setting="DATABASE_URL", problem=_UNREADABLE, example=example)
    connect(dsn).close()
    return dsn


def checked_redis(url: str, *, needed: bool = True) -> dict[str, Any]:
    """Arguments of redis.Redis for a URL whose server answers and is new enough.

    Not `needed`, a server that does not answer within a second is told in the log and no more: commands go on
    without it. Raises NotAnAddress, RedisTooOld; RedisUnreachable where it is needed.
    """
    try:
        settings = _arguments(url)
        asked = redis.Redis(**settings | _ASKING | ({} if needed else _QUICKLY))
    except (ValueError, TypeError):
        example = "rediss://donghaeng@redis.example:6380/0"
        raise NotAnAddress(setting="REDIS_URL", problem=_UNREADABLE, example=example) from None
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
