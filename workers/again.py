"""When failed jobs are run again: after growing rests, so that what an outage left behind is gone by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from redis.exceptions import RedisError

from trail.logs import Logger
from workers.job_list import run_again
from workers.queues import Queues
from workflows.resting import Rests

_log = Logger()
LOOK_SECONDS = 5.0
LONGEST_REST_SECONDS = 600.0


class FailedJobs:
    """Looks every five seconds; a job that fails again and again is run after 5, 10, 20 … seconds, at most ten minutes.

    One that was run and has not failed for as long as its rest begins anew, as with the next outage.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now, self._next = now, 0.0
        self._rests = Rests(LOOK_SECONDS, LONGEST_REST_SECONDS, now)

    def run(self, queues: Queues) -> list[str]:
        """The names of those that were enqueued again. Never raises: what is in Redis may be lost."""
        if self._now() < self._next:
            return []
        self._next = self._now() + LOOK_SECONDS
        seen: set[tuple[Any, ...]] = set()
        try:
            queues.heal()  # a queue that nobody uses at the moment is healed by nobody else
            started = run_again(queues, partial(self._due, seen))
        except RedisError as error:
            queues.health.trouble(error)
            return []
        self._rests.forget_over(keep=seen)  # it was run, and has not failed again
        if started:
            _log.info("failed_jobs_run_again", jobs=started)
        return started

    def _due(self, seen: set[tuple[Any, ...]], name: str, arguments: tuple[Any, ...]) -> bool:
        key = (name, *map(str, arguments))
        seen.add(key)
        return self._rests.may_try(key)
