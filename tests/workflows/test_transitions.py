"""What happens by rule: on its day, once, with what it looked at; and why not yet."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from msgspec.structs import replace
from structlog.testing import capture_logs

from domain.agency.commands import Register
from domain.errors import BadInput
from domain.programme.commands import AddTask, Open, SetContact
from domain.programme.facts import Area
from domain.streams import programme_stream
from domain.task import commands as t
from domain.values import LocalText, Plan
from projections.deadlines import DEADLINES
from projections.runner import project
from store.log import Store
from tests.workflows.worlds import OFFICER, PLANNER, STREAM, World
from workers.sweeping import sweep
from workflows.automation.reacting import Memory, Tick
from workflows.automation.steps import next_due
from workflows.automation.transitions import TRANSITIONS
from workflows.calendars import opening
from workflows.command_envelope import CommandEnvelope
from workflows.definitions.templates import files_of_templates, read_definition
from workflows.explaining_in_words import describe_task
from workflows.explaining_tasks import Why, why
from workflows.overdue import list_overdue
from workflows.queries.rules import in_language

NAME = LocalText(ko="이름", en="name")
TASK = "2024-01"
SATURDAY = date(2024, 6, 1)
PLAN = Plan(start=SATURDAY, end=date(2024, 11, 29), budget_krw=1)


@pytest.fixture
def world(simulated_store: Store) -> World:
    """A task that was proposed on 7 March 2024, to begin on Saturday 1 June."""
    made = World(simulated_store)
    simulated_store.move_clock(datetime(2024, 3, 7, 3, tzinfo=UTC))
    for command in (
        opening(2024),
        opening(2025),
        Open(year=2024, name=NAME, city=NAME, areas=(Area(id="culture", name=NAME),)),
        Register(agency="gto", name=NAME),
        AddTask(year=2024, task=TASK, area="culture", lead="gto", title=NAME),
    ):
        made.give(command)
    made.give(t.Propose(task=TASK, title=NAME, area="culture", lead="gto", plan=PLAN), OFFICER)
    return made


def explain(world: World) -> Why:
    return why(world.store, world.handler, TASK, world.store.read(STREAM))


@pytest.fixture
def approved(world: World) -> World:
    world.give(t.Approve(task=TASK))
    assert world.at(2024, 3, 8) == 0
    return world


def test_an_approved_task_begins_on_its_plans_first_business_day_in_seoul(approved: World) -> None:
    assert next_due(approved.store) == datetime(2024, 6, 2, 15, tzinfo=UTC)
    assert approved.at(2024, 6, 2, 14, 59, 59) == 0
    assert approved.at(2024, 6, 2, 15) == 1
    assert approved.kinds() == ["task.proposed", "task.approved", "task.started"]
    assert approved.at(2024, 6, 4) == 0


def test_it_says_by_which_rule_of_which_version_and_on_what_it_looked(approved: World) -> None:
    approved.at(2024, 6, 3)
    facts = approved.store.read(STREAM)
    started = next(fact for fact in facts if fact.kind == "task.started")
    cause = started.envelope.cause
    assert cause is not None
    assert (started.envelope.actor.role, started.envelope.authn) == ("system", "system")
    assert (cause.rule, cause.rule_version) == ("start_as_planned", "donghaeng-2024/1")
    looked_at = facts[int(str(cause.due).partition("#")[2]) - 1]
    assert looked_at.kind == "task.deadlines_set"
    assert [(act.rule, str(act.on)) for act in looked_at.fact.acts] == [("start_as_planned", "2024-06-03")]


def test_not_before_the_bar_that_the_plan_holds(world: World) -> None:
    barred = Plan(start=SATURDAY, end=PLAN.end, budget_krw=1, not_before=date(2024, 7, 1))
    world.give(t.Revise(task=TASK, plan=barred), OFFICER)
    world.give(t.Approve(task=TASK))
    assert world.at(2024, 6, 30, 14) == 0
    assert world.at(2024, 6, 30, 15) == 1


def test_who_is_faster_than_the_rule_is_not_doubled(approved: World) -> None:
    approved.store.move_clock(datetime(2024, 6, 3, tzinfo=UTC))
    project(approved.store, DEADLINES)
    envelopes = TRANSITIONS.envelopes(Tick(approved.store))
    approved.give(t.Start(task=TASK), OFFICER)
    with capture_logs() as lines:
        assert sweep(approved, approved.memory) == 0  # type: ignore[arg-type]
    assert [line["refusal"] for line in lines if line["event"] == "sweep_refused"] == ["NotAllowedNow"]
    assert len(envelopes) == 1
    assert approved.at(2024, 6, 4) == 0
    assert approved.kinds().count("task.started") == 1


def test_many_sweeps_at_once_do_it_once(approved: World) -> None:
    approved.store.move_clock(datetime(2024, 6, 3, tzinfo=UTC))
    project(approved.store, DEADLINES)
    done: list[int] = []
    threads = [
        threading.Thread(target=lambda: done.append(sweep(approved, Memory())))  # type: ignore[arg-type]
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) >= 1
    assert approved.kinds().count("task.started") == 1


def test_a_return_that_nobody_answers_lapses_the_day_after_its_deadline(world: World) -> None:
    world.give(t.Return(task=TASK))
    assert world.at(2024, 3, 14, 14) == 0, "five business days after the 7th: the whole of the 14th"
    assert world.at(2024, 3, 14, 15) == 1
    assert world.kinds()[-1] == "task.withdrawn"


def test_one_that_is_answered_does_not(world: World) -> None:
    world.give(t.Return(task=TASK))
    world.at(2024, 3, 12)
    world.give(t.Revise(task=TASK, department=NAME), OFFICER)
    assert world.at(2024, 3, 25) == 0
    assert world.kinds()[-1] == "task.revised"


@pytest.mark.parametrize("until", ["running", "suspended", "reported"])
def test_what_is_unfinished_after_february_is_carried_over_and_the_year_closes(
    approved: World, until: str
) -> None:
    approved.at(2024, 6, 3)
    if until == "suspended":
        approved.give(t.Suspend(task=TASK))
    elif until == "reported":
        approved.give(t.SubmitFinalReport(task=TASK, text="마쳤다."), OFFICER)
    approved.at(2025, 2, 28, 14)
    assert approved.at(2025, 2, 28, 15) == 2
    last = approved.store.read(STREAM)
    assert [one.fact.to_year for one in last if one.kind == "task.carried_over"] == [2025]
    assert approved.kinds(programme_stream(2024))[-1] == "programme.closed"
    assert approved.at(2025, 3, 5) == 0


def test_a_missed_sweep_is_caught_up_and_until_then_the_audit_finds_it(approved: World) -> None:
    assert list_overdue(approved.store, approved.handler) == []
    approved.store.move_clock(datetime(2024, 6, 2, 15, 0, 30, tzinfo=UTC))
    assert list_overdue(approved.store, approved.handler) == [], "a minute's grace"
    approved.store.move_clock(datetime(2024, 6, 20, tzinfo=UTC))
    (undone,) = list_overdue(approved.store, approved.handler)
    assert (undone.stream, undone.rule, str(undone.on)) == (STREAM, "start_as_planned", "2024-06-03")
    assert approved.at(2024, 6, 20) == 1
    assert list_overdue(approved.store, approved.handler) == []


def test_the_audit_needs_no_view(approved: World, owner_dsn: str) -> None:
    approved.store.move_clock(datetime(2024, 6, 20, tzinfo=UTC))
    with approved.store.connection() as connection:
        connection.execute(f"DELETE FROM {DEADLINES.table}".encode())
    assert [one.stream for one in list_overdue(approved.store, approved.handler)] == [STREAM]


def test_without_the_rule_nothing_happens(approved: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr("workflows.automation.transitions.tasks_to_act_on", lambda *_: [])
    assert approved.at(2024, 6, 20) == 0
    assert approved.kinds()[-1] == "task.approved"


def test_why_tells_what_comes_next_what_it_waits_for_and_what_does_not_act(approved: World) -> None:
    found = explain(approved)
    assert [(one.rule, str(one.on)) for one in found.next] == [("start_as_planned", "2024-06-03")]
    assert [(one.kind, str(one.due)) for one in found.waits] == [("start", "2024-06-03")]
    assert "lapse_unanswered" in {one.rule for one in found.idle}
    assert "start_as_planned" not in {one.rule for one in found.idle}
    korean = dict(describe_task(in_language(found, "ko", {}), "ko"))
    assert "2024-06-03 start_as_planned: 승인된 과제는" in korean["다음에 규칙이 할 일"][0]
    approved.at(2024, 6, 3)
    after = explain(approved)
    assert [(one.kind, one.rule) for one in after.done if one.kind == "task.started"] == [
        ("task.started", "start_as_planned")
    ]


START = 'rule = "start_as_planned"\ncommand = "'


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ((f"{START}task.start", f"{START}task.withdraw"), None),
        ((f"{START}task.start", f"{START}task.carry_over"), "task.carry_over"),
        ((f"{START}task.start", f"{START}task.fly"), "task.fly"),
        (('deadline = "start"', 'deadline = "answer"'), "transitions[start_as_planned].deadline"),
        (('deadline = "start"', ""), "deadline"),
        (('rule = "lapse_unanswered"', 'rule = "start_as_planned"'), "start_as_planned"),
        (('condition = "suspended"', 'condition = "reported"'), "suspended"),
    ],
)
def test_a_definition_whose_rules_cannot_be_is_refused(
    tmp_path: Path, change: tuple[str, str], said: str | None
) -> None:
    text = files_of_templates()["donghaeng-2024/1"].read_text(encoding="utf-8")
    assert change[0] in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(*change), encoding="utf-8")
    if said is None:
        assert read_definition(path)
        return
    with pytest.raises(BadInput) as refused:
        read_definition(path)
    assert said in refused.value.say("en")


@pytest.mark.parametrize(
    "off", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=1), timedelta(days=-1)]
)
def test_a_ticker_whose_clock_is_wrong_acts_on_the_stores_day(approved: World, off: timedelta) -> None:
    approved.store.move_clock(datetime(2024, 6, 2, 14, 59, tzinfo=UTC))
    with time_machine.travel(datetime(2024, 6, 2, 14, 59, tzinfo=UTC) + off, tick=True):
        assert approved.at(2024, 6, 2, 14, 59, 30) == 0
        assert approved.at(2024, 6, 2, 15) == 1


def test_a_final_report_opens_the_rating_and_its_result_ends_the_evaluation(approved: World) -> None:
    approved.at(2024, 6, 3)
    approved.give(t.SubmitFinalReport(task=TASK, text="마쳤다."), OFFICER)
    assert approved.at(2024, 6, 4) == 1
    assert approved.kinds()[-1] == "task.rating_opened"
    assert approved.at(2024, 6, 5) == 0, "nobody has rated yet"
    approved.give(t.Rate(task=TASK, score="81.5", raters=300))
    assert approved.at(2024, 6, 6) == 1
    *_, last = [one for one in approved.store.read(STREAM) if one.kind == "task.evaluated"]
    assert (last.fact.score, last.fact.grade) == ("81.5", "B")
    cause = last.envelope.cause
    assert (last.envelope.actor.role, cause.rule, cause.rule_version) == (
        "system",
        "complete_evaluation",
        "donghaeng-2024/1",
    )


def test_an_evaluation_by_hand_is_left_as_it_is(approved: World) -> None:
    approved.at(2024, 6, 3)
    approved.give(t.SubmitFinalReport(task=TASK, text="마쳤다."), OFFICER)
    approved.at(2024, 6, 4)
    approved.give(t.Evaluate(task=TASK, score="50", grade="D"))
    assert approved.at(2024, 6, 5) == 0
    assert approved.kinds()[-1] == "task.evaluated"


def test_a_rule_that_waits_for_the_rating_says_so(approved: World) -> None:
    approved.at(2024, 6, 3)
    approved.give(t.SubmitFinalReport(task=TASK, text="마쳤다."), OFFICER)
    approved.at(2024, 6, 4)
    found = explain(approved)
    idle = dict(describe_task(in_language(found, "ko", {}), "ko"))["지금 움직이지 않는 규칙"]
    assert [
        one
        for one in idle
        if one.startswith("complete_evaluation: 시민평가 결과가") and "결과를 기다림" in one
    ]
    assert [one for one in idle if one.startswith("start_as_planned") and "‘승인’ 과제에 적용" in one]


def test_a_rule_that_is_refused_holds_up_nothing_else(approved: World) -> None:
    """A proposal that nobody decides keeps the year open; reminders of it, and everything else by rule, go on."""
    approved.at(2024, 6, 3)
    approved.give(AddTask(year=2024, task="2024-02", area="culture", lead="gto", title=NAME))
    approved.give(SetContact(year=2024, office="planner", address="planner@city.example"))
    later = Plan(start=SATURDAY, end=date(2025, 12, 1), budget_krw=1)
    approved.store.move_clock(datetime(2025, 2, 20, 1, tzinfo=UTC))
    approved.give(t.Propose(task="2024-02", title=NAME, area="culture", lead="gto", plan=later), OFFICER)
    assert approved.at(2025, 3, 1) == 1
    assert approved.kinds()[-1] == "task.carried_over"
    assert "programme.closed" not in approved.kinds(programme_stream(2024))
    approved.at(2025, 3, 4, 1)
    approved.at(2025, 3, 4, 2)
    notices = [fact for chunk in approved.store.replay() for fact in chunk if fact.kind == "notice.due"]
    assert {(fact.fact.task, fact.fact.days) for fact in notices} == {("2024-02", -7), ("2024-02", -3)}


def test_a_year_is_left_open_while_the_calendar_after_it_is(simulated_store: Store) -> None:
    world = World(simulated_store)
    world.give(Open(year=2024, name=NAME, city=NAME, areas=(Area(id="culture", name=NAME),)))
    assert world.at(2026, 11, 26) == 0
    world.give(opening(2025))
    assert world.at(2026, 11, 27) == 1


def test_a_year_that_was_forgotten_closes_late(approved: World) -> None:
    approved.at(2024, 6, 3)
    assert approved.at(2026, 11, 26) == 2
    assert approved.kinds(programme_stream(2024))[-1] == "programme.closed"


def test_why_tells_on_which_inputs_a_rule_acted(approved: World) -> None:
    approved.at(2024, 6, 3)
    found = explain(approved)
    lines = dict(describe_task(in_language(found, "en", {}), "en"))["what rules did"]
    at = next(number for number, line in enumerate(lines) if "task.started" in line)
    assert lines[at + 1] == "    because: an approved task begins on its plan's first day"
    assert lines[at + 2].strip() == (
        "looked at: the task as of #3 (approved); the start 2024-06-03; to be done from 2024-06-03 on; "
        "calendar 2024 version 1"
    )
    assert [one.rule for one in found.next] == ["carry_over_unfinished"]


def test_why_tells_what_stands_in_the_way(world: World) -> None:
    """What is due in a year that is over, whose calendar nobody opened."""
    far = Plan(start=date(2023, 2, 1), end=date(2024, 11, 29), budget_krw=1)
    world.give(t.Revise(task=TASK, plan=far), OFFICER)
    world.give(t.Approve(task=TASK))
    world.at(2024, 3, 8)
    found = explain(world)
    assert dict(describe_task(in_language(found, "ko", {}), "ko"))["달력을 기다리는 기한"] == [
        "착수: 2023년 달력"
    ]
    assert list_overdue(world.store, world.handler) == []


def test_the_audit_says_what_refuses_it(approved: World) -> None:
    """A year that does not close, since a proposal of it was never decided."""
    approved.at(2024, 6, 3)
    approved.give(AddTask(year=2024, task="2024-02", area="culture", lead="gto", title=NAME))
    approved.give(t.Propose(task="2024-02", title=NAME, area="culture", lead="gto", plan=PLAN), OFFICER)
    approved.at(2025, 3, 1)
    (undone,) = list_overdue(approved.store, approved.handler)
    assert (undone.stream, undone.rule, str(undone.on)) == (
        programme_stream(2024),
        "programme.close_the_year",
        "2025-03-01",
    )
    assert "2024-02" in str(undone.hindrance)


def test_of_a_number_that_was_freed_nothing_is_due_until_it_is_proposed_anew(world: World) -> None:
    reason = {"actor": PLANNER, "via": "cli", "reason": "사유"}
    world.handler.handle(CommandEnvelope(command=t.Reject(task=TASK), **reason))  # type: ignore[arg-type]
    world.handler.handle(CommandEnvelope(command=t.FreeNumber(task=TASK), **reason))  # type: ignore[arg-type]
    told = len(world.reminded())
    world.at(2024, 3, 20)
    assert (world.due(), world.memory.uncountable) == ([], {})
    assert len(world.reminded()) == told
    first = world.last("task.proposed").fact
    plan = replace(first.plan, start=date(2024, 4, 1))
    again = t.Propose(task=TASK, title=first.title, area=first.area, lead=first.lead, plan=plan)
    world.give(again, OFFICER)
    world.at(2024, 3, 21)
    assert world.due(), "it is counted as any other proposal"
    world.give(t.Approve(task=TASK))
    assert world.at(2024, 4, 1) == 1
    assert world.kinds()[-1] == "task.started"
