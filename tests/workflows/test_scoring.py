"""Evaluations by a definition's criteria, on a real store: by the rule, by hand, and where they cannot be told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from domain.agency.commands import Register
from domain.definition.commands import Adopt
from domain.errors import Refusal
from domain.lifecycle.content import check_content, content_of
from domain.lifecycle.criteria import ScoreNotTold
from domain.programme.commands import AddTask, Open
from domain.programme.facts import Area
from domain.task import commands as t
from domain.values import CriterionScore, LocalText, Milestone, Plan
from store.log import Store
from tests.workflows.worlds import OFFICER, PLANNER, STREAM, World
from workers.doctor.rules import rules
from workflows.automation.reacting import Memory
from workflows.calendars import opening
from workflows.definitions import enforcing
from workflows.definitions.scoring import NotAsWeighed
from workflows.definitions.templates import templates
from workflows.explaining_tasks import why
from workflows.telling import history_of

NAME = LocalText(ko="이름", en="name")
TASK = "2024-01"
MILESTONES = "100.0 * double(task.milestones_reached.size()) / double(task.plan.milestones.size())"
MILESTONE = Milestone(id="half", name=NAME, due=date(2024, 5, 2))


def definition() -> str:
    said = templates()["donghaeng-2024/1"].model_dump(mode="json", by_alias=True, exclude_unset=True)
    criteria = [
        {"name": "milestones", "label": {"ko": "추진일정", "en": "milestones"}, "weight": 60, "score": MILESTONES},
        {"name": "citizens", "label": {"ko": "시민평가", "en": "citizens"}, "weight": 40, "score": "task.rating"},
    ]  # fmt: skip
    own = said | {"name": "mine", "criteria": criteria, "rounding": {"digits": 1}}
    return content_of(check_content(own))


def reported(store: Store, *milestones: Milestone) -> World:
    """A task by the definition, with its final report in, whose one milestone of several was reached."""
    world = World(store)
    store.move_clock(datetime(2024, 3, 7, 3, tzinfo=UTC))
    world.give_for(Adopt(definition="mine", content=definition()))
    plan = Plan(start=date(2024, 3, 8), end=date(2024, 5, 31), budget_krw=1, milestones=milestones)
    for command, actor in (
        (opening(2024), PLANNER),
        (opening(2025), PLANNER),
        (Open(year=2024, name=NAME, city=NAME, areas=(Area(id="culture", name=NAME),), definition="mine/1"), PLANNER),
        (Register(agency="gto", name=NAME), PLANNER),
        (AddTask(year=2024, task=TASK, area="culture", lead="gto", title=NAME), PLANNER),
        (t.Propose(task=TASK, title=NAME, area="culture", lead="gto", plan=plan), OFFICER),
        (t.Approve(task=TASK), PLANNER),
        (t.Start(task=TASK), OFFICER),
    ):  # fmt: skip
        world.give(command, actor)
    if milestones:
        world.give(t.ReachMilestones(task=TASK, milestones=("half",)), OFFICER)
    world.give(t.SubmitFinalReport(task=TASK, text="결과"), OFFICER)
    world.give(t.OpenRating(task=TASK))
    return world


@pytest.fixture
def world(simulated_store: Store) -> World:
    return reported(simulated_store, MILESTONE, Milestone(id="late", name=NAME, due=date(2024, 5, 9)))


def test_a_rule_evaluates_by_the_criteria_and_the_fact_and_the_history_have_each(world: World) -> None:
    world.give(t.Rate(task=TASK, score="91", raters=12))
    world.at(2024, 3, 8)
    fact = world.last("task.evaluated").fact
    assert (fact.score, fact.grade) == ("66.4", "D")  # 30 + 36.4
    assert fact.criteria == (
        CriterionScore(name="milestones", label=LocalText(ko="추진일정", en="milestones"), weight=60, score="50.00"),
        CriterionScore(name="citizens", label=LocalText(ko="시민평가", en="citizens"), weight=40, score="91.00"),
    )  # fmt: skip
    (said,) = [one.sentence for one in history_of(world.store, STREAM, "ko") if one.kind == "task.evaluated"]
    assert "66.4점, D등급" in said
    assert "추진일정 50.00점 (60%); 시민평가 91.00점 (40%)" in said


def test_the_planner_may_evaluate_by_hand_without_criteria(world: World) -> None:
    world.give(t.Evaluate(task=TASK, score="80", grade="B"))
    assert world.last("task.evaluated").fact.criteria == ()


def test_criteria_that_are_not_what_the_definition_comes_to_are_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the control: whoever may evaluate could enter what the criteria were."""
    world.give(t.Rate(task=TASK, score="91", raters=12))
    made_up = CriterionScore(name="citizens", label=NAME, weight=100, score="99")
    command = t.Evaluate(task=TASK, score="99", grade="S", criteria=(made_up,))
    with pytest.raises(NotAsWeighed):
        world.give(command)
    monkeypatch.setattr(enforcing, "check_score", lambda *_: None)
    world.give(command)
    assert world.last("task.evaluated").fact.score == "99"


def test_what_cannot_be_told_stands_in_why_and_doctor_until_somebody_evaluates(
    simulated_store: Store,
) -> None:
    """A task without milestones: there is nothing to divide by."""
    world = reported(simulated_store)
    world.give(t.Rate(task=TASK, score="91", raters=12))
    world.at(2024, 3, 8)
    assert "task.evaluated" not in world.kinds()
    found = why(world.store, world.handler, TASK, world.store.read(STREAM))
    hindrance = next(one.hindrance for one in found.next if one.rule == "complete_evaluation")
    assert isinstance(hindrance, ScoreNotTold)
    assert isinstance(hindrance, Refusal)
    assert "추진일정" in hindrance.say("ko")
    engine: Any = SimpleNamespace(store=world.store, handler=world.handler)
    (finding,) = rules(engine)
    assert "milestones" in finding.seen.en
    world.memory = Memory()
    world.give(t.Evaluate(task=TASK, score="70", grade="C"))
    assert world.kinds()[-1] == "task.evaluated"
