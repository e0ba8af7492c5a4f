"""What the command handler refuses is recorded after the fact, once, and never in the way of anything."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from structlog.testing import capture_logs

from domain.agency.commands import Register
from domain.errors import Refusal
from domain.programme.commands import Open
from domain.programme.facts import Area
from domain.task.commands import Approve, Start
from domain.values import LocalText
from store.envelope import Actor, Cause
from store.errors import StoreFault
from store.log import Store
from store.refused import load_refused
from workflows import refusing
from workflows.command_envelope import CommandEnvelope
from workflows.command_handler import CommandHandler, Conflict
from workflows.commands_at_once import SomeRefused

PLANNER, OFFICER = Actor(role="planner"), Actor(role="officer", agency="gto", subject="1" * 32)
NAME = LocalText(ko="이름")
SECRETIVE = "홍길동의 사정으로"


@pytest.fixture
def handler(store: Store) -> CommandHandler:
    return CommandHandler(store, lambda: None)


def approve(**changes: Any) -> CommandEnvelope:
    fields: dict[str, Any] = {
        "command": Approve(task="2024-07"),
        "actor": OFFICER,
        "via": "cli",
        "reason": SECRETIVE,
    }
    return CommandEnvelope(**fields | changes)


def test_a_role_that_may_not_is_recorded_with_its_ids_alone(store: Store, handler: CommandHandler) -> None:
    envelope = approve(on_behalf_of=Actor(role="head", agency="gto"), token="4" * 32, authn="token")
    handler.machine = "user=kim; host=desk"
    with pytest.raises(Refusal):
        handler.handle(envelope)
    (row,) = load_refused(store)
    assert (row.what, row.command, row.stream, row.refusal) == (
        "command",
        "task.approve",
        "task/2024-07",
        "NotPermitted",
    )
    assert (row.actor, row.on_behalf_of, row.token, row.authn) == (OFFICER, "head@gto", "4" * 32, "token")
    assert row.command_id == envelope.command_id
    assert row.machine == "user=kim; host=desk"
    with store.connection() as connection:
        everything = connection.execute("SELECT r::text FROM donghaeng.refused r").fetchone()
    assert everything is not None
    assert SECRETIVE not in everything[0]
    assert store.head().position == 0


def test_what_the_rules_of_a_task_refuse_is_recorded_too(store: Store, handler: CommandHandler) -> None:
    with pytest.raises(Refusal) as caught:
        handler.handle(approve(actor=PLANNER))
    assert [row.refusal for row in load_refused(store)] == [caught.value.name]


def test_what_is_carried_out_is_not_recorded(store: Store, handler: CommandHandler) -> None:
    """The control."""
    handler.handle(CommandEnvelope(command=Register(agency="gto", name=NAME), actor=PLANNER, via="cli"))
    assert load_refused(store) == []


def test_of_several_only_the_refused_ones_are_recorded_each_with_its_own_refusal(
    store: Store, handler: CommandHandler
) -> None:
    envelopes = [
        CommandEnvelope(command=Register(agency="gto", name=NAME), actor=PLANNER, via="cli"),
        approve(actor=PLANNER),
        CommandEnvelope(command=Register(agency="gjcf", name=NAME), actor=OFFICER, via="cli"),
    ]
    with pytest.raises(SomeRefused):
        handler.handle_all(envelopes)
    assert {(row.command_id, row.refusal) for row in load_refused(store)} == {
        (envelopes[2].command_id, "NotPermitted")
    }
    with pytest.raises(SomeRefused):
        handler.handle_all(envelopes[:2])
    assert [row.command_id for row in load_refused(store)] == [
        envelopes[1].command_id,
        envelopes[2].command_id,
    ]


def test_a_dry_run_records_nothing(store: Store, handler: CommandHandler) -> None:
    with pytest.raises(SomeRefused):
        handler.handle_all([approve()], dry_run=True)
    assert load_refused(store) == []


def test_a_conflict_that_stands_is_recorded(
    store: Store, handler: CommandHandler, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = store.append

    def overtaken(batch: Any) -> Any:
        """Somebody is faster, each time."""
        other = CommandHandler(Store(store.connections), lambda: None)
        year = 2030 + other._store.head().position
        other.handle(
            CommandEnvelope(
                command=Open(year=year, name=NAME, city=NAME, areas=(Area(id="a", name=NAME),)),
                actor=PLANNER,
                via="cli",
            )
        )
        from store.errors import StreamConflict  # noqa: PLC0415

        raise StreamConflict(stream="agency/gto", expected=0, actual=1)

    monkeypatch.setattr(store, "append", overtaken)
    with pytest.raises(Conflict):
        handler.handle(CommandEnvelope(command=Register(agency="gto", name=NAME), actor=PLANNER, via="cli"))
    monkeypatch.setattr(store, "append", append)
    assert [row.refusal for row in load_refused(store)] == ["Conflict"]


def test_a_rule_that_is_refused_each_minute_is_recorded_once(store: Store, handler: CommandHandler) -> None:
    identity = uuid.uuid4().hex
    for _ in range(3):
        envelope = CommandEnvelope(
            command=Start(task="2024-07"),
            actor=Actor(role="system"),
            via="rule",
            authn="system",
            command_id=identity,
            cause=Cause(due="task/2024-07#4", rule="start_as_planned", rule_version="donghaeng-2024/1"),
        )
        with pytest.raises(SomeRefused):
            handler.handle_all([envelope])
    (row,) = load_refused(store)
    assert (row.via, row.command_id) == ("rule", identity)


def test_when_it_cannot_be_recorded_the_refusal_is_told_all_the_same_with_an_alarm(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise StoreFault(problem="No space left on device")

    monkeypatch.setattr(refusing, "record_refused", full)
    alarms: list[None] = []
    handler = CommandHandler(store, lambda: None, unrecorded=lambda: alarms.append(None))
    with capture_logs() as lines, pytest.raises(Refusal) as caught:
        handler.handle(approve())
    assert caught.value.name == "NotPermitted"
    assert len(alarms) == 1
    (alarm,) = [line for line in lines if line["event"] == "refusal_not_recorded"]
    assert (alarm["log_level"], alarm["refusals"][0]["command"]) == ("error", "task.approve")
    assert load_refused(store) == []
