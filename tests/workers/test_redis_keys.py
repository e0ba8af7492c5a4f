"""Every key is under our own name, and one that somebody else spoils is healed and hinders nobody."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rq import Queue
from rq.suspension import WORKERS_SUSPENDED
from rq.worker_registration import REDIS_WORKER_KEYS
from structlog.testing import capture_logs

from tests.workers.killable_valkey import Valkey, at_work, own_valkey, queues_on, until
from tests.workers.test_working import noted
from workers import queues as waking
from workers import rq_workers, working
from workers.doctor.servers import redis as examined
from workers.queues import Queues
from workers.redis_keys import types
from workers.servers import Addresses


@pytest.fixture
def valkey(journal: Path) -> Iterator[Valkey]:
    with own_valkey() as started:
        yield started


def test_every_key_begins_with_our_name(valkey: Valkey, journal: Path) -> None:
    own = queues_on(valkey)
    with at_work(own):
        own.wake("projections", "note", "x")
        own.enqueue("projections", "fail")
        until(lambda: noted(journal) == ["x"] and own.counts()["projections"]["failed"] == 1)
        keys = [key.decode() for key in valkey.raw.keys("*")]
    assert keys
    assert [key for key in keys if not key.startswith("donghaeng:")] == []
    assert "rq:queues" not in types(own.queue("projections")), "the control: RQ's own name for it"
    assert os.environ["RQ_KEY_PREFIX"] == "donghaeng:rq"


def spoil(valkey: Valkey, own: Queues) -> list[str]:
    keys = [*types(own.queue("projections")), WORKERS_SUSPENDED]
    for key in keys:
        valkey.raw.delete(key)
        valkey.raw.set(key, "garbage")
    return keys


def test_spoiled_keys_are_told_by_doctor_and_hinder_neither_waking_nor_working(
    valkey: Valkey, journal: Path
) -> None:
    own = queues_on(valkey)
    keys = spoil(valkey, own)
    (_, finding) = examined(Addresses(None, None, valkey.address), own)
    assert finding.state == "warn"
    assert all(key in finding.say("en")[0] for key in keys if key != WORKERS_SUSPENDED)
    with capture_logs() as lines:
        assert own.wake("projections", "note", "before")
    assert [line["event"] for line in lines] == ["redis_keys_healed"]
    with at_work(own):
        until(lambda: noted(journal) == ["before"])
        spoil(valkey, own)  # also under a worker that runs
        until(lambda: own.wake("projections", "note", "after") or noted(journal)[-1] == "after")
        until(lambda: noted(journal)[-1] == "after")
    assert own.find_spoiled() == []


def test_the_control_without_healing_nobody_is_woken_and_nothing_worked(
    valkey: Valkey, journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (waking, working, rq_workers):
        monkeypatch.setattr(module, "heal", lambda *_: [])
    own = queues_on(valkey)
    valkey.raw.set(Queue.redis_queues_keys, "garbage")
    assert not own.wake("projections", "note", "x")
    valkey.raw.delete(Queue.redis_queues_keys)
    valkey.raw.set(REDIS_WORKER_KEYS, "garbage")
    own.enqueue("projections", "note", "x")
    monkeypatch.setattr(working.time, "sleep", lambda _: (_ for _ in ()).throw(working.StopRequested))
    working.run_worker(own, "projections", burst=True)
    assert noted(journal) == []


def test_a_wake_key_without_an_end_wakes_all_the_same(valkey: Valkey, journal: Path) -> None:
    own = queues_on(valkey)
    key = own._wake_key("note", ("x",))
    valkey.raw.rpush(key, "garbage")
    assert own.wake("projections", "note", "x")
    assert 0 < valkey.raw.pttl(key) <= 10_000
    assert not own.wake("projections", "note", "x"), "it is on its way"


def test_what_no_healing_helps_is_tried_again_after_growing_pauses(
    valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not thirteen times a second."""
    own, pauses = queues_on(valkey), list[float]()

    def slept(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 9:
            raise working.StopRequested

    monkeypatch.setattr(working, "heal", lambda *_: [])
    monkeypatch.setattr(working.time, "sleep", slept)
    valkey.raw.set(REDIS_WORKER_KEYS, "garbage")
    began = time.monotonic()
    working.run_worker(own, "projections")
    assert pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10, 10]
    assert time.monotonic() - began < 20
