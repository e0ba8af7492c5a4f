"""What somebody who can write to Redis can make our workers do: nothing. The worker lives on each time."""

from __future__ import annotations

import json
import pickle
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from rq.worker import SimpleWorker

from tests.workers.recording_jobs import made_queues
from workers.queues import Queues
from workers.servers import Addresses
from workers.working import run_worker


@pytest.fixture
def raw(servers: Addresses) -> Redis:
    assert servers.redis is not None
    return Redis(**servers.redis)


def work(queues: Queues, queue: str = "projections") -> None:
    run_worker(queues, queue, burst=True)


def noted(journal: Path) -> list[str]:
    return journal.read_text(encoding="utf-8").split()


def spoiled(queues: Queues, raw: Redis, spoil: Callable[[dict[bytes, bytes]], dict[Any, Any]]) -> None:
    """A good job whose hash somebody has changed."""
    key = queues.job_class.key_for(queues.enqueue("projections", "note", "spoiled"))
    changed = spoil(raw.hgetall(key))
    raw.delete(key)
    raw.hset(key, mapping=changed)


def lives_on(queues: Queues, journal: Path) -> bool:
    """The same worker run that met the bad job also does the good one behind it."""
    queues.enqueue("projections", "note", "good")
    work(queues)
    return noted(journal) == ["good"]


def test_a_signed_job_of_the_list_runs(queues: Queues, journal: Path) -> None:
    queues.enqueue("projections", "note", "hello")
    work(queues)
    assert noted(journal) == ["hello"]


FORGED = {
    "another function": lambda path: zlib.compress(
        json.dumps(["os.system", None, [f"touch {path}"], {}]).encode()
    ),
    "a function of the list with other arguments": lambda path: zlib.compress(
        b'["note", null, ["forged"], {}]'
    ),
    "not compressed": lambda path: json.dumps(["os.system", None, [f"touch {path}"], {}]).encode(),
    "a pickle": lambda path: zlib.compress(pickle.dumps(("os.system", None, (f"touch {path}",), {}))),
    "a bomb": lambda path: zlib.compress(b"0" * 50_000_000),
}


@pytest.mark.parametrize("how", FORGED)
def test_forged_data_is_not_run(queues: Queues, raw: Redis, journal: Path, tmp_path: Path, how: str) -> None:
    proof = tmp_path / "owned"
    spoiled(queues, raw, lambda fields: fields | {b"data": FORGED[how](proof)})
    assert lives_on(queues, journal)
    assert not proof.exists()
    assert queues.counts()["projections"]["failed"] == 1


def test_a_job_that_was_refused_is_not_signed_by_being_kept_among_the_failed(
    queues: Queues, raw: Redis, journal: Path, tmp_path: Path
) -> None:
    how = FORGED["a function of the list with other arguments"]
    spoiled(queues, raw, lambda fields: fields | {b"data": how(tmp_path)})
    work(queues)
    (refused,) = raw.zrange(queues.queue("projections").failed_job_registry.key, 0, -1)
    raw.rpush(queues.queue("projections").key, refused)
    assert lives_on(queues, journal)


def test_the_control_rqs_own_job_runs_any_function_that_its_hash_names(raw: Redis, tmp_path: Path) -> None:
    proof = tmp_path / "owned"
    queue = Queue("control", connection=raw, serializer=JSONSerializer)
    job = queue.enqueue("tests.workers.recording_jobs.note", "x")
    raw.hset(job.key, "data", FORGED["another function"](proof))
    SimpleWorker([queue], connection=raw, serializer=JSONSerializer).work(
        burst=True, logging_level="CRITICAL"
    )
    assert proof.exists()


def test_a_function_that_is_not_on_the_list_is_not_run_even_when_signed(
    queues: Queues, journal: Path, tmp_path: Path
) -> None:
    queues.enqueue("projections", "os.system", f"touch {tmp_path / 'owned'}")
    assert lives_on(queues, journal)
    assert not (tmp_path / "owned").exists()


def test_the_control_on_the_list_the_same_job_runs(servers: Addresses, journal: Path, tmp_path: Path) -> None:
    assert servers.redis is not None
    careless = Queues(servers.redis, "careless", b"key", {"os.system": "os.system"})
    careless.enqueue("projections", "os.system", f"touch {tmp_path / 'owned'}")
    work(careless)
    assert (tmp_path / "owned").exists()


def test_a_refused_job_is_kept_with_its_own_store_whatever_queue_it_names(
    servers: Addresses, queues: Queues, raw: Redis, journal: Path
) -> None:
    other = made_queues(servers)
    spoiled(queues, raw, lambda fields: fields | {b"origin": other.queue_name("projections").encode()})
    assert lives_on(queues, journal)
    assert queues.counts()["projections"]["failed"] == 1
    assert other.counts()["projections"]["failed"] == 0


def test_a_signed_job_runs_only_on_its_own_queue(queues: Queues, raw: Redis, journal: Path) -> None:
    job_id = queues.enqueue("post", "note", "elsewhere")
    raw.rpush(queues.queue("projections").key, job_id)
    queues.enqueue("projections", "note", "good")
    work(queues)
    assert noted(journal) == ["good"]
    assert queues.counts()["projections"]["failed"] == 1


def test_a_signature_does_not_serve_for_another_job(queues: Queues, raw: Redis, journal: Path) -> None:
    good = queues.job_class.key_for(queues.enqueue("projections", "note", "replayed"))
    hash_of_the_good = raw.hgetall(good)
    raw.delete(queues.queue("projections").key)
    bad = queues.job_class.key_for("0000")
    raw.hset(bad, mapping=hash_of_the_good)
    raw.rpush(queues.queue("projections").key, "0000")
    assert lives_on(queues, journal)


def test_a_job_of_another_store_is_not_run(
    servers: Addresses, queues: Queues, raw: Redis, journal: Path
) -> None:
    other = made_queues(servers)
    key = other.job_class.key_for(identity := other.enqueue("projections", "note", "foreign"))
    raw.hset(queues.job_class.key_for(identity), mapping=raw.hgetall(key))
    raw.rpush(queues.queue("projections").key, identity)
    assert lives_on(queues, journal)


def test_a_job_that_fails_is_kept_for_a_week_and_the_worker_lives_on(
    queues: Queues, raw: Redis, journal: Path
) -> None:
    key = queues.job_class.key_for(queues.enqueue("projections", "fail"))
    assert lives_on(queues, journal)
    assert queues.counts()["projections"]["failed"] == 1
    assert 6 * 24 * 3600 < raw.ttl(key) <= 7 * 24 * 3600


def test_a_finished_job_leaves_nothing_behind(queues: Queues, raw: Redis, journal: Path) -> None:
    queues.enqueue("projections", "note", "done")
    work(queues)
    assert raw.keys(f"*{queues.store_id}*job*") == []
