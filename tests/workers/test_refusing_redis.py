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
from tests.store.facts_of_the_tests import put
from tests.workers.valkey_of_the_tests import (
    REFUSING,
    Refusing,
    Valkey,
    at_work,
    own_valkey,
    queues_on,
    until,
)
from workers.beats import beat
from workers.kept_jobs import drop, kept_jobs
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
            own._resting_until = 0.0  # as if the pause were over
            assert not own.wake("projections", "note", number)
            own.woken("note", number)
        valkey.serve()
        own._resting_until = 0.0
        assert own.wake("projections", "note", "again")
    assert [line["event"] for line in lines] == [REFUSED, AGAIN]


def test_the_pauses_between_two_tries_to_wake_grow_and_end(valkey: Valkey, own: Queues) -> None:
    valkey.refuse("memory full")
    rests = []
    for number in range(5):
        own._resting_until = 0.0
        own.wake("projections", "note", number)
        rests.append(own._rest)
    assert rests == [4.0, 8.0, 8.0, 8.0, 8.0]
    valkey.serve()
    own._resting_until = 0.0
    own.wake("projections", "note", "again")
    assert own._rest == 2.0


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
        valkey.raw.execute_command("ACL", "SETUSER", "donghaeng", "resetkeys", "~donghaeng:*")
        with pytest.raises(NoPermissionError):
            probe(limited, own.store_id)


def test_what_waits_is_not_thrown_away_because_nothing_can_be_written(valkey: Valkey, own: Queues) -> None:
    own.enqueue("projections", "note", "waits")
    valkey.refuse("memory full")
    with at_work(own):
        time.sleep(1)
    assert [one.state for one in kept_jobs(own)] == ["waiting"]


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
        beat(own, "ticker")
        assert not own.wake("projections", "note", "lost")
        assert own.resting
        beat(own, "ticker")
        valkey.serve()
        beat(own, "ticker")
        assert own.wake("projections", "note", "again"), "without waiting for the pause to be over"
        beat(own, "ticker")
    assert [line["event"] for line in lines] == [REFUSED, AGAIN]


def test_a_ticker_does_not_say_that_it_woke_what_it_did_not(
    valkey: Valkey, own: Queues, store: Store, tmp_path: Path
) -> None:
    put(store)
    engine = SimpleNamespace(store=store, queues=own, door=None, data=tmp_path)
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
