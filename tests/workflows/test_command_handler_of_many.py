"""Several commands in one append: all or none, in order, each authorised and under its own id."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import psycopg
import pytest

from domain.agency.commands import Register
from domain.programme.commands import AddTask, Open
from domain.programme.facts import Area
from domain.task import commands as task
from domain.values import LocalText, Plan
from store import appending
from store.envelope import Actor
from store.errors import CommandIdReused, CommandsInterleaved
from store.log import Store
from tests.store.cutting_proxy import CuttingProxy
from workflows.command_envelope import CommandEnvelope
from workflows.command_handler import CommandHandler
from workflows.commands_at_once import SomeRefused

PLANNER = Actor(role="planner")
OFFICER = Actor(role="officer", agency="gto")
NAME = LocalText(ko="이름", en="name")
PLAN = Plan(start=date(2024, 3, 1), end=date(2024, 12, 31), budget_krw=1)


def year() -> list[CommandEnvelope]:
    commands = (
        Open(year=2024, name=NAME, city=NAME, areas=(Area(id="culture", name=NAME),)),
        Register(agency="gto", name=NAME),
        *(AddTask(year=2024, task=f"2024-{n:02}", area="culture", lead="gto", title=NAME) for n in (1, 2, 3)),
    )
    return [CommandEnvelope(command=command, actor=PLANNER, via="cli", reason="공고") for command in commands]


def proposed(number: int, actor: Actor = OFFICER) -> CommandEnvelope:
    command = task.Propose(task=f"2024-{number:02}", title=NAME, area="culture", lead="gto", plan=PLAN)
    return CommandEnvelope(command=command, actor=actor, via="cli")


@pytest.fixture
def handler(store: Store) -> CommandHandler:
    return CommandHandler(store, lambda: None)


def test_each_sees_what_those_before_it_made_and_all_stand_in_one_append(
    store: Store, handler: CommandHandler
) -> None:
    envelopes = [
        *year(),
        proposed(1),
        proposed(2),
        CommandEnvelope(command=task.Approve(task="2024-01"), actor=PLANNER, via="cli"),
    ]
    outcomes = handler.handle_all(envelopes)
    facts = store.after(0, 100)
    assert [one.envelope.command for one in facts] == [one.command_id for one in envelopes]
    assert [(one.first_position, one.stream) for one in outcomes] == [
        (one.position, one.stream) for one in facts
    ]
    assert len({one.recorded_at for one in facts}) == 1
    assert [store.text(one.envelope.reason).body for one in facts if one.envelope.reason] == ["공고"] * 5


def test_what_one_by_one_makes_is_the_same(store: Store, handler: CommandHandler) -> None:
    together = [*year(), proposed(1)]
    handler.handle_all(together)
    alone = [(one.stream, one.version, one.fact) for one in store.after(0, 100)]
    assert [one[:2] for one in alone] == [
        ("programme/2024", 1),
        ("agency/gto", 1),
        ("programme/2024", 2),
        ("programme/2024", 3),
        ("programme/2024", 4),
        ("task/2024-01", 1),
    ]
    assert handler.handle(
        CommandEnvelope(command=task.Approve(task="2024-01"), actor=PLANNER, via="cli")
    ).kinds == ("task.approved",)


def test_one_that_is_refused_keeps_all_from_being_written_and_every_fault_is_named(
    store: Store, handler: CommandHandler
) -> None:
    foreign = Actor(role="officer", agency="gjcf")
    envelopes = [
        *year(),
        proposed(1, foreign),
        proposed(2),
        CommandEnvelope(command=task.Start(task="2024-02"), actor=OFFICER, via="cli"),
    ]
    with pytest.raises(SomeRefused) as refused:
        handler.handle_all(envelopes)
    assert [(place, fault.name) for place, fault in refused.value.faults] == [
        (5, "NotYourTask"),
        (7, "NotAllowedNow"),
    ]
    assert "6: " in refused.value.say("ko")
    assert store.head().position == 0


def test_a_role_that_may_not_is_refused_before_anything_is_read(
    store: Store, handler: CommandHandler
) -> None:
    with pytest.raises(SomeRefused) as refused:
        handler.handle_all(
            [*year(), CommandEnvelope(command=Register(agency="gjcf", name=NAME), actor=OFFICER, via="cli")]
        )
    assert [fault.name for _, fault in refused.value.faults] == ["NotPermitted"]


def test_a_dry_run_says_the_same_and_writes_nothing(store: Store, handler: CommandHandler) -> None:
    assert handler.handle_all(year(), dry_run=True) == []
    with pytest.raises(SomeRefused):
        handler.handle_all([proposed(1)], dry_run=True)
    assert store.head().position == 0


def test_given_again_nothing_is_done_and_the_first_outcomes_come_back(
    store: Store, handler: CommandHandler
) -> None:
    envelopes = [*year(), proposed(1)]
    first = handler.handle_all(envelopes)
    again = handler.handle_all(envelopes)
    assert all(one.repeated for one in again)
    assert [one.first_position for one in again] == [one.first_position for one in first]
    assert store.head().position == 6


def test_of_orders_partly_carried_out_only_the_others_are_done(store: Store, handler: CommandHandler) -> None:
    envelopes = [*year(), proposed(1)]
    for envelope in envelopes[:3]:
        handler.handle(envelope)
    outcomes = handler.handle_all(envelopes)
    assert [one.repeated for one in outcomes] == [True] * 3 + [False] * 3
    assert [one.first_position for one in outcomes] == [1, 2, 3, 4, 5, 6]


def test_an_id_used_for_something_else_is_refused(store: Store, handler: CommandHandler) -> None:
    first = year()
    handler.handle_all(first)
    with pytest.raises(SomeRefused) as refused:
        handler.handle_all(
            [
                CommandEnvelope(
                    command=proposed(1).command, actor=OFFICER, via="cli", command_id=first[0].command_id
                )
            ]
        )
    assert isinstance(refused.value.faults[0][1], CommandIdReused)
    twice = proposed(1)
    with pytest.raises(SomeRefused):
        handler.handle_all(
            [
                twice,
                CommandEnvelope(
                    command=proposed(2).command, actor=OFFICER, via="cli", command_id=twice.command_id
                ),
            ]
        )


def test_an_id_that_comes_to_be_used_for_something_else_meanwhile_is_named_and_holds_up_no_other(
    store: Store, other_store: Store, handler: CommandHandler
) -> None:
    """Two tickers put the same notices into a message, one of them in the next hour: the store says no, not of which."""
    envelopes = year()
    theirs = CommandEnvelope(
        command=envelopes[1].command,
        actor=PLANNER,
        via="cli",
        command_id=envelopes[1].command_id,
        reason="다른 까닭",
    )
    real, tries = store.append, iter(range(9))

    def append(batch: Any) -> Any:
        if next(tries) == 0:
            CommandHandler(other_store, lambda: None).handle(theirs)
        return real(batch)

    store.append = append  # type: ignore[method-assign]
    with pytest.raises(SomeRefused) as refused:
        handler.handle_all(envelopes)
    assert [(place, type(fault)) for place, fault in refused.value.faults] == [(1, CommandIdReused)]
    assert store.head().position == 1, "theirs alone"


def test_a_stream_that_changes_meanwhile_is_read_again(
    store: Store, other_store: Store, handler: CommandHandler
) -> None:
    handler.handle_all(year())
    real, tries = store.append, iter(range(9))

    def append(batch: Any) -> Any:
        if next(tries) == 0:
            CommandHandler(other_store, lambda: None).handle(
                CommandEnvelope(
                    command=AddTask(year=2024, task="2024-09", area="culture", lead="gto", title=NAME),
                    actor=PLANNER,
                    via="cli",
                )
            )
        return real(batch)

    store.append = append  # type: ignore[method-assign]
    more = [
        CommandEnvelope(
            command=AddTask(year=2024, task=f"2024-{n}", area="culture", lead="gto", title=NAME),
            actor=PLANNER,
            via="cli",
        )
        for n in (10, 11)
    ]
    handler.handle_all(more)
    assert [one.fact.task for one in store.read("programme/2024")[1:]][-3:] == [
        "2024-09",
        "2024-10",
        "2024-11",
    ]


def test_one_of_them_carried_out_meanwhile_is_told_by_the_store_and_left_out(
    store: Store, other_store: Store, handler: CommandHandler
) -> None:
    envelopes = year()
    real, tries, raised = store.append, iter(range(9)), []

    def append(batch: Any) -> Any:
        if next(tries) == 0:
            CommandHandler(other_store, lambda: None).handle(envelopes[0])
        try:
            return real(batch)
        except Exception as error:
            raised.append(type(error))
            raise

    store.append = append  # type: ignore[method-assign]
    outcomes = handler.handle_all(envelopes)
    assert raised == [CommandsInterleaved]
    assert [one.repeated for one in outcomes] == [True, False, False, False, False]
    assert store.head().position == 5


def test_eight_at_once_do_it_once(store: Store) -> None:
    envelopes = year()
    done: list[bool] = []
    threads = [
        threading.Thread(
            target=lambda: done.append(CommandHandler(store, lambda: None).handle_all(envelopes)[0].repeated)
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False] + [True] * 7
    assert store.head().position == 5


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_cut_connection_doubles_nothing(app_dsn: str, store: Store, moment: Any) -> None:
    with CuttingProxy(app_dsn, moment, b"agency.registered") as proxy, Store.open(proxy.dsn) as cut:
        outcomes = CommandHandler(cut, lambda: None).handle_all(year())
    assert [one.first_position for one in outcomes] == [1, 2, 3, 4, 5]
    assert store.head().position == 5


def test_an_empty_list_is_nothing(store: Store, handler: CommandHandler) -> None:
    assert handler.handle_all([]) == []
    assert store.head().position == 0


def test_the_application_may_put_nothing_down_past_the_functions(app_dsn: str) -> None:
    with psycopg.connect(app_dsn) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT donghaeng.put_down('{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')")


def test_what_is_too_large_is_refused_whole(
    store: Store, handler: CommandHandler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appending, "MOST_BYTES", 100)
    with pytest.raises(appending.BatchTooLarge):
        handler.handle_all(year())
    assert store.head().position == 0
