"""Garbage in a job's hash, field by field: reading it never raises, for RQ would let the worker die of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker import SimpleWorker

from tests.workers.test_jobs import noted
from workers.jobs import SignedJob
from workers.queues import Queues
from workers.servers import Addresses
from workers.working import run_worker


@pytest.fixture
def raw(servers: Addresses) -> Redis:
    assert servers.redis is not None
    return Redis(**servers.redis)


FIELDS = [
    "data",
    "created_at",
    "origin",
    "description",
    "enqueued_at",
    "started_at",
    "ended_at",
    "last_heartbeat",
    "worker_name",
    "timeout",
    "result_ttl",
    "failure_ttl",
    "ttl",
    "status",
    "meta",
    "dependency_id",
    "dependency_ids",
    "success_callback_name",
    "failure_callback_name",
    "stopped_callback_name",
    "success_callback_timeout",
    "webhooks",
    "retries_left",
    "retry_intervals",
    "number_of_retries",
    "repeats_left",
    "repeat_intervals",
    "group_id",
    "allow_dependency_failures",
    "enqueue_at_front",
    "rate_limit_key",
    "rate_limit_concurrency",
    "exc_info",
    "result",
    "signature",
]

GARBAGE = pytest.mark.parametrize(
    "garbage", [b"\xff\xfe garbage", b"", b"[" * 3000], ids=["bytes", "empty", "deep"]
)


def fetched(queues: Queues, raw: Redis, job_id: str) -> SignedJob:
    return queues.job_class.fetch(job_id, connection=raw, serializer=JSONSerializer)  # type: ignore[return-value]


@GARBAGE
@pytest.mark.parametrize("field", FIELDS)
def test_a_job_with_garbage_in_any_field_can_be_read(
    queues: Queues, raw: Redis, journal: Path, field: str, garbage: bytes
) -> None:
    job_id = queues.enqueue("projections", "note", "spoiled")
    raw.hset(queues.job_class.key_for(job_id), field, garbage)
    assert fetched(queues, raw, job_id).id == job_id


def test_a_key_that_is_no_hash_is_no_job(queues: Queues, raw: Redis, journal: Path) -> None:
    raw.set(queues.job_class.key_for("spoiled"), "a string")
    with pytest.raises(NoSuchJobError):
        fetched(queues, raw, "spoiled")


@GARBAGE
@pytest.mark.parametrize("field", FIELDS)
def test_garbage_in_any_field_does_not_kill_the_worker(
    queues: Queues, raw: Redis, journal: Path, field: str, garbage: bytes
) -> None:
    job_id = queues.enqueue("projections", "note", "spoiled")
    raw.hset(queues.job_class.key_for(job_id), field, garbage)
    queues.enqueue("projections", "note", "good")
    run_worker(queues, "projections", burst=True)
    assert noted(journal)[-1] == "good"


def test_a_key_that_is_no_hash_does_not_kill_the_worker(queues: Queues, raw: Redis, journal: Path) -> None:
    key = queues.job_class.key_for(queues.enqueue("projections", "note", "spoiled"))
    raw.delete(key)
    raw.set(key, "a string")
    queues.enqueue("projections", "note", "good")
    run_worker(queues, "projections", burst=True)
    assert noted(journal) == ["good"]


@pytest.mark.parametrize("field", ["created_at", "status", "timeout", "retries_left"])
def test_the_control_rqs_own_worker_ends_before_the_good_job(raw: Redis, journal: Path, field: str) -> None:
    queue = Queue(f"control-{field}", connection=raw, serializer=JSONSerializer)
    spoiled: Job = queue.enqueue("tests.workers.recording_jobs.note", "spoiled")
    raw.hset(spoiled.key, field, b"\xff\xfe garbage")
    queue.enqueue("tests.workers.recording_jobs.note", "good")
    SimpleWorker([queue], connection=raw, serializer=JSONSerializer).work(
        burst=True, logging_level="CRITICAL"
    )
    assert noted(journal) == []
