"""Waking: many commands make few jobs, and a Redis that is gone costs a command next to nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError
from structlog.testing import capture_logs

from workers.queues import Queues
from workers.servers import Addresses
from workers.working import run_worker


def test_a_hundred_wake_ups_are_one_job(queues: Queues, journal: Path) -> None:
    assert [queues.wake("projections", "note", "x") for _ in range(100)].count(True) == 1
    assert queues.counts()["projections"]["waiting"] == 1


def test_after_a_job_has_begun_the_next_wake_up_makes_another(queues: Queues, journal: Path) -> None:
    queues.wake("projections", "note", "x")
    queues.woken("note", "x")
    assert queues.wake("projections", "note", "x")


def test_a_lost_wake_up_is_forgotten_after_ten_seconds(queues: Queues, servers: Addresses) -> None:
    queues.wake("projections", "note", "x")
    assert servers.redis is not None
    assert 0 < Redis(**servers.redis).pttl(f"donghaeng:{queues.store_id}:wake:note:x") <= 10_000


def test_a_flushed_redis_only_loses_the_wake_up(queues: Queues, servers: Addresses, journal: Path) -> None:
    queues.wake("projections", "note", "lost")
    assert servers.redis is not None
    Redis(**servers.redis).flushall()
    assert queues.wake("projections", "note", "again")
    run_worker(queues, "projections", burst=True)
    assert journal.read_text(encoding="utf-8") == "again\n"


def test_waking_never_raises_and_asks_an_absent_redis_only_now_and_then(tmp_path: Path) -> None:
    queues = Queues({"unix_socket_path": str(tmp_path / "nobody.sock")}, "0" * 32, b"key", {})
    with capture_logs() as lines:
        assert [queues.wake("projections", "note", n) for n in range(50)] == [False] * 50
        queues.woken("note", 1)
    assert [line["event"] for line in lines] == ["redis_away"]


def test_the_control_enqueueing_without_that_protection_raises(tmp_path: Path) -> None:
    queues = Queues({"unix_socket_path": str(tmp_path / "nobody.sock")}, "0" * 32, b"key", {})
    with pytest.raises(RedisError, match=r"nobody\.sock"):
        queues.enqueue("projections", "note", "x")
