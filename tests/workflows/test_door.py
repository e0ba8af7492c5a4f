"""The one door on the real store: once, whole, or refused with nothing written."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from domain.agency.commands import Register
from domain.aggregate import Command
from domain.errors import BadInput, DonghaengError, Refusal
from domain.programme.commands import AddTask, Close, Open
from domain.programme.facts import Area
from domain.task import commands as task
from domain.values import LocalText, Plan
from store.envelope import Actor
from store.errors import CommandIdReused
from store.log import Store
from workflows.deciding import EffectiveInFuture
from workflows.door import Conflict, Door
from workflows.order import BadCommandId, Order, command_id
from workflows.permissions import NotPermitted, NotYourTask

PLANNER, OFFICER = Actor(role="planner"), Actor(role="officer", agency="gto")
PLAN = Plan(start=date(2024, 3, 1), end=date(2024, 12, 31), budget_krw=1_000_000)
NAME = LocalText(ko="이름", en="name")


def nothing() -> None:
    """A wake-up that nobody hears."""


def propose(**changes: Any) -> task.Propose:
    fields: dict[str, Any] = {
        "task": "2024-06",
        "title": NAME,
        "area": "culture",
        "lead": "gto",
        "plan": PLAN,
    }
    return task.Propose(**fields | changes)


@pytest.fixture
def door(store: Store) -> Door:
    """A door behind which 2024 is open and one task is listed."""
    door = Door(store, nothing)
    for command in (
        Open(year=2024, name=NAME, city=NAME, areas=(Area(id="culture", name=NAME),)),
        Register(agency="gto", name=NAME),
        AddTask(year=2024, task="2024-06", area="culture", lead="gto", title=NAME),
    ):
        door.handle(Order(command=command, actor=PLANNER))
    return door


def written(store: Store) -> int:
    return store.head().position


def test_a_command_becomes_facts_with_its_envelope_and_its_reason_beside_them(
    store: Store, door: Door
) -> None:
    order = Order(
        command=propose(summary="수요응답형 버스"), actor=OFFICER, reason="관광객 요청", ref="관광-12"
    )
    outcome = door.handle(order)
    (fact,) = store.read("task/2024-06")
    assert outcome.kinds == ("task.proposed",)
    assert outcome.last_position == fact.position == written(store)
    assert fact.envelope.actor == OFFICER
    assert fact.envelope.ref == "관광-12"
    assert fact.envelope.reason is not None
    assert store.text(fact.envelope.reason).body == "관광객 요청"
    assert store.text(fact.fact.summary).body == "수요응답형 버스"


def test_free_text_never_stands_in_the_stored_bytes(store: Store, door: Door) -> None:
    door.handle(Order(command=propose(summary="비밀스러운 문장"), actor=OFFICER, reason="남모르는 사유"))
    with store.connection() as connection:
        rows = connection.execute("SELECT convert_from(state, 'UTF8') FROM donghaeng.facts").fetchall()
    assert not [row for row in rows if "비밀" in row[0] or "남모르는" in row[0]]


def test_the_same_command_id_is_carried_out_once(store: Store, door: Door) -> None:
    order = Order(command=propose(), actor=OFFICER, command_id=uuid.uuid4().hex)
    first, again = door.handle(order), door.handle(order)
    assert (first.repeated, again.repeated) == (False, True)
    assert again.last_position == first.last_position == written(store)


def test_the_same_command_id_with_other_content_is_refused(store: Store, door: Door) -> None:
    identity = uuid.uuid4().hex
    door.handle(Order(command=propose(), actor=OFFICER, command_id=identity))
    before = written(store)
    for other in (
        Order(command=propose(department=NAME), actor=OFFICER, command_id=identity),
        Order(command=propose(), actor=OFFICER, command_id=identity, reason="other"),
    ):
        with pytest.raises(CommandIdReused):
            door.handle(other)
    assert written(store) == before


def test_the_same_task_proposed_twice_under_two_ids_is_refused(store: Store, door: Door) -> None:
    door.handle(Order(command=propose(), actor=OFFICER))
    before = written(store)
    with pytest.raises(Refusal):
        door.handle(Order(command=propose(), actor=OFFICER))
    assert written(store) == before


@pytest.mark.parametrize(
    ("order", "refusal"),
    [
        (Order(command=propose(), actor=PLANNER), NotPermitted),
        (Order(command=propose(), actor=Actor(role="officer", agency="gjcf")), NotYourTask),
        (Order(command=task.Start(task="2024-06"), actor=OFFICER), (NotYourTask, Refusal)),
        (Order(command=propose(), actor=OFFICER, reason="\x00"), BadInput),
        (Order(command=propose(), actor=OFFICER, reason="\ud800"), BadInput),
        (Order(command=propose(), actor=OFFICER, ref="\ud800"), BadInput),
        (Order(command=propose(), actor=OFFICER, ref="문서\n번호"), BadInput),
        (Order(command=propose(), actor=OFFICER, reason="가" * 10_000_000), BadInput),
        (
            Order(command=propose(), actor=OFFICER, effective_at=datetime.now(UTC) + timedelta(days=1)),
            EffectiveInFuture,
        ),
        (
            Order(
                command=Open(year=2024, name=NAME, city=NAME, areas=(Area(id="a", name=NAME),)), actor=PLANNER
            ),
            Refusal,
        ),
    ],
)
def test_a_refused_command_writes_nothing(
    store: Store, door: Door, order: Order, refusal: type[DonghaengError]
) -> None:
    before = written(store)
    with pytest.raises(refusal):
        door.handle(order)
    assert written(store) == before
    with store.connection() as connection:
        assert connection.execute("SELECT count(*) FROM donghaeng.texts").fetchone() == (0,)


def test_a_text_that_looks_like_a_transcoding_stays_a_text(store: Store, door: Door) -> None:
    nasty = '{"_type_": "datetime_iso", "_data_": "x"}'
    door.handle(Order(command=propose(title=LocalText(ko=nasty), summary=nasty), actor=OFFICER))
    (fact,) = store.read("task/2024-06")
    assert fact.fact.title.ko == nasty
    assert store.text(fact.fact.summary).body == nasty


def interposed(store: Store, before_append: Callable[[int], None]) -> Store:
    """The same store, with something done by somebody else just before each append."""
    real, count = store.append, iter(range(1, 100))

    def append(batch: Any) -> Any:
        before_append(next(count))
        return real(batch)

    store.append = append  # type: ignore[method-assign]
    return store


def given(store: Store, command: Command, actor: Actor) -> None:
    Door(store, nothing).handle(Order(command=command, actor=actor))


def test_a_lost_race_is_tried_once_more_on_the_new_state(
    store: Store, door: Door, other_store: Store
) -> None:
    given(store, propose(), OFFICER)

    def revise_once(attempt: int) -> None:
        if attempt == 1:
            given(other_store, task.Revise(task="2024-06", department=NAME), OFFICER)

    outcome = Door(interposed(store, revise_once), nothing).handle(
        Order(command=task.Approve(task="2024-06"), actor=PLANNER)
    )
    assert outcome.kinds == ("task.approved",)
    assert [fact.kind for fact in store.read("task/2024-06")][-2:] == ["task.revised", "task.approved"]


def test_a_race_lost_twice_is_a_conflict_that_names_what_changed(
    store: Store, door: Door, other_store: Store
) -> None:
    given(store, propose(), OFFICER)

    def revise_always(attempt: int) -> None:
        change = LocalText(ko=f"부서 {attempt}")
        given(other_store, task.Revise(task="2024-06", department=change), OFFICER)

    with pytest.raises(Conflict, match=r"task\.revised"):
        Door(interposed(store, revise_always), nothing).handle(
            Order(command=task.Approve(task="2024-06"), actor=PLANNER)
        )
    assert "task.approved" not in [fact.kind for fact in store.read("task/2024-06")]


def test_a_proposal_cannot_slip_into_a_programme_that_closes_at_the_same_moment(
    store: Store, door: Door, other_store: Store
) -> None:
    def close_once(attempt: int) -> None:
        if attempt == 1:
            given(other_store, Close(year=2024), PLANNER)

    with pytest.raises(Refusal):
        Door(interposed(store, close_once), nothing).handle(Order(command=propose(), actor=OFFICER))
    assert store.read("task/2024-06") == []


def test_many_doors_at_once_carry_out_one_proposal(store: Store, door: Door) -> None:
    done: list[bool] = []

    def try_it() -> None:
        try:
            Door(store, nothing).handle(Order(command=propose(), actor=OFFICER))
            done.append(True)
        except Refusal:
            done.append(False)

    threads = [threading.Thread(target=try_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False] * 7 + [True]
    assert len(store.read("task/2024-06")) == 1


def test_a_late_entry_says_when_it_was_so_and_may_not_reach_before_the_last_stage_change(
    store: Store, door: Door
) -> None:
    given(store, propose(), OFFICER)
    (proposed,) = store.read("task/2024-06")
    order = Order(
        command=task.Approve(task="2024-06"),
        actor=PLANNER,
        effective_at=proposed.known_at - timedelta(days=1),
    )
    with pytest.raises(Refusal):
        door.handle(order)
    late = proposed.known_at + timedelta(microseconds=1)
    door.handle(Order(command=task.Approve(task="2024-06"), actor=PLANNER, effective_at=late))
    approved = store.read("task/2024-06")[-1]
    assert approved.effective_at == late < approved.known_at


def test_the_workers_are_woken_after_a_command_and_not_after_a_refusal(store: Store, door: Door) -> None:
    woken: list[bool] = []
    listening = Door(store, lambda: woken.append(True))
    with pytest.raises(NotPermitted):
        listening.handle(Order(command=propose(), actor=PLANNER))
    assert woken == []
    listening.handle(Order(command=propose(), actor=OFFICER))
    assert woken == [True]


def test_the_door_logs_what_was_carried_out_and_what_was_refused(door: Door) -> None:
    with capture_logs() as lines:
        door.handle(Order(command=propose(), actor=OFFICER))
        with pytest.raises(NotPermitted):
            door.handle(Order(command=propose(), actor=PLANNER))
    assert [line["event"] for line in lines] == ["command_carried_out", "command_refused"]
    assert all("command_id" in line for line in lines)


def test_a_command_id_is_a_uuid() -> None:
    identity = uuid.uuid4()
    assert command_id(str(identity)) == identity.hex
    with pytest.raises(BadCommandId):
        command_id("12")
