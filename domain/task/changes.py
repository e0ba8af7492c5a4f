"""The rules of tasks that change: new plans, other agencies, corrections, legal holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from domain.aggregate import DecisionContext
from domain.calendar.state import Calendar
from domain.errors import Refusal
from domain.seoul import Moment
from domain.streams import agency_stream, calendar_stream, year_stream
from domain.task import commands as c
from domain.task import facts, rules
from domain.task import refusals_of_changes as refused
from domain.task.partners import membership_since
from domain.task.state import Task
from domain.values import Plan

Change = (
    c.Replan
    | c.ApproveReplan
    | c.RefuseReplan
    | c.HandOver
    | c.AddPartner
    | c.ReleasePartner
    | c.Correct
    | c.CorrectEvaluated
    | c.CancelCorrection
    | c.PlaceHold
    | c.LiftHold
    | c.SetDeadlines
)


_CORRECTED_VALUES = ("percent", "on", "score", "grade")
_CORRECTABLE = (
    facts.ProgressReported,
    facts.FinalReportSubmitted,
    facts.Started,
    facts.Rated,
    facts.Evaluated,
)


def reads(command: c.TaskCommand) -> tuple[str, ...]:
    """The year's list for a plan, the register for an agency that is to take part."""
    match command:
        case c.Replan():
            return (year_stream(command.task),)
        case c.HandOver():
            return (agency_stream(command.to),)
        case c.AddPartner():
            return (agency_stream(command.partner),)
        case c.SetDeadlines():
            return tuple(calendar_stream(one.year) for one in command.calendars)
    return ()


def decide(command: Change, task: Task, context: DecisionContext) -> facts.TaskFact:
    """Turn a change into its fact, or refuse it."""
    match command:
        case c.Replan():
            return _replan(command, task, context)
        case c.ApproveReplan():
            return _approve_replan(command, task, context)
        case c.RefuseReplan():
            _pending(command, task, context)
            return facts.ReplanRefused()
        case c.HandOver():
            return _hand_over(command, task, context)
        case c.AddPartner():
            then = rules.then(task, context)
            rules.check_named_once(command, then.lead, (*then.partners, command.partner))
            rules.check_registered(command, (command.partner,), context)
            return facts.PartnerAdded(partner=command.partner)
        case c.ReleasePartner():
            _check_partner(command, task, context)
            return facts.PartnerReleased(partner=command.partner)
        case c.Correct():
            return _correct(command, context)
        case c.CorrectEvaluated():
            return _correct_evaluated(command, context)
        case c.CancelCorrection():
            return _cancel_correction(command, context.history)
        case c.PlaceHold():
            if task.hold is not None:
                raise refused.HeldAlready(task=command.task, basis=task.hold)
            _check_not_before(refused.HeldBeforeLifted, command, task.so_since("hold"), context)
            return facts.HoldPlaced(basis=command.basis)
        case c.LiftHold():
            if task.hold is None:
                raise refused.NotHeld(task=command.task)
            _check_not_before(refused.LiftedBeforeHeld, command, task.so_since("hold"), context)
            return facts.HoldLifted()
        case c.SetDeadlines():
            return _set_deadlines(command, context)


def _set_deadlines(command: c.SetDeadlines, context: DecisionContext) -> facts.DeadlinesSet:
    if command.as_of != len(context.history):
        raise refused.DeadlinesOutdated(task=command.task, found=len(context.history), seen=command.as_of)
    for one in command.calendars:
        calendar: Calendar = context.others[calendar_stream(one.year)]
        if calendar.version != one.version:
            raise refused.CalendarChanged(task=command.task, year=one.year)
    return command.make_fact(facts.DeadlinesSet)


def grows(plan: Plan, old: Plan) -> bool:
    """Whether a plan asks for more money or time than the one in force, so that the city has to decide again."""
    return plan.budget_krw > old.budget_krw or plan.end > old.end or plan.start < old.start


def _replan(
    command: c.Replan, task: Task, context: DecisionContext
) -> facts.Replanned | facts.ReplanRequested:
    then = rules.then(task, context)
    in_force, plan = then.plan, rules.new_plan(command, then)
    assert in_force is not None
    if plan is None or plan == in_force:
        raise refused.PlanUnchanged(task=command.task)
    rules.check_plan_against_list(command.task, plan, context)
    _check_kept(command, plan, task)
    if grows(plan, in_force):
        _check_not_before(refused.RequestOutdone, command, task.so_since("pending_plan"), context)
        _check_not_before(refused.RequestOutdone, command, task.so_since("plan"), context)
        return facts.ReplanRequested(plan=plan)
    return facts.Replanned(plan=plan)


def _check_kept(command: c.Replan, plan: Plan, task: Task) -> None:
    """What was reported on must stay in the plan, or its figures would stand for nothing."""
    milestones = {milestone.id for milestone in plan.milestones}
    indicators = {indicator.id for indicator in plan.indicators}
    for what in task.milestones_reached:
        if what not in milestones:
            raise refused.ReportedPartDropped(task=command.task, what=what)
    for what in task.figures:
        if what not in indicators:
            raise refused.ReportedPartDropped(task=command.task, what=what)


def _pending(command: c.ApproveReplan | c.RefuseReplan, task: Task, context: DecisionContext) -> Plan:
    if task.pending_plan is None:
        raise refused.NoPlanRequested(task=command.task, command=command.label)
    _check_not_before(refused.DecidedBeforeRequested, command, task.pending_since, context)
    return task.pending_plan


def _approve_replan(command: c.ApproveReplan, task: Task, context: DecisionContext) -> facts.Replanned:
    plan = _pending(command, task, context)
    _, latest = task.stamps["pending_plan"]
    if command.request is not None and command.request != f"{command.stream}#{latest}":
        raise refused.AnotherPlanRequested(task=command.task, given=command.request, latest=latest)
    return facts.Replanned(plan=plan)


def _check_partner(command: c.ReleasePartner, task: Task, context: DecisionContext) -> None:
    """Refuse to release who took no part when the release is dated."""
    then = rules.then(task, context)
    if command.partner in then.partners:
        return
    if command.partner in task.partners:
        since = membership_since(task, command.partner)[0]
        _check_not_before(refused.ReleasedBeforeAdded, command, since, context)
    raise refused.NotAPartner(task=command.task, partner=command.partner, partners=then.partners)


def _check_not_before(
    refusal: type[Refusal], command: c.OnTask, since: datetime | None, context: DecisionContext
) -> None:
    """Refuse a late entry of before what it decides about, or of before what has outdone it since."""
    if since is not None and context.effective_at < since:
        raise refusal(
            task=command.task, command=command.label, at=Moment(context.effective_at), since=Moment(since)
        )


def _hand_over(command: c.HandOver, task: Task, context: DecisionContext) -> facts.HandedOver:
    if command.to == (lead := rules.then(task, context).lead):
        raise refused.LeadsAlready(task=command.task, lead=lead)
    if command.to in task.partners:
        _check_not_before(refused.LeadsBeforePartner, command, membership_since(task, command.to)[0], context)
    rules.check_registered(command, (command.to,), context)
    return facts.HandedOver(lead=command.to)


def _correct(command: c.Correct, context: DecisionContext) -> facts.Corrected:
    version, target = _target(command, command.fact, context.history)
    if isinstance(target, facts.Corrected | facts.CorrectionCancelled):
        raise refused.CorrectsACorrection(task=command.task, fact=command.fact)
    if not isinstance(target, facts.ProgressReported | facts.FinalReportSubmitted | facts.Started):
        raise refused.NothingToCorrect(task=command.task, fact=command.fact)
    standing = correction_of(version, context.history)
    if standing is not None:
        raise refused.CorrectedAlready(task=command.task, fact=command.fact, correction=standing)
    _check_corrected_values(command, version, context)
    return facts.Corrected(fact=version, percent=command.percent, figures=command.figures, on=command.on)


def _correct_evaluated(command: c.CorrectEvaluated, context: DecisionContext) -> facts.Corrected:
    version, target = _find_fact(command, command.fact, context.history)
    if isinstance(target, facts.Corrected | facts.CorrectionCancelled):
        raise refused.CorrectsACorrection(task=command.task, fact=command.fact)
    if not isinstance(target, _CORRECTABLE):
        raise refused.NothingToCorrectAnyMore(task=command.task, fact=command.fact)
    _check_corrected_values(command, version, context)
    name = None if command.grade is None else rules.name_grade(command.grade, context)
    return command.make_fact(facts.Corrected, fact=version, after_evaluation=True, grade_name=name)


def correction_of(version: int, history: Sequence[Any]) -> int | None:
    """The version of the correction that stands against a fact of the stream, if one does."""
    standing: int | None = None
    for number, fact in enumerate(history, start=1):
        if isinstance(fact, facts.Corrected) and fact.fact == version:
            standing = number
        elif isinstance(fact, facts.CorrectionCancelled) and fact.correction == standing:
            standing = None
    return standing


def _target(command: c.Correct | c.CancelCorrection, name: str, history: Sequence[Any]) -> tuple[int, Any]:
    """The named fact, if it is this task's and nothing has ended its stage since."""
    version, target = _find_fact(command, name, history)
    if any(fact.moved is not None and fact.moved.stage is not None for fact in history[version:]):
        raise refused.StageOver(task=command.task, fact=name, command=command.label)
    return version, target


def _find_fact(command: c.OnTask, name: str, history: Sequence[Any]) -> tuple[int, Any]:
    """The named fact, if it is this task's."""
    version = c.version_in(name, command.stream)
    if version is None:
        raise refused.FactOfAnotherStream(task=command.task, fact=name)
    if version > len(history):
        raise refused.NoSuchFact(task=command.task, fact=name, last=len(history))
    return version, history[version - 1]


def _standing(version: int, history: Sequence[Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """What the fact says by now: its values and figures, each as corrected last."""
    values: dict[str, Any] = {}
    figures: dict[str, str] = {}
    corrections: set[int] = set()
    for number, fact in enumerate(history[version - 1 :], start=version):
        if number == version or getattr(fact, "fact", None) == version:
            corrections.add(number)
        elif not isinstance(fact, facts.CorrectionCancelled) or fact.correction not in corrections:
            continue
        said = {name: getattr(fact, name, None) for name in _CORRECTED_VALUES}
        values |= {name: value for name, value in said.items() if value is not None}
        figures |= {one.indicator: one.value for one in getattr(fact, "figures", ())}
    return values, figures


def _check_corrected_values(
    command: c.Correct | c.CorrectEvaluated, version: int, context: DecisionContext
) -> None:
    """Only what the fact had said can be corrected, and to something else."""
    was, said = _standing(version, context.history)
    now = {name: getattr(command, name, None) for name in _CORRECTED_VALUES}
    for name, value in now.items():
        if value is not None and name not in was:
            raise refused.NotSaidThere(task=command.task, fact=command.fact, what=name)
    for figure in command.figures:
        if figure.indicator not in said:
            raise refused.NotSaidThere(task=command.task, fact=command.fact, what=figure.indicator)
    values: list[tuple[Any, Any]] = [(was[name], value) for name, value in now.items() if value is not None]
    values += [(said[figure.indicator], figure.value) for figure in command.figures]
    if all(before == after for before, after in values):
        raise refused.CorrectsNothing(task=command.task, fact=command.fact)
    if command.on is not None and command.on > context.today:
        raise refused.StartedInFuture(task=command.task, on=command.on, today=context.today)


def _cancel_correction(command: c.CancelCorrection, history: Sequence[Any]) -> facts.CorrectionCancelled:
    version, correction = _target(command, command.correction, history)
    if not isinstance(correction, facts.Corrected):
        raise refused.NotACorrection(task=command.task, fact=command.correction)
    if correction_of(correction.fact, history) != version:
        raise refused.CancelledAlready(task=command.task, fact=command.correction)
    target = history[correction.fact - 1]
    corrected = {figure.indicator for figure in correction.figures}
    return facts.CorrectionCancelled(
        correction=version,
        percent=None if correction.percent is None else target.percent,
        figures=tuple(one for one in getattr(target, "figures", ()) if one.indicator in corrected),
        on=None if correction.on is None else target.on,
    )
