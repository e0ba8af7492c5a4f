"""How many commands were carried out and refused, counted in Redis for `metrics`; nothing depends on it."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from trail.logs import Logger

if TYPE_CHECKING:
    from workers.queues import Queues

CARRIED_OUT = "carried_out"
_EVERY_SECONDS = 1.0
_log = Logger()


class Counts:
    """Counts here, and now and then adds it up there, so that no command waits for Redis.

    `queues`: asked for when there is something to bring.
    """

    def __init__(self, queues: Callable[[], Queues]) -> None:
        self._queues = queues
        self._lock = threading.Lock()
        self._here: Counter[str] = Counter()
        self._brought_at = float("-inf")

    def add(self, outcome: str, count: int = 1) -> None:
        with self._lock:
            self._here[outcome] += count

    def bring(self, *, now: bool = False) -> None:
        """Add what was counted here to what Redis holds, once a second, or now.

        Never raises; while Redis is away it waits here.
        """
        if not now and time.monotonic() < self._brought_at + _EVERY_SECONDS:
            return
        self._brought_at = time.monotonic()
        with self._lock:
            brought, self._here = self._here, Counter()
        if not brought:
            return
        from redis.exceptions import RedisError  # noqa: PLC0415 - most commands count nothing and need no Redis

        queues = self._queues()
        try:
            with queues.redis.pipeline(transaction=False) as pipeline:
                for outcome, count in brought.items():
                    pipeline.hincrby(_key(queues), outcome, count)
                pipeline.execute()
        except RedisError as error:
            _log.debug("counts_kept", error=str(error))
            with self._lock:
                self._here.update(brought)


def load_counts(queues: Queues) -> Mapping[str, int]:
    """By outcome: carried_out, or a refusal's name. Raises redis's errors."""
    found = queues.redis.hgetall(_key(queues))
    texts = ((_text(name), _text(count)) for name, count in found.items())
    return {name: int(count) for name, count in texts if count.isdigit()}


def _text(value: bytes | str) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else value


def _key(queues: Queues) -> str:
    return f"donghaeng:{queues.store_id}:counts"
