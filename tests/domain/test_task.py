"""A task's life, given facts, when a command, then facts or a refusal."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from domain.agency import facts as agency_facts
from domain.agency.refusals import AgencyClosed, AgencyNotRegistered
from domain.programme import facts as programme_facts
from domain.programme.refusals import ProgrammeNotOpen, UnknownArea
from domain.task import commands as c
from domain.task import facts as f
from domain.task import refusals as r
from domain.task import state
from domain.task.decider import AGGREGATE as TASK
from domain.task.state import Condition, Stage
from domain.values import Figure
from tests.domain.examples import (
    APPROVED,
    COMMANDS,
    EVALUATED,
    FINAL,
    IN_PROGRESS,
    LISTED,
    NOON,
    OPENED,
    PLAN,
    PROPOSED,
    REF,
    REPORTED,
    STARTED,
    TASK_ID,
    WORLD,
    fold,
    ko,
    refused,
    when,
)

PROPOSE = COMMANDS["task.propose"]
LATE_PLAN = replace(PLAN, not_before=date(2024, 7, 1))


def test_a_listed_task_is_proposed_by_its_agency() -> None:
    assert when(PROPOSE) == (PROPOSED,)


def test_a_task_is_proposed_once() -> None:
    refusal = refused(r.AlreadyProposed, PROPOSE, [PROPOSED])
    assert "proposed before" in refusal.say("en")
    assert "이미 제안" in refusal.say("ko")


def test_a_rejected_number_is_proposed_again_by_a_decision_that_says_so() -> None:
    rejected = (PROPOSED, f.Rejected())
    refused(r.AlreadyProposed, PROPOSE, rejected)
    (freed,) = when(c.FreeNumber(task=TASK_ID), rejected)
    (proposed,) = when(PROPOSE, (*rejected, freed))
    task, anew = fold(TASK, (*rejected, freed, proposed)), fold(TASK, (PROPOSED,))
    assert (task.stage, task.plan, task.plan_version, task.partners) == (
        anew.stage, anew.plan, 1, anew.partners,
    )  # fmt: skip


@pytest.mark.parametrize("end", [f.Withdrawn(), f.Discontinued()])
def test_no_other_end_frees_a_number(end: Any) -> None:
    refused(r.NotAllowedNow, c.FreeNumber(task=TASK_ID), (*IN_PROGRESS, end))


def test_a_closed_year_frees_no_number() -> None:
    closed = {**WORLD, "programme/2024": (OPENED, LISTED, programme_facts.Closed())}
    refused(ProgrammeNotOpen, c.FreeNumber(task=TASK_ID), (PROPOSED, f.Rejected()), world=closed)


def test_nothing_is_proposed_before_the_year_is_opened() -> None:
    refusal = refused(ProgrammeNotOpen, PROPOSE, world={})
    assert "not opened" in refusal.say("en")


def test_nothing_is_proposed_after_the_year_is_closed() -> None:
    closed = {**WORLD, "programme/2024": (OPENED, LISTED, programme_facts.Closed())}
    assert "closed" in refused(ProgrammeNotOpen, PROPOSE, world=closed).say("en")


def test_only_listed_tasks_are_proposed() -> None:
    refused(r.TaskNotListed, PROPOSE.model_copy(update={"task": "2024-08"}))


@pytest.mark.parametrize(
    ("refusal", "change"),
    [
        (UnknownArea, {"area": "sports"}),
        (r.NotTheListedArea, {"area": "living"}),
        (r.NotTheListedLead, {"lead": "gtc"}),
        (r.LeadAmongPartners, {"partners": ("gto", "gjcf")}),
        (r.PartnerTwice, {"partners": ("gto", "gtc", "gto")}),
        (AgencyNotRegistered, {"partners": ("gto", "nobody")}),
    ],
)
def test_a_proposal_says_what_the_list_and_the_register_say(refusal: type, change: dict[str, object]) -> None:
    refused(refusal, PROPOSE.model_copy(update=change))


def test_the_lead_agency_must_be_registered() -> None:
    unregistered = {**WORLD, "agency/gjcf": ()}
    assert "gjcf" in refused(AgencyNotRegistered, PROPOSE, world=unregistered).say("en")


def test_under_a_lead_that_was_merged_the_listed_task_is_proposed_all_the_same_and_not_under_a_closed_one() -> (
    None
):
    merged = {**WORLD, "agency/gjcf": (*WORLD["agency/gjcf"], agency_facts.Merged(into="gto"))}
    assert when(PROPOSE, world=merged)[0].lead == "gjcf"  # type: ignore[attr-defined]
    closed = {**WORLD, "agency/gjcf": (*WORLD["agency/gjcf"], agency_facts.Closed())}
    refused(AgencyClosed, PROPOSE, world=closed)


def test_a_proposal_reads_the_list_the_lead_and_every_partner_once() -> None:
    twice = PROPOSE.model_copy(update={"partners": ("gto", "gto")})
    assert TASK.reads(twice, TASK.initial) == ("programme/2024", "agency/gjcf", "agency/gto")


def test_the_list_can_hold_a_task_back_and_the_plan_must_say_so() -> None:
    held = replace(LISTED, not_before=date(2024, 7, 1))
    world = {**WORLD, "programme/2024": (OPENED, held)}
    refused(r.PlannedTooEarly, PROPOSE, world=world)
    refused(r.PlannedTooEarly, c.Revise(task=TASK_ID, plan=PLAN), [PROPOSED], world=world)
    held_back = PROPOSE.model_copy(update={"plan": LATE_PLAN})
    assert when(held_back, world=world)[0].plan == LATE_PLAN  # type: ignore[attr-defined]


def test_a_revision_changes_what_it_gives_and_leaves_the_rest() -> None:
    (revised,) = when(c.Revise(task=TASK_ID, title=ko("새 제목"), partners=()), [PROPOSED])
    task = fold(TASK, [PROPOSED, revised])
    assert (task.title, task.partners, task.plan) == (ko("새 제목"), (), PLAN)


def test_a_revision_answers_a_return() -> None:
    returned = [PROPOSED, f.Returned()]
    assert fold(TASK, returned).condition is Condition.RETURNED
    (revised,) = when(c.Revise(task=TASK_ID), returned)
    assert fold(TASK, [*returned, revised]).condition is Condition.NORMAL


def test_only_a_return_is_answered_without_a_change() -> None:
    refused(r.NothingRevised, c.Revise(task=TASK_ID), [PROPOSED])


@pytest.mark.parametrize(
    ("refusal", "partners"),
    [(r.LeadAmongPartners, ("gjcf",)), (r.PartnerTwice, ("gto", "gto")), (AgencyNotRegistered, ("nobody",))],
)
def test_a_revision_names_partners_as_a_proposal_does(refusal: type, partners: tuple[str, ...]) -> None:
    refused(refusal, c.Revise(task=TASK_ID, partners=partners), [PROPOSED])


def test_an_approval_keeps_its_conditions() -> None:
    (approved,) = when(COMMANDS["task.approve"], [PROPOSED])
    task = fold(TASK, [PROPOSED, approved])
    assert (task.stage, task.conditions) == (Stage.APPROVED, (REF,))


def test_work_starts_on_the_day_in_seoul() -> None:
    just_before_midnight_in_utc = datetime(2024, 6, 30, 15, tzinfo=UTC)
    assert when(c.Start(task=TASK_ID), [PROPOSED, APPROVED], at=just_before_midnight_in_utc) == (
        f.Started(on=date(2024, 7, 1)),
    )


def test_work_does_not_start_before_the_plan_allows() -> None:
    approved = [replace(PROPOSED, plan=LATE_PLAN), APPROVED]
    last_moment_of_june = datetime(2024, 6, 30, 14, 59, 59, tzinfo=UTC)
    refusal = refused(r.TooEarlyToStart, c.Start(task=TASK_ID), approved, at=last_moment_of_june)
    assert "2024-06-30" in refusal.say("en")
    assert "2024-07-01" in refusal.say("ko")
    assert when(c.Start(task=TASK_ID), approved, at=last_moment_of_june + timedelta(seconds=1))


def test_a_report_adds_its_figures_and_milestones() -> None:
    (reported,) = when(COMMANDS["task.report_progress"], IN_PROGRESS)
    later = f.ProgressReported(percent=70, figures=(Figure(indicator="visitors", value="3000"),))
    task = fold(TASK, [*IN_PROGRESS, reported, later])
    assert (task.percent, task.figures, task.milestones_reached) == (70, {"visitors": "3000"}, ("m1",))


def test_a_report_names_only_what_the_plan_names() -> None:
    stranger = (Figure(indicator="profit", value="1"),)
    refusal = refused(
        r.UnknownIndicator, c.ReportProgress(task=TASK_ID, percent=1, figures=stranger), IN_PROGRESS
    )
    assert "visitors" in refusal.say("en")
    refused(r.UnknownIndicator, c.SubmitFinalReport(task=TASK_ID, text=REF, figures=stranger), IN_PROGRESS)
    refused(r.UnknownMilestone, c.ReportProgress(task=TASK_ID, percent=1, milestones=("m9",)), IN_PROGRESS)


def test_a_milestone_is_reached_once() -> None:
    again = c.ReportProgress(task=TASK_ID, percent=50, milestones=("m2", "m1"))
    refusal = refused(r.MilestoneAlreadyReached, again, [*IN_PROGRESS, REPORTED])
    assert "m1" in refusal.say("en")
    assert "m2" in refusal.say("en")


def test_a_milestone_can_be_reported_by_itself_and_leaves_percent_and_quarter_alone() -> None:
    (told,) = when(c.ReachMilestones(task=TASK_ID, milestones=("m2",)), [*IN_PROGRESS, REPORTED])
    task = fold(TASK, [*IN_PROGRESS, REPORTED, told])
    before = fold(TASK, [*IN_PROGRESS, REPORTED])
    assert task.milestones_reached == ("m1", "m2")
    assert (task.percent, task.reported_until) == (before.percent, before.reported_until)
    refused(
        r.MilestoneAlreadyReached,
        c.ReachMilestones(task=TASK_ID, milestones=("m1",)),
        [*IN_PROGRESS, REPORTED],
    )
    refused(r.UnknownMilestone, c.ReachMilestones(task=TASK_ID, milestones=("m9",)), IN_PROGRESS)


def test_an_evaluation_keeps_score_and_grade() -> None:
    (evaluated,) = when(COMMANDS["task.evaluate"], [*IN_PROGRESS, FINAL])
    task = fold(TASK, [*IN_PROGRESS, FINAL, evaluated])
    assert evaluated == EVALUATED
    assert (task.stage, task.score, task.grade) == (Stage.EVALUATED, "87.5", "A")


@pytest.mark.parametrize("year", [2023, 2024])
def test_a_task_is_carried_over_to_a_later_year(year: int) -> None:
    refused(r.NotALaterYear, c.CarryOver(task=TASK_ID, to_year=year), IN_PROGRESS)
    assert when(c.CarryOver(task=TASK_ID, to_year=2026), IN_PROGRESS) == (f.CarriedOver(to_year=2026),)


def test_a_stage_change_is_not_dated_before_the_last_one() -> None:
    since = NOON + timedelta(minutes=2)
    early = since - timedelta(microseconds=1)
    refusal = refused(r.DatedBeforeLastStageChange, c.Suspend(task=TASK_ID), IN_PROGRESS, at=early)
    assert "2024-03-07 12:02" in refusal.say("ko")
    assert when(c.Suspend(task=TASK_ID), IN_PROGRESS, at=since)


def test_a_late_report_may_be_dated_before_the_last_suspension_but_not_before_the_start() -> None:
    resumed = [*IN_PROGRESS, f.Suspended(), f.Resumed()]
    report = c.ReportProgress(task=TASK_ID, percent=10)
    assert when(report, resumed, at=NOON + timedelta(minutes=2))
    refused(r.DatedBeforeLastStageChange, report, resumed, at=NOON + timedelta(minutes=1))
    refused(r.DatedBeforeLastStageChange, c.Suspend(task=TASK_ID), resumed, at=NOON + timedelta(minutes=3))


def test_the_day_of_the_start_is_kept() -> None:
    task = fold(TASK, IN_PROGRESS)
    assert (task.started_on, task.stage_since) == (STARTED.on, NOON + timedelta(minutes=2))


def test_suspending_and_resuming_leave_the_stage_as_old_as_it_is() -> None:
    task = fold(TASK, [*IN_PROGRESS, f.Suspended(), f.Resumed()])
    assert (task.stage_since, task.condition_since) == (
        NOON + timedelta(minutes=2),
        NOON + timedelta(minutes=4),
    )


def test_evolve_never_refuses_a_history_that_no_decider_would_have_made() -> None:
    strange = fold(TASK, [EVALUATED, f.Resumed(), REPORTED, PROPOSED, f.Suspended()])
    assert (strange.stage, strange.condition) == (Stage.PROPOSED, Condition.SUSPENDED)


def test_every_fact_changes_something_and_one_without_a_fold_is_no_silence() -> None:
    class Praised(f.OfTask, frozen=True):
        kind = "task.praised"

    at = NOON
    assert [one.kind for one in TASK.facts if one not in state._FOLDS and one.moves is None] == []
    with pytest.raises(AssertionError, match=r"task\.praised"):
        state.evolve(TASK.initial, Praised(), at, 1)  # type: ignore[arg-type]
