"""What somebody else wrote into Redis in place of our values ends no reading of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis.exceptions import ResponseError

from tests.workers.killable_valkey import Valkey, own_valkey, queues_on
from workers.again import FailedJobs
from workers.command_counts import Counts, load_counts
from workers.heartbeats import send_heartbeat, silence


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    with own_valkey() as started:
        yield started


def test_a_sign_of_life_that_is_no_number_is_none_until_the_next_one(valkey: Valkey) -> None:
    own = queues_on(valkey)
    send_heartbeat(own, "ticker")
    (key,) = valkey.raw.keys("*beat*")
    valkey.raw.set(key, "garbage")
    assert silence(own, "ticker") is None
    send_heartbeat(own, "ticker")
    assert silence(own, "ticker") is not None


def test_counts_that_are_no_numbers_count_for_nothing(valkey: Valkey) -> None:
    own = queues_on(valkey)
    valkey.raw.sadd(f"donghaeng:rq:workers:{own.queue_name('post')}", "donghaeng:rq:worker:x")
    valkey.raw.hset("donghaeng:rq:worker:x", "successful_job_count", "garbage")
    assert own.counts()["post"]["finished"] == 0
    valkey.raw.hset("donghaeng:rq:worker:x", "successful_job_count", "3")
    assert own.counts()["post"]["finished"] == 3, "the control: it is this key that is counted"
    counts = Counts(lambda: own)
    counts.add("carried_out")
    counts.bring(now=True)
    (key,) = valkey.raw.keys("*counts*")
    valkey.raw.hset(key, "carried_out", "garbage")
    assert load_counts(own) == {}


def test_what_is_spoiled_of_a_queue_that_nobody_uses_is_healed_by_the_ticker(valkey: Valkey) -> None:
    own = queues_on(valkey)
    key = f"donghaeng:rq:workers:{own.queue_name('post')}"
    valkey.raw.set(key, "garbage")
    with pytest.raises(ResponseError, match="WRONGTYPE"):
        own.counts()  # the control: doctor cannot look at jobs
    FailedJobs().run(own)
    assert own.find_spoiled() == []
    assert own.counts()["post"]["finished"] == 0
