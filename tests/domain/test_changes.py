"""Tasks that change: new plans, other agencies, corrections, legal holds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.agency import facts as agency_facts
from domain.agency.refusals import AgencyNotRegistered
from domain.errors import Refusal
from domain.fact import Fact
from domain.task import commands as c
from domain.task import facts as f
from domain.task import refusals as of_moves
from domain.task import refusals_of_changes as r
from domain.task.stages import Stage
from domain.task.state import TASK, Task
from domain.values import Figure, Plan
from tests.domain.examples import (
    COMMANDS,
    CORRECTED,
    EVALUATED,
    FINAL,
    HELD,
    IN_PROGRESS,
    LISTED,
    NOON,
    OPENED,
    PLAN,
    REPORTED,
    REQUESTED,
    SMALLER,
    TASK_ID,
    WORLD,
    fold,
    refused,
    when,
)

REPORT_4 = f"task/{TASK_ID}#4"
RUNNING = (*IN_PROGRESS, REPORTED)  # the report is #4


def after(*given: Fact) -> Task:
    task: Task = fold(TASK, given)
    return task


def replan(**changes: Any) -> c.Replan:
    return c.Replan(task=TASK_ID, plan=replace(PLAN, **changes))


def correct(**changes: Any) -> c.Correct:
    return c.Correct(**{"task": TASK_ID, "fact": REPORT_4, **changes})


@pytest.mark.parametrize("changes", [{"budget_krw": 1}, {"end": date(2024, 12, 2)}, {"phases": ()}])
def test_a_plan_that_does_not_grow_is_in_force_at_once(changes: dict[str, Any]) -> None:
    command = replan(**changes)
    assert when(command, IN_PROGRESS) == (f.Replanned(plan=command.plan),)
    task = after(*IN_PROGRESS, f.Replanned(plan=command.plan))
    assert (task.plan, task.plan_version, task.pending_plan) == (command.plan, 2, None)


@pytest.mark.parametrize(
    "changes",
    [{"budget_krw": PLAN.budget_krw + 1}, {"end": date(2025, 1, 1)}, {"start": date(2024, 2, 29)}],
)
def test_a_plan_that_grows_waits_for_the_city_and_the_old_one_is_in_force(changes: dict[str, Any]) -> None:
    command = replan(**changes, phases=())
    asked = when(command, IN_PROGRESS)
    assert asked == (f.ReplanRequested(plan=command.plan),)
    waiting = after(*IN_PROGRESS, *asked)
    assert (waiting.plan, waiting.plan_version, waiting.pending_plan) == (PLAN, 1, command.plan)
    (granted,) = when(c.ApproveReplan(task=TASK_ID), (*IN_PROGRESS, *asked))
    task = after(*IN_PROGRESS, *asked, granted)
    assert (task.plan, task.plan_version, task.pending_plan) == (command.plan, 2, None)
    (no,) = when(c.RefuseReplan(task=TASK_ID), (*IN_PROGRESS, *asked))
    task = after(*IN_PROGRESS, *asked, no)
    assert (task.plan, task.plan_version, task.pending_plan) == (PLAN, 1, None)


def test_a_planner_who_names_the_request_approves_no_later_one() -> None:
    later = f.ReplanRequested(plan=replace(PLAN, budget_krw=10**12))
    given = (*IN_PROGRESS, REQUESTED, later)
    approve = c.ApproveReplan(task=TASK_ID, request=f"task/{TASK_ID}#4")
    refused(r.AnotherPlanRequested, approve, given)
    assert when(approve.model_copy(update={"request": f"task/{TASK_ID}#5"}), given) == (
        f.Replanned(plan=later.plan),
    )


def test_the_final_report_ends_the_wait_for_a_new_plan() -> None:
    assert after(*IN_PROGRESS, REQUESTED, FINAL).pending_plan is None


@pytest.mark.parametrize("command", [c.ApproveReplan(task=TASK_ID), c.RefuseReplan(task=TASK_ID)])
def test_there_is_nothing_to_decide_where_no_plan_waits(command: c.OnTask) -> None:
    refused(r.NoPlanRequested, command, IN_PROGRESS)
    refused(r.NoPlanRequested, command, (*IN_PROGRESS, REQUESTED, f.Replanned(plan=PLAN)))


def test_the_same_plan_is_no_new_plan() -> None:
    refused(r.PlanUnchanged, replan(), IN_PROGRESS)


@pytest.mark.parametrize("changes", [{"milestones": PLAN.milestones[1:]}, {"indicators": ()}])
def test_what_was_reported_on_stays_in_the_plan(changes: dict[str, Any]) -> None:
    assert when(replan(**changes), IN_PROGRESS)
    refused(r.ReportedPartDropped, replan(**changes), RUNNING)


def test_a_new_plan_does_not_forget_the_day_before_which_the_city_allows_no_start() -> None:
    listed = {**WORLD, "programme/2024": (OPENED, replace(LISTED, not_before=date(2024, 7, 1)))}
    refused(of_moves.PlannedTooEarly, replan(budget_krw=1), IN_PROGRESS, world=listed)


def test_another_agency_leads_after_a_hand_over_and_is_no_partner_any_more() -> None:
    facts = when(c.HandOver(task=TASK_ID, to="gto"), IN_PROGRESS)
    task = after(*IN_PROGRESS, *facts)
    assert (task.lead, task.partners) == ("gto", ())
    refused(r.LeadsAlready, c.HandOver(task=TASK_ID, to="gto"), (*IN_PROGRESS, *facts))


@pytest.mark.parametrize(
    "command", [c.HandOver(task=TASK_ID, to="nobody"), c.AddPartner(task=TASK_ID, partner="nobody")]
)
def test_an_agency_that_nobody_registered_takes_no_part(command: c.OnTask) -> None:
    refused(AgencyNotRegistered, command, IN_PROGRESS)
    known = {**WORLD, "agency/nobody": (agency_facts.Registered(name=PLAN.milestones[0].name),)}
    assert when(command, IN_PROGRESS, world=known), "the control"


def test_partners_come_and_go() -> None:
    came = when(c.AddPartner(task=TASK_ID, partner="gtc"), IN_PROGRESS)
    assert after(*IN_PROGRESS, *came).partners == ("gto", "gtc")
    went = when(c.ReleasePartner(task=TASK_ID, partner="gto"), (*IN_PROGRESS, *came))
    assert after(*IN_PROGRESS, *came, *went).partners == ("gtc",)
    refused(of_moves.PartnerTwice, c.AddPartner(task=TASK_ID, partner="gto"), IN_PROGRESS)
    refused(of_moves.LeadAmongPartners, c.AddPartner(task=TASK_ID, partner="gjcf"), IN_PROGRESS)
    refused(r.NotAPartner, c.ReleasePartner(task=TASK_ID, partner="gtc"), IN_PROGRESS)


def test_a_correction_takes_effect_when_the_report_did() -> None:
    assert correct(percent=35).takes_time_of == 4
    assert correct(fact="task/2024-08#4", percent=35).takes_time_of is None
    assert c.Approve(task=TASK_ID).takes_time_of is None


def test_a_corrected_report_counts_as_corrected_and_again_as_it_was_when_that_is_cancelled() -> None:
    figure = Figure(indicator="visitors", value="1100")
    (fact,) = when(correct(percent=35, figures=(figure,)), RUNNING)
    assert fact == f.Corrected(fact=4, percent=35, figures=(figure,))
    at = NOON + timedelta(minutes=3)  # as the report
    before = after(*RUNNING)
    corrected = TASK.evolve(before, fact, at, 5)
    assert (corrected.percent, corrected.figures) == (35, {"visitors": "1100"})
    (back,) = when(COMMANDS["task.cancel_correction"], (*RUNNING, fact))
    again = TASK.evolve(corrected, back, at, 6)
    assert (again.percent, again.figures) == (before.percent, before.figures) == (40, {"visitors": "1200"})


def test_the_day_of_the_start_can_be_corrected() -> None:
    facts = when(correct(fact=f"task/{TASK_ID}#3", on=date(2024, 3, 6)), IN_PROGRESS)
    assert after(*IN_PROGRESS, *facts).started_on == date(2024, 3, 6)
    back = when(c.CancelCorrection(task=TASK_ID, correction=f"task/{TASK_ID}#4"), (*IN_PROGRESS, *facts))
    assert after(*IN_PROGRESS, *facts, *back).started_on == date(2024, 3, 7)


def test_a_correction_of_an_earlier_report_does_not_outdo_a_later_one() -> None:
    later = f.ProgressReported(percent=60)
    task = TASK.evolve(after(*RUNNING, later), CORRECTED, NOON + timedelta(minutes=3), 6)
    assert task.percent == 60


WRONG: list[tuple[type[Refusal], dict[str, Any], tuple[Fact, ...]]] = [
    (r.FactOfAnotherStream, {"fact": "task/2024-08#4", "percent": 1}, RUNNING),
    (r.FactOfAnotherStream, {"fact": "agency/gto#1", "percent": 1}, RUNNING),
    (r.NoSuchFact, {"fact": f"task/{TASK_ID}#9", "percent": 1}, RUNNING),
    (r.StageOver, {"fact": f"task/{TASK_ID}#1", "percent": 1}, RUNNING),
    (r.NothingToCorrect, {"fact": f"task/{TASK_ID}#5", "percent": 1}, (*RUNNING, HELD)),
    (r.CorrectsACorrection, {"fact": f"task/{TASK_ID}#5", "percent": 1}, (*RUNNING, CORRECTED)),
    (r.CorrectedAlready, {"percent": 1}, (*RUNNING, CORRECTED)),
    (r.NotSaidThere, {"on": date(2024, 3, 1)}, RUNNING),
    (r.NotSaidThere, {"fact": f"task/{TASK_ID}#3", "percent": 1}, RUNNING),
    (r.NotSaidThere, {"figures": (Figure(indicator="other", value="1"),)}, RUNNING),
    (r.CorrectsNothing, {}, RUNNING),
    (r.CorrectsNothing, {"percent": 40}, RUNNING),
    (r.StartedInFuture, {"fact": f"task/{TASK_ID}#3", "on": date(2024, 3, 9)}, RUNNING),
]


@pytest.mark.parametrize(("refusal", "changes", "given_facts"), WRONG)
def test_a_wrong_correction_is_refused_by_name(
    refusal: type[Refusal], changes: dict[str, Any], given_facts: tuple[Fact, ...]
) -> None:
    refused(refusal, correct(**changes), given_facts)


def test_only_a_standing_correction_can_be_cancelled() -> None:
    cancelled = f.CorrectionCancelled(correction=5, percent=40)
    cancel = COMMANDS["task.cancel_correction"]
    refused(r.CancelledAlready, cancel, (*RUNNING, CORRECTED, cancelled))
    refused(r.NotACorrection, cancel, (*RUNNING, REPORTED))
    assert when(correct(percent=30), (*RUNNING, CORRECTED, cancelled)), "the report can be corrected again"


def test_a_hold_is_placed_once_and_lifted_once() -> None:
    assert after(*IN_PROGRESS, HELD).hold == HELD.basis
    assert after(*IN_PROGRESS, HELD, f.HoldLifted()).hold is None
    refused(r.HeldAlready, COMMANDS["task.place_hold"], (*IN_PROGRESS, HELD))
    refused(r.NotHeld, COMMANDS["task.lift_hold"], IN_PROGRESS)


minutes = st.integers(0, 5)
reported = st.builds(
    lambda percent, value: f.ProgressReported(
        percent=percent, figures=(Figure(indicator="visitors", value=str(value)),)
    ),
    st.integers(0, 100),
    st.integers(0, 9),
)


@given(st.lists(st.tuples(minutes, reported), max_size=6))
def test_reports_folded_as_they_came_and_as_they_were_true_come_to_the_same(
    said: list[tuple[int, Fact]],
) -> None:
    """As of when it was known and as of when it was so are two orders of the same facts."""

    def folded(facts: list[tuple[int, int, Fact]]) -> Task:
        task = after(*IN_PROGRESS)
        for minute, version, fact in facts:
            task = TASK.evolve(task, fact, NOON + timedelta(hours=1, minutes=minute), version)
        return task

    numbered = [(minute, version, fact) for version, (minute, fact) in enumerate(said, start=4)]
    assert folded(numbered) == folded(sorted(numbered, key=lambda one: one[:2]))


def test_the_smaller_plan_of_the_examples_does_not_grow() -> None:
    """A control on the examples: the cells would else try one way only."""
    assert isinstance(SMALLER, Plan)
    assert SMALLER.budget_krw < PLAN.budget_krw < REQUESTED.plan.budget_krw


OVER: tuple[Fact, ...] = (
    *IN_PROGRESS,
    REPORTED,
    FINAL,
    f.RatingOpened(),
    f.Rated(score="80", raters=7),
    EVALUATED,
)


def after_the_evaluation(fact: int, **said: Any) -> c.CorrectEvaluated:
    return c.CorrectEvaluated(task=TASK_ID, fact=f"task/{TASK_ID}#{fact}", **said)


@pytest.mark.parametrize(
    ("fact", "said", "now"),
    [
        (4, {"percent": 35}, {"percent": 35}),
        (5, {"figures": (Figure(indicator="visitors", value="7"),)}, {"figures": {"visitors": "7"}}),
        (3, {"on": date(2024, 3, 5)}, {"started_on": date(2024, 3, 5)}),
        (8, {"score": "70", "grade": "B"}, {"score": "70", "grade": "B"}),
        (8, {"grade": "B"}, {"score": "87.5", "grade": "B"}),
        (7, {"score": "81"}, {"rating": f.Rated(score="81", raters=7), "score": "87.5"}),
    ],
)
def test_what_an_evaluation_rests_on_or_says_can_be_corrected_after_it(
    fact: int, said: dict[str, Any], now: dict[str, Any]
) -> None:
    made = when(after_the_evaluation(fact, **said), OVER)
    assert made == (f.Corrected(fact=fact, after_evaluation=True, **said),)
    task = fold(TASK, (*OVER, *made))
    assert {name: getattr(task, name) for name in now} == now
    assert (task.stage, task.amended) == (Stage.EVALUATED, True)
    assert not fold(TASK, OVER).amended, "the control"


def test_what_was_corrected_after_the_evaluation_may_be_corrected_again() -> None:
    first = when(after_the_evaluation(8, score="70", grade="B"), OVER)
    refused(r.CorrectsNothing, after_the_evaluation(8, score="70", grade="B"), (*OVER, *first))
    again = when(after_the_evaluation(8, score="87.5", grade="A"), (*OVER, *first))
    assert fold(TASK, (*OVER, *first, *again)).grade == "A"


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (after_the_evaluation(1, percent=3), r.NothingToCorrectAnyMore),
        (after_the_evaluation(4, score="3"), r.NotSaidThere),
        (after_the_evaluation(8, percent=3), r.NotSaidThere),
        (after_the_evaluation(4, percent=40), r.CorrectsNothing),
        (after_the_evaluation(99, percent=40), r.NoSuchFact),
        (c.CorrectEvaluated(task=TASK_ID, fact="task/2024-08#4", percent=3), r.FactOfAnotherStream),
        (c.Correct(task=TASK_ID, fact=f"task/{TASK_ID}#4", percent=35), of_moves.NotAllowedNow),
    ],
)
def test_what_cannot_be_corrected_after_the_evaluation(command: Any, refusal: Any) -> None:
    refused(refusal, command, OVER)
    assert when(after_the_evaluation(4, percent=35), OVER), "the control"
