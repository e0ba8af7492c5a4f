"""SIGSTOP past the lease, and on again: who was stopped before the last look does not send, who was after it marks nothing."""

from __future__ import annotations

import signal

import pytest

from domain.message import decider
from domain.message.commands import Attempt
from domain.message.refusals import LeaseLost
from store.leases import renew, take
from tests.workers.client_processes import eventually
from tests.workers.delivery.reminded_cities import City, Holding, Sender, ids_of
from workers.delivery.sink import Sink, mail_sink

LEASE = 4.0  # a busy machine takes a while from taking a message to its last look


def free(city: City) -> bool:
    """Whether nobody's lease is good any more."""
    with city.store.connection() as connection:
        row = connection.execute(
            "SELECT count(*) FROM donghaeng.leases WHERE until > clock_timestamp()"
        ).fetchone()
    return row == (0,)


def stopped_at_the_last_look(city: City, sink: Sink, **more: str) -> None:
    """One stopped there until its lease is over and another has sent; then it goes on."""
    with Sender(city, sink.url, "renew", lease=LEASE, **more) as sender:
        assert sender.said() == "renew"
        sender.send(signal.SIGSTOP)
        assert eventually(lambda: free(city))
        city.fold()
        city.post(sink.url).send_due()
        sender.send(signal.SIGCONT)
        sender.go_on()
        sender.end()
    city.fold()


def test_stopped_before_its_last_look_it_does_not_send(city: City) -> None:
    with mail_sink() as sink:
        stopped_at_the_last_look(city, sink)
    assert city.kinds() == ["composed", "attempted", "unknown", "attempted", "sent"]
    assert len(sink.mails) == 1


def test_if_its_lease_were_always_good_it_would_send_too(city: City) -> None:
    """The control: a second mail that nobody has ordered."""
    with mail_sink() as sink:
        stopped_at_the_last_look(city, sink, ALWAYS_RENEWED="1")
    assert len(sink.mails) == 2
    assert city.kinds() == ["composed", "attempted", "unknown", "attempted", "sent"]


def test_stopped_with_nobody_to_take_over_it_says_that_it_has_not_sent(city: City) -> None:
    with mail_sink() as sink:
        with Sender(city, sink.url, "renew", lease=LEASE) as sender:
            assert sender.said() == "renew"
            sender.send(signal.SIGSTOP)
            assert eventually(lambda: free(city))
            sender.send(signal.SIGCONT)
            sender.go_on()
            sender.end()
        assert sink.mails == []
        assert city.kinds() == ["composed", "attempted", "deferred"]
        assert city.message().problem == "worker_lost"
        city.fold()
        city.until_tried()
        assert city.post(sink.url).send_due() == 1
    assert city.kinds()[-1] == "sent"


def stopped_in_the_dialogue(city: City) -> Sink:
    """One stopped while the server has its mail; another sends; then it hears of its own success."""
    with mail_sink(Holding()) as sink:
        assert isinstance(sink, Holding)
        with Sender(city, sink.url, lease=LEASE) as sender:
            assert sink.got.wait(30)
            sender.send(signal.SIGSTOP)
            assert eventually(lambda: free(city))
            sink.go_on.set()
            city.fold()
            city.post(sink.url).send_due()
            city.fold()
            assert city.message().stage == "sent"
            sender.send(signal.SIGCONT)
            sender.end()
        city.fold()
    return sink


def test_stopped_in_the_dialogue_nobody_knows_and_it_is_sent_once_more_and_the_late_one_marks_nothing(
    city: City,
) -> None:
    sink = stopped_in_the_dialogue(city)
    assert city.kinds() == ["composed", "attempted", "unknown", "attempted", "sent"]
    assert list(ids_of(sink.mails).values()) == [2]
    assert city.store.read(f"message/{city.messages[0]}")[-1].fact.attempt == 2


def stopped_as_soon_as_it_had_the_lease(city: City, **more: str) -> Sink:
    """One stopped there until its lease is over; it goes on while another is in the middle of its dialogue."""
    with mail_sink(Holding()) as sink:
        assert isinstance(sink, Holding)
        with Sender(city, sink.url, "claimed", lease=LEASE, **more) as late:
            assert late.said() == "claimed"
            late.send(signal.SIGSTOP)
            assert eventually(lambda: free(city))
            with Sender(city, sink.url) as other:
                assert sink.got.wait(30)
                city.fold()
                late.send(signal.SIGCONT)
                late.go_on()
                late.end()
                sink.go_on.set()
                other.end()
        city.fold()
        city.lapse()
        city.post(sink.url).send_due()
    return sink


def test_stopped_as_soon_as_it_had_the_lease_it_leaves_what_another_has_begun(city: City) -> None:
    sink = stopped_as_soon_as_it_had_the_lease(city)
    assert city.kinds() == ["composed", "attempted", "sent"]
    assert len(sink.mails) == 1


def test_though_it_takes_its_lease_for_good_it_cannot_mark_the_others_attempt(city: City) -> None:
    """The lease is looked at a moment before; the token is compared in the append itself."""
    sink = stopped_as_soon_as_it_had_the_lease(city, ALWAYS_RENEWED="1")
    assert city.kinds() == ["composed", "attempted", "sent"]
    assert len(sink.mails) == 1


def test_without_either_it_would_call_the_other_lost_and_a_second_mail_would_go(city: City) -> None:
    """The control."""
    sink = stopped_as_soon_as_it_had_the_lease(city, ALWAYS_RENEWED="1", UNFENCED="1")
    assert city.kinds() == ["composed", "attempted", "unknown", "attempted", "sent"]
    assert list(ids_of(sink.mails).values()) == [2]


def test_a_token_that_is_not_newer_than_the_last_one_begins_nothing(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two that hold leases one after the other; the older one comes late. With the control."""
    name = city.messages[0]
    (older,) = take(city.store, [name], 1, 30).values()
    city.lapse()
    (newer,) = take(city.store, [name], 1, 30).values()
    assert newer > older
    assert not renew(city.store, name, older, 30)
    assert renew(city.store, name, newer, 30)
    post = city.post("smtp://127.0.0.1:1")
    post._give("newer", Attempt(message=name, token=newer))
    with pytest.raises(LeaseLost):
        post._give("older", Attempt(message=name, token=older))

    def careless(command: Attempt, message: object) -> object:
        from domain.message import facts  # noqa: PLC0415

        return facts.Attempted(number=2, token=command.token)

    monkeypatch.setattr(decider, "_attempt", careless)
    post._give("older again", Attempt(message=name, token=older))
    assert city.kinds() == ["composed", "attempted", "attempted"]


def test_if_the_late_one_could_mark_it_would_be_sent_twice_in_the_log(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: whoever settles an attempt that is not the last one is believed."""
    from domain.message import facts  # noqa: PLC0415
    from domain.message.commands import Settle  # noqa: PLC0415

    monkeypatch.setattr(
        decider, "_settle", lambda command, _: facts.Sent(attempt=command.number, code=command.code or 0)
    )
    with mail_sink() as sink:
        city.post(sink.url).send_due()
    late = Settle(message=city.messages[0], number=1, token=1, outcome="sent", code=250)
    city.post(sink.url)._give("late", late)
    assert city.count("message.sent") == 2
