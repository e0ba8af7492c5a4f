"""Whether Redis serves: it may be away, or answer and refuse to be written to. Told once, and once when it is over."""

from __future__ import annotations

import threading
import uuid
from typing import Any

from redis import Redis
from redis.exceptions import (
    ConnectionError,  # noqa: A004 - redis's own
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
    TimeoutError,  # noqa: A004
)
from rq import Queue

from domain.errors import Bilingual, ServerUnreachable
from trail.logs import Logger

_log = Logger()
_LEFT_SECONDS = 10  # what a probe leaves when it is cut off
_MEMORY = Bilingual(
    "maxmemory를 늘리거나 다른 프로그램이 쓴 자료를 삭제하십시오",
    "Raise its maxmemory, or remove what other programs put there",
)
_REPLICA = Bilingual(
    "REDIS_URL이 읽기 전용 복제본이 아니라 주 서버를 가리키게 하십시오",
    "Point REDIS_URL to the primary, not to a replica that is only read",
)
_RIGHTS = Bilingual(
    "Redis 사용자에게 `~donghaeng:*`의 읽기·쓰기 권한을 지정하십시오",
    "Grant the Redis user reading and writing of `~donghaeng:*`",
)
_DISK = Bilingual(
    "Redis 서버의 디스크와 로그를 확인하십시오",
    "Look at the disk and the log of the Redis server",
)


class RedisRefuses(ServerUnreachable):
    """Redis answers and takes no writes. `problem`: in its words; `todo`: what to do."""

    ko = "Redis가 응답하지만 쓰기를 거부합니다: {problem}. {todo}. 그동안 명령은 처리되지만 화면과 알림이 늦어집니다."
    en = "Redis answers and refuses to be written to: {problem}. {todo}. Commands go on meanwhile, views and reminders wait."


def refuses(error: BaseException) -> bool:
    """Whether the server is there and will not be written to."""
    if isinstance(error, OutOfMemoryError | ReadOnlyError | NoPermissionError):
        return True
    return isinstance(error, ResponseError) and _server_message(error).startswith(
        ("MISCONF", "NOREPLICAS", "UNBLOCKED")
    )


def refusal(error: RedisError) -> RedisRefuses:
    """The same with what to do."""
    todo = _DISK
    for kind, advice in (
        (OutOfMemoryError, _MEMORY),
        (ReadOnlyError, _REPLICA),
        (NoPermissionError, _RIGHTS),
    ):
        if isinstance(error, kind):
            todo = advice
    return RedisRefuses(problem=_server_message(error).rstrip("."), todo=todo)


def _server_message(error: BaseException) -> str:
    """The server's own words in one line; redis-py puts the command of a pipeline before them."""
    return " ".join(str(error).rpartition("of pipeline caused error: ")[2].split())


def probe(redis: Redis, store_id: str) -> None:
    """Write what waking, working and counting write, under the store's names, and take it away again.

    Raises redis's errors.
    """
    mark = f"probe:{uuid.uuid4().hex}"
    ours, queue = (
        f"donghaeng:{store_id}:{mark}",
        f"{Queue.redis_queue_namespace_prefix}donghaeng.{store_id}.{mark}",
    )
    with redis.pipeline(transaction=True) as pipeline:
        pipeline.hset(ours, "written", 1)
        pipeline.expire(ours, _LEFT_SECONDS)
        pipeline.rpush(queue, 1)
        pipeline.lmove(queue, queue, "RIGHT", "LEFT")
        pipeline.expire(queue, _LEFT_SECONDS)
        pipeline.delete(ours, queue)
        pipeline.zadd(queue, {"written": 1})
        pipeline.delete(queue)
        pipeline.execute()


class RedisHealth:
    """What was last seen of Redis by this process, whoever saw it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told: str | None = None

    @property
    def is_troubled(self) -> bool:
        """Whether the last that was told was trouble."""
        return self._told is not None

    def trouble(self, error: BaseException, **about: Any) -> None:
        """It did not do what it was asked: told unless the same was told before."""
        kind = "redis_refuses" if refuses(error) else "redis_fault"
        if isinstance(error, ConnectionError | TimeoutError):
            kind = "redis_away"
        with self._lock:
            if self._told == kind:
                return
            self._told = kind
        _log.warning(kind, error=_server_message(error), **about)

    def well(self) -> None:
        """It was written to: told where the last that was told was trouble."""
        with self._lock:
            if self._told is None:
                return
            self._told = None
        _log.warning("redis_serves_again")
