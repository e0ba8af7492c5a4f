"""The checks that `decide` makes, each refusing by name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from domain.agency.rules import check_active
from domain.aggregate import DecisionContext
from domain.errors import Bilingual, Refusal
from domain.programme.refusals import ProgrammeNotOpen, UnknownArea
from domain.programme.state import Listed, Programme, ProgrammeStage
from domain.quarters import quarter_label, quarter_of, quarter_over
from domain.seoul import Moment, local_day
from domain.streams import agency_stream, programme_stream, year_of, year_stream
from domain.task import commands as c
from domain.task import refusals as refused
from domain.task.facts import StepTaken, TaskFact
from domain.task.lifecycle import commands_at
from domain.task.plan_changes import change_plan
from domain.task.refusals_of_steps import NoSuchStep
from domain.task.stages import RETURNED, Condition, Stage
from domain.task.state import Task
from domain.values import LocalText, Plan


def check_stage(command: c.TaskCommand, task: Task, context: DecisionContext) -> None:
    """Refuse a command that the task's stage and condition do not allow."""
    if type(command) in commands_at(task.place):
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
        condition=_name_condition(task, context),
        allowed=context.offers(command.stream, task),
    )


def check_dated(command: c.TaskCommand, fact: TaskFact, task: Task, context: DecisionContext) -> None:
    """Refuse what is dated before the stage it belongs to, or might move the task before it was moved last."""
    if isinstance(command, c.CorrectEvaluated):
        return  # it has the time of what it corrects, in whatever stage that was
    # what may move a task, and what is of one condition alone
    turns = fact.moved is not None or isinstance(command, c.Rate)
    at = context.effective_at
    since = task.condition_since if turns else task.stage_since
    if since is not None and at < since:
        raise refused.DatedBeforeLastStageChange(
            task=command.task,
            command=command.label,
            at=Moment(at),
            stage=task.stage,
            condition=_name_condition(task, context),
            since=Moment(since),
        )


def _name_condition(task: Task, context: DecisionContext) -> Bilingual | Condition:
    """As the task's definition calls it, where it is a place of its own."""
    own = None if context.definition is None else context.definition.name_of(task.place)
    return own or task.condition


def name_grade(grade: str, context: DecisionContext) -> LocalText | None:
    """What the task's definition calls the grade, where it has a name of its own for it."""
    return None if context.definition is None else context.definition.grade_names.get(grade)


def check_step(command: c.TakeStep, context: DecisionContext) -> StepTaken:
    """What the step of the task's definition comes to. Refuse one that nobody found there."""
    if context.step is None:
        raise NoSuchStep(task=command.task, definition="–", step=command.step, steps=("–",), allowed=("–",))
    found: StepTaken = context.step
    return found


def then(task: Task, context: DecisionContext) -> Task:
    """The task as it was so when a late entry was; what is dated before the proposal is refused by its date."""
    known: Task | None = context.then
    return task if known is None or known.stage is Stage.UNKNOWN else known


def check_year_open(
    command: c.Propose | c.FreeNumber | c.RequestProposal, context: DecisionContext
) -> Programme:
    """The year's programme, in which something can be proposed."""
    year = year_of(command.task)
    programme: Programme = context.others[programme_stream(year)]
    if programme.stage is not ProgrammeStage.OPEN:
        raise ProgrammeNotOpen(command=command.label, year=year, stage=programme.stage)
    return programme


def check_on_list(command: c.Propose | c.RequestProposal, context: DecisionContext) -> Listed:
    """What the year's list says of the task. Refuse what is about none of it."""
    listed = check_year_open(command, context).tasks.get(command.task)
    if listed is None:
        raise refused.TaskNotListed(task=command.task, year=year_of(command.task))
    return listed


def check_lapses(command: c.LapseRequest, task: Task, context: DecisionContext) -> None:
    """Refuse to let a request lapse that nobody made, or of a year that is open."""
    programme: Programme = context.others[year_stream(command.task)]
    if task.requested_since is None or programme.stage is not ProgrammeStage.CLOSED:
        raise refused.NoRequestLapses(task=command.task, year=year_of(command.task))


def check_listed(command: c.Propose, context: DecisionContext) -> Listed:
    """What the year's list says of the task. Refuse a proposal that is another."""
    listed = check_on_list(command, context)
    year, programme = year_of(command.task), context.others[year_stream(command.task)]
    if command.area not in programme.areas:
        areas = tuple(programme.areas)
        raise UnknownArea(task=command.task, year=year, area=command.area, areas=areas)
    if command.area != listed.area:
        raise refused.NotTheListedArea(task=command.task, area=command.area, listed=listed.area)
    if command.lead != listed.lead:
        raise refused.NotTheListedLead(task=command.task, lead=command.lead, listed=listed.lead)
    return listed


def check_plan_against_list(task: str, plan: Plan, context: DecisionContext) -> None:
    """Refuse a plan that forgets the day before which the city said the task cannot begin."""
    programme: Programme = context.others[year_stream(task)]
    listed = programme.tasks[task].not_before
    if listed is not None and (plan.not_before is None or plan.not_before < listed):
        raise refused.PlannedTooEarly(task=task, listed=listed)


def check_registered(command: c.TaskCommand, agencies: Sequence[str], context: DecisionContext) -> None:
    for agency in agencies:
        check_active(command, agency, context.others[agency_stream(agency)])


def check_lead(command: c.Propose, context: DecisionContext) -> None:
    """Refuse a lead that is not there. For one that was merged the agency that answers proposes: the list stays."""
    if context.others[agency_stream(command.lead)].successor is None:
        check_registered(command, (command.lead,), context)


def check_partners(
    command: c.TaskCommand, lead: str, partners: Sequence[str], context: DecisionContext
) -> None:
    check_named_once(command, lead, partners)
    check_registered(command, partners, context)


def check_named_once(command: c.TaskCommand, lead: str, partners: Sequence[str]) -> None:
    """Refuse an agency that takes part twice."""
    for number, partner in enumerate(partners):
        if partner == lead:
            raise refused.LeadAmongPartners(task=command.task, lead=lead)
        if partner in partners[:number]:
            raise refused.PartnerTwice(task=command.task, partner=partner)


def check_revises(command: c.Revise, task: Task) -> None:
    """Refuse a revision of nothing, unless it answers a return by its reason."""
    said = command.model_dump(exclude={"task", "without"}).values()
    answers = task.place == RETURNED
    if not answers and not command.without and all(one is None for one in said):
        raise refused.NothingRevised(task=command.task, stage=task.stage, condition=task.condition)


def new_plan(command: c.Revise | c.Replan, task: Task) -> Plan | None:
    """The plan that is asked for, whole; None where none is."""
    plan = _plan(task) if command.plan is None and command.changes is not None else command.plan
    return plan if command.changes is None or plan is None else change_plan(plan, command.changes)


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


def check_milestones(command: c.ReportProgress | c.ReachMilestones, task: Task) -> None:
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
        period, since, until = (quarter_label(one) for one in (command.period, first, last))
        raise refused.PeriodOutside(task=command.task, period=period, first=since, last=until)
    return command.period


def check_later_year(command: c.CarryOver, task: Task) -> None:
    year = year_of(command.task)
    if command.to_year <= year:
        raise refused.NotALaterYear(task=command.task, to_year=command.to_year, year=year, stage=task.stage)


def _plan(task: Task) -> Plan:
    assert task.plan is not None, "a proposed task has a plan"
    return task.plan
