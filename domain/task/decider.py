"""Every rule of a task's life: which facts a command makes, or why it is refused."""

from __future__ import annotations

from domain.aggregate import Aggregate, DecisionContext
from domain.definition_names import definition_of
from domain.limits import ref_of
from domain.seoul import local_day
from domain.streams import agency_stream, year_of, year_stream
from domain.task import changes, facts, rules
from domain.task import commands as c
from domain.task.lines import check_found, lapse
from domain.task.refusals import RatedAlready
from domain.task.state import TASK, Task


def decide(command: c.TaskCommand, task: Task, context: DecisionContext) -> tuple[facts.TaskFact, ...]:
    """Turn a command into facts, or refuse it."""
    rules.check_stage(command, task, context)
    fact = _decide(command, task, context)
    rules.check_dated(command, fact, task, context)
    return (fact, *lapse(task, fact, context))


def reads(command: c.TaskCommand, task: Task) -> tuple[str, ...]:
    """A proposal is checked against the year's list and the register of agencies."""
    year = year_stream(command.task)
    match command:
        case c.FreeNumber() | c.RequestProposal() | c.LapseRequest():
            return (year,)
        case c.Propose():
            agencies = dict.fromkeys((command.lead, *command.partners))
            return (year, *map(agency_stream, agencies))
        case c.Revise():
            partners = map(agency_stream, dict.fromkeys(command.partners or ()))
            planned = command.plan is not None or command.changes is not None
            return (*partners, year) if planned else tuple(partners)
    return changes.reads(command)


def _decide(command: c.TaskCommand, task: Task, context: DecisionContext) -> facts.TaskFact:
    match command:
        case c.Propose():
            return _propose(command, context)
        case c.RequestProposal():
            return _request_proposal(command, context)
        case c.LapseRequest():
            rules.check_lapses(command, task, context)
            return facts.RequestLapsed()
        case c.Revise():
            return _revise(command, task, context)
        case c.Return():
            return facts.Returned()
        case c.Approve():
            return facts.Approved(conditions=tuple(map(ref_of, command.conditions)))
        case c.Reject():
            return facts.Rejected()
        case c.FreeNumber():
            rules.check_year_open(command, context)
            return facts.NumberFreed()
        case c.Withdraw():
            return facts.Withdrawn()
        case c.Start():
            rules.check_start(command, task, context.effective_at)
            return facts.Started(on=local_day(context.effective_at))
        case c.Suspend():
            return facts.Suspended()
        case c.Resume():
            return facts.Resumed()
        case c.ReportProgress():
            return _report_progress(command, task, context)
        case c.ReachMilestones():
            rules.check_milestones(command, task)
            return facts.MilestonesReached(
                milestones=command.milestones, text=None if command.text is None else ref_of(command.text)
            )
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
            name = rules.name_grade(command.grade, context)
            return command.make_fact(facts.Evaluated, grade_name=name)
        case c.Discontinue():
            return facts.Discontinued()
        case c.TakeStep():
            return rules.check_step(command, context)
        case c.Sign() | c.Object() | c.WithdrawLine():
            return check_found(command, context)
        case c.CarryOver():
            rules.check_later_year(command, task)
            return facts.CarriedOver(to_year=command.to_year)
        case _:
            return changes.decide(command, task, context)


def _propose(command: c.Propose, context: DecisionContext) -> facts.Proposed:
    listed = rules.check_listed(command, context)
    rules.check_plan_against_list(command.task, command.plan, context)
    rules.check_lead(command, context)
    rules.check_partners(command, command.lead, command.partners, context)
    return facts.Proposed(
        title=command.title,
        area=command.area,
        lead=command.lead,
        department=command.department,
        partners=command.partners,
        plan=command.plan,
        summary=None if command.summary is None else ref_of(command.summary),
        definition=listed.definition or definition_of(year_of(command.task)),
    )


def _request_proposal(command: c.RequestProposal, context: DecisionContext) -> facts.ProposalRequested:
    listed = rules.check_on_list(command, context)
    return facts.ProposalRequested(
        title=listed.title,
        area=listed.area,
        lead=listed.lead,
        definition=listed.definition or definition_of(year_of(command.task)),
    )


def _revise(command: c.Revise, task: Task, context: DecisionContext) -> facts.Revised:
    rules.check_revises(command, task)
    then = rules.then(task, context)
    plan = rules.new_plan(command, then)
    if plan is not None:
        rules.check_plan_against_list(command.task, plan, context)
    rules.check_partners(command, then.lead, command.partners or (), context)
    return facts.Revised(
        title=command.title,
        department=command.department,
        partners=command.partners,
        plan=plan,
        summary=None if command.summary is None else ref_of(command.summary),
        without=command.without,
    )


def _report_progress(
    command: c.ReportProgress, task: Task, context: DecisionContext
) -> facts.ProgressReported:
    rules.check_figures(command, task)
    rules.check_milestones(command, task)
    return facts.ProgressReported(
        percent=command.percent,
        text=None if command.text is None else ref_of(command.text),
        figures=command.figures,
        milestones=command.milestones,
        period=rules.period_of(command, task, context.today),
    )


AGGREGATE = Aggregate.on(TASK, c.TaskCommand, decide, reads)
