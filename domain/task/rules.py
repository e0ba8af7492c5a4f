"""The checks that `decide` makes, each refusing by name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from domain.agency.commands import agency_stream
from domain.agency.rules import check_active
from domain.aggregate import Given
from domain.errors import Refusal
from domain.programme.commands import programme_stream
from domain.programme.refusals import ProgrammeNotOpen, UnknownArea
from domain.programme.state import Programme, ProgrammeStage
from domain.quarters import quarter_of, quarter_over
from domain.seoul import Moment, local_day
from domain.task import commands as c
from domain.task import refusals as refused
from domain.task.lifecycle import after, allowed, moves
from domain.task.stages import Stage
from domain.task.state import Task
from domain.values import Plan


def check_stage(command: c.TaskCommand, task: Task) -> None:
    """Refuse a command that the task's stage and condition do not allow."""
    possible = allowed(task.stage, task.condition)
    if type(command) in possible:
        return
    refusal: type[Refusal] = refused.NotAllowedNow
    if task.stage is Stage.UNKNOWN:
        refusal = refused.NeverProposed
    elif isinstance(command, c.Propose):
        refusal = refused.AlreadyProposed
    raise refusal(
        task=command.task,
        command=command.label,
        stage=task.stage,
        condition=task.condition,
        allowed=tuple(one.label for one in possible),
    )


def check_dated(command: c.TaskCommand, kind: str, task: Task, at: datetime) -> None:
    """Refuse what is dated before the stage it belongs to, or might move the task before it was moved last."""
    if isinstance(command, c.CorrectEvaluated):
        return  # it has the time of what it corrects, in whatever stage that was
    turns = moves(kind) or isinstance(
        command, c.Rate
    )  # what may move a task, and what is of one condition alone
    since = task.condition_since if turns else task.stage_since
    if since is not None and at < since:
        raise refused.DatedBeforeLastStageChange(
            task=command.task,
            command=command.label,
            at=Moment(at),
            stage=task.stage,
            condition=task.condition,
            since=Moment(since),
        )


def then(task: Task, given: Given) -> Task:
    """The task as it was so when a late entry was; what is dated before the proposal is refused by its date."""
    known: Task | None = given.then
    return task if known is None or known.stage is Stage.UNKNOWN else known


def year_stream(task: str) -> str:
    """The programme of the task's year."""
    return programme_stream(c.year_of(task))


def check_listed(command: c.Propose, given: Given) -> None:
    """Refuse a proposal that is not what the year's list says."""
    year = c.year_of(command.task)
    programme: Programme = given.others[programme_stream(year)]
    if programme.stage is not ProgrammeStage.OPEN:
        raise ProgrammeNotOpen(command=command.label, year=year, stage=programme.stage)
    listed = programme.tasks.get(command.task)
    if listed is None:
        raise refused.TaskNotListed(task=command.task, year=year)
    if command.area not in programme.areas:
        areas = tuple(programme.areas)
        raise UnknownArea(task=command.task, year=year, area=command.area, areas=areas)
    if command.area != listed.area:
        raise refused.NotTheListedArea(task=command.task, area=command.area, listed=listed.area)
    if command.lead != listed.lead:
        raise refused.NotTheListedLead(task=command.task, lead=command.lead, listed=listed.lead)


def check_plan_against_list(task: str, plan: Plan, given: Given) -> None:
    """Refuse a plan that forgets the day before which the city said the task cannot begin."""
    programme: Programme = given.others[year_stream(task)]
    listed = programme.tasks[task].not_before
    if listed is not None and (plan.not_before is None or plan.not_before < listed):
        raise refused.PlannedTooEarly(task=task, listed=listed)


def check_registered(command: c.TaskCommand, agencies: Sequence[str], given: Given) -> None:
    for agency in agencies:
        check_active(command, agency, given.others[agency_stream(agency)])


def check_lead(command: c.Propose, given: Given) -> None:
    """Refuse a lead that is not there. For one that was merged the agency that answers proposes: the list stays."""
    if given.others[agency_stream(command.lead)].successor is None:
        check_registered(command, (command.lead,), given)


def check_partners(command: c.TaskCommand, lead: str, partners: Sequence[str], given: Given) -> None:
    check_named_once(command, lead, partners)
    check_registered(command, partners, given)


def check_named_once(command: c.TaskCommand, lead: str, partners: Sequence[str]) -> None:
    """Refuse an agency that takes part twice."""
    for number, partner in enumerate(partners):
        if partner == lead:
            raise refused.LeadAmongPartners(task=command.task, lead=lead)
        if partner in partners[:number]:
            raise refused.PartnerTwice(task=command.task, partner=partner)


def check_revises(command: c.Revise, task: Task) -> None:
    """Refuse a revision of nothing, unless it answers a return by its reason."""
    changes = (command.title, command.department, command.partners, command.plan, command.summary)
    answers = after("task.revised", task.stage, task.condition)[1] is not task.condition
    if not answers and all(change is None for change in changes):
        raise refused.NothingRevised(task=command.task, stage=task.stage, condition=task.condition)


def check_start(command: c.Start, task: Task, at: datetime) -> None:
    not_before = _plan(task).not_before
    if not_before is not None and local_day(at) < not_before:
        raise refused.TooEarlyToStart(
            task=command.task, on=local_day(at), stage=task.stage, not_before=not_before
        )


def check_figures(command: c.ReportProgress | c.SubmitFinalReport, task: Task) -> None:
    indicators = tuple(indicator.id for indicator in _plan(task).indicators)
    for figure in command.figures:
        if figure.indicator not in indicators:
            raise refused.UnknownIndicator(
                task=command.task, indicator=figure.indicator, indicators=indicators
            )


def check_milestones(command: c.ReportProgress, task: Task) -> None:
    planned = tuple(milestone.id for milestone in _plan(task).milestones)
    to_come = tuple(milestone for milestone in planned if milestone not in task.milestones_reached)
    for milestone in command.milestones:
        if milestone in to_come:
            continue
        known = milestone in planned
        refusal = refused.MilestoneAlreadyReached if known else refused.UnknownMilestone
        raise refusal(task=command.task, milestone=milestone, milestones=to_come)


def period_of(command: c.ReportProgress, task: Task, today: date) -> str | None:
    """The quarter that a report is of: by default the last one that was over, none if the work began after it."""
    assert task.started_on is not None, "only work under way is reported on"
    first, last = quarter_of(task.started_on), quarter_of(today)
    if command.period is None:
        over = quarter_over(today)
        return over if over >= first else None
    if not first <= command.period <= last:
        raise refused.PeriodOutside(task=command.task, period=command.period, first=first, last=last)
    return command.period


def check_later_year(command: c.CarryOver, task: Task) -> None:
    year = c.year_of(command.task)
    if command.to_year <= year:
        raise refused.NotALaterYear(task=command.task, to_year=command.to_year, year=year, stage=task.stage)


def _plan(task: Task) -> Plan:
    assert task.plan is not None, "a proposed task has a plan"
    return task.plan
