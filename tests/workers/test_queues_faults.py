"""Waking through a Redis that dies, hangs or forgets, and the order that keeps a commit from being overlooked."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from structlog.testing import capture_logs

from tests.workers.killable_valkey import Valkey, own_valkey, queues_on
from workers.queues import Queues


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    with own_valkey() as started:
        yield started


@pytest.fixture
def own(valkey: Valkey, journal: Path) -> Queues:
    return queues_on(valkey)


class Log:
    """A log of one number, and a view of it that a job brings up to date."""

    def __init__(self) -> None:
        self.committed = self.seen = 0

    def commit(self, queues: Queues) -> bool:
        self.committed += 1
        return queues.wake("projections", "note", "x")

    def read(self) -> None:
        self.seen = self.committed


def test_a_commit_between_woken_and_reading_is_seen_and_wakes_once_more(own: Queues) -> None:
    log = Log()
    log.commit(own)
    own.woken("note", "x")
    assert log.commit(own)
    log.read()
    assert log.seen == log.committed


def test_the_control_a_job_that_reads_first_overlooks_a_commit_and_nobody_is_woken(own: Queues) -> None:
    log = Log()
    log.commit(own)
    log.read()
    assert not log.commit(own)
    own.woken("note", "x")
    assert log.seen < log.committed


def test_a_wake_up_that_was_lost_blocks_the_next_only_until_its_key_expires(
    valkey: Valkey, own: Queues
) -> None:
    own.wake("projections", "note", "x")
    valkey.raw.delete(own.queue("projections").key)
    assert not own.wake("projections", "note", "x")
    valkey.raw.pexpire(f"donghaeng:{own.store_id}:wake:note:x", 1)
    while valkey.raw.exists(f"donghaeng:{own.store_id}:wake:note:x"):
        pass
    assert own.wake("projections", "note", "x")


def test_waking_does_not_wait_for_a_redis_that_hangs(valkey: Valkey, own: Queues) -> None:
    own.wake("projections", "note", "x")
    valkey.send(signal.SIGSTOP)
    try:
        with capture_logs() as lines:
            assert [own.wake("projections", "note", n) for n in range(20)] == [False] * 20
    finally:
        valkey.send(signal.SIGCONT)
    assert [line["event"] for line in lines] == ["redis_away"]


def test_the_control_enqueueing_does_wait_and_raises(valkey: Valkey, own: Queues) -> None:
    valkey.send(signal.SIGSTOP)
    try:
        with pytest.raises(redis.exceptions.TimeoutError):
            own.enqueue("projections", "note", "x")
    finally:
        valkey.send(signal.SIGCONT)


def test_a_redis_that_was_started_anew_is_found_at_once(valkey: Valkey, own: Queues) -> None:
    assert own.wake("projections", "note", "x")
    valkey.kill()
    valkey.start()
    assert own.wake("projections", "note", "x")


def test_two_stores_wake_each_for_itself(valkey: Valkey, own: Queues) -> None:
    assert own.wake("projections", "note", "x")
    assert queues_on(valkey).wake("projections", "note", "x")
