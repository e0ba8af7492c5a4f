"""The queues of one store, and waking. Redis is a wake-up channel and nothing more: losing it loses nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError
from redis.retry import Retry
from rq import Queue
from rq.registry import FailedJobRegistry
from rq.serializers import JSONSerializer
from rq.worker_registration import WORKERS_BY_QUEUE_KEY

from workers.jobs import make_job_class, new_job
from workers.redis_health import RedisHealth, probe, refuses
from workers.redis_keys import find_spoiled, heal
from workflows.resting import Rests

QUEUES = ("projections", "automation", "post")
_WAKE_MILLISECONDS = 10_000
QUICK_SECONDS = 0.5
_REST_SECONDS, _LONGEST_REST_SECONDS = 2.0, 8.0


class Queues:
    """`address`: keyword arguments of redis.Redis. `allowed`: short job names to the functions' dotted paths.

    Queue names, job keys and wake keys carry the store's id, and jobs are signed with its key, so that two stores
    on one Redis never run each other's jobs. RQ's sets of all workers and of all queues are shared by them.
    """

    def __init__(
        self, address: Mapping[str, Any], store_id: str, signing_key: bytes, allowed: Mapping[str, str]
    ) -> None:
        self.address = dict(address)
        self.store_id = store_id
        self.job_class = make_job_class(
            store_id, signing_key, allowed, frozenset(map(self.queue_name, QUEUES))
        )
        # A command must not wait for a Redis that is slow or gone.
        self._redis = Redis(
            **self.address,
            socket_timeout=QUICK_SECONDS,
            socket_connect_timeout=QUICK_SECONDS,
            retry=Retry(NoBackoff(), 1),
        )
        self._rests = Rests(_REST_SECONDS, _LONGEST_REST_SECONDS)
        self.health = RedisHealth()

    @property
    def redis(self) -> Redis:
        """A client that does not wait long."""
        return self._redis

    def queue_name(self, queue: str) -> str:
        return f"donghaeng.{self.store_id}.{queue}"

    def queue(self, queue: str, connection: Any = None) -> Queue:
        """RQ's queue, with our job class."""
        return Queue(
            self.queue_name(queue),
            connection=connection or self._redis,
            job_class=self.job_class,
            serializer=JSONSerializer,
        )

    def enqueue(self, queue: str, job: str, *arguments: Any, trace: str | None = None) -> str:
        """Put a signed job on a queue; its id. Raises redis's errors."""
        made = new_job(self.job_class, self._redis, self.queue_name(queue), job, arguments, trace)
        self.queue(queue).enqueue_job(made)
        return str(made.id)

    def wake(self, queue: str, job: str, *arguments: Any, trace: str | None = None) -> bool:
        """Enqueue the job unless it is already on its way; whether it was enqueued. Never raises.

        The job begins with `woken` and reads then, so no commit falls between. When Redis does not answer or
        refuses, it is left alone for two seconds, then longer, at most eight; the ticker wakes what was missed.
        """
        if self.resting:
            return False
        try:
            if not self._set_out(self._wake_key(job, arguments)):
                return False
            self._enqueue_past_spoiled(queue, job, arguments, trace)
        except RedisError as error:
            self._rests.note_failure()
            self.health.trouble(error, queue=queue, job=job)
            return False
        self._rests.well()
        self.health.well()
        return True

    def _set_out(self, key: str) -> bool:
        """Whether nobody else was on the way. A key without an end, which somebody else put there, is no wake-up."""
        with self._redis.pipeline(transaction=False) as pipeline:
            pipeline.set(key, 1, nx=True, px=_WAKE_MILLISECONDS)
            pipeline.pttl(key)
            done, ends = pipeline.execute()
        if done or ends >= 0:
            return bool(done)
        return bool(self._redis.set(key, 1, px=_WAKE_MILLISECONDS))

    def _enqueue_past_spoiled(
        self, queue: str, job: str, arguments: tuple[Any, ...], trace: str | None
    ) -> None:
        try:
            self.enqueue(queue, job, *arguments, trace=trace)
        except ResponseError as error:
            if refuses(error) or not heal(self._redis, self.queue(queue)):
                raise
            self.enqueue(queue, job, *arguments, trace=trace)

    def find_spoiled(self) -> list[str]:
        """Keys of RQ that are of another type than they are to be. Raises redis's errors."""
        return sorted({key for name in QUEUES for key in find_spoiled(self._redis, self.queue(name))})

    def heal(self) -> list[str]:
        """Take away the keys that `find_spoiled` names; which. Raises redis's errors."""
        return sorted({key for name in QUEUES for key in heal(self._redis, self.queue(name))})

    def woken(self, job: str, *arguments: Any) -> None:
        """The job has begun: a wake-up from now on means another run. Never raises."""
        try:
            self._redis.delete(self._wake_key(job, arguments))
        except RedisError as error:
            self.health.trouble(error, job=job)

    def probe(self) -> None:
        """Write something and take it away. Raises redis's errors."""
        probe(self._redis, self.store_id)

    def look_again(self) -> None:
        """Where there was trouble, see whether it is over, and say so. Raises redis's errors."""
        if self.health.is_troubled:
            self.probe()
            self._rests.well()
            self.health.well()

    @property
    def resting(self) -> bool:
        """Whether nobody is woken at the moment, since Redis did not do it a moment ago."""
        return self._rests.resting()

    def counts(self) -> dict[str, dict[str, int]]:
        """By queue: jobs finished by the workers that are alive now, failed ones kept, and those waiting."""
        return {name: self._counts(name) for name in QUEUES}

    def _counts(self, queue: str) -> dict[str, int]:
        known = self.queue(queue)
        workers = self._redis.smembers(WORKERS_BY_QUEUE_KEY % known.name)
        finished = [self._redis.hget(key, "successful_job_count") for key in workers]
        failed = FailedJobRegistry(queue=known)
        return {
            # what somebody else wrote there counts for nothing
            "finished": sum(int(count) for count in finished if count is not None and count.isdigit()),
            "failed": int(self._redis.zcard(failed.key)),
            "waiting": int(self._redis.llen(known.key)),
        }

    def _wake_key(self, job: str, arguments: tuple[Any, ...]) -> str:
        return ":".join(("donghaeng", self.store_id, "wake", job, *map(str, arguments)))
