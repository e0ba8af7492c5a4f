"""Garbage in the keys round the jobs: the worker throws away what it cannot read, and works on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from rq import Queue
from rq.results import Result
from rq.serializers import JSONSerializer
from rq.worker import SimpleWorker

from tests.workers.killable_valkey import own_valkey, queues_on
from tests.workers.test_working import noted
from workers.queues import Queues
from workers.working import run_worker

GARBAGE = b"\xff\xfe garbage"


@pytest.fixture
def own(journal: Path) -> Iterator[Queues]:
    with own_valkey() as valkey:
        yield queues_on(valkey)


def keys(queue: Queue) -> dict[str, str]:
    """What RQ keeps for a queue, by what it is for."""
    return {
        "queue": queue.key,
        "between": queue.intermediate_queue_key,
        "started": queue.started_job_registry.key,
        "failed": queue.failed_job_registry.key,
        "finished": queue.finished_job_registry.key,
        "deferred": queue.deferred_job_registry.key,
        "ready": queue.ready_job_registry.key,
        "groups": "donghaeng:rq:groups",
        "rate limits": "donghaeng:rq:rate_limits",
        "lock": queue.registry_cleaning_key,
    }


SPOIL: dict[str, Callable[[Redis, str], Any]] = {
    "another kind of key": lambda raw, key: raw.set(key, GARBAGE),
    "a list of garbage": lambda raw, key: raw.rpush(key, GARBAGE, b"", b"a:b:c"),
    "a sorted set of garbage": lambda raw, key: raw.zadd(key, {GARBAGE: 1, b"": 2, b"a:b:c": 3}),
    "a set of garbage": lambda raw, key: raw.sadd(key, GARBAGE, b"", b"a:b:c"),
}


@pytest.mark.parametrize("how", SPOIL)
@pytest.mark.parametrize("what", keys(Queue("x", connection=Redis())))
def test_a_worker_works_on_when_a_key_is_spoiled(own: Queues, journal: Path, what: str, how: str) -> None:
    raw = Redis(**own.address)
    SPOIL[how](raw, keys(own.queue("projections", raw))[what])
    run_worker(own, "projections", burst=True)
    own.enqueue("projections", "note", "good")
    run_worker(own, "projections", burst=True)
    assert noted(journal) == ["good"]


OF_A_JOB: dict[str, Callable[[Any], str]] = {
    "dependents": lambda job: job.dependents_key,
    "dependencies": lambda job: job.dependencies_key,
    "results": lambda job: Result.get_key(job.id),
    "executions": lambda job: job.execution_registry.key,
}


@pytest.mark.parametrize("how", SPOIL)
@pytest.mark.parametrize("what", OF_A_JOB)
@pytest.mark.parametrize("name", ["note", "fail"])
def test_a_worker_works_on_when_a_key_beside_a_job_is_spoiled(
    own: Queues, journal: Path, name: str, what: str, how: str
) -> None:
    raw = Redis(**own.address)
    job_id = own.enqueue("projections", name, *(["spoiled"] if name == "note" else []))
    job = own.job_class.fetch(job_id, connection=raw, serializer=JSONSerializer)
    SPOIL[how](raw, OF_A_JOB[what](job))
    own.enqueue("projections", "note", "good")
    run_worker(own, "projections", burst=True)
    assert noted(journal)[-1] == "good"


def test_the_control_rqs_own_worker_gives_up_each_time(own: Queues, journal: Path) -> None:
    raw = Redis(**own.address)
    queue = own.queue("projections", raw)
    raw.rpush(queue.intermediate_queue_key, GARBAGE)
    queue.enqueue_job(own.job_class.create("note", args=["good"], connection=raw, origin=queue.name))
    for _ in range(2):
        SimpleWorker([queue], connection=raw, job_class=own.job_class, serializer=JSONSerializer).work(
            burst=True, logging_level="CRITICAL"
        )
    assert noted(journal) == []


def test_no_more_than_a_thousand_failures_are_kept(own: Queues, journal: Path) -> None:
    raw = Redis(**own.address)
    failed = own.queue("projections", raw).failed_job_registry.key
    for number in range(1003):
        raw.hset(own.job_class.key_for(f"failed-{number:04}"), "status", "failed")
        raw.zadd(failed, {f"failed-{number:04}": 4_000_000_000 + number})
    run_worker(own, "projections", burst=True)
    assert raw.zcard(failed) == 1000
    assert not raw.exists(own.job_class.key_for("failed-0002"))
    assert raw.exists(own.job_class.key_for("failed-0003"))
