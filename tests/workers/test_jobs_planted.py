"""Callbacks, webhooks and retries that somebody has planted in a job's hash; RQ's own jobs obey them."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker import SimpleWorker

from tests.workers.killable_valkey import own_valkey, queues_on
from tests.workers.test_working import noted
from workers.queues import Queues
from workers.working import run_worker

RUN = {"note": ["note", "ran"], "fail": ["fail"]}


@pytest.fixture
def own(journal: Path) -> Iterator[Queues]:
    with own_valkey() as valkey:
        yield queues_on(valkey)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Where a webhook would call."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


def planted(listener: socket.socket) -> dict[str, str]:
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    hooks = [{"url": url, "job_status": status, "timeout": 1} for status in ("finished", "failed")]
    names = ("success_callback_name", "failure_callback_name", "stopped_callback_name")
    return dict.fromkeys(names, "tests.workers.recording_jobs.called_back") | {
        "webhooks": json.dumps(hooks),
        "retries_left": "1",
        "timeout": "180",
    }


def was_called(listener: socket.socket) -> bool:
    try:
        listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True


@pytest.mark.parametrize("name", ["note", "fail"])
def test_nothing_planted_in_a_hash_has_an_effect(
    own: Queues, journal: Path, listener: socket.socket, name: str
) -> None:
    raw = Redis(**own.address)
    job_id = own.enqueue("projections", *RUN[name])
    raw.hset(own.job_class.key_for(job_id), mapping=planted(listener))
    run_worker(own, "projections", burst=True)
    assert noted(journal) == (["ran"] if name == "note" else [])
    assert not was_called(listener)
    assert own.counts()["projections"]["failed"] == (name == "fail")


@pytest.mark.parametrize("name", ["note", "fail"])
def test_the_control_rqs_own_job_obeys(
    own: Queues, journal: Path, listener: socket.socket, name: str
) -> None:
    raw = Redis(**own.address)
    queue = Queue("control", connection=raw, serializer=JSONSerializer)
    path, *arguments = RUN[name]
    job: Job = queue.enqueue(f"tests.workers.recording_jobs.{path}", *arguments)
    raw.hset(job.key, mapping=planted(listener))
    SimpleWorker([queue], connection=raw, serializer=JSONSerializer).work(
        burst=True, logging_level="CRITICAL"
    )
    assert "called-back" in noted(journal)
    assert was_called(listener)
