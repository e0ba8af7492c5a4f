"""A host that is away is left alone for a while, twice as long each time; other hosts are not."""

from __future__ import annotations

import socket
from types import SimpleNamespace

import pytest
from rq import Queue

from domain.agency.commands import SetContact
from tests.workers.delivery.reminded_cities import FIRST_RUNG, City
from workers.delivery import sending, smtp, webhooks
from workers.delivery.outcome import UNREACHABLE, DeliveryResult
from workers.delivery.sink import mail_sink
from workers.delivery.smtp import Mailer
from workflows.resting import Rests


def nobody() -> str:
    """The address of a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"smtp://127.0.0.1:{taken.getsockname()[1]}"


@pytest.fixture
def three(bare: City) -> City:
    """A message for each of three agencies."""
    bare.begin(agencies=3)
    bare.at(*FIRST_RUNG)
    assert len(bare.messages) == 3
    return bare


def test_a_mail_server_that_is_away_is_tried_once_and_then_left_alone(three: City) -> None:
    post = three.post(nobody())
    post.send_due()
    assert post.send_due() == 0
    assert sorted(map(len, map(three.kinds, three.messages))) == [1, 1, 3]


def test_without_the_rest_each_message_is_tried_in_vain(three: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(Rests, "note_failure", lambda *_: 0.0)
    three.post(nobody()).send_due()
    assert [three.kinds(one) for one in three.messages] == [["composed", "attempted", "deferred"]] * 3


def test_of_webhooks_each_host_rests_for_itself(bare: City, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def deliver(url: str, *_: object, **__: object) -> DeliveryResult:
        asked.append(url)
        return UNREACHABLE if "away" in url else DeliveryResult("sent", code=200)

    monkeypatch.setattr(webhooks, "deliver", deliver)
    bare.begin(agencies=3)
    for agency, host in (("a000", "away"), ("a001", "away"), ("a002", "here")):
        url = f"https://{host}.example/{agency}"
        bare.give(SetContact(agency=agency, channel="webhook", address=url))
    bare.at(*FIRST_RUNG)
    bare.post(nobody()).send_due()
    assert sorted(url.split("/")[2] for url in asked) == ["away.example", "here.example"]


@pytest.mark.parametrize("protected", [True, False])
def test_with_a_slow_server_a_job_ends_before_rq_ends_it_in_the_middle_of_a_mail(
    three: City, protected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each mail takes 70 seconds. With the control: the three that were taken at once would take too long."""
    now, send = [0.0], Mailer.send

    def slowly(mailer: Mailer, to: str, mail: bytes) -> DeliveryResult:
        now[0] += 70
        return send(mailer, to, mail)

    monkeypatch.setattr(sending, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(Mailer, "send", slowly)
    if not protected:
        monkeypatch.setattr(sending, "_BUDGET_SECONDS", 1000.0)
    with mail_sink() as sink:
        three.post(sink.url).send_due()
        assert (now[0] < Queue.DEFAULT_TIMEOUT) == protected
        assert len(sink.mails) == (1 if protected else 3)
        if protected:
            assert [three.post(sink.url).send_due() for _ in range(3)] == [1, 1, 0], "nobody's lease is left"
            assert sending._BUDGET_SECONDS + smtp.MOST_SECONDS < Queue.DEFAULT_TIMEOUT


def test_the_rest_grows_and_ends_with_the_first_success(three: City, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(sending.time, "monotonic", lambda: now[0])
    post = three.post(nobody())
    assert [post._rests.note_failure("mail") for _ in range(9)] == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert post._rests.resting("mail")
    post._rests.well("mail")
    assert not post._rests.resting("mail")
