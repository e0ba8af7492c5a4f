"""What a decision gives is carried out with it or nothing is, also where several commands are given at once."""

from __future__ import annotations

from datetime import date

import pytest

from domain.agency.commands import Register
from domain.meeting import commands as c
from domain.meeting.refusals import DecisionNotCarriedOut
from domain.position.commands import Declare
from domain.programme.commands import AddTask, Open
from domain.programme.facts import Area
from domain.streams import meeting_stream, task_stream
from domain.task.commands import Approve, Propose, Reject
from domain.values import LocalText, Plan
from store.envelope import Actor
from store.log import Store
from tests.workflows.worlds import OFFICER, PLANNER, World
from workflows.command_envelope import CommandEnvelope
from workflows.commands_at_once import SomeRefused
from workflows.draft import Draft

MEETING, TASKS = "heads-2024-1", ("2024-01", "2024-02")
TITLE = LocalText(ko="제목")
PLAN = Plan(start=date(2024, 3, 4), end=date(2024, 11, 29), budget_krw=1000)


@pytest.fixture
def world(simulated_store: Store) -> World:
    """A meeting that is open, and two tasks of which the first is proposed."""
    world = World(simulated_store)
    area = Area(id="culture", name=TITLE)
    world.give(Open(year=2024, name=TITLE, city=TITLE, areas=(area,), definition="donghaeng-2024/2"))
    world.give(Register(agency="gto", name=TITLE))
    for task in TASKS:
        world.give(AddTask(year=2024, task=task, area="culture", lead="gto", title=TITLE))
    world.give(
        Propose(task=TASKS[0], title=TITLE, area="culture", lead="gto", plan=PLAN, summary="요약"), OFFICER
    )
    called = c.Call(
        meeting=MEETING, year=2024, title=TITLE, on=date(2024, 2, 1), venue=TITLE, format="briefing"
    )
    world.give(called)
    world.give(Declare(position="mayor", title=TITLE))
    world.give(c.Open(meeting=MEETING, chairs=("position/mayor",)))
    return world


def decide(*given: c.GivenCommand) -> c.Decide:
    return c.Decide(meeting=MEETING, wording=TITLE, commands=given)


def approve(task: str) -> c.GivenCommand:
    return c.GivenCommand("task.approve", f'{{"task":"{task}"}}')


def envelope(command: object, actor: Actor = PLANNER) -> CommandEnvelope:
    return CommandEnvelope(command=command, actor=actor, via="cli")  # type: ignore[arg-type]


def test_what_was_decided_before_the_refusal_is_not_seen_by_what_comes_after(world: World) -> None:
    """The second command of the two would be refused, were anything of the first still there."""
    both = [envelope(decide(approve(TASKS[0]), approve(TASKS[1]))), envelope(Approve(task=TASKS[0]))]
    before = world.store.head().position
    with pytest.raises(SomeRefused) as refused:
        world.handler.handle_all(both)
    ((place, problem),) = refused.value.faults
    assert (place, type(problem)) == (0, DecisionNotCarriedOut)
    assert world.store.head().position == before


def test_the_control_without_going_back_it_would_be(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Draft, "go_back_to", lambda *_: None)
    both = [envelope(decide(approve(TASKS[0]), approve(TASKS[1]))), envelope(Approve(task=TASKS[0]))]
    with pytest.raises(SomeRefused) as refused:
        world.handler.handle_all(both)
    assert [place for place, _ in refused.value.faults] == [0, 1]


def test_each_of_its_commands_sees_what_those_before_it_made(world: World) -> None:
    twice = decide(approve(TASKS[0]), approve(TASKS[0]))
    with pytest.raises(DecisionNotCarriedOut) as refused:
        world.handler.handle(envelope(twice))
    assert "2024-01" in refused.value.say("en")
    assert world.kinds(meeting_stream(MEETING)) == ["meeting.called", "meeting.opened"]


def test_a_decision_is_carried_out_once_under_its_id(world: World) -> None:
    given = envelope(decide(approve(TASKS[0])))
    outcome = world.handler.handle(given)
    assert outcome.kinds == ("meeting.decided", "task.approved")
    again = world.handler.handle(given)
    assert again.repeated
    assert (again.first_position, again.last_position) == (outcome.first_position, outcome.last_position)
    assert world.kinds(task_stream(TASKS[0])) == ["task.proposed", "task.approved"]


def test_a_decision_in_a_batch_has_the_facts_of_its_commands_for_its_own(world: World) -> None:
    note = envelope(c.Note(meeting=MEETING, text="토의"))
    outcomes = world.handler.handle_all([envelope(decide(approve(TASKS[0]))), note])
    assert [one.kinds for one in outcomes] == [("meeting.decided", "task.approved"), ("meeting.noted",)]
    assert outcomes[1].first_position == outcomes[0].last_position + 1


def test_a_reason_that_a_command_needs_is_the_decisions_and_stands_with_both(world: World) -> None:
    reject = decide(c.GivenCommand("task.reject", f'{{"task":"{TASKS[0]}"}}'))
    assert Reject.asks_why("planner")
    with pytest.raises(DecisionNotCarriedOut):
        world.handler.handle(envelope(reject))
    world.give_for(reject, "예산 부족")
    decided, rejected = (
        world.store.read(one)[-1] for one in (meeting_stream(MEETING), task_stream(TASKS[0]))
    )
    assert decided.envelope.reason == rejected.envelope.reason is not None
