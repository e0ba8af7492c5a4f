"""A task as its facts made it. `evolve` never refuses: what happened, happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.quarters import last_day, quarter_over
from domain.seoul import local_day
from domain.stamps import EVER, Stamp, Stamps, taken, with_item
from domain.task import facts, partners
from domain.task.lifecycle import after
from domain.task.stages import Condition, Stage
from domain.values import Figure, Grade, LocalText, Plan, TextRef

__all__ = ["Condition", "Stage", "Task", "evolve"]


class Suspension(msgspec.Struct, frozen=True, gc=False):
    """From when to when the work was suspended; `until` is None while it is."""

    since: datetime
    until: datetime | None = None


class Task(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """`figures`: the latest value by indicator. All `…_since` and `…_at`: effective times, aware.

    `condition_since` is when the stage or the condition last changed. Before the proposal all is empty.
    `plan_version`: 1 for the plan proposed, one more for each that took its place; `pending_plan`: waits for the
    city. `stamps`: since when the values are so, by field, and by field and item where they are several. `corrections`:
    by their numbers those of the facts that they correct. `amended`: something was corrected after the evaluation. `hold`: the basis of a legal hold. `deadlines`: as
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
    hold: str | None = None
    deadlines: facts.DeadlinesSet | None = None
    reported_until: date | None = None
    suspensions: tuple[Suspension, ...] = ()
    stamps: Stamps = msgspec.field(default_factory=dict)
    corrections: Mapping[int, int] = msgspec.field(default_factory=dict)
    amended: bool = False

    def so_since(self, field: str) -> datetime | None:
        """When the fact was so that gave the value."""
        stamp = self.stamps.get(field)
        return None if stamp is None else stamp[0]

    @property
    def plan_at(self) -> datetime | None:
        return self.so_since("plan")

    @property
    def rated_at(self) -> datetime | None:
        return self.so_since("rating")

    @property
    def asked_plan(self) -> Plan | None:
        """The plan that waits for the city, while the city may decide on it."""
        possible = self.stage is Stage.APPROVED or (
            self.stage is Stage.IN_PROGRESS and self.condition in (Condition.NORMAL, Condition.SUSPENDED)
        )
        return self.pending_plan if possible else None


def _moved(task: Task, fact: Any, stamp: Stamp) -> Task:
    stage, condition = after(fact.kind, task.stage, task.condition)
    if stage is not task.stage:
        return replace(task, stage=stage, condition=condition, stage_since=stamp[0], condition_since=stamp[0])
    if condition is not task.condition:
        return replace(task, condition=condition, condition_since=stamp[0])
    return task


def _proposed(task: Task, fact: facts.Proposed, stamp: Stamp) -> Task:
    task = taken(
        replace(_moved(task, fact, stamp), plan_version=1),
        stamp,
        title=fact.title,
        area=fact.area,
        lead=fact.lead,
        department=fact.department,
        plan=fact.plan,
        summary=fact.summary,
    )
    return taken(partners.listed(task, fact.partners, stamp), (EVER, stamp[1]), definition=fact.definition)


def _revised(task: Task, fact: facts.Revised, stamp: Stamp) -> Task:
    task = _moved(task, fact, stamp)
    if fact.partners is not None:
        task = partners.listed(task, fact.partners, stamp)
    if fact.plan is not None:
        task = replace(task, plan_version=task.plan_version + 1)
    said = {name: getattr(fact, name) for name in ("title", "department", "plan", "summary")}
    return taken(task, stamp, **{name: value for name, value in said.items() if value is not None})


def _approved(task: Task, fact: facts.Approved, stamp: Stamp) -> Task:
    return replace(_moved(task, fact, stamp), conditions=fact.conditions)


def _started(task: Task, fact: facts.Started, stamp: Stamp) -> Task:
    return taken(_moved(task, fact, stamp), stamp, started_on=fact.on)


def _suspended(task: Task, fact: facts.Suspended, stamp: Stamp) -> Task:
    return replace(_moved(task, fact, stamp), suspensions=(*task.suspensions, Suspension(stamp[0])))


def _resumed(task: Task, fact: facts.Resumed, stamp: Stamp) -> Task:
    ended = tuple(replace(one, until=one.until or stamp[0]) for one in task.suspensions)
    return replace(_moved(task, fact, stamp), suspensions=ended)


def _progress_reported(task: Task, fact: facts.ProgressReported, stamp: Stamp) -> Task:
    changes: dict[str, Any] = {}
    until = last_day(fact.period or quarter_over(local_day(stamp[0])))
    if task.reported_until is None or until > task.reported_until:
        changes["reported_until"] = until
    if fact.milestones:  # all that any report has reached, in an order that does not say which came first
        changes["milestones_reached"] = tuple(sorted({*task.milestones_reached, *fact.milestones}))
    return taken(task, stamp, changes, _figures(fact.figures), percent=fact.percent)


def _final_report_submitted(task: Task, fact: facts.FinalReportSubmitted, stamp: Stamp) -> Task:
    task = replace(_moved(task, fact, stamp), final_report_on=local_day(stamp[0]))
    return taken(_decided(task, stamp), stamp, None, _figures(fact.figures))


def _figures(figures: tuple[Figure, ...]) -> tuple[str, list[tuple[str, str]]] | None:
    return ("figures", [(one.indicator, one.value) for one in figures]) if figures else None


def _rated(task: Task, fact: facts.Rated, stamp: Stamp) -> Task:
    return taken(task, stamp, rating=fact, rated_on=local_day(stamp[0]))


def _evaluated(task: Task, fact: facts.Evaluated, stamp: Stamp) -> Task:
    return replace(_moved(task, fact, stamp), score=fact.score, grade=fact.grade)


def _carried_over(task: Task, fact: facts.CarriedOver, stamp: Stamp) -> Task:
    return replace(_moved(task, fact, stamp), carried_to=fact.to_year)


def _replan_requested(task: Task, fact: facts.ReplanRequested, stamp: Stamp) -> Task:
    return taken(task, stamp, pending_plan=fact.plan, pending_since=stamp[0])


def _replanned(task: Task, fact: facts.Replanned, stamp: Stamp) -> Task:
    task = replace(task, plan_version=task.plan_version + 1)
    return taken(_decided(task, stamp), stamp, plan=fact.plan)


def _replan_refused(task: Task, fact: facts.ReplanRefused, stamp: Stamp) -> Task:
    return _decided(task, stamp)


def _decided(task: Task, stamp: Stamp) -> Task:
    return taken(task, stamp, pending_plan=None, pending_since=None)


def _handed_over(task: Task, fact: facts.HandedOver, stamp: Stamp) -> Task:
    return partners.out(taken(task, stamp, lead=fact.lead), fact.lead, stamp)


def _partner_added(task: Task, fact: facts.PartnerAdded, stamp: Stamp) -> Task:
    return partners.into(task, fact.partner, stamp)


def _partner_released(task: Task, fact: facts.PartnerReleased, stamp: Stamp) -> Task:
    return partners.out(task, fact.partner, stamp)


def _corrected(task: Task, fact: facts.Corrected, stamp: Stamp) -> Task:
    task = replace(
        task,
        corrections={**task.corrections, stamp[1]: fact.fact},
        amended=task.amended or fact.after_evaluation,
    )
    return _put_right(_judged_anew(task, fact), fact, fact.fact)


def _judged_anew(task: Task, fact: facts.Corrected) -> Task:
    """A corrected score is the rating's where that was corrected; a task is evaluated once, so that all else is its."""
    rated = task.stamps.get("rating")
    if rated is not None and rated[1] == fact.fact:
        if task.rating is None or fact.score is None:
            return task
        return taken(task, rated, rating=replace(task.rating, score=fact.score))
    if task.score is None:
        return task
    return replace(task, score=fact.score or task.score, grade=fact.grade or task.grade)


def _correction_cancelled(task: Task, fact: facts.CorrectionCancelled, stamp: Stamp) -> Task:
    return _put_right(task, fact, task.corrections.get(fact.correction))


def _put_right(task: Task, fact: facts.Corrected | facts.CorrectionCancelled, target: int | None) -> Task:
    """A correction stands in the place of the fact that it corrects: what another has given is left as it is."""
    for name, value in (("percent", fact.percent), ("started_on", fact.on)):
        stamp = task.stamps.get(name)
        if value is not None and stamp is not None and stamp[1] == target:
            task = taken(task, stamp, **{name: value})
    for figure in fact.figures:
        stamp = task.stamps.get(f"figures {figure.indicator}")
        if stamp is not None and stamp[1] == target:
            task = with_item(task, stamp, "figures", figure.indicator, figure.value)
    return task


def _hold_placed(task: Task, fact: facts.HoldPlaced, stamp: Stamp) -> Task:
    return taken(task, stamp, hold=fact.basis)


def _hold_lifted(task: Task, fact: facts.HoldLifted, stamp: Stamp) -> Task:
    return taken(task, stamp, hold=None)


def _deadlines_set(task: Task, fact: facts.DeadlinesSet, stamp: Stamp) -> Task:
    """A count knows all that was recorded before it: the last one recorded stands, whichever day it is dated."""
    return taken(task, (EVER, stamp[1]), deadlines=fact, definition=fact.definition)


_CHANGES: Mapping[type, Callable[[Task, Any, Stamp], Task]] = {
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
    facts.CorrectionCancelled: _correction_cancelled,
    facts.HoldPlaced: _hold_placed,
    facts.HoldLifted: _hold_lifted,
    facts.DeadlinesSet: _deadlines_set,
}


def evolve(task: Task, fact: facts.TaskFact, at: datetime, version: int) -> Task:
    """The task after the fact, which took effect at `at` and has that number in its stream."""
    return _CHANGES[type(fact)](task, fact, (at, version))
