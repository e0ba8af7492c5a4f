"""A worker as a process: `python -m tests.workers.worker_of_the_tests QUEUE [plain]`."""

from __future__ import annotations

import os
import sys

from redis import Redis
from rq.serializers import JSONSerializer
from rq.worker import Worker

from tests.workers.jobs_of_the_tests import JOBS
from workers.queues import Queues
from workers.working import run_worker

if __name__ == "__main__":
    address = {"unix_socket_path": os.environ["SOCKET"]}
    queues = Queues(address, os.environ["STORE"], bytes.fromhex(os.environ["KEY"]), JOBS)
    if len(sys.argv) == 2:
        run_worker(queues, sys.argv[1])
    else:
        connection = Redis(**address)
        queue = queues.queue(sys.argv[1], connection)
        Worker([queue], connection=connection, job_class=queues.job_class, serializer=JSONSerializer).work()
