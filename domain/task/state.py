"""A task as its facts made it. `evolve` never refuses: what happened, happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.quarters import last_day, quarter_over
from domain.seoul import local_day
from domain.task import facts
from domain.task.lifecycle import after
from domain.task.stages import Condition, Stage
from domain.values import Figure, Grade, LocalText, Plan, TextRef

__all__ = ["Condition", "Stage", "Task", "evolve"]


class Suspension(msgspec.Struct, frozen=True, gc=False):
    """From when to when the work was suspended; `until` is None while it is."""

    since: datetime
    until: datetime | None = None


class Task(msgspec.Struct, frozen=True, gc=False):
    """`figures`: the latest value by indicator. All `…_since` and `…_at`: effective times, aware.

    `condition_since` is when the stage or the condition last changed. Before the proposal all is empty.
    `plan_version`: 1 for the plan proposed, one more for each that took its place; `pending_plan`: waits for the
    city. `percent_at`, `figures_at`: when the report was true that gave the value, since a late report or a
    correction of an earlier one does not outdo a later one. `hold`: the basis of a legal hold. `deadlines`: as
    they were last set. `final_report_on`, `rated_on`: the days in Seoul of the last final report and of the citizens' rating.
    `reported_until`: the last day of the last quarter that a report stands for; `suspensions`: in their order.
    """

    stage: Stage = Stage.UNKNOWN
    condition: Condition = Condition.NORMAL
    title: LocalText | None = None
    area: str = ""
    lead: str = ""
    department: LocalText | None = None
    partners: tuple[str, ...] = ()
    plan: Plan | None = None
    summary: TextRef | None = None
    definition: str = ""
    conditions: tuple[TextRef, ...] = ()
    started_on: date | None = None
    percent: int = 0
    figures: Mapping[str, str] = msgspec.field(default_factory=dict)
    milestones_reached: tuple[str, ...] = ()
    final_report_on: date | None = None
    rating: facts.Rated | None = None
    rated_on: date | None = None
    score: str | None = None
    grade: Grade | None = None
    carried_to: int | None = None
    stage_since: datetime | None = None
    condition_since: datetime | None = None
    plan_version: int = 0
    pending_plan: Plan | None = None
    pending_since: datetime | None = None
    percent_at: datetime | None = None
    figures_at: Mapping[str, datetime] = msgspec.field(default_factory=dict)
    hold: str | None = None
    deadlines: facts.DeadlinesSet | None = None
    plan_at: datetime | None = None
    rated_at: datetime | None = None
    reported_until: date | None = None
    suspensions: tuple[Suspension, ...] = ()


def _moved(task: Task, fact: Any, at: datetime) -> Task:
    stage, condition = after(fact.kind, task.stage, task.condition)
    if stage is not task.stage:
        return replace(task, stage=stage, condition=condition, stage_since=at, condition_since=at)
    if condition is not task.condition:
        return replace(task, condition=condition, condition_since=at)
    return task


def _proposed(task: Task, fact: facts.Proposed, at: datetime) -> Task:
    return replace(
        _moved(task, fact, at),
        title=fact.title,
        area=fact.area,
        lead=fact.lead,
        department=fact.department,
        partners=fact.partners,
        plan=fact.plan,
        plan_version=1,
        plan_at=at,
        summary=fact.summary,
        definition=fact.definition,
    )


def _revised(task: Task, fact: facts.Revised, at: datetime) -> Task:
    return replace(
        _moved(task, fact, at),
        title=fact.title or task.title,
        department=fact.department or task.department,
        partners=task.partners if fact.partners is None else fact.partners,
        plan=fact.plan or task.plan,
        plan_version=task.plan_version + (fact.plan is not None),
        plan_at=task.plan_at if fact.plan is None else at,
        summary=fact.summary or task.summary,
    )


def _approved(task: Task, fact: facts.Approved, at: datetime) -> Task:
    return replace(_moved(task, fact, at), conditions=fact.conditions)


def _started(task: Task, fact: facts.Started, at: datetime) -> Task:
    return replace(_moved(task, fact, at), started_on=fact.on)


def _suspended(task: Task, fact: facts.Suspended, at: datetime) -> Task:
    return replace(_moved(task, fact, at), suspensions=(*task.suspensions, Suspension(at)))


def _resumed(task: Task, fact: facts.Resumed, at: datetime) -> Task:
    ended = tuple(replace(one, until=one.until or at) for one in task.suspensions)
    return replace(_moved(task, fact, at), suspensions=ended)


def _progress_reported(task: Task, fact: facts.ProgressReported, at: datetime) -> Task:
    changes = _measured(task, fact.percent, fact.figures, at)
    until = last_day(fact.period or quarter_over(local_day(at)))
    if task.reported_until is None or until > task.reported_until:
        changes["reported_until"] = until
    if fact.milestones:
        changes["milestones_reached"] = task.milestones_reached + fact.milestones
    return replace(task, **changes)


def _final_report_submitted(task: Task, fact: facts.FinalReportSubmitted, at: datetime) -> Task:
    changes = _measured(task, None, fact.figures, at)
    moved = _moved(task, fact, at)
    return replace(moved, pending_plan=None, pending_since=None, final_report_on=local_day(at), **changes)


def _rated(task: Task, fact: facts.Rated, at: datetime) -> Task:
    return replace(task, rating=fact, rated_on=local_day(at), rated_at=at)


def _evaluated(task: Task, fact: facts.Evaluated, at: datetime) -> Task:
    return replace(_moved(task, fact, at), score=fact.score, grade=fact.grade)


def _carried_over(task: Task, fact: facts.CarriedOver, at: datetime) -> Task:
    return replace(_moved(task, fact, at), carried_to=fact.to_year)


def _replan_requested(task: Task, fact: facts.ReplanRequested, at: datetime) -> Task:
    return replace(task, pending_plan=fact.plan, pending_since=at)


def _replanned(task: Task, fact: facts.Replanned, at: datetime) -> Task:
    version = task.plan_version + 1
    return replace(
        task, plan=fact.plan, plan_at=at, plan_version=version, pending_plan=None, pending_since=None
    )


def _replan_refused(task: Task, fact: facts.ReplanRefused, at: datetime) -> Task:
    return replace(task, pending_plan=None, pending_since=None)


def _handed_over(task: Task, fact: facts.HandedOver, at: datetime) -> Task:
    return replace(task, lead=fact.lead, partners=_without(task.partners, fact.lead))


def _partner_added(task: Task, fact: facts.PartnerAdded, at: datetime) -> Task:
    return replace(task, partners=(*task.partners, fact.partner))


def _partner_released(task: Task, fact: facts.PartnerReleased, at: datetime) -> Task:
    return replace(task, partners=_without(task.partners, fact.partner))


def _corrected(task: Task, fact: facts.Corrected | facts.CorrectionCancelled, at: datetime) -> Task:
    changes = _measured(task, fact.percent, fact.figures, at)
    return replace(task, started_on=fact.on or task.started_on, **changes)


def _hold_placed(task: Task, fact: facts.HoldPlaced, at: datetime) -> Task:
    return replace(task, hold=fact.basis)


def _hold_lifted(task: Task, fact: facts.HoldLifted, at: datetime) -> Task:
    return replace(task, hold=None)


def _deadlines_set(task: Task, fact: facts.DeadlinesSet, at: datetime) -> Task:
    return replace(task, deadlines=fact, definition=fact.definition)


def _without(agencies: tuple[str, ...], gone: str) -> tuple[str, ...]:
    return tuple(agency for agency in agencies if agency != gone)


def _measured(task: Task, percent: int | None, figures: tuple[Figure, ...], at: datetime) -> dict[str, Any]:
    """What a report changes: each value, unless a report of a later day has given it."""
    changes: dict[str, Any] = {}
    if percent is not None and (task.percent_at is None or at >= task.percent_at):
        changes = {"percent": percent, "percent_at": at}
    if figures:
        newer = {
            figure.indicator: figure.value
            for figure in figures
            if (known := task.figures_at.get(figure.indicator)) is None or at >= known
        }
        changes["figures"] = {**task.figures, **newer}
        changes["figures_at"] = {**task.figures_at, **dict.fromkeys(newer, at)}
    return changes


_CHANGES: Mapping[type, Callable[[Task, Any, datetime], Task]] = {
    facts.Proposed: _proposed,
    facts.Revised: _revised,
    facts.Returned: _moved,
    facts.Approved: _approved,
    facts.Rejected: _moved,
    facts.Withdrawn: _moved,
    facts.Started: _started,
    facts.Suspended: _suspended,
    facts.Resumed: _resumed,
    facts.ProgressReported: _progress_reported,
    facts.FinalReportSubmitted: _final_report_submitted,
    facts.RatingOpened: _moved,
    facts.Rated: _rated,
    facts.Evaluated: _evaluated,
    facts.Discontinued: _moved,
    facts.CarriedOver: _carried_over,
    facts.ReplanRequested: _replan_requested,
    facts.Replanned: _replanned,
    facts.ReplanRefused: _replan_refused,
    facts.HandedOver: _handed_over,
    facts.PartnerAdded: _partner_added,
    facts.PartnerReleased: _partner_released,
    facts.Corrected: _corrected,
    facts.CorrectionCancelled: _corrected,
    facts.HoldPlaced: _hold_placed,
    facts.HoldLifted: _hold_lifted,
    facts.DeadlinesSet: _deadlines_set,
}


def evolve(task: Task, fact: facts.TaskFact, at: datetime) -> Task:
    """The task after the fact, which took effect at `at`."""
    return _CHANGES[type(fact)](task, fact, at)
