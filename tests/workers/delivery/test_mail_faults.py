"""Mail servers that say no, say nothing, or break off: what is tried again, when, how often, and what nobody knows."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from domain.agency import commands as a
from domain.agency.commands import Appoint
from domain.errors import ServerUnreachable
from domain.message import decider
from domain.message import state as message_state
from domain.message.commands import Retry
from domain.message.state import MOST_ATTEMPTS, pause
from domain.programme.commands import SetContact
from domain.seoul import SEOUL
from domain.subject.commands import Register as RegisterPerson
from tests.workers.delivery.reminded_cities import FIRST_RUNG, VIEWS, Answering, City, Rude, ids_of
from workers import simulating
from workers.delivery import sending, smtp
from workers.delivery.outcome import NO_ANSWER, UNREACHABLE, DeliveryResult
from workers.delivery.sending import LEASE_SECONDS
from workers.delivery.sink import Sink, mail_sink
from workers.sweeping import wake_delivery

AGAIN = ["composed", "attempted", "deferred", "attempted", "sent"]
TWICE = ["composed", "attempted", "unknown", "attempted", "sent"]


def test_what_the_server_does_not_want_now_is_tried_later_with_growing_pauses(city: City) -> None:
    with mail_sink(Answering(*["451 greylisted"] * 3, at="RCPT")) as sink:
        post = city.post(sink.url)
        for number in range(1, 4):
            assert (post.send_due(), post.send_due()) == (1, 0)
            state = city.message()
            assert (state.stage, state.problem, state.code) == ("waiting", "not_now", 451)
            assert state.next_try == city.store.now() + pause(number)
            city.until_tried()
        assert post.send_due() == 1
    assert city.kinds() == ["composed", *["attempted", "deferred"] * 3, "attempted", "sent"]
    assert list(ids_of(sink.mails).values()) == [1]
    pauses = [pause(number) for number in range(1, MOST_ATTEMPTS)]
    assert pauses == sorted(set(pauses))
    assert pauses[0] == timedelta(minutes=1)


def tried_at_one_moment(city: City) -> int:
    """How often a message is tried while the view does not know yet that it was put off."""
    with mail_sink(Answering(*["451 greylisted"] * 9)) as sink:
        post = city.post(sink.url)
        city.handler._wake = lambda: None  # type: ignore[attr-defined]
        for _ in range(3):
            post.send_due()
    return city.kinds().count("attempted")


def test_while_the_view_lags_nothing_is_tried_before_its_pause_is_over(city: City) -> None:
    assert tried_at_one_moment(city) == 1


def test_were_the_view_trusted_all_attempts_would_be_used_up_at_once(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "is_to_be_tried", lambda message, now: message.open)
    assert tried_at_one_moment(city) == 3


def the_clock_goes_on_at_night(city: City, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the simulated clock waits for no message at night that was put off by day."""
    with mail_sink(Answering(*["451 greylisted"] * 9)) as sink:
        city.post(sink.url).send_due()
        city.store.move_clock(datetime(2024, 5, 13, 21, 0, tzinfo=SEOUL))
        monkeypatch.setattr(simulating, "_PATIENCE_SECONDS", 0.2)
        followed = simulating.Waiting(lambda _: city.fold(), frozenset(view.name for view in VIEWS))
        try:
            simulating.until_sent(city.engine, ("mail",), followed)
        except simulating.PostDoesNotFollow:
            return False
    return city.message().open


def test_a_message_that_was_put_off_holds_up_no_simulated_clock_at_night(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert the_clock_goes_on_at_night(city, monkeypatch)
    assert not wake_delivery(city.engine, ("mail",)), "nor is the post woken for what may not go"


def test_were_the_hour_not_asked_for_it_would(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulating, "may_write", lambda store, now: True)
    assert not the_clock_goes_on_at_night(city, monkeypatch)


def given_up(city: City, *, tries: int) -> bool:
    """Whether it failed after so many attempts in vain; none is made at night."""
    with mail_sink(Answering(*["451 greylisted"] * 99)) as sink:
        post = city.post(sink.url)
        for _ in range(tries):
            assert post.send_due() == 1
            if city.message().open:
                assert 9 <= city.until_tried().astimezone(SEOUL).hour < 18
        assert sink.mails == []
    return city.message().stage == "failed"


def test_after_eight_attempts_it_has_failed_until_a_person_retries(city: City) -> None:
    assert given_up(city, tries=MOST_ATTEMPTS)
    assert city.kinds() == ["composed", *["attempted", "deferred"] * 7, "attempted", "failed"]
    with mail_sink() as sink:
        assert city.post(sink.url).send_due() == 0
        city.give(Retry(message=city.messages[0]))
        assert city.post(sink.url).send_due() == 1
    assert city.kinds()[-1] == "sent"


def test_without_a_limit_it_would_be_tried_for_ever(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(decider, "MOST_ATTEMPTS", 99)
    assert not given_up(city, tries=MOST_ATTEMPTS + 2)


@pytest.mark.parametrize("at", ["RCPT", "DATA"])
def test_a_final_no_is_final_at_once(city: City, at: str) -> None:
    with mail_sink(Answering("550 no such mailbox", at=at)) as sink:
        post = city.post(sink.url)
        assert (post.send_due(), post.send_due()) == (1, 0)
    assert city.kinds() == ["composed", "attempted", "failed"]
    assert (city.message().problem, city.message().code) == ("refused", 550)


def test_if_a_final_no_were_not_final_it_would_be_sent_again(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(smtp, "_result_of_refusal", lambda code: DeliveryResult("deferred", "not_now", code))
    with mail_sink(Answering("550 no such mailbox")) as sink:
        city.post(sink.url).send_due()
        city.until_tried()
        city.post(sink.url).send_due()
    assert city.kinds() == AGAIN


def test_one_refused_mail_does_not_keep_the_next_ones_of_the_same_connection(bare: City) -> None:
    bare.begin(agencies=4)
    bare.at(2024, 5, 13, 0, 30)
    with mail_sink(Answering("550 no", "451 later")) as sink:
        assert bare.post(sink.url).send_due() == 4
    outcomes = sorted(bare.kinds(one)[-1] for one in bare.messages)
    assert outcomes == ["deferred", "failed", "sent", "sent"]
    assert len(sink.mails) == 2


@pytest.mark.parametrize(
    ("breaks_off", "protected", "outcome"),
    [
        ("before DATA", True, "deferred"),
        ("hangs before DATA", True, "deferred"),
        ("hangs at once", True, "deferred"),
        ("before DATA", False, "unknown"),
        ("in DATA", True, "unknown"),  # how much of it arrived, only the server knows
    ],
)
def test_a_server_that_breaks_off_before_it_can_have_the_mail(
    city: City, breaks_off: str, protected: bool, outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot have arrived is deferred, and known not to have gone; with the control."""
    if not protected:
        monkeypatch.setattr(smtp, "UNREACHABLE", NO_ANSWER)
    with Rude(breaks_off, times=1) as server:
        city.post(server.url, timeout=0.3).send_due()
        assert city.kinds()[-1] == outcome
        if outcome == "deferred":
            assert city.message().problem == "unreachable"
            city.until_tried()
        city.post(server.url).send_due()
        assert city.kinds()[-1] == "sent"
        assert len(server.mails) == 1


@pytest.mark.parametrize("breaks_off", ["after the dot", "hangs after the dot"])
def test_a_server_that_breaks_off_when_it_has_the_mail(city: City, breaks_off: str) -> None:
    """Nobody knows: the same goes out once more, and then a person is asked."""
    with Rude(breaks_off, times=1) as server:
        post = city.post(server.url, timeout=0.3)
        assert (post.send_due(), post.send_due(), post.send_due()) == (1, 1, 0)
        assert city.kinds() == TWICE
        assert len(server.mails) == 2
        assert server.mails[0] == server.mails[1], "to the byte"


@pytest.mark.parametrize(
    ("how", "outcome"),
    [
        ("chatters at once", "deferred"),
        ("chatters after the dot", "unknown"),
        ("babbles after the dot", "unknown"),
    ],
)
def test_a_server_that_talks_for_ever_or_nonsense_is_broken_off(
    city: City, how: str, outcome: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something comes all the time, so that no single step takes too long."""
    monkeypatch.setattr(smtp, "MOST_SECONDS", 0.7)
    with Rude(how, times=1) as server:
        began = time.monotonic()
        city.post(server.url).send_due()
        assert time.monotonic() - began < 6, "the server would have gone on for 8 seconds"
        assert city.kinds() == ["composed", "attempted", outcome]
        if outcome == "deferred":
            city.until_tried()
        city.post(server.url).send_due()
    assert city.kinds()[-1] == "sent"


def test_without_an_end_of_the_whole_it_would_hold_the_worker_beyond_its_lease(city: City) -> None:
    """The control."""
    with Rude("chatters at once", times=1) as server:
        post = city.post(server.url, timeout=0.3)
        waiting = threading.Thread(target=post.send_due)
        waiting.start()
        waiting.join(2.5)
        assert waiting.is_alive()
        waiting.join(30)
    assert smtp.MOST_SECONDS < LEASE_SECONDS


def test_a_second_time_unknown_it_stays_so_until_a_person_retries(city: City) -> None:
    with Rude("after the dot", times=2) as server:
        post = city.post(server.url)
        assert [post.send_due() for _ in range(4)] == [1, 1, 0, 0]
        assert city.kinds() == ["composed", *["attempted", "unknown"] * 2]
        city.give(Retry(message=city.messages[0]))
        assert post.send_due() == 1
        assert city.kinds()[-1] == "sent"
        assert len(set(server.mails)) == 1


@pytest.mark.parametrize(("breaks_off", "mails"), [("after the dot", 3), ("in DATA", 1)])
def test_if_silence_counted_as_not_arrived_nobody_would_hear_of_it(
    city: City, breaks_off: str, mails: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: three attempts, and no word that more than one mail may have come."""
    monkeypatch.setattr(smtp, "NO_ANSWER", UNREACHABLE)
    with Rude(breaks_off, times=2) as server:
        for _ in range(3):
            city.post(server.url).send_due()
            if city.message().open:
                city.until_tried()
        assert "unknown" not in city.kinds()
        assert len(server.mails) == mails


def test_without_the_limit_of_unknowns_it_is_sent_a_third_time(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(message_state, "MOST_UNKNOWN", 99)
    with Rude("after the dot", times=2) as server:
        post = city.post(server.url)
        assert [post.send_due() for _ in range(4)] == [1, 1, 1, 0]
        assert len(server.mails) == 3


def test_without_a_timeout_a_server_that_hangs_would_hold_the_worker(city: City) -> None:
    """The control."""
    with Rude("hangs before DATA", times=1) as server:
        post = city.post(server.url, timeout=60)
        waiting = threading.Thread(target=post.send_due)
        waiting.start()
        waiting.join(1.5)
        assert waiting.is_alive()
        for one in server.held:
            one.close()
        waiting.join(30)
    assert city.kinds()[-1] == "deferred"


def test_a_server_that_is_not_there_is_left_alone_for_a_while(bare: City) -> None:
    bare.begin(agencies=3)
    bare.at(2024, 5, 13, 0, 30)
    post = bare.post("smtp://127.0.0.1:1")
    post.send_due()
    assert sorted(bare.kinds(one)[-1] for one in bare.messages) == ["composed", "composed", "deferred"]
    assert post.channels == ("mail", "webhook")
    with mail_sink() as sink:
        bare.until_tried()
        assert bare.post(sink.url).send_due() == 3
    assert len(ids_of(sink.mails)) == len(sink.mails) == 3


ADDRESSES: tuple[dict[str, str], ...] = (
    {},
    {"name": "김동행"},
    {"mail": "kim@gto.example\r\nRCPT TO:<all@gto.example>"},
    {"mail": "김동행@gto.example"},
    {"mail": "k" * 300 + "@gto.example"},
    {"mail": "kim@gto.example>"},
)


def appointed(city: City, *details: dict[str, str]) -> None:
    """Officers of an agency each, in the place of its mailbox; the vault holds what was typed in former times."""
    city.begin(agencies=len(details))
    for number, one in enumerate(details):
        city.give(RegisterPerson(subject=f"{number:032x}"))
        city.give(Appoint(agency=f"a{number:03d}", subject=f"{number:032x}", post="officer"))
        if one:
            city.vault.put(f"{number:032x}", one)
    city.at(*FIRST_RUNG)


def test_to_an_address_that_cannot_be_nothing_is_said_and_the_agencys_mailbox_is_written_to(
    bare: City,
) -> None:
    appointed(bare, *ADDRESSES)
    with Rude("", times=0) as server:
        assert bare.post(server.url).send_due() == len(ADDRESSES)
        assert server.dialogues == 0
    assert [bare.kinds(name) for name in bare.messages] == [["composed", "cancelled"]] * len(ADDRESSES)
    bare.sweep()
    with mail_sink() as sink:
        bare.post(sink.url).send_due()
    assert sorted(to for (to,), _ in sink.mails) == [f"a{one:03d}@agency.example" for one in range(6)]
    assert bare.count("message.failed") == 0


def test_an_address_that_comes_later_is_used_when_a_person_retries(bare: City) -> None:
    """Nobody is above the planner, so what is for them fails without an address, and is shown."""
    bare.begin()
    bare.give(
        a.SetContact(agency="a000", channel="mail", address=None),
        SetContact(year=2024, office="planner", address=None),
    )
    bare.at(*FIRST_RUNG)
    with mail_sink() as sink:
        post = bare.post(sink.url)
        post.send_due()
        assert bare.kinds() == ["composed", "attempted", "failed"]
        bare.give(SetContact(year=2024, office="planner", address="kim@city.example"))
        assert post.send_due() == 0
        bare.give(Retry(message=bare.messages[0]))
        assert post.send_due() == 1
    assert [to for to, _ in sink.mails] == [("kim@city.example",)]


def test_unchecked_it_would_come_to_the_server(bare: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr("workers.delivery.sending.is_sound", lambda *_: True)
    appointed(bare, {"mail": "kim@gto.example>"})
    with Rude("", times=0) as server:
        bare.post(server.url).send_due()
        assert server.dialogues == 1


class Leaving(Sink):
    """Takes a mail, and the store is away when it has."""

    def __init__(self, dsn: str, cluster: str) -> None:
        super().__init__()
        self._name, self._beside = conninfo_to_dict(dsn)["dbname"], cluster

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        said = await super().handle_DATA(server, session, envelope)
        if len(self.mails) == 1:
            self.let_in(False)
        return said

    def let_in(self, allowed: bool) -> None:
        with psycopg.connect(self._beside, autocommit=True) as beside:
            beside.execute(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS {allowed}".encode())
            if not allowed:
                beside.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (self._name,)
                )


def sent_after_an_outage(bare: City, cluster: str, *, another: bool) -> list[str]:
    """The last fact of each of four messages, the store having been away at the first; `another`: by another process."""
    bare.begin(agencies=4)
    bare.at(2024, 5, 13, 0, 30)
    with mail_sink(Leaving(bare.dsn, cluster)) as sink:
        assert isinstance(sink, Leaving)
        post = bare.post(sink.url)
        with pytest.raises(ServerUnreachable):
            post.send_due()
        sink.let_in(True)
        (bare.post(sink.url) if another else post).send_due()
    return sorted(bare.kinds(one)[-1] for one in bare.messages)


def test_what_a_post_had_taken_when_the_store_went_away_is_sent_once_it_is_back(
    bare: City, cluster: str
) -> None:
    assert sent_after_an_outage(bare, cluster, another=False) == ["sent"] * 4
    assert TWICE in [bare.kinds(one) for one in bare.messages], "of the first nobody knew whether it went"


def test_what_a_process_had_taken_that_is_gone_waits_until_its_time_is_over(bare: City, cluster: str) -> None:
    """The control: of another's leases nobody knows whether it still holds them."""
    assert sent_after_an_outage(bare, cluster, another=True) == [
        "attempted",
        "composed",
        "composed",
        "composed",
    ]
