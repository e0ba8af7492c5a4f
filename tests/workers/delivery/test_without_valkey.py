"""Valkey emptied in the middle of a sweep, or gone: nothing is lost, and what is due goes when a worker runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from redis.exceptions import ConnectionError  # noqa: A004
from structlog.testing import capture_logs

from tests.workers.delivery.reminded_cities import FIRST_RUNG, City
from tests.workers.killable_valkey import Valkey, own_valkey
from workers.bootstrap import JOBS
from workers.delivery.sink import Sink, mail_sink
from workers.engine import Engine
from workers.queues import Queues
from workers.sweeping import sweep, wake_delivery
from workers.tasks import serve
from workers.working import run_worker

CHANNELS = ("mail", "webhook")
AGENCIES = 10


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    with own_valkey() as made:
        yield made


@pytest.fixture
def morning(bare: City, valkey: Valkey) -> City:
    """Before the first sweep of the day on which ten agencies are reminded, on a Valkey of the test's own."""
    bare.begin(agencies=AGENCIES)
    bare.queues = Queues(valkey.address, bare.store.id, bare.store.signing_key, JOBS)
    bare.engine = Engine(bare.store, lambda: bare.queues, lambda: bare.handler, bare.data, bare.vault_dsn)
    bare.store.move_clock(datetime(*FIRST_RUNG, tzinfo=UTC))
    bare.fold()
    return bare


@pytest.fixture
def sink(morning: City) -> Iterator[Sink]:
    """Where a worker in this process sends."""
    with mail_sink() as made:
        serve(morning.engine, morning.post(made.url))
        yield made
        serve(morning.engine)


def all_went_once(city: City, sink: Sink) -> bool:
    told = sink.notices()
    return len(told) == AGENCIES and set(told.values()) == {1} and city.count("message.sent") == AGENCIES


def test_emptied_between_any_two_steps_all_goes_once(morning: City, valkey: Valkey, sink: Sink) -> None:
    handle_all = morning.handler.handle_all

    def emptied(*words: Any, **more: Any) -> Any:
        valkey.raw.flushall()
        return handle_all(*words, **more)

    morning.handler.handle_all = emptied  # type: ignore[method-assign]
    morning.sweep()
    assert wake_delivery(morning.engine, CHANNELS)
    valkey.raw.flushall()
    run_worker(morning.queues, "post", burst=True)
    assert sink.mails == [], "the wake-up is lost"
    assert wake_delivery(morning.engine, CHANNELS), "but not what is due: the next tick wakes again"
    run_worker(morning.queues, "post", burst=True)
    assert all_went_once(morning, sink)
    assert not wake_delivery(morning.engine, CHANNELS)


def test_were_it_only_woken_for_new_messages_it_would_be_lost(
    morning: City, valkey: Valkey, sink: Sink
) -> None:
    """The control: one wake-up as the message comes, and none later."""
    morning.sweep()
    morning.queues.wake("post", "send", "1")
    valkey.raw.flushall()
    run_worker(morning.queues, "post", burst=True)
    assert sink.mails == []


def test_gone_for_the_whole_sweep_the_work_is_done_all_the_same(
    morning: City, valkey: Valkey, sink: Sink
) -> None:
    valkey.kill()
    with capture_logs() as lines:
        while sweep(morning.engine, morning.memory, CHANNELS):
            morning.fold()
        assert wake_delivery(morning.engine, CHANNELS)
    assert "redis_away" in [line["event"] for line in lines]
    assert len(morning.messages) == AGENCIES
    valkey.start()
    morning.queues._rests.well()  # as if the pause were over
    assert wake_delivery(morning.engine, CHANNELS)
    run_worker(morning.queues, "post", burst=True)
    assert all_went_once(morning, sink)


def test_if_a_wake_up_in_vain_were_a_fault_the_sweep_would_end_with_it(
    morning: City, valkey: Valkey, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: waking that raises what Valkey's client raises."""
    valkey.kill()
    monkeypatch.setattr(Queues, "wake", Queues.enqueue)
    sweep(morning.engine, morning.memory, CHANNELS)
    morning.fold()
    with pytest.raises(ConnectionError):
        sweep(morning.engine, morning.memory, CHANNELS)
    valkey.start()
    assert len(morning.notices) == AGENCIES


def test_without_any_valkey_a_worker_that_is_called_directly_sends(
    morning: City, valkey: Valkey, sink: Sink
) -> None:
    valkey.kill()
    morning.sweep()
    assert morning.post(sink.url).send_due() == AGENCIES
    assert all_went_once(morning, sink)
    valkey.start()
