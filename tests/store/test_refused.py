"""The log of refused attempts, in the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from store.envelope import Actor
from store.log import Store
from store.refused import Refused, load_refused, record_refused
from tests.store.watched_rows import COMMAND_ID, OFFICER, PLANNER, SYSTEM, refusal


def test_an_attempt_is_kept_with_who_and_what_and_when(store: Store) -> None:
    before = store.now()
    head = Actor(role="head", agency="gto", subject="2" * 32)
    record_refused(store, [refusal(on_behalf_of=head, token="4" * 32, authn="token")])
    (row,) = load_refused(store)
    assert before <= row.at <= row.known_at + timedelta(seconds=1)
    assert (row.what, row.actor, row.on_behalf_of) == ("command", OFFICER, f"head@gto:{'2' * 32}")
    assert (row.via, row.authn, row.token) == ("cli", "token", "4" * 32)
    assert (row.command, row.stream, row.refusal) == ("task.approve", "task/2024-07", "NotPermitted")
    assert row.command_id == COMMAND_ID
    assert row.machine == "user=kim; host=desk"


def test_several_are_put_down_at_once_and_found_by_actor_command_and_time(store: Store) -> None:
    record_refused(
        store,
        [
            refusal(),
            refusal(actor=PLANNER, command="task.start"),
            Refused(
                actor=None, what="token", via="cli", authn="token", command="token", refusal="TokenRevoked"
            ),
        ],
    )
    assert [row.command for row in load_refused(store)] == ["token", "task.start", "task.approve"]
    assert [row.actor for row in load_refused(store, actor=Actor(role="officer"))] == [OFFICER]
    assert load_refused(store, actor=Actor(role="officer", agency="gjcf")) == []
    assert [row.actor for row in load_refused(store, command="task.start")] == [PLANNER]
    assert len(load_refused(store, most=2)) == 2
    later = datetime.now(UTC) + timedelta(minutes=1)
    assert load_refused(store, since=later) == []
    assert len(load_refused(store, until=later)) == 3


def test_what_a_rule_is_refused_again_and_again_is_one_attempt(store: Store) -> None:
    for _ in range(3):
        record_refused(store, [refusal(actor=SYSTEM, via="rule", authn="system")])
    record_refused(store, [refusal(actor=SYSTEM, via="rule", authn="system", refusal="Conflict")])
    assert [row.refusal for row in load_refused(store)] == ["Conflict", "NotPermitted"]


def test_a_person_who_tries_again_is_recorded_again(store: Store) -> None:
    """The control: only a rule is spared."""
    for _ in range(3):
        record_refused(store, [refusal()])
    assert len(load_refused(store)) == 3


def test_a_simulated_store_stamps_its_own_time(simulated_store: Store) -> None:
    at = datetime(2024, 5, 7, 3, tzinfo=UTC)
    simulated_store.move_clock(at)
    record_refused(simulated_store, [refusal()])
    (row,) = load_refused(simulated_store)
    assert row.known_at == at
    assert row.at > at


@pytest.mark.parametrize("count", [1, 2000])
def test_it_takes_as_many_as_an_import_can_have(store: Store, count: int) -> None:
    record_refused(store, [refusal()] * count)
    assert len(load_refused(store, most=5000)) == count
