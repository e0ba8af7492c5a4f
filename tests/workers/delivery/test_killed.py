"""kill -9 of a sending worker, wherever it is: the message goes in the end, with the same id, and is sent once in the log."""

from __future__ import annotations

import signal
from typing import Any

import pytest
from msgspec.structs import replace

from domain.message import state as message_state
from domain.message.commands import Retry
from domain.message.facts import Attempted
from projections.notices import MESSAGES
from tests.workers.delivery.reminded_cities import City, Holding, Sender, ids_of
from workers.delivery.sink import Sink, mail_sink
from workflows.letters import Letter

KNOWN = ["composed", "attempted", "sent"]
UNKNOWN = ["composed", "attempted", "unknown", "attempted", "sent"]


def kill_at(city: City, sink: Sink, place: str) -> None:
    with Sender(city, sink.url, place) as sender:
        assert sender.said() == place
        sender.send(signal.SIGKILL)
    city.fold()


@pytest.mark.parametrize(
    ("place", "kinds", "mails"),
    [
        ("attempt", KNOWN, 1),
        ("renew", UNKNOWN, 1),
        ("dialogue", UNKNOWN, 1),
        ("answered", UNKNOWN, 2),
        ("settle", UNKNOWN, 2),
    ],
)
def test_a_worker_killed_before_or_after_the_sending_loses_nothing(
    city: City, place: str, kinds: list[str], mails: int
) -> None:
    with mail_sink() as sink:
        kill_at(city, sink, place)
        post = city.post(sink.url)
        assert post.send_due() == 0, "the dead one's lease is good still"
        city.lapse()
        post.send_due()
        assert post.send_due() == 0
    assert city.kinds() == kinds
    assert ids_of(sink.mails) == {f"<{city.messages[0]}@{city.store.id[:12]}.donghaeng>": mails}


def test_a_worker_killed_while_the_server_takes_the_mail(city: City) -> None:
    with mail_sink(Holding()) as sink:
        assert isinstance(sink, Holding)
        with Sender(city, sink.url) as sender:
            assert sink.got.wait(30)
            sender.send(signal.SIGKILL)
        sink.go_on.set()
        city.fold()
        city.lapse()
        city.post(sink.url).send_due()
    assert city.kinds() == UNKNOWN
    assert list(ids_of(sink.mails).values()) == [2]


def test_killed_twice_it_waits_for_a_person(city: City) -> None:
    with mail_sink() as sink:
        for _ in range(2):
            kill_at(city, sink, "answered")
            city.lapse()
        post = city.post(sink.url)
        assert (post.send_due(), post.send_due()) == (1, 0)
        assert city.kinds() == ["composed", *["attempted", "unknown"] * 2]
        assert city.message().stage == "unknown"
        city.give(Retry(message=city.messages[0]))
        assert post.send_due() == 1
    assert city.kinds()[-3:] == ["retried", "attempted", "sent"]
    assert list(ids_of(sink.mails).values()) == [3]


def test_without_the_limit_it_goes_out_again_and_again(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(message_state, "MOST_UNKNOWN", 99)
    with mail_sink() as sink:
        for _ in range(2):
            kill_at(city, sink, "answered")
            city.lapse()
        city.post(sink.url).send_due()
    assert city.kinds()[-1] == "sent"
    assert len(sink.mails) == 3


def test_with_an_id_of_its_own_for_each_attempt_nobody_could_tell(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    ids = iter("123")
    monkeypatch.setattr(Letter, "message_id", property(lambda _: f"<{next(ids)}@city.example>"))
    with mail_sink() as sink:
        kill_at(city, sink, "settle")
        city.lapse()
        city.post(sink.url).send_due()
    assert list(ids_of(sink.mails).values()) == [1, 1]


def test_if_an_attempt_ended_a_message_it_would_be_lost(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    with mail_sink() as sink:
        kill_at(city, sink, "dialogue")
        evolve = message_state.evolve

        def forgetting(message: Any, fact: Any, at: Any, version: int) -> Any:
            after = evolve(message, fact, at, version)
            return replace(after, next_try=None) if isinstance(fact, Attempted) else after

        monkeypatch.setattr(message_state, "evolve", forgetting)
        city.rebuild(MESSAGES)
        city.lapse()
        assert city.post(sink.url).send_due() == 0
    assert city.kinds() == ["composed", "attempted"]
    assert sink.mails == []


def test_a_view_that_lags_makes_no_worker_look_twice(city: City) -> None:
    with mail_sink() as sink:
        city.handler._wake = lambda: None
        assert [city.post(sink.url).send_due() for _ in range(3)] == [1, 1, 1]
    assert city.kinds() == KNOWN
    assert len(sink.mails) == 1
