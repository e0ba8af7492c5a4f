"""What is asked reads each stream once; a command reads who gives it once, and several given at once by one do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.agency.commands import Appoint, SetContact
from domain.agency.commands import Register as RegisterAgency
from domain.subject.commands import Register
from domain.values import LocalText
from store.envelope import Actor
from store.log import Store
from tests.projections.timed_logs import many, put
from workflows import lookups
from workflows.automation.reacting import Tick
from workflows.automation.years import years_to_close
from workflows.command_envelope import CommandEnvelope
from workflows.command_handler import CommandHandler
from workflows.queries.inquiry import Inquiry
from workflows.queries.rules import explain_task
from workflows.queries.task_histories import task_event, task_history
from workflows.read_access import Reader
from workflows.telling import history_of


@pytest.fixture
def read(store: Store, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each stream was loaded, and under "names" how often the agencies were read."""
    put(store, many(3))
    counted: Counter[str] = Counter()
    loads, agencies = store.load, lookups.agency_facts

    def load_several(streams: Sequence[str], *more: Any) -> Any:
        counted.update(streams)
        return loads(streams, *more)

    def read_agencies(*given: Any) -> Any:
        counted["names"] += 1
        return agencies(*given)

    monkeypatch.setattr(store, "load", load_several)
    monkeypatch.setattr(lookups, "agency_facts", read_agencies)
    return counted


def test_a_tasks_history_and_one_event_of_it_read_it_once(store: Store, read: Counter[str]) -> None:
    inquiry = Inquiry(store, Reader(via="cli", actor=Actor(role="planner"), authn="asserted"), "en")
    shown = task_history(inquiry, "2024-001")
    assert (read["task/2024-001"], read["names"]) == (1, 1)
    assert shown.history == history_of(store, "task/2024-001", "en"), (
        "the control: read anew it says the same"
    )
    read.clear()
    assert task_event(inquiry, "2024-001", 1).event == shown.history[0]
    assert (read["task/2024-001"], read["names"]) == (1, 1)


def test_why_a_task_is_where_it_is_reads_it_once(store: Store, read: Counter[str]) -> None:
    inquiry = Inquiry(store, Reader(via="cli", actor=Actor(role="planner"), authn="asserted"), "en")
    handler = CommandHandler(store, lambda: None)
    assert explain_task(inquiry, handler, "2024-001").next == [], "so that nothing is asked of it"
    assert (read["task/2024-001"], read["names"]) == (1, 1)


PERSON = "a" * 32
NAME = LocalText(ko="이름", en="name")
HEAD = Actor(role="head", agency="gto", subject=PERSON)


def contacts(*addresses: str) -> list[CommandEnvelope]:
    given = [SetContact(agency="gto", channel="mail", address=one) for one in addresses]
    return [CommandEnvelope(command=one, actor=HEAD, via="cli") for one in given]


def test_who_gives_commands_is_read_once_however_many_they_give_at_once(
    store: Store, read: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = CommandHandler(store, lambda: None)
    planner = Actor(role="planner")
    for command in (
        RegisterAgency(agency="gto", name=NAME),
        Register(subject=PERSON),
        Appoint(agency="gto", subject=PERSON, post="head"),
    ):
        handler.handle(CommandEnvelope(command=command, actor=planner, via="cli"))
    read.clear()
    handler.handle(*contacts("1@gto.example"))
    assert (read[f"subject/{PERSON}"], read["agency/gto"]) == (1, 1)
    read.clear()
    handler.handle_all(contacts("2@gto.example", "3@gto.example", "4@gto.example"))
    assert (read[f"subject/{PERSON}"], read["agency/gto"]) == (1, 1)
    read.clear()
    authorise = CommandHandler._authorise
    monkeypatch.setattr(
        CommandHandler, "_authorise", lambda self, envelope, lead, read=None: authorise(self, envelope, lead)
    )
    handler.handle_all(contacts("5@gto.example", "6@gto.example", "7@gto.example"))
    assert read[f"subject/{PERSON}"] == 1 + 3, "the control"


def test_an_idle_ticker_reads_no_year_that_nobody_began(store: Store, read: Counter[str]) -> None:
    tick = Tick(store, now=datetime(2026, 4, 1, tzinfo=UTC))
    assert years_to_close(tick) == []
    assert {one for one in read if one.startswith("programme/")} <= set(store.streams("programme/"))
