"""A worker as a process: `python -m tests.workers.worker_program QUEUE [plain|loud]`.

`plain`: RQ's own; `loud`: without the protection that trouble with Redis is told once and paused longer and longer.
"""

from __future__ import annotations

import os
import sys

import structlog
from redis import Redis
from rq.serializers import JSONSerializer
from rq.worker import Worker

from tests.workers.recording_jobs import JOBS
from workers import working
from workers.queues import Queues
from workers.working import run_worker

if __name__ == "__main__":
    address = {"unix_socket_path": os.environ["SOCKET"]}
    queues = Queues(address, os.environ["STORE"], bytes.fromhex(os.environ["KEY"]), JOBS)
    how = sys.argv[2] if len(sys.argv) > 2 else ""
    if how == "loud":
        working.LONGEST_REFUSED_SECONDS = working._SHORTEST_PAUSE_SECONDS
        queues.health.trouble = lambda error, **about: structlog.get_logger().warning("redis_refuses")  # type: ignore[method-assign]
    if how != "plain":
        run_worker(queues, sys.argv[1])
    else:
        connection = Redis(**address)
        queue = queues.queue(sys.argv[1], connection)
        Worker([queue], connection=connection, job_class=queues.job_class, serializer=JSONSerializer).work()
