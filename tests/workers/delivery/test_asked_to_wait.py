"""A webhook that says when to come again, or never."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.agency.commands import SetContact
from domain.agency.state import AGENCY, Agency
from domain.channels import Channel
from domain.message.state import pause
from domain.seoul import local_day
from store.envelope import Actor
from store.recorded import fold_state
from tests.workers.delivery.reminded_cities import FIRST_RUNG, City
from tests.workers.delivery.test_webhooks import LOOPBACK, receiver
from workers.delivery import webhooks
from workers.delivery.channels.mail import MailSender
from workers.delivery.channels.plugin import Parcel
from workers.delivery.outcome import DeliveryResult
from workers.delivery.sending import Delivery
from workers.delivery.sink import mail_sink
from workers.delivery.webhooks import parse_retry_after
from workers.doctor.delivery import channels
from workers.settings import Settings
from workflows.gone_addresses import list_gone_addresses
from workflows.letters import Letter
from workflows.queries.inquiry import Inquiry
from workflows.queries.programmes import planner_inbox
from workflows.read_access import Reader

NOW = datetime(2024, 5, 13, 0, 30, tzinfo=UTC)
NOWHERE = "smtp://127.0.0.1:1"


@pytest.mark.parametrize(
    ("told", "pause_asked"),
    [
        ("120", timedelta(minutes=2)),
        (" 3600 ", timedelta(hours=1)),
        ("Mon, 13 May 2024 02:30:00 GMT", timedelta(hours=2)),
        ("Mon, 13 May 2024 11:30:00 +0900", timedelta(hours=2)),
        ("Monday, 13-May-24 02:30:00 GMT", timedelta(hours=2)),
        ("Mon May 13 02:30:00 2024", timedelta(hours=2)),
        ("999999999999999999", timedelta(days=1)),
        ("Thu, 01 Jan 2099 00:00:00 GMT", timedelta(days=1)),
        ("9" * 400, None),
        ("0", None),
        ("-5", None),
        ("1.5", None),
        ("\u0661", None),
        ("Mon, 13 May 2024 00:00:00 GMT", None),
        ("Mon, 99 May 2024 00:00:00 GMT", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_what_a_server_asks_for_is_read_and_bounded(told: str | None, pause_asked: timedelta | None) -> None:
    assert parse_retry_after(told, NOW) == pause_asked


def begun(city: City, url: str) -> str:
    """The agency has a webhook beside its mailbox, and the first reminder's messages wait; the webhook's one."""
    city.begin()
    city.give(SetContact(agency="a000", channel="webhook", address=url))
    city.at(*FIRST_RUNG)
    return next(one for one in city.messages if channel_of(city, one) == "webhook")


def channel_of(city: City, message: str) -> str:
    composed = city.message(message).composed
    assert composed is not None
    return composed.channel


def address(city: City) -> str | None:
    agency: Agency = fold_state(AGENCY, city.store.read("agency/a000"))
    return agency.contacts.get("webhook")


@pytest.mark.parametrize("status", [429, 503])
def test_it_is_asked_again_when_it_said_and_not_before(bare: City, status: int) -> None:
    with receiver((status, {"Retry-After": "7200"}), 200) as hook, mail_sink() as sink:
        name = begun(bare, hook.url)
        post = bare.post(sink.url, allowed=LOOPBACK)
        post.send_due()
        tried = bare.store.read(f"message/{name}")[-1]
        assert bare.message(name).next_try == tried.fact.later
        assert tried.fact.later - tried.known_at == timedelta(hours=2)
        bare.at(2024, 5, 13, 2, 0)
        post.send_due()
        assert len(hook.got) == 1, "an hour and a half later it is left alone"
        bare.at(2024, 5, 13, 2, 31)
        post.send_due()
    assert bare.kinds(name) == ["composed", "attempted", "deferred", "attempted", "sent"]
    assert len(hook.got) == 2


def test_without_what_it_said_it_would_be_asked_after_a_minute(bare: City) -> None:
    """The control."""
    with receiver(503, 200) as hook, mail_sink() as sink:
        name = begun(bare, hook.url)
        post = bare.post(sink.url, allowed=LOOPBACK)
        post.send_due()
        tried = bare.store.read(f"message/{name}")[-1]
        assert bare.message(name).next_try == tried.known_at + pause(1)
        bare.at(2024, 5, 13, 0, 32)
        post.send_due()
    assert len(hook.got) == 2


def test_nothing_else_goes_to_a_host_that_asked_to_be_left_alone(bare: City) -> None:
    with receiver((429, {"Retry-After": "7200"}), 200, 200) as hook, mail_sink() as sink:
        bare.begin(agencies=2)
        bare.give(*(SetContact(agency=one, channel="webhook", address=hook.url) for one in ("a000", "a001")))
        bare.at(*FIRST_RUNG)
        post = bare.post(sink.url, allowed=LOOPBACK)
        post.send_due()
        assert len(hook.got) == 1
        bare.at(2024, 5, 13, 2, 31)
        post.send_due()
    assert len(hook.got) == 3


def test_gone_turns_the_address_off_and_says_by_which_rule_and_message(bare: City) -> None:
    with receiver(410, 200) as hook, mail_sink() as sink:
        name = begun(bare, hook.url)
        bare.post(sink.url, allowed=LOOPBACK).send_due()
        assert address(bare) is None
        last = bare.store.read("agency/a000")[-1]
        assert (last.kind, last.fact.channel, last.fact.address) == ("agency.contact_set", "webhook", None)
        assert last.envelope.actor.role == "system"
        assert last.envelope.cause is not None
        assert (last.envelope.cause.rule, last.envelope.cause.due) == ("webhook_gone", f"message/{name}")
        assert bare.kinds(name)[-1] == "failed"
        (mail,) = [one for one in bare.messages if channel_of(bare, one) == "mail"]
        assert bare.kinds(mail)[-1] == "sent", "what was in the message has come to the agency by mail"
        both = [set(bare.message(one).composed.notices) for one in (name, mail)]  # type: ignore[union-attr]
        told = [{bare.store.read(f"notice/{one}")[0].fact.deadline for one in notices} for notices in both]
        assert told[0] == told[1]
        bare.at(2024, 5, 23, 0, 30)
        bare.post(sink.url, allowed=LOOPBACK).send_due()
    assert len(hook.got) == 1, "it is never asked again"
    by_channel = [channel_of(bare, one) for one in bare.messages]
    assert by_channel.count("webhook") == 1


def test_the_planner_sees_it_until_a_new_address_is_set(bare: City) -> None:
    with receiver(410) as hook, mail_sink() as sink:
        name = begun(bare, hook.url)
        today = local_day(bare.store.now())
        assert list_gone_addresses(bare.store, today) == [], "the control"
        (reached,) = channels(Settings(webhook_allow="127.0.0.0/8"), bare.engine)
        assert (reached.check, reached.state) == ("webhook hosts", "ok")
        bare.post(sink.url, allowed=LOOPBACK).send_due()
    (gone,) = list_gone_addresses(bare.store, today)
    assert (gone.agency, gone.channel, gone.message, gone.on) == ("a000", "webhook", name, today)
    assert list_gone_addresses(bare.store, today, "a001") == []
    (found,) = channels(Settings(), bare.engine)
    assert (found.check, found.state) == ("webhook a000", "warn")
    assert list_gone_addresses(bare.store, today + timedelta(days=30)) == [], "not for ever"
    bare.give(SetContact(agency="a000", channel="webhook", address="https://new.example/"))
    assert list_gone_addresses(bare.store, today) == []


class Gone(MailSender):
    """Any other channel whose other side can say so."""

    def __init__(self) -> None:
        """There is no server."""

    def deliver(self, parcel: Parcel, at: datetime) -> DeliveryResult:
        return DeliveryResult("failed", "refused", 550, gone=parcel.recipient == "agency/a000")

    def render(self, letter: Letter, address: str) -> bytes:
        return b""

    def close(self) -> None:
        """Nothing is open."""


def test_it_is_told_by_which_channel_whichever_it_is(bare: City) -> None:
    bare.begin(agencies=2)
    bare.at(*FIRST_RUNG)
    Delivery(bare.engine, bare.vault, {Channel.MAIL: Gone()}).send_due()
    (gone,) = list_gone_addresses(bare.store, local_day(bare.store.now()))
    assert (gone.agency, gone.channel) == ("a000", "mail"), "and not the control, who only refused"
    (found,) = channels(Settings(), bare.engine)
    assert (found.check, found.state) == ("mail a000", "warn")
    assert all("set-contact a000 --mail" in found.say(lang)[1] for lang in ("ko", "en"))
    planner = Reader(via="cli", actor=Actor(role="planner"), authn="asserted")
    assert planner_inbox(Inquiry(bare.store, planner, "en")).addresses_gone == [gone]


def test_an_address_that_was_set_meanwhile_stays(bare: City, monkeypatch: pytest.MonkeyPatch) -> None:
    handed = webhooks.deliver

    def set_meanwhile(*given: object) -> object:
        came = handed(*given)  # type: ignore[arg-type]
        bare.give(SetContact(agency="a000", channel="webhook", address="https://new.example/"))
        return came

    with receiver(410) as hook:
        begun(bare, hook.url)
        monkeypatch.setattr(webhooks, "deliver", set_meanwhile)
        bare.post(NOWHERE, allowed=LOOPBACK).send_due()
    assert address(bare) == "https://new.example/"


def test_a_webhook_that_refuses_and_is_not_gone_stays(bare: City) -> None:
    """The control."""
    with receiver(404) as hook:
        begun(bare, hook.url)
        bare.post(NOWHERE, allowed=LOOPBACK).send_due()
        assert address(bare) == hook.url
