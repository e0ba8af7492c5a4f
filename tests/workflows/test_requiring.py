"""What a definition requires: asked of people and rules alike, told by `why` and `doctor`, offered around, and never tried in a circle."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from domain.agency.commands import Register
from domain.definition.commands import Adopt
from domain.errors import Refusal
from domain.lifecycle import expressions
from domain.lifecycle.content import check_content, content_of
from domain.programme.commands import AddTask, Open
from domain.programme.facts import Area
from domain.task import commands as t
from domain.task.refusals import NotAllowedNow
from domain.values import LocalText, Plan
from projections.deadlines import DEADLINES
from projections.runner import project
from store.log import Store
from tests.workflows.worlds import OFFICER, PLANNER, STREAM, World
from workers.doctor.rules import rules
from workers.sweeping import sweep
from workflows.automation.reacting import Memory
from workflows.calendars import opening
from workflows.definitions.comparing import compare_definitions
from workflows.definitions.drawing import in_words
from workflows.definitions.enforcing import RoleNotInDefinition
from workflows.definitions.requiring import RequirementNotMet, RequirementNotTold
from workflows.definitions.templates import templates
from workflows.explaining_in_words import describe_task
from workflows.explaining_tasks import why
from workflows.overdue import list_overdue
from workflows.queries.rules import in_language

NAME = LocalText(ko="이름", en="name")
TASK = "2024-01"
PLAN = Plan(start=date(2024, 6, 3), end=date(2024, 11, 29), budget_krw=600_000_000)
LARGE = {
    "ko": "5억 원이 넘는 과제에는 협업기관이 필요합니다.",
    "en": "More than KRW 500 million needs a partner.",
}
REQUIRED = {
    "task.propose": [
        {"that": "command.plan.budget_krw <= 900000000", "otherwise": {"ko": "예산이 너무 큽니다.", "en": "Too much."}}
    ],
    "task.approve": [{"that": "task.plan.budget_krw <= 500000000 || task.partners.size() > 0", "otherwise": LARGE}],
    "task.start": [
        {"that": "role != 'system' || task.partners.size() > 1", "otherwise": {"ko": "협업기관이 둘은 되어야 합니다.", "en": "Two partners at least."}}
    ],
    "task.report_progress": [
        {"that": "command.percent >= task.percent", "otherwise": {"ko": "진척률이 낮아졌습니다.", "en": "It went back."}}
    ],
    "task.suspend": [{"that": "task.score > 5.0", "otherwise": {"ko": "점수가 없습니다.", "en": "No score."}}],
}  # fmt: skip
LAPSE = {
    "rule": "lapse",
    "command": "task.withdraw",
    "stage": "approved",
    "when": "deadline_passed",
    "deadline": "start",
    "basis": {"ko": "실효", "en": "it lapses"},
}


def content(**required: Any) -> dict[str, Any]:
    said = templates()["donghaeng-2024/1"].model_dump(mode="json", by_alias=True, exclude_unset=True)
    entries = [{"command": name, "requirements": given} for name, given in (required or REQUIRED).items()]
    return said | {"name": "mine", "commands": entries, "transitions": [*said["transitions"], LAPSE]}


OWN = check_content(content())


@pytest.fixture
def listed(simulated_store: Store) -> World:
    """A year by a definition with requirements, with a task on its list."""
    made = World(simulated_store)
    simulated_store.move_clock(datetime(2024, 3, 7, 3, tzinfo=UTC))
    made.give_for(Adopt(definition="mine", content=content_of(OWN)))
    for command in (
        opening(2024),
        opening(2025),
        Open(year=2024, name=NAME, city=NAME, areas=(Area(id="culture", name=NAME),), definition="mine/1"),
        *(Register(agency=one, name=NAME) for one in ("gto", "gjcf", "gmcc")),
        AddTask(year=2024, task=TASK, area="culture", lead="gto", title=NAME),
    ):
        made.give(command)
    return made


@pytest.fixture
def world(listed: World) -> World:
    """Proposed on 7 March 2024, to begin on Monday 3 June."""
    listed.give(PROPOSE, OFFICER)
    return listed


PROPOSE = t.Propose(task=TASK, title=NAME, area="culture", lead="gto", plan=PLAN)


def refused(world: World, command: Any, actor: Any = PLANNER) -> Refusal:
    before = world.store.head().position
    with pytest.raises(Refusal) as caught:
        world.give(command, actor)
    assert world.store.head().position == before
    return caught.value


def test_a_command_whose_requirement_is_false_is_refused_in_the_definitions_own_words(world: World) -> None:
    found = refused(world, t.Approve(task=TASK))
    assert isinstance(found, RequirementNotMet)
    assert LARGE["ko"] in found.say("ko")
    assert LARGE["en"] in found.say("en")
    assert "task.plan.budget_krw = 600000000, task.partners = []" in found.say("en")
    assert (found.details["definition"], found.details["that"]) == (
        "mine/1",
        REQUIRED["task.approve"][0]["that"],
    )
    world.give(t.Revise(task=TASK, partners=("gjcf",)), OFFICER)
    world.give(t.Approve(task=TASK))
    assert world.kinds() == ["task.proposed", "task.revised", "task.approved"]


def test_the_control_without_the_requirement_it_is_carried_out(listed: World) -> None:
    plain = check_content(content(**{"task.reject": []}) | {"version": 2})
    assert plain.requirements == {}
    listed.give_for(Adopt(definition="mine", content=content_of(plain)))
    listed.give(
        Open(year=2025, name=NAME, city=NAME, areas=(Area(id="culture", name=NAME),), definition="mine/2")
    )
    listed.give(AddTask(year=2025, task="2025-01", area="culture", lead="gto", title=NAME))
    plan = Plan(start=date(2025, 6, 3), end=date(2025, 11, 29), budget_krw=950_000_000)
    listed.give(PROPOSE.model_copy(update={"task": "2025-01", "plan": plan}), OFFICER)
    listed.give(t.Approve(task="2025-01"))


def test_a_proposal_is_held_to_the_definition_that_the_list_names(listed: World) -> None:
    large = PROPOSE.model_copy(update={"plan": Plan(start=PLAN.start, end=PLAN.end, budget_krw=900_000_001)})
    assert isinstance(refused(listed, large, OFFICER), RequirementNotMet)
    listed.give(PROPOSE, OFFICER)


def test_permission_and_place_come_first(world: World) -> None:
    assert not isinstance(
        refused(world, t.Approve(task=TASK), OFFICER), RequirementNotMet | RoleNotInDefinition
    )
    assert isinstance(refused(world, t.Suspend(task=TASK)), NotAllowedNow), "asked only where it may be given"


def test_what_cannot_be_told_is_refused_and_says_why(world: World) -> None:
    under_way(world)
    found = refused(world, t.Suspend(task=TASK))
    assert isinstance(found, RequirementNotTold)
    assert "there is no task.score" in found.say("en")
    assert "task.score 값이 없음" in found.say("ko")


def test_the_commands_own_fields_are_looked_at(world: World) -> None:
    under_way(world)
    world.give(t.ReportProgress(task=TASK, percent=40), OFFICER)
    assert isinstance(refused(world, t.ReportProgress(task=TASK, percent=30), OFFICER), RequirementNotMet)
    world.give(t.ReportProgress(task=TASK, percent=50), OFFICER)


def under_way(world: World, *partners: str) -> None:
    approved(world, *partners)
    world.give(t.Start(task=TASK), OFFICER)


def approved(world: World, *partners: str) -> None:
    world.give(t.Revise(task=TASK, partners=partners or ("gjcf",)), OFFICER)
    world.give(t.Approve(task=TASK))
    project(world.store, DEADLINES)
    sweep(world, world.memory)  # type: ignore[arg-type]


def test_a_rule_is_held_to_it_and_acts_once_it_holds(world: World) -> None:
    approved(world)
    assert world.at(2024, 6, 3) == 0
    world.give(t.AddPartner(task=TASK, partner="gmcc"), OFFICER)
    world.memory = Memory()  # a minute later
    assert world.at(2024, 6, 3, 1) == 1
    assert world.kinds()[-1] == "task.started"


def test_what_a_rule_is_refused_stands_in_why_and_doctor_and_is_not_tried_in_a_circle(world: World) -> None:
    approved(world)
    with capture_logs() as lines:
        world.at(2024, 6, 3)
        for _ in range(5):
            sweep(world, world.memory)  # type: ignore[arg-type]
    assert [one["refusal"] for one in lines if one["event"] == "sweep_refused"] == ["RequirementNotMet"]
    coming = next(one for one in explain(world).next if one.rule == "start_as_planned")
    assert (coming.overdue, type(coming.hindrance)) == (True, RequirementNotMet)
    engine: Any = SimpleNamespace(store=world.store, handler=world.handler)
    (finding,) = rules(engine)
    assert "start_as_planned" in finding.seen.en
    assert "Two partners at least." in finding.seen.en
    world.store.move_clock(datetime(2024, 6, 3, 1, tzinfo=UTC))
    assert [type(one.hindrance) for one in list_overdue(world.store, world.handler)] == [RequirementNotMet]
    world.give(t.AddPartner(task=TASK, partner="gmcc"), OFFICER)
    project(world.store, DEADLINES)
    assert [*rules(engine)] == []


def test_a_rule_that_is_refused_does_not_hold_up_those_after_it(world: World) -> None:
    approved(world)
    world.at(2024, 6, 3)
    assert world.kinds()[-1] == "task.approved"
    world.at(2024, 6, 28)
    world.at(2024, 6, 28, 1)
    assert world.kinds()[-1] == "task.withdrawn", "the start was refused, so that it lapsed"


def explain(world: World) -> Any:
    return why(world.store, world.handler, TASK, world.store.read(STREAM))


def test_why_shows_each_requirement_with_its_inputs_and_its_value(world: World) -> None:
    (one,) = explain(world).requirements
    assert (one.command, one.that, one.value) == ("task.approve", REQUIRED["task.approve"][0]["that"], False)
    assert one.inputs == {"task.plan.budget_krw": 600_000_000, "task.partners": []}
    approved(world)
    by_role = {one.role: one.value for one in explain(world).requirements if one.command == "task.start"}
    assert by_role == {"officer": True, "system": False}
    world.give(t.Start(task=TASK), OFFICER)
    found = {one.command: one for one in explain(world).requirements}
    assert set(found) == {"task.report_progress", "task.suspend"}
    assert (found["task.report_progress"].asks, found["task.report_progress"].value) == (
        ("command.percent",),
        None,
    )
    assert found["task.suspend"].problem is not None
    for lang, words in (
        (
            "ko",
            ("명령의 값에 따름: command.percent", "확인할 수 없음: task.score 값이 없음", "task.percent = 0"),
        ),
        ("en", ("hangs on command.percent", "cannot be told: there is no task.score", "task.percent = 0")),
    ):
        told = "\n".join(
            line for _, lines in describe_task(in_language(explain(world), lang, {}), lang) for line in lines
        )
        assert all(one in told for one in words)


def test_what_would_be_refused_is_not_offered(world: World) -> None:
    def offers(actor: Any, command: Any) -> str:
        return refused(world, command, actor).say("en")

    assert "approve" not in offers(PLANNER, t.Resume(task=TASK)).partition("Possible")[2]
    world.give(t.Revise(task=TASK, partners=("gjcf",)), OFFICER)
    assert "task approve" in offers(PLANNER, t.Resume(task=TASK))
    world.give(t.Approve(task=TASK))
    world.give(t.Start(task=TASK), OFFICER)
    assert "task report" in offers(OFFICER, t.Start(task=TASK)), "what is typed is not known yet"
    assert "task suspend" not in offers(PLANNER, t.Resume(task=TASK))


def test_it_is_shown_and_compared_in_words() -> None:
    for lang, word in (("ko", "요건"), ("en", "required")):
        told = "\n".join(in_words(OWN, lang))
        for entries in REQUIRED.values():
            assert f"{word}: {entries[0]['that']} — {entries[0]['otherwise'][lang]}" in told
    other = check_content(content() | {"commands": [{"command": "task.approve", "requirements": []}]})
    found = {one.entry: one for one in compare_definitions(OWN, other, "en")}
    assert set(found) == {f"commands[{name}]" for name in REQUIRED}
    changed = compare_definitions(
        OWN, check_content(content(**REQUIRED | {"task.start": REQUIRED["task.suspend"]})), "en"
    )
    (one,) = changed
    assert (one.entry, one.field) == ("commands[task.start]", "requirements")
    assert one.before == "role != 'system' || task.partners.size() > 1 (Two partners at least.)"


def test_an_expression_is_made_once_for_a_version(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    refused(world, t.Approve(task=TASK))
    monkeypatch.setattr(expressions, "_compile", None)  # who makes another one fails
    refused(world, t.Approve(task=TASK))


def test_the_library_is_loaded_only_where_something_is_required() -> None:
    program = (
        "import sys\n"
        "from workflows.definitions.templates import templates\n"
        "import workflows.command_handler, workflows.explaining_tasks, scripts.cli.main\n"
        "templates()\n"
        "assert 'cel_expr_python' not in sys.modules, 'it is loaded'\n"
        "from domain.lifecycle.expressions import make_expression\n"
        "from domain.task.commands import Approve\n"
        "make_expression('task.on_hold', Approve)\n"
        "assert 'cel_expr_python.cel' in sys.modules, 'the control'\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
