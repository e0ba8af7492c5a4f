"""RQ's workers as we use them: from Redis they take jobs, but no commands, and clean up only what is their queue's."""

from __future__ import annotations

import logging
from typing import Any

from redis.client import Pipeline
from redis.exceptions import RedisError, ResponseError
from rq import Queue, worker_registration
from rq.results import Result
from rq.utils import now
from rq.worker import SimpleWorker
from structlog.contextvars import bound_contextvars

from trail.logs import Logger
from workers.redis_health import RedisHealth, refuses
from workers.redis_keys import heal

_log = Logger()
_FAILURES_KEPT = 1000


class _Told(logging.Handler):
    """RQ's own complaints as structured lines; of Redis, once."""

    def __init__(self, health: RedisHealth) -> None:
        super().__init__(logging.ERROR)
        self._health = health

    def emit(self, record: logging.LogRecord) -> None:
        raised = record.exc_info[1] if record.exc_info else None
        arguments = record.args if isinstance(record.args, tuple) else ()
        of_redis = next((one for one in (raised, *arguments) if isinstance(one, RedisError)), None)
        if of_redis is not None:
            self._health.trouble(of_redis)
        elif record.funcName != "handle_exception":  # a job that failed is told by ourselves
            _log.warning("rq_complained", said=record.getMessage(), error=raised and repr(raised))


def listen_to_rq(health: RedisHealth) -> None:
    """Have what goes wrong inside RQ told by structlog; all else RQ says is dropped."""
    for name in ("rq.worker", "rq.job"):
        logger = logging.getLogger(name)
        logger.handlers[:] = [_Told(health)]
        logger.propagate = False


class QuickWorker(SimpleWorker):
    """Runs jobs in its own process: forking for each could not keep up. `done`: stopped as it was told, or the queue was
    empty in a burst.

    `worked`: it came so far that it waits for jobs. `health`: who is told how Redis does.
    """

    max_connection_wait_time = 2.0  # seconds
    done = worked = False
    health: RedisHealth | None = None

    def dequeue_job_and_maintain_ttl(self, *arguments: Any) -> Any:
        found: Any = super().dequeue_job_and_maintain_ttl(*arguments)
        self.done = self.done or found is None
        if found is not None:
            job, queue = found
            job.take_from(queue.name)
        return found

    def request_stop(self, signum: int, frame: Any) -> None:
        self.done = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def set_shutdown_requested_date(self) -> None:
        """Nothing: this is called in the middle of anything, and Redis may be away."""

    def check_for_suspension(self, burst: bool) -> None:
        """No: one key that anyone who can write to Redis may set would stop every worker, and say nothing."""

    def subscribe(self) -> None:
        """No: RQ would let anyone who can write to Redis stop this worker or kill its jobs."""

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        if pipeline is not None:
            super().heartbeat(timeout, pipeline)
            return
        with self.connection.pipeline(transaction=False) as own:
            super().heartbeat(timeout, own)
            if own.execute()[0]:  # the field was not there: somebody emptied Redis
                _log.warning("worker_registered_again")
                worker_registration.register(self, own)
                own.hset(self.key, mapping=self.serialize())
                own.execute()
        self.worked = True
        if self.health is not None:
            self.health.well()

    def clean_registries(self) -> None:
        """As RQ's, for what our jobs use. What cannot be cleaned is thrown away, being nothing but wake-ups."""
        queue = self.queues[0]
        try:
            if heal(self.connection, queue):
                worker_registration.register(self)
            self._clean(queue)
        except (ResponseError, ValueError) as error:
            if refuses(error):
                raise
            _log.warning("queue_thrown_away", error=repr(error))
            self.connection.delete(
                queue.key,
                queue.intermediate_queue_key,
                queue.started_job_registry.key,
                queue.failed_job_registry.key,
                worker_registration.WORKERS_BY_QUEUE_KEY % queue.name,
            )
            worker_registration.register(self)
        self.last_cleaned_at = now()  # type: ignore[assignment]

    def _clean(self, queue: Queue) -> None:
        self.connection.llen(queue.key)  # raises when it is no list
        self.connection.delete(queue.intermediate_queue_key)  # left by workers that died
        worker_registration.clean_worker_registry(queue)
        queue.started_job_registry.cleanup()
        failed = queue.failed_job_registry
        oldest = failed.get_job_ids(0, -_FAILURES_KEPT - 1)
        for job_id in oldest:
            self.connection.delete(queue.job_class.key_for(job_id), Result.get_key(job_id))  # type: ignore[no-untyped-call]
        if oldest:
            self.connection.zrem(failed.key, *oldest)

    def clean_group_registries(self) -> None:
        """Nothing: groups belong to all who use the Redis, and we have none."""

    def perform_job(self, job: Any, queue: Any, execution: Any) -> bool:
        with bound_contextvars(job_id=job.id):
            done = bool(super().perform_job(job, queue, execution))
            if done:
                _log.debug("job_finished", queue=queue.name)
        return done

    def handle_exception(self, job: Any, *raised: Any) -> None:
        _log.error("job_failed", job_id=job.id, error=f"{raised[0].__name__}: {raised[1]}")
        super().handle_exception(job, *raised)
