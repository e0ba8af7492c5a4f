"""The rules of tasks that change: new plans, other agencies, corrections, legal holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from domain.agency.commands import agency_stream
from domain.aggregate import Given
from domain.calendar.commands import calendar_stream
from domain.calendar.state import Calendar
from domain.errors import Refusal
from domain.seoul import Moment
from domain.task import commands as c
from domain.task import facts, rules
from domain.task import refusals as refused
from domain.task.lifecycle import moves_stage
from domain.task.partners import joined
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
            return (rules.year_stream(command.task),)
        case c.HandOver():
            return (agency_stream(command.to),)
        case c.AddPartner():
            return (agency_stream(command.partner),)
        case c.SetDeadlines():
            return tuple(calendar_stream(one.year) for one in command.calendars)
    return ()


def decide(command: Change, task: Task, given: Given) -> facts.TaskFact:
    """Turn a change into its fact, or refuse it."""
    match command:
        case c.Replan():
            return _replanned(command, task, given)
        case c.ApproveReplan():
            return _replan_approved(command, task, given)
        case c.RefuseReplan():
            _pending(command, task, given)
            return facts.ReplanRefused()
        case c.HandOver():
            return _handed_over(command, task, given)
        case c.AddPartner():
            then = rules.then(task, given)
            rules.check_named_once(command, then.lead, (*then.partners, command.partner))
            rules.check_registered(command, (command.partner,), given)
            return facts.PartnerAdded(partner=command.partner)
        case c.ReleasePartner():
            _check_partner(command, task, given)
            return facts.PartnerReleased(partner=command.partner)
        case c.Correct():
            return _corrected(command, given)
        case c.CorrectEvaluated():
            return _corrected_evaluated(command, given)
        case c.CancelCorrection():
            return _correction_cancelled(command, given.history)
        case c.PlaceHold():
            if task.hold is not None:
                raise refused.HeldAlready(task=command.task, basis=task.hold)
            _check_not_before(refused.HeldBeforeLifted, command, task.so_since("hold"), given)
            return facts.HoldPlaced(basis=command.basis)
        case c.LiftHold():
            if task.hold is None:
                raise refused.NotHeld(task=command.task)
            _check_not_before(refused.LiftedBeforeHeld, command, task.so_since("hold"), given)
            return facts.HoldLifted()
        case c.SetDeadlines():
            return _deadlines_set(command, given)


def _deadlines_set(command: c.SetDeadlines, given: Given) -> facts.DeadlinesSet:
    if command.as_of != len(given.history):
        raise refused.DeadlinesOutdated(task=command.task, found=len(given.history), seen=command.as_of)
    for one in command.calendars:
        calendar: Calendar = given.others[calendar_stream(one.year)]
        if calendar.version != one.version:
            raise refused.CalendarChanged(task=command.task, year=one.year)
    return facts.DeadlinesSet(
        definition=command.definition,
        calendars=command.calendars,
        deadlines=command.deadlines,
        acts=command.acts,
        waiting=command.waiting,
    )


def grows(plan: Plan, old: Plan) -> bool:
    """Whether a plan asks for more money or time than the one in force, so that the city has to decide again."""
    return plan.budget_krw > old.budget_krw or plan.end > old.end or plan.start < old.start


def _replanned(command: c.Replan, task: Task, given: Given) -> facts.Replanned | facts.ReplanRequested:
    in_force = rules.then(task, given).plan
    assert in_force is not None
    if command.plan == in_force:
        raise refused.PlanUnchanged(task=command.task)
    rules.check_plan_against_list(command.task, command.plan, given)
    _check_kept(command, task)
    if grows(command.plan, in_force):
        _check_not_before(refused.RequestOutdone, command, task.so_since("pending_plan"), given)
        _check_not_before(refused.RequestOutdone, command, task.so_since("plan"), given)
        return facts.ReplanRequested(plan=command.plan)
    return facts.Replanned(plan=command.plan)


def _check_kept(command: c.Replan, task: Task) -> None:
    """What was reported on must stay in the plan, or its figures would stand for nothing."""
    milestones = {milestone.id for milestone in command.plan.milestones}
    indicators = {indicator.id for indicator in command.plan.indicators}
    for what in task.milestones_reached:
        if what not in milestones:
            raise refused.ReportedPartDropped(task=command.task, what=what)
    for what in task.figures:
        if what not in indicators:
            raise refused.ReportedPartDropped(task=command.task, what=what)


def _pending(command: c.ApproveReplan | c.RefuseReplan, task: Task, given: Given) -> Plan:
    if task.pending_plan is None:
        raise refused.NoPlanRequested(task=command.task, command=command.label)
    _check_not_before(refused.DecidedBeforeRequested, command, task.pending_since, given)
    return task.pending_plan


def _replan_approved(command: c.ApproveReplan, task: Task, given: Given) -> facts.Replanned:
    plan = _pending(command, task, given)
    _, latest = task.stamps["pending_plan"]
    if command.request is not None and command.request != f"{command.stream}#{latest}":
        raise refused.AnotherPlanRequested(task=command.task, given=command.request, latest=latest)
    return facts.Replanned(plan=plan)


def _check_partner(command: c.ReleasePartner, task: Task, given: Given) -> None:
    """Refuse to release who took no part when the release is dated."""
    then = rules.then(task, given)
    if command.partner in then.partners:
        return
    if command.partner in task.partners:
        since = joined(task, command.partner)[0]
        _check_not_before(refused.ReleasedBeforeAdded, command, since, given)
    raise refused.NotAPartner(task=command.task, partner=command.partner, partners=then.partners)


def _check_not_before(
    refusal: type[Refusal], command: c.OnTask, since: datetime | None, given: Given
) -> None:
    """Refuse a late entry of before what it decides about, or of before what has outdone it since."""
    if since is not None and given.effective_at < since:
        raise refusal(
            task=command.task, command=command.label, at=Moment(given.effective_at), since=Moment(since)
        )


def _handed_over(command: c.HandOver, task: Task, given: Given) -> facts.HandedOver:
    if command.to == (lead := rules.then(task, given).lead):
        raise refused.LeadsAlready(task=command.task, lead=lead)
    if command.to in task.partners:
        _check_not_before(refused.LeadsBeforePartner, command, joined(task, command.to)[0], given)
    rules.check_registered(command, (command.to,), given)
    return facts.HandedOver(lead=command.to)


def _corrected(command: c.Correct, given: Given) -> facts.Corrected:
    version, target = _target(command, command.fact, given.history)
    if isinstance(target, facts.Corrected | facts.CorrectionCancelled):
        raise refused.CorrectsACorrection(task=command.task, fact=command.fact)
    if not isinstance(target, facts.ProgressReported | facts.FinalReportSubmitted | facts.Started):
        raise refused.NothingToCorrect(task=command.task, fact=command.fact)
    standing = correction_of(version, given.history)
    if standing is not None:
        raise refused.CorrectedAlready(task=command.task, fact=command.fact, correction=standing)
    _check_corrected_values(command, version, given)
    return facts.Corrected(fact=version, percent=command.percent, figures=command.figures, on=command.on)


def _corrected_evaluated(command: c.CorrectEvaluated, given: Given) -> facts.Corrected:
    version, target = _named(command, command.fact, given.history)
    if isinstance(target, facts.Corrected | facts.CorrectionCancelled):
        raise refused.CorrectsACorrection(task=command.task, fact=command.fact)
    if not isinstance(target, _CORRECTABLE):
        raise refused.NothingToCorrectAnyMore(task=command.task, fact=command.fact)
    _check_corrected_values(command, version, given)
    return facts.Corrected(
        fact=version,
        percent=command.percent,
        figures=command.figures,
        on=command.on,
        score=command.score,
        grade=command.grade,
        after_evaluation=True,
    )


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
    version, target = _named(command, name, history)
    if any(moves_stage(fact.kind) for fact in history[version:]):
        raise refused.StageOver(task=command.task, fact=name, command=command.label)
    return version, target


def _named(command: c.OnTask, name: str, history: Sequence[Any]) -> tuple[int, Any]:
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


def _check_corrected_values(command: c.Correct | c.CorrectEvaluated, version: int, given: Given) -> None:
    """Only what the fact had said can be corrected, and to something else."""
    was, said = _standing(version, given.history)
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
    if command.on is not None and command.on > given.today:
        raise refused.StartedInFuture(task=command.task, on=command.on, today=given.today)


def _correction_cancelled(command: c.CancelCorrection, history: Sequence[Any]) -> facts.CorrectionCancelled:
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
