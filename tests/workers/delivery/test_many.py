"""Two tickers and eight workers of the post at once, and one job delivered many times: everything goes exactly once."""

from __future__ import annotations

import itertools
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime

import pytest

from domain.agency.commands import SetContact
from domain.notice import decider as notice_decider
from domain.streams import notice_stream
from store.log import Store
from tests.workers.client_processes import eventually
from tests.workers.delivery.reminded_cities import (
    FIRST_RUNG,
    City,
    Holding,
    Sink,
    Slow,
    folding,
    ids_of,
    side_by_side,
)
from workers.delivery import sending
from workers.delivery.sink import mail_sink
from workers.sweeping import _carry_out, sweep
from workers.tasks import send, serve
from workers.working import run_worker
from workflows.automation import reminders
from workflows.automation.reacting import Memory, Tick
from workflows.automation.reminders import ARMING, COMPOSING
from workflows.automation.steps import STEPS
from workflows.command_envelope import CommandEnvelope, Outcome

TICKERS, WORKERS = 2, 8


@contextmanager
def others(city: City, count: int) -> Iterator[list[City]]:
    """So many programs more on the same store, which wake no view."""
    with ExitStack() as programs:
        yield [
            City(programs.enter_context(Store.open(city.dsn)), city.dsn, city.data, fold_at_once=False)
            for _ in range(count)
        ]


def until_sent(city: City, sink: Sink, notices: int, counted: str = "notice.composed") -> None:
    """Tickers arm and compose while workers send, until there are so many facts of the kind that is `counted` and what was
    composed has gone; for no more than a minute.
    """
    end = time.monotonic() + 60

    def over() -> bool:
        composed, sent = city.count("message.composed"), city.count("message.sent")
        done = city.count(counted) >= notices and 0 < composed == sent
        return time.monotonic() > end or done

    def tick(one: City) -> None:
        memory = Memory()
        while not over():
            sweep(one.engine, memory)

    def work(one: City) -> None:
        post = one.post(sink.url)
        while not over():
            post.send_due()
            time.sleep(0.01)

    with others(city, TICKERS + WORKERS) as programs, folding(city):
        tickers, workers = programs[:TICKERS], programs[TICKERS:]
        side_by_side(
            *(lambda one=one: tick(one) for one in tickers),
            *(lambda one=one: work(one) for one in workers),
        )


def test_each_notice_is_in_one_message_and_each_message_goes_once(bare: City) -> None:
    bare.begin(agencies=60, tasks=5)
    bare.store.move_clock(datetime(*FIRST_RUNG, tzinfo=UTC))
    with mail_sink() as sink:
        until_sent(bare, sink, 300, "notice.due")
        # what was armed after its recipient's message of the day goes on the next
        bare.store.move_clock(datetime(2024, 5, 14, 0, 30, tzinfo=UTC))
        until_sent(bare, sink, 300)
        told = sink.notices()
    assert len(bare.notices) == 300
    assert sorted(told) == sorted(bare.notices)
    assert set(told.values()) == {1}
    assert set(ids_of(sink.mails).values()) == {1}
    assert bare.count("message.sent") == bare.count("message.attempted") == len(bare.messages) >= 60


def given_to_ten(city: City) -> Sink:
    """Nine that come while the first one is in the middle of its dialogue."""
    with mail_sink(Holding()) as sink, others(city, 10) as programs:
        assert isinstance(sink, Holding)
        first, *rest = [threading.Thread(target=one.post(sink.url).send_due) for one in programs]
        first.start()
        assert sink.got.wait(30)
        city.fold()
        for one in rest:
            one.start()
        assert eventually(lambda: len(sink.mails) > 1 or not any(one.is_alive() for one in rest))
        sink.go_on.set()
        for one in (first, *rest):
            one.join()
    city.fold()
    return sink


def test_what_one_worker_has_begun_nine_others_leave_alone(city: City) -> None:
    sink = given_to_ten(city)
    assert city.kinds() == ["composed", "attempted", "sent"]
    assert list(ids_of(sink.mails).values()) == [1]


def test_without_leases_they_would_send_it_too(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    tokens = itertools.count(1)
    monkeypatch.setattr(sending, "take", lambda store, names, *_: {name: next(tokens) for name in names})
    monkeypatch.setattr(sending, "renew", lambda *_: True)
    monkeypatch.setattr(sending, "messages_due", lambda store, *_: city.messages)  # which knows of leases too
    assert len(given_to_ten(city).mails) > 1
    assert "unknown" in city.kinds()


def test_the_same_work_given_to_ten_workers_at_once_is_done_once(city: City) -> None:
    with mail_sink(Slow()) as sink, others(city, 10) as programs:
        side_by_side(*(one.post(sink.url).send_due for one in programs))
    city.fold()
    assert city.kinds() == ["composed", "attempted", "sent"]
    assert list(ids_of(sink.mails).values()) == [1]


def test_the_job_delivered_ten_times_by_the_queue_is_done_once(city: City) -> None:
    with mail_sink() as sink:
        serve(city.engine, city.post(sink.url))
        try:
            for _ in range(10):
                city.queues.enqueue("post", "send", "1")
            run_worker(city.queues, "post", burst=True)
            assert send("2") == 0
        finally:
            serve(city.engine)
    assert city.queues.counts()["post"]["waiting"] == 0
    assert city.kinds() == ["composed", "attempted", "sent"]
    assert len(sink.mails) == 1


def armed_twice(city: City) -> int:
    """How many notices there are of one rung after two tickers that knew nothing of each other."""
    city.begin()
    city.store.move_clock(datetime(*FIRST_RUNG, tzinfo=UTC))
    both = [[group for some in ARMING.reactions(Tick(city.store)) for group in some] for _ in range(2)]
    for groups in both:
        _carry_out(city.engine, groups, city.memory)
    return len(city.notices)


def test_two_tickers_that_see_the_same_arm_it_once(bare: City) -> None:
    assert armed_twice(bare) == 1


def test_with_ids_of_its_own_each_ticker_would_arm_it(bare: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(reminders, "notice_about", lambda *_: uuid.uuid4().hex)
    assert armed_twice(bare) == 2


def composed_twice(city: City) -> list[list[str]]:
    """The notices in each message where a second ticker's view does not know of the first one's message."""
    city.begin(agencies=1, tasks=2)
    city.store.move_clock(datetime(*FIRST_RUNG, tzinfo=UTC))
    (armed,) = ARMING.reactions(Tick(city.store))
    groups = []
    for group in armed:
        _carry_out(city.engine, [group], city.memory)
        groups.append([one for some in COMPOSING.reactions(Tick(city.store)) for one in some])
    for some in groups:
        _carry_out(city.engine, some, city.memory)
    return [list(city.message(one).notices) for one in city.messages]


def test_a_notice_that_another_ticker_has_put_into_a_message_goes_into_no_second_one(bare: City) -> None:
    (first,) = composed_twice(bare)
    assert len(first) == 1
    bare.at(2024, 5, 14, 1)  # nobody gets two messages on a day
    told = [notice for one in bare.messages for notice in bare.message(one).notices]
    assert sorted(told) == sorted(bare.notices)


def test_if_the_notice_did_not_know_it_would_be_told_twice(
    bare: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(notice_decider, "_check", lambda *_: None)
    first, second = composed_twice(bare)
    assert set(first) & set(second)


def armed_by_a_ticker_that_is_killed(city: City, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The channels of one rung's notices, where the ticker is gone after its first append and another one comes."""
    city.begin()
    city.give(SetContact(agency="a000", channel="webhook", address="https://hooks.agency.example/1"))
    city.store.move_clock(datetime(*FIRST_RUNG, tzinfo=UTC))
    city.fold()
    carried_out: list[object] = []
    handle_all = city.handler.handle_all

    def once(envelopes: Sequence[CommandEnvelope]) -> list[Outcome]:
        if carried_out:
            raise KeyboardInterrupt
        carried_out.append(envelopes)
        return handle_all(envelopes)

    with monkeypatch.context() as patched, suppress(KeyboardInterrupt):
        patched.setattr("workers.sweeping._AT_ONCE", 1)
        patched.setattr(city.handler, "handle_all", once)
        sweep(city.engine, city.memory)
    city.sweep()
    return {city.store.read(notice_stream(one))[0].fact.channel for one in city.notices}


def test_whom_a_rung_is_for_is_armed_whole_or_not_at_all(bare: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The view knows of a rung only whether it was armed, so somebody left out would be so for good."""
    assert armed_by_a_ticker_that_is_killed(bare, monkeypatch) == {"mail", "webhook"}


def test_armed_one_by_one_somebody_would_be_left_out(bare: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    apart = ARMING._replace(react=lambda *row: [[one] for group in ARMING.react(*row) for one in group])
    steps = [[apart if one is ARMING else one for one in step] for step in STEPS]
    monkeypatch.setattr("workers.sweeping.STEPS", steps)
    assert armed_by_a_ticker_that_is_killed(bare, monkeypatch) == {"mail"}
