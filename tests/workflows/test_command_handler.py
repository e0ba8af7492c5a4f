"""The one way on the real store: once, whole, or refused with nothing written."""

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
from workflows.command_envelope import BadCommandId, CommandEnvelope, command_id
from workflows.command_handler import CommandHandler, Conflict
from workflows.deciding import EffectiveInFuture
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
def handler(store: Store) -> CommandHandler:
    """A command handler behind which 2024 is open and one task is listed."""
    handler = CommandHandler(store, nothing)
    for command in (
        Open(year=2024, name=NAME, city=NAME, areas=(Area(id="culture", name=NAME),)),
        Register(agency="gto", name=NAME),
        AddTask(year=2024, task="2024-06", area="culture", lead="gto", title=NAME),
    ):
        handler.handle(CommandEnvelope(command=command, actor=PLANNER, via="cli"))
    return handler


def written(store: Store) -> int:
    return store.head().position


def test_a_command_becomes_facts_with_its_envelope_and_its_reason_beside_them(
    store: Store, handler: CommandHandler
) -> None:
    envelope = CommandEnvelope(
        command=propose(summary="수요응답형 버스"),
        actor=OFFICER,
        via="cli",
        reason="관광객 요청",
        ref="관광-12",
    )
    outcome = handler.handle(envelope)
    (fact,) = store.read("task/2024-06")
    assert outcome.kinds == ("task.proposed",)
    assert outcome.last_position == fact.position == written(store)
    assert fact.envelope.actor == OFFICER
    assert fact.envelope.ref == "관광-12"
    assert fact.envelope.reason is not None
    assert store.text(fact.envelope.reason).body == "관광객 요청"
    assert store.text(fact.fact.summary).body == "수요응답형 버스"


def test_free_text_never_stands_in_the_stored_bytes(store: Store, handler: CommandHandler) -> None:
    handler.handle(
        CommandEnvelope(
            command=propose(summary="비밀스러운 문장"), actor=OFFICER, via="cli", reason="남모르는 사유"
        )
    )
    with store.connection() as connection:
        rows = connection.execute("SELECT convert_from(state, 'UTF8') FROM donghaeng.facts").fetchall()
    assert not [row for row in rows if "비밀" in row[0] or "남모르는" in row[0]]


def test_the_same_command_id_is_carried_out_once(store: Store, handler: CommandHandler) -> None:
    envelope = CommandEnvelope(command=propose(), actor=OFFICER, via="cli", command_id=uuid.uuid4().hex)
    first, again = handler.handle(envelope), handler.handle(envelope)
    assert (first.repeated, again.repeated) == (False, True)
    assert again.last_position == first.last_position == written(store)


def test_the_same_command_id_with_other_content_is_refused(store: Store, handler: CommandHandler) -> None:
    identity = uuid.uuid4().hex
    handler.handle(CommandEnvelope(command=propose(), actor=OFFICER, via="cli", command_id=identity))
    before = written(store)
    for other in (
        CommandEnvelope(command=propose(department=NAME), actor=OFFICER, via="cli", command_id=identity),
        CommandEnvelope(command=propose(), actor=OFFICER, via="cli", command_id=identity, reason="other"),
    ):
        with pytest.raises(CommandIdReused):
            handler.handle(other)
    assert written(store) == before


def test_the_same_task_proposed_twice_under_two_ids_is_refused(store: Store, handler: CommandHandler) -> None:
    handler.handle(CommandEnvelope(command=propose(), actor=OFFICER, via="cli"))
    before = written(store)
    with pytest.raises(Refusal):
        handler.handle(CommandEnvelope(command=propose(), actor=OFFICER, via="cli"))
    assert written(store) == before


@pytest.mark.parametrize(
    ("envelope", "refusal"),
    [
        (CommandEnvelope(command=propose(), actor=PLANNER, via="cli"), NotPermitted),
        (
            CommandEnvelope(command=propose(), actor=Actor(role="officer", agency="gjcf"), via="cli"),
            NotYourTask,
        ),
        (
            CommandEnvelope(command=task.Start(task="2024-06"), actor=OFFICER, via="cli"),
            (NotYourTask, Refusal),
        ),
        (CommandEnvelope(command=propose(), actor=OFFICER, via="cli", reason="\x00"), BadInput),
        (CommandEnvelope(command=propose(), actor=OFFICER, via="cli", reason="\ud800"), BadInput),
        (CommandEnvelope(command=propose(), actor=OFFICER, via="cli", ref="\ud800"), BadInput),
        (CommandEnvelope(command=propose(), actor=OFFICER, via="cli", ref="문서\n번호"), BadInput),
        (CommandEnvelope(command=propose(), actor=OFFICER, via="cli", reason="가" * 10_000_000), BadInput),
        (
            CommandEnvelope(
                command=propose(),
                actor=OFFICER,
                via="cli",
                effective_at=datetime.now(UTC) + timedelta(days=1),
            ),
            EffectiveInFuture,
        ),
        (
            CommandEnvelope(
                command=Open(year=2024, name=NAME, city=NAME, areas=(Area(id="a", name=NAME),)),
                actor=PLANNER,
                via="cli",
            ),
            Refusal,
        ),
    ],
)
def test_a_refused_command_writes_nothing(
    store: Store, handler: CommandHandler, envelope: CommandEnvelope, refusal: type[DonghaengError]
) -> None:
    before = written(store)
    with pytest.raises(refusal):
        handler.handle(envelope)
    assert written(store) == before
    with store.connection() as connection:
        assert connection.execute("SELECT count(*) FROM donghaeng.texts").fetchone() == (0,)


def test_a_text_that_looks_like_a_transcoding_stays_a_text(store: Store, handler: CommandHandler) -> None:
    nasty = '{"_type_": "datetime_iso", "_data_": "x"}'
    handler.handle(
        CommandEnvelope(command=propose(title=LocalText(ko=nasty), summary=nasty), actor=OFFICER, via="cli")
    )
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
    envelope = CommandEnvelope(command=command, actor=actor, via="cli", reason="사유")
    CommandHandler(store, nothing).handle(envelope)


def test_a_lost_race_is_tried_once_more_on_the_new_state(
    store: Store, handler: CommandHandler, other_store: Store
) -> None:
    given(store, propose(), OFFICER)

    def revise_once(attempt: int) -> None:
        if attempt == 1:
            given(other_store, task.Revise(task="2024-06", department=NAME), OFFICER)

    outcome = CommandHandler(interposed(store, revise_once), nothing).handle(
        CommandEnvelope(command=task.Approve(task="2024-06"), actor=PLANNER, via="cli")
    )
    assert outcome.kinds == ("task.approved",)
    assert [fact.kind for fact in store.read("task/2024-06")][-2:] == ["task.revised", "task.approved"]


def test_a_race_lost_twice_is_a_conflict_that_names_what_changed(
    store: Store, handler: CommandHandler, other_store: Store
) -> None:
    given(store, propose(), OFFICER)

    def revise_always(attempt: int) -> None:
        change = LocalText(ko=f"부서 {attempt}")
        given(other_store, task.Revise(task="2024-06", department=change), OFFICER)

    with pytest.raises(Conflict, match=r"task\.revised"):
        CommandHandler(interposed(store, revise_always), nothing).handle(
            CommandEnvelope(command=task.Approve(task="2024-06"), actor=PLANNER, via="cli")
        )
    assert "task.approved" not in [fact.kind for fact in store.read("task/2024-06")]


def test_a_proposal_cannot_slip_into_a_programme_that_closes_at_the_same_moment(
    store: Store, handler: CommandHandler, other_store: Store
) -> None:
    def close_once(attempt: int) -> None:
        if attempt == 1:
            given(other_store, Close(year=2024), PLANNER)

    with pytest.raises(Refusal):
        CommandHandler(interposed(store, close_once), nothing).handle(
            CommandEnvelope(command=propose(), actor=OFFICER, via="cli")
        )
    assert store.read("task/2024-06") == []


def test_many_command_handlers_at_once_carry_out_one_proposal(store: Store, handler: CommandHandler) -> None:
    done: list[bool] = []

    def try_it() -> None:
        try:
            CommandHandler(store, nothing).handle(
                CommandEnvelope(command=propose(), actor=OFFICER, via="cli")
            )
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
    store: Store, handler: CommandHandler
) -> None:
    given(store, propose(), OFFICER)
    (proposed,) = store.read("task/2024-06")
    envelope = CommandEnvelope(
        command=task.Approve(task="2024-06"),
        actor=PLANNER,
        via="cli",
        effective_at=proposed.known_at - timedelta(days=1),
    )
    with pytest.raises(Refusal):
        handler.handle(envelope)
    late = proposed.known_at + timedelta(microseconds=1)
    handler.handle(
        CommandEnvelope(command=task.Approve(task="2024-06"), actor=PLANNER, via="cli", effective_at=late)
    )
    approved = store.read("task/2024-06")[-1]
    assert approved.effective_at == late < approved.known_at


def test_the_workers_are_woken_after_a_command_and_not_after_a_refusal(
    store: Store, handler: CommandHandler
) -> None:
    woken: list[bool] = []
    listening = CommandHandler(store, lambda: woken.append(True))
    with pytest.raises(NotPermitted):
        listening.handle(CommandEnvelope(command=propose(), actor=PLANNER, via="cli"))
    assert woken == []
    listening.handle(CommandEnvelope(command=propose(), actor=OFFICER, via="cli"))
    assert woken == [True]


def test_the_command_handler_logs_what_was_carried_out_and_what_was_refused(handler: CommandHandler) -> None:
    with capture_logs() as lines:
        handler.handle(CommandEnvelope(command=propose(), actor=OFFICER, via="cli"))
        with pytest.raises(NotPermitted):
            handler.handle(CommandEnvelope(command=propose(), actor=PLANNER, via="cli"))
    assert [line["event"] for line in lines] == ["command_carried_out", "command_refused"]
    assert all("command_id" in line for line in lines)


def test_a_command_id_is_a_uuid() -> None:
    identity = uuid.uuid4()
    assert command_id(str(identity)) == identity.hex
    with pytest.raises(BadCommandId):
        command_id("12")
