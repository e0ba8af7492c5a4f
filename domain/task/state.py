"""A task as its facts made it. `evolve` never refuses: what happened, happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.task import facts
from domain.task.lifecycle import after
from domain.task.stages import Condition, Stage
from domain.values import Figure, Grade, LocalText, Plan, TextRef

__all__ = ["Condition", "Stage", "Task", "evolve"]


class Task(msgspec.Struct, frozen=True, gc=False):
    """`figures`: the latest value by indicator. `stage_since`, `condition_since`: effective times, aware.

    `condition_since` is when the stage or the condition last changed. Before the proposal all is empty.
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
    score: str | None = None
    grade: Grade | None = None
    carried_to: int | None = None
    stage_since: datetime | None = None
    condition_since: datetime | None = None


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
        summary=fact.summary or task.summary,
    )


def _approved(task: Task, fact: facts.Approved, at: datetime) -> Task:
    return replace(_moved(task, fact, at), conditions=fact.conditions)


def _started(task: Task, fact: facts.Started, at: datetime) -> Task:
    return replace(_moved(task, fact, at), started_on=fact.on)


def _progress_reported(task: Task, fact: facts.ProgressReported, at: datetime) -> Task:
    if not fact.figures and not fact.milestones:
        return replace(task, percent=fact.percent)
    return replace(
        task,
        percent=fact.percent,
        figures=_latest(task.figures, fact.figures),
        milestones_reached=task.milestones_reached + fact.milestones,
    )


def _final_report_submitted(task: Task, fact: facts.FinalReportSubmitted, at: datetime) -> Task:
    return replace(_moved(task, fact, at), figures=_latest(task.figures, fact.figures))


def _evaluated(task: Task, fact: facts.Evaluated, at: datetime) -> Task:
    return replace(_moved(task, fact, at), score=fact.score, grade=fact.grade)


def _carried_over(task: Task, fact: facts.CarriedOver, at: datetime) -> Task:
    return replace(_moved(task, fact, at), carried_to=fact.to_year)


def _latest(known: Mapping[str, str], figures: tuple[Figure, ...]) -> Mapping[str, str]:
    if not figures:
        return known
    latest = dict(known)
    for figure in figures:
        latest[figure.indicator] = figure.value
    return latest


_CHANGES: Mapping[type, Callable[[Task, Any, datetime], Task]] = {
    facts.Proposed: _proposed,
    facts.Revised: _revised,
    facts.Returned: _moved,
    facts.Approved: _approved,
    facts.Rejected: _moved,
    facts.Withdrawn: _moved,
    facts.Started: _started,
    facts.Suspended: _moved,
    facts.Resumed: _moved,
    facts.ProgressReported: _progress_reported,
    facts.FinalReportSubmitted: _final_report_submitted,
    facts.Evaluated: _evaluated,
    facts.Discontinued: _moved,
    facts.CarriedOver: _carried_over,
}


def evolve(task: Task, fact: facts.TaskFact, at: datetime) -> Task:
    """The task after the fact, which took effect at `at`."""
    return _CHANGES[type(fact)](task, fact, at)
