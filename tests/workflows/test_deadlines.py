"""What is due of a task: the same from the same state, definition and calendars, and counted anew when they change."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from domain.agency.commands import Register
from domain.calendar import commands as calendar
from domain.calendar.facts import CalendarOpened
from domain.calendar.reckoning import Calendars
from domain.calendar.state import Calendar, evolve
from domain.errors import BadInput
from domain.programme.commands import AddTask, Open
from domain.programme.facts import Area
from domain.task import commands as t
from domain.task.basis import basis_of
from domain.task.facts import Evaluated, ProgressReported, Returned, Started, Suspended
from domain.task.refusals_of_changes import CalendarChanged, DeadlinesOutdated
from domain.task.state import TASK, Task
from domain.values import LocalText, Milestone, Plan, TextRef
from projections.deadlines import DEADLINES, tasks_due, tasks_to_count
from projections.runner import project
from store.envelope import Actor
from store.log import Store
from tests.domain.examples import APPROVED, PROPOSED, fold
from tests.domain.examples import TASK_ID as EXAMPLE
from workers.sweeping import sweep
from workflows.automation.counting import COUNTING
from workflows.automation.deadlines import count_deadline, open_deadlines, setting
from workflows.automation.reacting import Memory, Tick
from workflows.automation.rescheduling import deadlines_moved_by, reschedule
from workflows.calendars import calendars, opening
from workflows.command_envelope import CommandEnvelope
from workflows.command_handler import CommandHandler
from workflows.definitions.adopted import definitions_of
from workflows.definitions.templates import (
    NotADefinition,
    files_of_templates,
    read_definition,
    templates,
)

PLANNER, OFFICER = Actor(role="planner"), Actor(role="officer", agency="gto")
NAME = LocalText(ko="이름", en="name")
PLAN = Plan(
    start=date(2024, 3, 1),
    end=date(2024, 9, 30),
    budget_krw=1,
    milestones=(Milestone(id="half", name=NAME, due=date(2024, 6, 15)),),
)
BY = templates()["donghaeng-2024/1"]


def known(*without: date, years: tuple[int, ...] = (2024, 2025)) -> Calendars:
    made = {}
    for year in years:
        command = opening(year, [day for day in without if day.year == year])
        fact = CalendarOpened(year=year, holidays=command.holidays, source=command.source)
        made[year] = evolve(Calendar(), fact, datetime(2024, 1, 2, tzinfo=UTC), 1)
    return made


ARMED_FORCES = date(2024, 10, 1)
CALENDARS = known(ARMED_FORCES)


class TestOfAState:
    """Pure: the state comes in, the deadlines come out."""

    def task(self, *facts: Any, at: datetime = datetime(2024, 3, 7, 3, tzinfo=UTC)) -> Task:
        return replace(fold(TASK, facts, at), plan=PLAN)  # type: ignore[no-any-return]

    def due(self, task: Task, calendars: Calendars = CALENDARS) -> list[tuple[Any, ...]]:
        counts = open_deadlines(basis_of(task), BY, calendars)
        return [(one.kind, one.item, str(one.due)) for one in counts.deadlines]

    def test_the_city_decides_within_ten_business_days(self) -> None:
        assert self.due(self.task(PROPOSED)) == [("decision", None, "2024-03-21")]

    def test_a_return_is_answered_within_five(self) -> None:
        assert self.due(self.task(PROPOSED, Returned())) == [("answer", None, "2024-03-14")]

    def test_work_starts_on_the_plans_first_business_day(self) -> None:
        assert self.due(self.task(PROPOSED, APPROVED)) == [("start", None, "2024-03-04")]

    def test_while_it_runs_quarters_milestones_and_the_end_are_due(self) -> None:
        task = self.task(PROPOSED, APPROVED, Started(on=date(2024, 3, 7)))
        assert self.due(task) == [
            ("progress", "2024-Q1", "2024-04-05"),
            ("progress", "2024-Q2", "2024-07-05"),
            ("progress", "2024-Q3", "2024-10-08"),
            ("milestone", "half", "2024-06-17"),
            ("final_report", None, "2024-10-16"),
        ]

    def test_what_is_reported_is_due_no_more(self) -> None:
        report = ProgressReported(
            percent=30, text=TextRef(id="0" * 32, commitment="a" * 64), milestones=("half",)
        )
        task = self.task(
            PROPOSED, APPROVED, Started(on=date(2024, 3, 7)), report, at=datetime(2024, 7, 2, tzinfo=UTC)
        )
        assert [one[:2] for one in self.due(task)] == [("progress", "2024-Q3"), ("final_report", None)]

    def test_a_suspended_task_owes_nothing_and_a_finished_one_neither(self) -> None:
        started = (PROPOSED, APPROVED, Started(on=date(2024, 3, 7)))
        assert self.due(self.task(*started, Suspended())) == []
        assert self.due(self.task(*started, Evaluated(score="80", grade="B"))) == []

    def test_a_proclaimed_day_moves_it_and_says_so(self) -> None:
        task = self.task(PROPOSED, APPROVED, Started(on=date(2024, 3, 7)))
        assert ("final_report", None, "2024-10-17") in self.due(task, known())

    def test_it_is_recounted_from_what_was_recorded(self) -> None:
        (one,) = open_deadlines(basis_of(self.task(PROPOSED)), BY, CALENDARS).found
        assert count_deadline(one.deadline, CALENDARS) == one
        assert len(one.reckoned.counted) == 10


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (("within = 10 ", "within = -1 "), "within"),
        (('who = "city"', 'who = "mayor"'), "who"),
        (('stage = "proposed"', 'stage = "dreaming"'), "stage"),
        (('condition = "returned"', 'condition = "rated"'), "deadlines"),
        (('kind = "answer"', 'kind = "decision"'), "deadlines"),
        (('start = "plan_end"', 'start = "new_year"'), "start"),
        (("version = 1", "version = 1\ncolour = 'red'"), "colour"),
    ],
)
def test_a_definition_that_cannot_be_is_refused_with_its_place(
    tmp_path: Path, change: tuple[str, str], field: str
) -> None:
    text = files_of_templates()["donghaeng-2024/1"].read_text(encoding="utf-8")
    assert change[0] in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_definition(path)
    assert field in refused.value.say("ko")


def test_what_is_no_definition_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("name = [", encoding="utf-8")
    for path in (tmp_path / "a.toml", tmp_path / "b.toml"):
        with pytest.raises(NotADefinition):
            read_definition(path)
    assert set(templates()) == {"donghaeng-2024/1", "donghaeng-2024/2", "donghaeng-2024/3"}


@pytest.fixture
def handler(simulated_store: Store) -> CommandHandler:
    """A year with three tasks on its list, one of them proposed, on 7 March 2024."""
    handler = CommandHandler(simulated_store, lambda: None)
    simulated_store.move_clock(datetime(2024, 3, 7, 3, tzinfo=UTC))
    commands = (
        (Open(year=2024, name=NAME, city=NAME, areas=(Area(id="culture", name=NAME),)), PLANNER),
        (Register(agency="gto", name=NAME), PLANNER),
        *(
            (AddTask(year=2024, task=f"2024-0{n}", area="culture", lead="gto", title=NAME), PLANNER)
            for n in (1, 2, 3)
        ),
        (t.Propose(task="2024-01", title=NAME, area="culture", lead="gto", plan=PLAN), OFFICER),
    )
    for command, actor in commands:
        handler.handle(CommandEnvelope(command=command, actor=actor, via="cli"))
    return handler


@pytest.fixture
def opened(handler: CommandHandler) -> CommandHandler:
    for command in (opening(2024, [ARMED_FORCES]), opening(2025)):
        handler.handle(CommandEnvelope(command=command, actor=PLANNER, via="cli"))
    return handler


class Engine:
    def __init__(self, store: Store, handler: CommandHandler) -> None:
        self.store, self.handler = store, handler


def swept(store: Store, handler: CommandHandler, memory: Memory | None = None) -> int:
    project(store, DEADLINES)
    done = sweep(Engine(store, handler), memory)  # type: ignore[arg-type]
    project(store, DEADLINES)
    return done


def due(store: Store) -> dict[str, list[str]]:
    return {row.task: [f"{one.kind} {one.due}" for one in row.deadlines] for row in tasks_due(store)}


class TestInTheStore:
    def test_the_system_records_them_by_rule_with_what_it_looked_at(
        self, simulated_store: Store, opened: CommandHandler
    ) -> None:
        assert swept(simulated_store, opened) == 1
        assert due(simulated_store) == {"2024-01": ["decision 2024-03-21"]}
        fact = simulated_store.read("task/2024-01")[-1]
        assert (fact.envelope.actor.role, fact.envelope.via) == ("system", "rule")
        assert fact.envelope.cause is not None
        assert (fact.envelope.cause.rule, fact.envelope.cause.rule_version) == ("task.deadlines", BY.identity)
        assert [(one.year, one.version) for one in fact.fact.calendars] == [(2024, 1)]

    def test_they_follow_the_task_and_two_sweeps_do_it_once(
        self, simulated_store: Store, opened: CommandHandler
    ) -> None:
        swept(simulated_store, opened)
        opened.handle(CommandEnvelope(command=t.Approve(task="2024-01"), actor=PLANNER, via="cli"))
        project(simulated_store, DEADLINES)
        envelopes = COUNTING.envelopes(Tick(simulated_store))
        assert [one.repeated for one in opened.handle_all(envelopes)] == [False]
        assert [one.repeated for one in opened.handle_all(envelopes)] == [True]
        project(simulated_store, DEADLINES)
        assert due(simulated_store) == {"2024-01": ["start 2024-03-04"]}

    def test_nothing_is_counted_twice_where_nothing_moves(
        self, simulated_store: Store, opened: CommandHandler
    ) -> None:
        memory = Memory()
        swept(simulated_store, opened, memory)
        opened.handle(
            CommandEnvelope(command=t.Revise(task="2024-01", department=NAME), actor=OFFICER, via="cli")
        )
        position = simulated_store.head().position
        assert swept(simulated_store, opened, memory) == 0
        assert tasks_to_count(simulated_store) == []
        assert simulated_store.head().position == position

    def test_one_that_was_counted_on_an_older_state_is_refused(
        self, simulated_store: Store, opened: CommandHandler
    ) -> None:
        project(simulated_store, DEADLINES)
        (envelope,) = COUNTING.envelopes(Tick(simulated_store))
        opened.handle(CommandEnvelope(command=t.Approve(task="2024-01"), actor=PLANNER, via="cli"))
        with pytest.raises(DeadlinesOutdated):
            opened.handle(envelope)

    def test_a_proclaimed_day_is_shown_and_then_moves_all_it_touches_in_one_append(
        self, simulated_store: Store, opened: CommandHandler
    ) -> None:
        self.running(simulated_store, opened)
        proclaim = calendar.Proclaim(day=ARMED_FORCES, title=LocalText(ko="국군의 날"))
        then, moved = deadlines_moved_by(simulated_store, proclaim)
        assert [(one.task, one.deadline.kind, str(one.deadline.due), str(one.to)) for one in moved] == [
            ("2024-01", "progress", "2024-10-08", "2024-10-10"),
            ("2024-01", "final_report", "2024-10-16", "2024-10-17"),
        ]
        envelopes = reschedule(simulated_store, then, [one.task for one in moved])
        opened.handle_all([CommandEnvelope(command=proclaim, actor=PLANNER, via="cli"), *envelopes])
        project(simulated_store, DEADLINES)
        assert "final_report 2024-10-17" in due(simulated_store)["2024-01"]
        assert "progress 2024-07-05" in due(simulated_store)["2024-01"]
        assert swept(simulated_store, opened) == 0

    def test_where_only_the_calendar_changed_the_next_sweep_moves_them(
        self, simulated_store: Store, opened: CommandHandler
    ) -> None:
        self.running(simulated_store, opened)
        memory = Memory()
        assert swept(simulated_store, opened, memory) == 0
        proclaim = calendar.Proclaim(day=ARMED_FORCES, title=LocalText(ko="국군의 날"))
        opened.handle(CommandEnvelope(command=proclaim, actor=PLANNER, via="cli"))
        assert swept(simulated_store, opened, memory) == 1
        assert "final_report 2024-10-17" in due(simulated_store)["2024-01"]
        assert swept(simulated_store, opened, memory) == 0

    def test_a_calendar_that_changes_between_counting_and_recording_is_noticed(
        self, simulated_store: Store, opened: CommandHandler
    ) -> None:
        facts = simulated_store.read("task/2024-01")
        envelope = setting(
            "task/2024-01",
            facts,
            calendars(simulated_store, [2024, 2025]),
            definitions_of(simulated_store),
            simulated_store.id,
        )
        assert envelope is not None
        opened.handle(
            CommandEnvelope(
                command=calendar.Proclaim(day=ARMED_FORCES, title=LocalText(ko="국군의 날")),
                actor=PLANNER,
                via="cli",
            )
        )
        with pytest.raises(CalendarChanged):
            opened.handle(envelope)

    def running(self, store: Store, handler: CommandHandler) -> None:
        for command, actor in ((t.Approve(task="2024-01"), PLANNER), (t.Start(task="2024-01"), OFFICER)):
            handler.handle(CommandEnvelope(command=command, actor=actor, via="cli"))
        assert swept(store, handler) == 1


def test_the_example_task_lives_by_the_definition_that_comes_along() -> None:
    assert PROPOSED.definition in templates()
    assert EXAMPLE
