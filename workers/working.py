"""One RQ worker on one queue: a worker on several can lose a job."""

from __future__ import annotations

import logging
import time
from typing import Any

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq.serializers import JSONSerializer
from rq.worker import SimpleWorker, Worker

from workers.queues import Queues

_LONGEST_PAUSE_SECONDS = 2.0
_log = structlog.get_logger()


class _Told:
    """Structured lines about jobs, and knowing whether we were told to stop."""

    told_to_stop = False

    def request_stop(self, signum: int, frame: Any) -> None:
        self.told_to_stop = True
        super().request_stop(signum, frame)  # type: ignore[misc]

    def perform_job(self, job: Any, queue: Any, execution: Any) -> bool:
        done = bool(super().perform_job(job, queue, execution))  # type: ignore[misc]
        if done:
            _log.debug("job_finished", job_id=job.id, queue=queue.name)
        return done

    def handle_exception(self, job: Any, *raised: Any) -> None:
        _log.error("job_failed", job_id=job.id, error=f"{raised[0].__name__}: {raised[1]}")
        super().handle_exception(job, *raised)  # type: ignore[misc]


class QuickWorker(_Told, SimpleWorker):
    """Runs jobs in its own process: forking for each could not keep up."""


class ForkingWorker(_Told, Worker):
    """Runs each job in a process of its own."""


def run_worker(queues: Queues, queue: str, *, burst: bool = False) -> None:
    """Serve one queue until SIGTERM or SIGINT, the job in hand being finished; with `burst` until it is empty.

    Outages of Redis are sat out: the worker is made anew when Redis is back.
    """
    logger = logging.getLogger("rq.worker")
    logger.addHandler(logging.NullHandler())  # else RQ would print lines of its own
    logger.propagate = False
    kind = QuickWorker if queue == "projections" else ForkingWorker
    pause = 0.1
    while True:
        connection = Redis(**queues.address)
        worker = kind(
            [queues.queue(queue, connection)],
            connection=connection,
            job_class=queues.job_class,
            serializer=JSONSerializer,
        )
        try:
            worker.work(burst=burst, logging_level="CRITICAL", with_scheduler=False)
            if burst or worker.told_to_stop:
                return
        except RedisError as error:
            if worker.told_to_stop:
                return
            _log.warning("redis_away", queue=queue, error=str(error))
        finally:
            connection.close()
        time.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
