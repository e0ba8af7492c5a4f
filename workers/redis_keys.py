"""Keys in Redis that are not of the type that they are to be, whoever put them there: they go, being nothing but wake-ups."""

from __future__ import annotations

from typing import Any

from redis import Redis
from rq import Queue
from rq.worker_registration import REDIS_WORKER_KEYS, WORKERS_BY_QUEUE_KEY

from trail.logs import Logger

_log = Logger()


def types(queue: Queue) -> dict[str, str]:
    """What RQ keeps for this queue and for all of them, and of which type it is."""
    return {
        Queue.redis_queues_keys: "set",
        REDIS_WORKER_KEYS: "set",
        WORKERS_BY_QUEUE_KEY % queue.name: "set",
        queue.key: "list",
        queue.intermediate_queue_key: "list",
        queue.started_job_registry.key: "zset",
        queue.failed_job_registry.key: "zset",
    }


def find_spoiled(redis: Redis, queue: Queue) -> list[str]:
    """Those that are there and of another type. Raises redis's errors."""
    wanted = types(queue)
    with redis.pipeline(transaction=False) as pipeline:
        for key in wanted:
            pipeline.type(key)
        found: list[Any] = pipeline.execute()
    told = zip(wanted.items(), found, strict=True)
    return [key for (key, kind), one in told if _text(one) not in ("none", kind)]


def heal(redis: Redis, queue: Queue) -> list[str]:
    """Take those away; which. Raises redis's errors."""
    found = find_spoiled(redis, queue)
    if found:
        redis.delete(*found)
        _log.warning("redis_keys_healed", keys=found)
    return found


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
