"""What a command handler remembers saves a reading and changes no outcome."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from domain.agency.commands import Register
from domain.errors import Refusal
from domain.programme.commands import AddTask, Open
from domain.programme.facts import Area
from domain.task import commands as task
from domain.values import LocalText, Plan
from store.envelope import Actor
from store.errors import CommandIdReused
from store.log import Store
from workflows.command_envelope import CommandEnvelope
from workflows.command_handler import CommandHandler
from workflows.prepared_command import PreparedCommand
from workflows.stream_cache import StreamCache

PLANNER = Actor(role="planner")
OFFICER = Actor(role="officer", agency="gto")
NAME = LocalText(ko="이름", en="name")
PLAN = Plan(
    start=datetime(2024, 3, 1, tzinfo=UTC).date(), end=datetime(2024, 12, 31, tzinfo=UTC).date(), budget_krw=1
)
TASK = "task/2024-06"


def filled(store: Store) -> CommandHandler:
    handler = CommandHandler(store, lambda: None)
    for command in (
        Open(year=2024, name=NAME, city=NAME, areas=(Area(id="culture", name=NAME),)),
        Register(agency="gto", name=NAME),
        AddTask(year=2024, task="2024-06", area="culture", lead="gto", title=NAME),
    ):
        handler.handle(CommandEnvelope(command=command, actor=PLANNER, via="cli"))
    proposal = task.Propose(task="2024-06", title=NAME, area="culture", lead="gto", plan=PLAN)
    handler.handle(CommandEnvelope(command=proposal, actor=OFFICER, via="cli"))
    return handler


def counted(store: Store) -> tuple[Store, list[Any]]:
    """The store, and what is loaded from it from now on."""
    loads: list[Any] = []
    real = store.load

    def load(*given: Any, **more: Any) -> Any:
        loads.append(given)
        return real(*given, **more)

    store.load = load  # type: ignore[method-assign]
    return store, loads


def test_a_second_command_on_a_task_reads_nothing(store: Store) -> None:
    handler = filled(store)
    _, loads = counted(store)
    handler.handle(CommandEnvelope(command=task.Approve(task="2024-06"), actor=PLANNER, via="cli"))
    assert loads == []


def test_a_new_stream_is_begun_without_looking_whether_it_is_there(store: Store) -> None:
    handler = filled(store)
    _, loads = counted(store)
    handler.handle(CommandEnvelope(command=Register(agency="gjcf", name=NAME), actor=PLANNER, via="cli"))
    assert loads == []


def test_and_where_it_is_there_already_that_is_said(store: Store, other_store: Store) -> None:
    handler = filled(store)
    filled_elsewhere = CommandEnvelope(command=Register(agency="gjcf", name=NAME), actor=PLANNER, via="cli")
    CommandHandler(other_store, lambda: None).handle(filled_elsewhere)
    with pytest.raises(Refusal, match="gjcf"):
        handler.handle(CommandEnvelope(command=Register(agency="gjcf", name=NAME), actor=PLANNER, via="cli"))
    assert len(store.read("agency/gjcf")) == 1


def test_what_is_remembered_is_what_the_store_holds(store: Store) -> None:
    recent = filled(store)._recent
    remembered = recent.load([TASK, "programme/2024", "agency/gto"])
    assert remembered is not None
    assert remembered.streams == store.load((TASK, "programme/2024", "agency/gto")).streams
    assert abs(remembered.now - store.now()) < timedelta(seconds=5)


@pytest.mark.parametrize("recent", [500, 0])
def test_what_somebody_else_did_meanwhile_is_seen(store: Store, other_store: Store, recent: int) -> None:
    """Approved elsewhere: starting it would be refused on what is remembered, and approving it is refused."""
    handler = filled(store)
    handler._recent._most = recent
    handler.handle(
        CommandEnvelope(command=task.Revise(task="2024-06", department=NAME), actor=OFFICER, via="cli")
    )
    CommandHandler(other_store, lambda: None).handle(
        CommandEnvelope(command=task.Approve(task="2024-06"), actor=PLANNER, via="cli")
    )
    with pytest.raises(Refusal):
        handler.handle(CommandEnvelope(command=task.Approve(task="2024-06"), actor=PLANNER, via="cli"))
    started = CommandEnvelope(command=task.Start(task="2024-06"), actor=OFFICER, via="cli")
    assert handler.handle(started).kinds == ("task.started",)


def test_without_looking_again_the_old_state_would_decide(store: Store, other_store: Store) -> None:
    """The control."""
    handler = filled(store)
    handler.handle(
        CommandEnvelope(command=task.Revise(task="2024-06", department=NAME), actor=OFFICER, via="cli")
    )
    CommandHandler(other_store, lambda: None).handle(
        CommandEnvelope(command=task.Approve(task="2024-06"), actor=PLANNER, via="cli")
    )
    prepared = PreparedCommand(CommandEnvelope(command=task.Start(task="2024-06"), actor=OFFICER, via="cli"))
    known = handler._recent.load(prepared.likely)
    assert known is not None
    with pytest.raises(Refusal):
        handler._decide(prepared, known)


def test_the_same_command_id_is_carried_out_once(store: Store) -> None:
    handler = filled(store)
    envelope = CommandEnvelope(command=task.Approve(task="2024-06"), actor=PLANNER, via="cli")
    first = handler.handle(envelope)
    again = handler.handle(envelope)
    assert (again.repeated, again.last_position) == (True, first.last_position)
    other = CommandEnvelope(
        command=task.Start(task="2024-06"), actor=OFFICER, via="cli", command_id=envelope.command_id
    )
    with pytest.raises(CommandIdReused):
        handler.handle(other)
    assert store.head().position == first.last_position


def test_a_new_connection_may_lead_to_another_database_and_nothing_is_remembered(store: Store) -> None:
    recent = filled(store)._recent
    assert recent.load([TASK]) is not None
    with store.connection(), store.connection():
        assert recent.load([TASK]) is None


def test_a_simulated_store_is_always_asked_since_its_clock_is_set_by_others(simulated_store: Store) -> None:
    simulated_store.move_clock(datetime(2024, 2, 1, tzinfo=UTC))
    assert filled(simulated_store)._recent.load([TASK]) is None


def test_no_more_is_remembered_than_there_is_room_for(store: Store) -> None:
    recent = StreamCache(store, most=2)
    for name in ("task/2024-01", "task/2024-02", "task/2024-03"):
        recent.read(store.load((name,)))
    assert recent.load(["task/2024-01"]) is None
    assert recent.load(["task/2024-02", "task/2024-03"]) is not None


@pytest.mark.parametrize(
    "off", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=1), timedelta(days=-1)]
)
def test_a_host_whose_clock_is_wrong_takes_the_databases_time(store: Store, off: timedelta) -> None:
    with time_machine.travel(datetime.now(UTC) + off, tick=True):
        handler = filled(store)
        handler.handle(CommandEnvelope(command=task.Approve(task="2024-06"), actor=PLANNER, via="cli"))
        remembered = handler._recent.load([TASK])
        assert remembered is not None
        assert abs(remembered.now - store.now()) < timedelta(seconds=5)
        assert abs(datetime.now(UTC) - store.now()) > timedelta(minutes=59), (
            "the control: the host's own is wrong"
        )
