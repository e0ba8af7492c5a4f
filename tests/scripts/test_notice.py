"""`donghaeng notices` and `notice …`: what people see of reminders, and what they can do about them."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest

from domain.aggregate import Command
from domain.message import commands as m
from domain.notice import commands as n
from domain.seoul import local_day
from projections.runner import project
from projections.views import VIEWS
from store.envelope import Actor
from store.log import Store
from tests.scripts.conftest import Cli, document
from workflows.command_envelope import CommandEnvelope
from workflows.command_handler import CommandHandler

SYSTEM = Actor(role="system")
ONE, TWO, HELD = (uuid.uuid5(uuid.NAMESPACE_OID, name).hex for name in ("one", "two", "held"))
MESSAGE = uuid.uuid5(uuid.NAMESPACE_OID, "message").hex


def give(store: Store, *commands: Command) -> None:
    handler = CommandHandler(store, lambda: None)
    handler.handle_all(
        [CommandEnvelope(command=one, actor=SYSTEM, via="rule", authn="system") for one in commands]
    )
    for view in VIEWS.values():
        project(store, view)


def arm(notice: str, **more: Any) -> n.Arm:
    return n.Arm(
        notice=notice,
        task="2024-06",
        due=date(2024, 4, 5),
        since=4,
        days=-1,
        on=date(2024, 4, 4),
        to="officer",
        recipient="agency/gto",
        channel="mail",
        agency="gto",
        **{"deadline": "progress", "item": "2024-Q1"} | more,
    )


def give_reminders(store: Store) -> None:
    """A message of two notices that a server has refused, and a notice that is held."""
    compose = m.Compose(
        message=MESSAGE,
        recipient="agency/gto",
        channel="mail",
        on=date(2024, 4, 4),
        hour=9,
        notices=(ONE, TWO),
    )
    put = [n.PutIn(notice=one, message=MESSAGE) for one in (ONE, TWO)]
    give(store, arm(ONE), arm(TWO), arm(HELD, held=True), compose, *put)
    attempt = m.Attempt(message=MESSAGE, token=1)
    settle = m.Settle(message=MESSAGE, number=1, token=1, outcome="failed", problem="refused", code=550)
    give(store, attempt, settle)


@pytest.fixture
def reminded(loaded: Cli, store: Store) -> Cli:
    plan = ("--start", "2024-03-04", "--end", "2024-09-30", "--budget", "120000000")
    assert loaded("task", "propose", "2024-06", "--as", "officer@gto", *plan).exit_code == 0
    give_reminders(store)
    return loaded


def states(cli: Cli, *words: str) -> dict[str, str]:
    return {one["notice"]: one["state"] for one in document(cli("notices", "--json", *words))["notices"]}


def test_they_are_listed_with_what_came_of_each(reminded: Cli) -> None:
    assert states(reminded) == {ONE: "failed", TWO: "failed", HELD: "held"}
    assert states(reminded, "--state", "held") == {HELD: "held"}
    assert states(reminded, "--task", "2024-06", "--agency", "gto", "--state", "failed").keys() == {ONE, TWO}
    assert states(reminded, "--task", "2024-07") == states(reminded, "--agency", "gtc") == {}
    told = reminded("notices", "--lang", "ko").output
    assert "실패 (상대 서버가 거부함)" in told
    assert "실패 2, 보류 1" in told or "보류 1, 실패 2" in told


def test_one_is_shown_with_its_history_and_the_very_message(reminded: Cli) -> None:
    shown = document(reminded("notice", "show", ONE, "--json", "--lang", "ko"))
    assert [line["kind"] for line in shown["history"]] == [
        "notice.due",
        "notice.composed",
        "message.composed",
        "message.attempted",
        "message.failed",
    ]
    assert "2024-06" in shown["message"]["subject"]
    assert ONE in shown["message"]["text"]
    assert document(reminded("notice", "show", "0" * 32, "--json"))["error"]["name"] == "NoSuchNotice"


def test_one_is_shown_as_it_was_known_at_a_date(reminded: Cli, store: Store) -> None:
    now = document(reminded("notice", "show", ONE, "--json"))
    then = document(reminded("notice", "show", ONE, "--json", "--as-of", f"{local_day(store.now())}"))
    assert then.pop("slice")["position"] == store.head().position
    assert then == now


def test_one_that_failed_is_in_the_inboxes_and_in_doctor(reminded: Cli) -> None:
    inbox = document(reminded("agency", "inbox", "gto", "--json"))
    assert {one["notice"] for one in inbox["undelivered"]} == {ONE, TWO}
    assert document(reminded("agency", "inbox", "gtc", "--json"))["undelivered"] == []
    assert "전달되지 않은 알림" in reminded("programme", "inbox", "--lang", "ko").output
    found = [one for one in document(reminded("doctor", "--json"))["findings"] if one["check"] == "post"]
    assert next((one["state"], "2" in one["seen"]) for one in found) == ("wrong", True)
    assert any("held" in one["seen"] for one in found)


def test_sending_again_is_the_planners_word_and_the_same_message(reminded: Cli, store: Store) -> None:
    error = document(reminded("notice", "retry", ONE, "--as", "officer@gto", "--json"))["error"]
    assert error["name"] == "NotPermitted"
    done = document(reminded("notice", "retry", ONE, "--as", "planner", "--json"))
    assert (done["stream"], done["kinds"]) == (f"message/{MESSAGE}", ["message.retried"])
    released = document(reminded("notice", "retry", HELD, "--as", "planner", "--json"))
    assert released["kinds"] == ["notice.released"]
    for view in VIEWS.values():
        project(store, view)
    assert states(reminded) == {ONE: "waiting", TWO: "waiting", HELD: "due"}


def test_one_is_acknowledged_once_and_by_its_own_agency(reminded: Cli) -> None:
    words = ("notice", "acknowledge", ONE, "--json", "--as")
    assert document(reminded(*words, "officer@gtc"))["error"]["name"] == "NotYourTask"
    assert document(reminded(*words, "officer@gto"))["kinds"] == ["notice.acknowledged"]
    assert document(reminded(*words, "officer@gto"))["error"]["name"] == "AcknowledgedAlready"


def test_what_was_not_sent_is_cancelled_and_what_was_is_not(reminded: Cli, store: Store) -> None:
    words = ("notice", "cancel", "--as", "planner", "--json")
    assert document(reminded(*words, HELD))["kinds"] == ["notice.cancelled"]
    assert document(reminded(*words, HELD))["error"]["name"] == "NotNow"
    reminded("notice", "retry", ONE, "--as", "planner")
    give(store, m.Attempt(message=MESSAGE, token=2))
    give(store, m.Settle(message=MESSAGE, number=2, token=2, outcome="sent", code=250))
    assert document(reminded(*words, ONE))["error"]["name"] == "HandedOver"
    assert states(reminded) == {ONE: "sent", TWO: "sent", HELD: "cancelled"}


def test_an_agency_reads_its_own_only(reminded: Cli) -> None:
    assert len(states(reminded, "--agency", "gto", "--as", "officer@gto")) == 3
    for words in (("notices", "--agency", "gto"), ("notice", "show", ONE)):
        error = document(reminded(*words, "--as", "officer@gtc", "--json"))["error"]
        assert error["name"] == "NotYoursToRead"
    assert len(states(reminded, "--as", "officer@gto")) == 3, "who names nobody asks for one's own"
    assert states(reminded, "--as", "officer@gtc") == {}


def test_a_partner_reads_of_a_letter_its_own_reminder_alone(reminded: Cli, store: Store) -> None:
    """The other reminders in it may be of tasks in which it takes no part. Whose letter it is reads all of it."""
    assert reminded("task", "approve", "2024-06", "--as", "planner").exit_code == 0
    assert reminded("task", "add-partner", "2024-06", "gtc", "--as", "officer@gto").exit_code == 0
    first, second, message = (uuid.uuid5(uuid.NAMESPACE_OID, name).hex for name in ("a", "b", "both"))
    compose = m.Compose(
        message=message,
        recipient="agency/gto",
        channel="mail",
        on=date(2024, 4, 5),
        hour=9,
        notices=(first, second),
    )
    put = [n.PutIn(notice=one, message=message) for one in (first, second)]
    give(store, arm(first), arm(second, item="2024-Q2"), compose, *put)
    for who, known in (("officer@gto", True), ("planner", True), ("officer@gtc", False)):
        shown = document(reminded("notice", "show", first, "--json", "--as", who))
        assert "2024-Q1" in shown["message"]["text"]
        assert ("2024-Q2" in shown["message"]["text"]) is known
