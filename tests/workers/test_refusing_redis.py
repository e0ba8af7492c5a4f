"""A Redis that answers and refuses to be written to: told once, waited for longer and longer, and once it is well again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from redis import Redis
from redis.exceptions import NoPermissionError
from structlog.testing import capture_logs

from store.log import Store
from tests.store.fact_batches import put
from tests.workers.killable_valkey import (
    REFUSING,
    Refusing,
    Valkey,
    at_work,
    own_valkey,
    queues_on,
    until,
)
from workers.heartbeats import send_heartbeat
from workers.job_list import drop, list_jobs
from workers.queues import Queues
from workers.redis_health import RedisRefuses, probe
from workers.ticker import run_ticker

REFUSED = "redis_refuses"
AGAIN = "redis_serves_again"


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    with own_valkey() as started:
        yield started


@pytest.fixture
def own(valkey: Valkey, journal: Path) -> Queues:
    return queues_on(valkey)


def told(log: Path, event: str) -> int:
    return log.read_text(encoding="utf-8").count(event)


@pytest.mark.parametrize("how", REFUSING)
def test_a_worker_says_it_once_and_once_that_it_is_over(
    valkey: Valkey, own: Queues, journal: Path, tmp_path: Path, how: Refusing
) -> None:
    log = tmp_path / "log"
    with at_work(own, log=log) as worker:
        own.enqueue("projections", "note", "before")
        until(lambda: "before" in journal.read_text())
        valkey.refuse(how)
        until(lambda: told(log, REFUSED), 60)
        time.sleep(3)
        assert told(log, REFUSED) == 1, log.read_text()
        assert told(log, AGAIN) == 0
        valkey.serve()
        own.enqueue("projections", "note", "after")
        until(lambda: "after" in journal.read_text())
        assert (told(log, REFUSED), told(log, AGAIN)) == (1, 1)
        assert worker.end() == 0
    assert log.read_text().count("[warning") == 2, log.read_text()


@pytest.mark.parametrize("loud", [False, True], ids=["ours", "the-control"])
def test_a_worker_that_begins_meanwhile_says_it_once(
    valkey: Valkey, own: Queues, journal: Path, tmp_path: Path, loud: bool
) -> None:
    log = tmp_path / "log"
    valkey.refuse("memory full")
    with at_work(own, loud=loud, log=log):
        until(lambda: told(log, REFUSED))
        time.sleep(3)
    assert (told(log, REFUSED) > 5) is loud, log.read_text()
    assert (told(log, REFUSED) == 1) is not loud


@pytest.mark.parametrize("how", REFUSING)
def test_waking_never_raises_and_says_it_once(valkey: Valkey, own: Queues, how: Refusing) -> None:
    valkey.refuse(how)
    with capture_logs() as lines:
        for number in range(50):
            own._rests.well()  # as if the pause were over
            assert not own.wake("projections", "note", number)
            own.woken("note", number)
        valkey.serve()
        own._rests.well()
        assert own.wake("projections", "note", "again")
    assert [line["event"] for line in lines] == [REFUSED, AGAIN]


def test_the_pauses_between_two_tries_to_wake_grow_and_end(valkey: Valkey, own: Queues) -> None:
    now, tried = [0.0], list[float]()
    own._rests._clock = lambda: now[0]
    for moment in range(60):
        now[0] = float(moment)
        if moment == 31:  # it works, as is found at the next try, and is refused again
            valkey.serve()
        elif moment in (0, 39):
            valkey.refuse("memory full")
        before = own.resting
        own.wake("projections", "note", moment)
        if not before:
            tried.append(moment)
    assert tried == [0, 2, 6, 14, 22, 30, 38, 39, 41, 45, 53]


@pytest.mark.parametrize("how", REFUSING)
def test_a_probe_is_refused_as_work_would_be_and_leaves_nothing(
    valkey: Valkey, own: Queues, how: Refusing
) -> None:
    own.probe()
    assert valkey.raw.keys("*") == []
    valkey.refuse(how)
    assert valkey.raw.ping(), "the control: it answers"
    with pytest.raises(Exception, match=r"maxmemory|read only|permissions"):
        probe(valkey.raw, own.store_id)
    valkey.serve()
    own.probe()


def test_the_rights_that_the_operators_page_gives_are_enough_for_a_probe(valkey: Valkey, own: Queues) -> None:
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    (given,) = [line for line in page.splitlines() if line.startswith("user donghaeng on")]
    valkey.raw.execute_command("ACL", "SETUSER", *given.split()[1:])
    with Redis(**valkey.address, username="donghaeng", password="redis-secret") as limited:
        probe(limited, own.store_id)
        valkey.raw.execute_command("ACL", "SETUSER", "donghaeng", "resetkeys", "~donghaeng:x*")
        with pytest.raises(NoPermissionError):
            probe(limited, own.store_id)


def test_what_waits_is_not_thrown_away_because_nothing_can_be_written(valkey: Valkey, own: Queues) -> None:
    own.enqueue("projections", "note", "waits")
    valkey.refuse("memory full")
    with at_work(own):
        time.sleep(1)
    assert [one.state for one in list_jobs(own)] == ["waiting"]


def test_dropping_a_job_says_that_redis_refuses_and_what_to_do(valkey: Valkey, own: Queues) -> None:
    job = own.enqueue("projections", "note", "one")
    valkey.raw.zadd(own.queue("projections").failed_job_registry.key, {job: 1})
    valkey.refuse("a replica")
    with pytest.raises(RedisRefuses, match="primary"):
        drop(own, job)


def test_a_sign_of_life_that_is_taken_again_says_that_it_is_over_and_wakes_at_once(
    valkey: Valkey, own: Queues
) -> None:
    valkey.refuse("memory full")
    with capture_logs() as lines:
        send_heartbeat(own, "ticker")
        assert not own.wake("projections", "note", "lost")
        assert own.resting
        send_heartbeat(own, "ticker")
        valkey.serve()
        send_heartbeat(own, "ticker")
        assert own.wake("projections", "note", "again"), "without waiting for the pause to be over"
        send_heartbeat(own, "ticker")
    assert [line["event"] for line in lines] == [REFUSED, AGAIN]


def test_a_ticker_does_not_say_that_it_woke_what_it_did_not(
    valkey: Valkey, own: Queues, store: Store, tmp_path: Path
) -> None:
    put(store)
    engine = SimpleNamespace(store=store, queues=own, handler=None, data=tmp_path)
    for refused in (True, False):
        if refused:
            valkey.refuse("memory full")
        else:
            valkey.serve()
        with capture_logs() as lines:
            run_ticker(engine, Ticks(3), every=0)  # type: ignore[arg-type]
        told = [line["event"] for line in lines if line["event"] in ("views_woken", REFUSED, AGAIN)]
        assert told[0] == (REFUSED if refused else AGAIN)
        assert ("views_woken" in told) is not refused
        assert told.count(told[0]) == 1


class Ticks:
    """Stops a ticker after so many ticks."""

    def __init__(self, count: int) -> None:
        self._left = count

    def wait(self, seconds: float) -> bool:
        self._left -= 1
        return self._left < 0
