"""Every rule of a task's life: which facts a command makes, or why it is refused."""

from __future__ import annotations

from domain.agency.commands import agency_stream
from domain.aggregate import Aggregate, Given
from domain.limits import ref_of
from domain.seoul import local_day
from domain.task import changes, facts, rules
from domain.task import commands as c
from domain.task.lifecycle import definition_of
from domain.task.refusals import RatedAlready
from domain.task.state import Task, evolve


def decide(command: c.TaskCommand, task: Task, given: Given) -> tuple[facts.TaskFact, ...]:
    """Turn a command into facts, or refuse it."""
    rules.check_stage(command, task)
    fact = _decided(command, task, given)
    rules.check_dated(command, fact.kind, task, given.effective_at)
    return (fact,)


def reads(command: c.TaskCommand, task: Task) -> tuple[str, ...]:
    """A proposal is checked against the year's list and the register of agencies."""
    year = rules.year_stream(command.task)
    match command:
        case c.Propose():
            agencies = dict.fromkeys((command.lead, *command.partners))
            return (year, *map(agency_stream, agencies))
        case c.Revise():
            partners = map(agency_stream, dict.fromkeys(command.partners or ()))
            return (*partners, year) if command.plan is not None else tuple(partners)
    return changes.reads(command)


def _decided(command: c.TaskCommand, task: Task, given: Given) -> facts.TaskFact:
    match command:
        case c.Propose():
            return _proposed(command, given)
        case c.Revise():
            return _revised(command, task, given)
        case c.Return():
            return facts.Returned()
        case c.Approve():
            return facts.Approved(conditions=tuple(map(ref_of, command.conditions)))
        case c.Reject():
            return facts.Rejected()
        case c.Withdraw():
            return facts.Withdrawn()
        case c.Start():
            rules.check_start(command, task, given.effective_at)
            return facts.Started(on=local_day(given.effective_at))
        case c.Suspend():
            return facts.Suspended()
        case c.Resume():
            return facts.Resumed()
        case c.ReportProgress():
            return _progress_reported(command, task, given)
        case c.SubmitFinalReport():
            rules.check_figures(command, task)
            return facts.FinalReportSubmitted(text=ref_of(command.text), figures=command.figures)
        case c.OpenRating():
            return facts.RatingOpened()
        case c.Rate():
            if task.rating is not None:
                raise RatedAlready(task=command.task, score=task.rating.score)
            return facts.Rated(score=command.score, raters=command.raters)
        case c.Evaluate():
            return facts.Evaluated(score=command.score, grade=command.grade)
        case c.Discontinue():
            return facts.Discontinued()
        case c.CarryOver():
            rules.check_later_year(command, task)
            return facts.CarriedOver(to_year=command.to_year)
        case _:
            return changes.decide(command, task, given)


def _proposed(command: c.Propose, given: Given) -> facts.Proposed:
    rules.check_listed(command, given)
    rules.check_plan_against_list(command.task, command.plan, given)
    rules.check_lead(command, given)
    rules.check_partners(command, command.lead, command.partners, given)
    return facts.Proposed(
        title=command.title,
        area=command.area,
        lead=command.lead,
        department=command.department,
        partners=command.partners,
        plan=command.plan,
        summary=None if command.summary is None else ref_of(command.summary),
        definition=definition_of(c.year_of(command.task)),
    )


def _revised(command: c.Revise, task: Task, given: Given) -> facts.Revised:
    rules.check_revises(command, task)
    if command.plan is not None:
        rules.check_plan_against_list(command.task, command.plan, given)
    rules.check_partners(command, rules.then(task, given).lead, command.partners or (), given)
    return facts.Revised(
        title=command.title,
        department=command.department,
        partners=command.partners,
        plan=command.plan,
        summary=None if command.summary is None else ref_of(command.summary),
    )


def _progress_reported(command: c.ReportProgress, task: Task, given: Given) -> facts.ProgressReported:
    rules.check_figures(command, task)
    rules.check_milestones(command, task)
    return facts.ProgressReported(
        percent=command.percent,
        text=None if command.text is None else ref_of(command.text),
        figures=command.figures,
        milestones=command.milestones,
        period=rules.period_of(command, task, given.today),
    )


TASK = Aggregate(
    name="task",
    initial=Task(),
    facts=(
        facts.Proposed,
        facts.Revised,
        facts.Returned,
        facts.Approved,
        facts.Rejected,
        facts.Withdrawn,
        facts.Started,
        facts.Suspended,
        facts.Resumed,
        facts.ProgressReported,
        facts.FinalReportSubmitted,
        facts.RatingOpened,
        facts.Rated,
        facts.Evaluated,
        facts.Discontinued,
        facts.CarriedOver,
        facts.ReplanRequested,
        facts.Replanned,
        facts.ReplanRefused,
        facts.HandedOver,
        facts.PartnerAdded,
        facts.PartnerReleased,
        facts.Corrected,
        facts.CorrectionCancelled,
        facts.HoldPlaced,
        facts.HoldLifted,
        facts.DeadlinesSet,
    ),
    commands=(
        c.Propose,
        c.Revise,
        c.Return,
        c.Approve,
        c.Reject,
        c.Withdraw,
        c.Start,
        c.Suspend,
        c.Resume,
        c.ReportProgress,
        c.SubmitFinalReport,
        c.OpenRating,
        c.Rate,
        c.Evaluate,
        c.Discontinue,
        c.CarryOver,
        c.Replan,
        c.ApproveReplan,
        c.RefuseReplan,
        c.HandOver,
        c.AddPartner,
        c.ReleasePartner,
        c.Correct,
        c.CorrectEvaluated,
        c.CancelCorrection,
        c.PlaceHold,
        c.LiftHold,
        c.SetDeadlines,
    ),
    decide=decide,
    evolve=evolve,
    reads=reads,
)
