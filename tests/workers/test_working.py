"""Workers in processes of their own, through everything that can happen to them and to Redis."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rq.serializers import JSONSerializer
from rq.worker import SimpleWorker

from tests.workers.killable_valkey import Valkey, at_work, own_valkey, queues_on, until
from workers.queues import Queues
from workers.rq_workers import QuickWorker
from workers.working import run_worker


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    with own_valkey() as started:
        yield started


@pytest.fixture
def own(valkey: Valkey, journal: Path) -> Queues:
    return queues_on(valkey)


def did(queues: Queues, journal: Path, line: str) -> None:
    """A worker takes this job and does it."""
    queues.enqueue("projections", "note", line)
    until(lambda: line in noted(journal))


def noted(journal: Path) -> list[str]:
    return journal.read_text(encoding="utf-8").split()


def test_a_worker_works_on_after_flushall_and_is_counted_again(
    valkey: Valkey, own: Queues, journal: Path
) -> None:
    with at_work(own) as worker:
        did(own, journal, "before")
        valkey.raw.flushall()
        did(own, journal, "after")
        until(lambda: own.counts()["projections"]["finished"], seconds=60)
        assert worker.end() == 0


@pytest.mark.parametrize(
    ("kind", "known"), [(QuickWorker, 1), (SimpleWorker, 0)], ids=["ours", "the-control"]
)
def test_after_flushall_our_worker_registers_again_and_rqs_own_does_not(
    valkey: Valkey, own: Queues, kind: type[SimpleWorker], known: int
) -> None:
    queue = own.queue("projections", valkey.raw)
    worker = kind([queue], connection=valkey.raw, job_class=own.job_class, serializer=JSONSerializer)
    worker.register_birth()
    valkey.raw.flushall()
    worker.heartbeat()
    assert SimpleWorker.count(queue=queue) == known


def test_a_worker_outlives_a_redis_that_is_killed_and_comes_back(
    valkey: Valkey, own: Queues, journal: Path
) -> None:
    with at_work(own) as worker:
        did(own, journal, "before")
        for turn in range(2):
            valkey.kill()
            time.sleep(0.3)
            valkey.start()
            did(own, journal, f"after-{turn}")
        assert worker.end() == 0


def test_a_worker_outlives_a_redis_that_dies_while_a_job_runs(
    valkey: Valkey, own: Queues, journal: Path
) -> None:
    with at_work(own) as worker:
        own.enqueue("projections", "note_slowly", "slow", 0.5)
        until(lambda: "slow-begun" in noted(journal))
        valkey.kill()
        until(lambda: "slow-ended" in noted(journal))
        valkey.start()
        did(own, journal, "after")
        assert worker.end() == 0


def test_a_worker_waits_for_a_redis_that_is_not_there_yet(valkey: Valkey, own: Queues, journal: Path) -> None:
    valkey.kill()
    with at_work(own) as worker:
        time.sleep(0.5)
        valkey.start()
        did(own, journal, "hello")
        assert worker.end() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_told_to_stop_ends_the_job_in_hand_first(
    own: Queues, journal: Path, number: signal.Signals
) -> None:
    with at_work(own) as worker:
        own.enqueue("projections", "note_slowly", "slow", 0.5)
        own.enqueue("projections", "note", "next")
        until(lambda: "slow-begun" in noted(journal))
        assert worker.end(number) == 0
    assert noted(journal) == ["slow-begun", "slow-ended"]
    assert own.counts()["projections"]["waiting"] == 1


def test_a_worker_can_be_told_to_stop_while_redis_is_away(valkey: Valkey, own: Queues, journal: Path) -> None:
    with at_work(own) as worker:
        did(own, journal, "before")
        valkey.kill()
        time.sleep(0.5)
        assert worker.end() == 0


def test_a_worker_can_be_told_to_stop_in_a_job_while_redis_is_away(
    valkey: Valkey, own: Queues, journal: Path
) -> None:
    with at_work(own) as worker:
        own.enqueue("projections", "note_slowly", "slow", 0.5)
        until(lambda: "slow-begun" in noted(journal))
        valkey.kill()
        assert worker.end() == 0
    assert noted(journal) == ["slow-begun", "slow-ended"]


def test_after_kill_9_the_next_worker_goes_on(own: Queues, journal: Path) -> None:
    with at_work(own) as worker:
        own.enqueue("projections", "note_slowly", "slow", 30)
        until(lambda: "slow-begun" in noted(journal))
        assert worker.end(signal.SIGKILL) == -signal.SIGKILL
    with at_work(own):
        did(own, journal, "after")


def test_a_job_whose_worker_was_killed_is_found_later_and_kept_among_the_failed(
    valkey: Valkey, own: Queues, journal: Path
) -> None:
    with at_work(own) as worker:
        job = own.enqueue("projections", "note_slowly", "slow", 30)
        until(lambda: "slow-begun" in noted(journal))
        worker.end(signal.SIGKILL)
    started = own.queue("projections", valkey.raw).started_job_registry.key
    (execution,) = valkey.raw.zrange(started, 0, -1)
    valkey.raw.zadd(started, {execution: 1})  # its time is long over
    run_worker(own, "projections", burst=True)
    assert own.counts()["projections"]["failed"] == 1
    assert valkey.raw.ttl(own.job_class.key_for(job)) > 0


@pytest.mark.parametrize("plain", [False, True], ids=["ours", "the-control"])
def test_nobody_can_stop_our_worker_through_redis_as_one_can_rqs_own(
    valkey: Valkey, own: Queues, journal: Path, plain: bool
) -> None:
    with at_work(own, plain=plain):
        did(own, journal, "hello")
        assert len(valkey.raw.pubsub_channels()) == plain


def test_two_stores_on_one_redis_leave_each_others_jobs_alone(
    valkey: Valkey, own: Queues, journal: Path
) -> None:
    other = queues_on(valkey)
    other.enqueue("projections", "note", "foreign")
    with at_work(own):
        did(own, journal, "own")
    assert noted(journal) == ["own"]
    assert other.counts()["projections"] == {"finished": 0, "failed": 0, "waiting": 1}
