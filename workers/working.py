"""One RQ worker on one queue: a worker on several can lose a job."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from redis import Redis
from redis.backoff import ConstantBackoff
from redis.exceptions import ConnectionError, RedisError, TimeoutError  # noqa: A004 - redis's own
from redis.retry import Retry
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer

from workers.queues import Queues
from workers.redis_health import probe
from workers.redis_keys import heal
from workers.rq_workers import QuickWorker, listen_to_rq
from workflows.resting import Rests

_SHORTEST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 2.0
LONGEST_REFUSED_SECONDS = 10.0  # it will not be well before somebody has done something
_AWAY = (ConnectionError, TimeoutError)
_CONNECT_SECONDS = 5.0
_TTL_SECONDS = 30  # RQ waits for a job for half of it
ANSWER_SECONDS = 25.0  # longer than it waits for a job


def run_worker(queues: Queues, queue: str, *, burst: bool = False) -> None:
    """Serve one queue until SIGTERM or SIGINT, the job in hand being finished; with `burst` until it is empty.

    Outages of Redis are sat out, also where it answers and refuses to be written to, and whatever makes RQ give up: a
    new worker takes the old one's place.
    """
    listen_to_rq(queues.health)
    with _stopping_at_a_signal(), suppress(StopRequested):
        rests = Rests(_SHORTEST_PAUSE_SECONDS, LONGEST_REFUSED_SECONDS)
        while True:
            worker, longest, began = None, LONGEST_PAUSE_SECONDS, time.monotonic()
            try:
                with _make_worker(queues, queue) as worker:
                    probe(worker.connection, queues.store_id)
                    heal(worker.connection, worker.queues[0])
                    worker.work(burst=burst, logging_level="ERROR", with_scheduler=False)
            except RedisError as error:
                queues.health.trouble(error, queue=queue)
                longest = longest if isinstance(error, _AWAY) else LONGEST_REFUSED_SECONDS
            if worker is not None and worker.done:
                return
            if worker is not None and worker.worked and time.monotonic() > began + LONGEST_PAUSE_SECONDS:
                rests.well()
            _stop_at_a_signal()
            time.sleep(min(rests.note_failure(), longest))


@contextmanager
def _make_worker(queues: Queues, queue: str) -> Iterator[QuickWorker]:
    """A worker with a connection of its own. Raises redis's errors."""
    # redis-py's own patience, seconds for each command, would keep a worker from stopping in time
    patience: dict[str, Any] = {
        "socket_timeout": ANSWER_SECONDS,
        "socket_connect_timeout": _CONNECT_SECONDS,
        "retry": Retry(ConstantBackoff(0.05), 2),
    }
    with Redis(**queues.address, **patience) as connection:
        worker = QuickWorker(
            [queues.queue(queue, connection)],
            connection=connection,
            job_class=queues.job_class,
            serializer=JSONSerializer,
            worker_ttl=_TTL_SECONDS,
        )
        worker.health = queues.health
        yield worker


@contextmanager
def _stopping_at_a_signal() -> Iterator[None]:
    """RQ's workers listen to signals while they work; between two of them we do."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    _stop_at_a_signal()
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop_at_a_signal() -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)


def _stop(signum: int, frame: FrameType | None) -> None:
    raise StopRequested
