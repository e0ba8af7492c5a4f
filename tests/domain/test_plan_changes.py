"""A revision and another plan change what is given and keep the rest."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from domain.aggregate import DecisionContext
from domain.errors import BadInput
from domain.task import commands as c
from domain.task import facts as f
from domain.task import refusals_of_changes as r
from domain.task.decider import AGGREGATE as TASK
from domain.task.plan_changes import PlanChanges
from domain.values import LocalText, Milestone, Plan
from tests.domain.examples import IN_PROGRESS, NOON, PLAN, PROPOSED, TASK_ID, WORLD, fold, ko, refused, when

FULL = replace(PLAN, not_before=date(2024, 3, 1))
GIVEN: dict[str, Any] = {
    "start": date(2024, 3, 2),
    "end": date(2024, 12, 30),
    "budget_krw": 7,
    "milestones": (Milestone(id="m9", name=ko("새 일정"), due=date(2024, 6, 1)),),
    "indicators": (),
    "phases": (),
    "not_before": date(2024, 3, 5),
}
ONE_EACH = [{name: value} for name, value in GIVEN.items()]
TWO = [{"budget_krw": 7, "end": date(2024, 12, 30)}, {"milestones": (), "phases": ()}]


def test_every_field_of_a_plan_can_be_given_by_itself() -> None:
    assert set(GIVEN) == set(Plan.__struct_fields__) == set(PlanChanges.__struct_fields__) - {"without"}


@pytest.mark.parametrize("given", [*ONE_EACH, *TWO], ids="+".join)
@pytest.mark.parametrize("returned", [False, True])
def test_a_revision_changes_what_is_given_and_keeps_the_rest(given: dict[str, Any], returned: bool) -> None:
    before = (replace(PROPOSED, plan=FULL), *([f.Returned()] * returned))
    (revised,) = when(c.Revise(task=TASK_ID, changes=PlanChanges(**given)), before)
    assert isinstance(revised, f.Revised)
    assert revised.plan == replace(FULL, **given)


def test_without_it_all_that_is_not_typed_would_be_gone() -> None:
    whole = Plan(start=FULL.start, end=FULL.end, budget_krw=7)
    (revised,) = when(c.Revise(task=TASK_ID, plan=whole), [replace(PROPOSED, plan=FULL)])
    assert isinstance(revised, f.Revised)
    assert revised.plan is not None
    assert not revised.plan.milestones


@pytest.mark.parametrize("given", ONE_EACH, ids="+".join)
def test_another_plan_keeps_the_rest_too(given: dict[str, Any]) -> None:
    before = (replace(PROPOSED, plan=FULL), *IN_PROGRESS[1:])
    (fact,) = when(c.Replan(task=TASK_ID, changes=PlanChanges(**given)), before)
    assert isinstance(fact, f.Replanned | f.ReplanRequested)
    assert fact.plan == replace(FULL, **given)


@pytest.mark.parametrize("field", ["milestones", "indicators", "phases", "not_before"])
def test_what_a_plan_can_be_without_can_be_taken_away(field: Any) -> None:
    command = c.Revise(task=TASK_ID, changes=PlanChanges(without=(field,)))
    (revised,) = when(command, [replace(PROPOSED, plan=FULL)])
    assert isinstance(revised, f.Revised)
    assert revised.plan == replace(
        FULL, **{field: msgspec.structs.fields(Plan)[-1].default if field == "not_before" else ()}
    )


def test_two_revisions_on_one_day_both_hold() -> None:
    (first,) = when(c.Revise(task=TASK_ID, changes=PlanChanges(budget_krw=7)), [PROPOSED])
    (second,) = when(c.Revise(task=TASK_ID, changes=PlanChanges(end=date(2024, 12, 30))), [PROPOSED, first])
    plan = fold(TASK, [PROPOSED, first, second]).plan
    assert (plan.budget_krw, plan.end, plan.milestones) == (7, date(2024, 12, 30), PLAN.milestones)


def test_a_late_revision_is_of_the_plan_that_was_so_then() -> None:
    (later,) = when(c.Revise(task=TASK_ID, changes=PlanChanges(budget_krw=7)), [PROPOSED])
    state = fold(TASK, [PROPOSED, later])
    command = c.Revise(task=TASK_ID, changes=PlanChanges(end=date(2024, 12, 30)))
    others = {stream: fold_of(stream) for stream in TASK.reads(command, state)}
    context = DecisionContext(NOON + timedelta(seconds=1), others, (), None, fold(TASK, [PROPOSED]))
    (late,) = TASK.decide(command, state, context)
    assert isinstance(late, f.Revised)
    assert late.plan == replace(PLAN, end=date(2024, 12, 30)), "nothing of what came later"


def fold_of(stream: str) -> Any:
    from domain.catalogue import aggregate_of  # noqa: PLC0415 - beside its one use

    return fold(aggregate_of(stream), WORLD.get(stream, ()))


def test_a_handed_over_proposal_is_revised_by_its_new_lead_with_all_that_it_had() -> None:
    before = (PROPOSED, f.HandedOver(lead="gtc"))
    (revised,) = when(c.Revise(task=TASK_ID, changes=PlanChanges(budget_krw=7)), before)
    task = fold(TASK, [*before, revised])
    assert (task.lead, task.partners, task.plan.phases) == ("gtc", ("gto",), PLAN.phases)


def test_a_kept_milestone_outside_the_new_days_is_refused_by_its_place() -> None:
    refusal = refused(BadInput, c.Revise(task=TASK_ID, changes=PlanChanges(end=date(2024, 6, 1))), [PROPOSED])
    assert refusal.details["field"] == "plan.milestones[1].due"


def test_a_list_typed_anew_keeps_the_english_of_what_is_called_as_before() -> None:
    named = Milestone(id="m1", name=LocalText(ko="개막", en="Opening"), due=date(2024, 5, 1))
    before = [replace(PROPOSED, plan=replace(PLAN, milestones=(named,)))]
    moved = Milestone(id="m1", name=ko("개막"), due=date(2024, 5, 2))
    (revised,) = when(c.Revise(task=TASK_ID, changes=PlanChanges(milestones=(moved,))), before)
    assert isinstance(revised, f.Revised)
    assert revised.plan is not None
    assert revised.plan.milestones == (replace(named, due=date(2024, 5, 2)),)


def test_changes_that_change_nothing_are_no_new_plan() -> None:
    refused(r.PlanUnchanged, c.Replan(task=TASK_ID, changes=PlanChanges(end=PLAN.end)), IN_PROGRESS)
    refused(r.PlanUnchanged, c.Replan(task=TASK_ID), IN_PROGRESS)
