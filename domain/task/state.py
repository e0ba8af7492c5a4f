"""A task as its facts made it. `evolve` never refuses: what happened, happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from domain.errors import Bilingual
from domain.fact import Fold
from domain.quarters import last_day, quarter_over
from domain.seoul import local_day
from domain.stamps import EVER, Stamp, Stamps, with_item, with_values
from domain.task import facts, partners
from domain.task.open_line import OpenLine
from domain.task.results import describe_marks, describe_plan
from domain.task.stages import Condition, Place, Stage
from domain.values import Figure, Grade, LocalText, Plan, TextRef

__all__ = ["Condition", "Stage", "Task", "evolve"]


class Suspension(msgspec.Struct, frozen=True, gc=False):
    """From when to when the work was suspended; `until` is None while it is."""

    since: datetime
    until: datetime | None = None


class Stay(msgspec.Struct, frozen=True, gc=False):
    """Since when a task stood in a place, as definitions write it, until the next one."""

    place: str
    since: datetime


class StepDone(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A step of the definition as it was taken last: on which day in Seoul, and what its form said, by field.

    `stamp`: of the fact; `place`: from which it was taken.
    """

    on: date
    form: Mapping[str, str] = msgspec.field(default_factory=dict)
    stamp: Stamp = (EVER, 0)
    place: str = ""


class Task(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """`figures`: the latest value by indicator. All `…_since` and `…_at`: effective times, aware.

    `condition_since` is when the stage or the condition last changed. Before the proposal all is empty.
    `plan_version`: 1 for the plan proposed, one more for each that took its place; `pending_plan`: waits for the
    city. `stamps`: since when the values are so, by field, and by field and item where they are several. `corrections`:
    by their numbers those of the facts that they correct. `amended`: something was corrected after the evaluation. `hold`: the basis of a legal hold. `deadlines`: as
    they were last set. `final_report_on`, `rated_on`: the days in Seoul of the last final report and of the citizens' rating.
    `requested_since`: since when its proposal is waited for, None where it is not.
    `reported_until`: the last day of the last quarter that a report stands for; `suspensions`: in their order.
    `stays`: the places in which it has stood, in their order.
    `steps`: by name those of the definition that were taken, as of the last time; `next_by`: in a place of the definition's own
    the roles that may take it on. `line`: the approval line that is open; `lapsed_lines`:
    the numbers of those that lapsed before they were opened, by the moments at which things were so.
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
    grade_name: LocalText | None = None
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
    requested_since: datetime | None = None
    stamps: Stamps = msgspec.field(default_factory=dict)
    corrections: Mapping[int, int] = msgspec.field(default_factory=dict)
    amended: bool = False
    stays: tuple[Stay, ...] = ()
    steps: Mapping[str, StepDone] = msgspec.field(default_factory=dict)
    next_by: tuple[str, ...] = ()
    line: OpenLine | None = None
    lapsed_lines: tuple[int, ...] = ()

    @property
    def place(self) -> Place:
        return Place(self.stage, self.condition)

    @property
    def results(self) -> Iterator[Bilingual]:
        """What it came to by now, in words."""
        if self.plan is not None:
            yield from describe_plan(self.plan, self.figures)
        rated = None if self.rating is None else (self.rating.score, self.rating.raters)
        named, grade = self.grade_name, self.grade
        label = None if grade is None else Bilingual(grade, grade)
        if named is not None:
            label = Bilingual(f"{named.ko}({grade})", f"{named.say('en')} ({grade})")
        yield from describe_marks(rated, self.score, label)

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
        if self.pending_plan is None:
            return None
        possible = self.stage is Stage.APPROVED or (
            self.stage is Stage.IN_PROGRESS
            and (self.condition in (Condition.NORMAL, Condition.SUSPENDED) or self.condition.is_own)
        )
        return self.pending_plan if possible else None


_FOLDS: dict[type[facts.OfTask], Callable[[Task, Any, Stamp], Task]] = {}
_Fold = TypeVar("_Fold", bound=Callable[..., Task])


def _fold(fact: type[facts.OfTask]) -> Callable[[_Fold], _Fold]:
    """What a fact changes about a task. One without a fold only moves it."""

    def declare(fold: _Fold) -> _Fold:
        _FOLDS[fact] = fold
        return fold

    return declare


def _apply_move(task: Task, fact: Any, stamp: Stamp) -> Task:
    return task if fact.moves is None else _bring(task, fact.moves.of(task.place), stamp)


def _bring(task: Task, place: Place, stamp: Stamp) -> Task:
    stage, condition = place
    if stage is task.stage and condition is task.condition:
        return task
    stage_since = task.stage_since if stage is task.stage else stamp[0]
    return replace(
        task,
        stage=stage,
        condition=condition,
        stage_since=stage_since,
        condition_since=stamp[0],
        stays=(*task.stays, Stay(str(place), stamp[0])),
    )


@_fold(facts.Proposed)
def _apply_proposed(task: Task, fact: facts.Proposed, stamp: Stamp) -> Task:
    task = with_values(
        replace(_apply_move(task, fact, stamp), plan_version=1, requested_since=None),
        stamp,
        title=fact.title,
        area=fact.area,
        lead=fact.lead,
        department=fact.department,
        plan=fact.plan,
        summary=fact.summary,
    )
    return with_values(
        partners.apply_list(task, fact.partners, stamp), (EVER, stamp[1]), definition=fact.definition
    )


@_fold(facts.ProposalRequested)
def _apply_proposal_requested(task: Task, fact: facts.ProposalRequested, stamp: Stamp) -> Task:
    """What the list says holds until somebody proposes, whatever an earlier proposal under the number said."""
    if task.stage is not Stage.UNKNOWN:
        return task  # by when it was so it had been proposed
    given = {"title": fact.title, "area": fact.area, "lead": fact.lead, "definition": fact.definition}
    kept = {name: known for name, known in task.stamps.items() if name not in given or known[0] == EVER}
    task = replace(task, stamps=kept, requested_since=task.requested_since or stamp[0])
    return with_values(task, (EVER, stamp[1]), **given)


@_fold(facts.RequestLapsed)
def _apply_request_lapsed(task: Task, fact: facts.RequestLapsed, stamp: Stamp) -> Task:
    return replace(task, requested_since=None)


@_fold(facts.Revised)
def _apply_revised(task: Task, fact: facts.Revised, stamp: Stamp) -> Task:
    task = _apply_move(task, fact, stamp)
    if fact.partners is not None:
        task = partners.apply_list(task, fact.partners, stamp)
    if fact.plan is not None:
        task = replace(task, plan_version=task.plan_version + 1)
    said = {name: getattr(fact, name) for name in ("title", "department", "plan", "summary")}
    given = {name: value for name, value in said.items() if value is not None}
    gone = dict.fromkeys(name for name in fact.without if name in said)
    return with_values(task, stamp, **given | gone)


@_fold(facts.Approved)
def _apply_approved(task: Task, fact: facts.Approved, stamp: Stamp) -> Task:
    return replace(_apply_move(task, fact, stamp), conditions=fact.conditions)


@_fold(facts.Started)
def _apply_started(task: Task, fact: facts.Started, stamp: Stamp) -> Task:
    return with_values(_apply_move(task, fact, stamp), stamp, started_on=fact.on)


@_fold(facts.Suspended)
def _apply_suspended(task: Task, fact: facts.Suspended, stamp: Stamp) -> Task:
    return replace(_apply_move(task, fact, stamp), suspensions=(*task.suspensions, Suspension(stamp[0])))


@_fold(facts.Resumed)
def _apply_resumed(task: Task, fact: facts.Resumed, stamp: Stamp) -> Task:
    ended = tuple(replace(one, until=one.until or stamp[0]) for one in task.suspensions)
    return replace(_apply_move(task, fact, stamp), suspensions=ended)


@_fold(facts.ProgressReported)
def _apply_progress_reported(task: Task, fact: facts.ProgressReported, stamp: Stamp) -> Task:
    changes: dict[str, Any] = {}
    until = last_day(fact.period or quarter_over(local_day(stamp[0])))
    if task.reported_until is None or until > task.reported_until:
        changes["reported_until"] = until
    if fact.milestones:
        changes["milestones_reached"] = _all_reached(task, fact)
    return with_values(task, stamp, changes, _figures(fact.figures), percent=fact.percent)


@_fold(facts.MilestonesReached)
def _apply_milestones_reached(task: Task, fact: facts.MilestonesReached, stamp: Stamp) -> Task:
    return replace(task, milestones_reached=_all_reached(task, fact))


def _all_reached(task: Task, fact: facts.ProgressReported | facts.MilestonesReached) -> tuple[str, ...]:
    """All that any report has reached, in an order that does not say which came first."""
    return tuple(sorted({*task.milestones_reached, *fact.milestones}))


@_fold(facts.FinalReportSubmitted)
def _apply_final_report_submitted(task: Task, fact: facts.FinalReportSubmitted, stamp: Stamp) -> Task:
    task = replace(_apply_move(task, fact, stamp), final_report_on=local_day(stamp[0]))
    return with_values(_clear_pending_plan(task, stamp), stamp, None, _figures(fact.figures))


def _figures(figures: tuple[Figure, ...]) -> tuple[str, list[tuple[str, str]]] | None:
    return ("figures", [(one.indicator, one.value) for one in figures]) if figures else None


@_fold(facts.Rated)
def _apply_rated(task: Task, fact: facts.Rated, stamp: Stamp) -> Task:
    return with_values(task, stamp, rating=fact, rated_on=local_day(stamp[0]))


@_fold(facts.Evaluated)
def _apply_evaluated(task: Task, fact: facts.Evaluated, stamp: Stamp) -> Task:
    return replace(
        _apply_move(task, fact, stamp), score=fact.score, grade=fact.grade, grade_name=fact.grade_name
    )


@_fold(facts.CarriedOver)
def _apply_carried_over(task: Task, fact: facts.CarriedOver, stamp: Stamp) -> Task:
    return replace(_apply_move(task, fact, stamp), carried_to=fact.to_year)


@_fold(facts.ReplanRequested)
def _apply_replan_requested(task: Task, fact: facts.ReplanRequested, stamp: Stamp) -> Task:
    return with_values(task, stamp, pending_plan=fact.plan, pending_since=stamp[0])


@_fold(facts.Replanned)
def _apply_replanned(task: Task, fact: facts.Replanned, stamp: Stamp) -> Task:
    task = replace(task, plan_version=task.plan_version + 1)
    return with_values(_clear_pending_plan(task, stamp), stamp, plan=fact.plan)


@_fold(facts.ReplanRefused)
def _apply_replan_refused(task: Task, fact: facts.ReplanRefused, stamp: Stamp) -> Task:
    return _clear_pending_plan(task, stamp)


def _clear_pending_plan(task: Task, stamp: Stamp) -> Task:
    return with_values(task, stamp, pending_plan=None, pending_since=None)


@_fold(facts.HandedOver)
def _apply_handed_over(task: Task, fact: facts.HandedOver, stamp: Stamp) -> Task:
    return partners.apply_leaving(with_values(task, stamp, lead=fact.lead), fact.lead, stamp)


@_fold(facts.PartnerAdded)
def _apply_partner_added(task: Task, fact: facts.PartnerAdded, stamp: Stamp) -> Task:
    return partners.apply_joining(task, fact.partner, stamp)


@_fold(facts.PartnerReleased)
def _apply_partner_released(task: Task, fact: facts.PartnerReleased, stamp: Stamp) -> Task:
    return partners.apply_leaving(task, fact.partner, stamp)


@_fold(facts.Corrected)
def _apply_corrected(task: Task, fact: facts.Corrected, stamp: Stamp) -> Task:
    task = replace(
        task,
        corrections={**task.corrections, stamp[1]: fact.fact},
        amended=task.amended or fact.after_evaluation,
    )
    return _apply_corrected_values(_apply_corrected_score(task, fact), fact, fact.fact)


def _apply_corrected_score(task: Task, fact: facts.Corrected) -> Task:
    """A corrected score is the rating's where that was corrected; a task is evaluated once, so that all else is its."""
    rated = task.stamps.get("rating")
    if rated is not None and rated[1] == fact.fact:
        if task.rating is None or fact.score is None:
            return task
        return with_values(task, rated, rating=replace(task.rating, score=fact.score))
    if task.score is None:
        return task
    graded = (task.grade, task.grade_name) if fact.grade is None else (fact.grade, fact.grade_name)
    return replace(task, score=fact.score or task.score, grade=graded[0], grade_name=graded[1])


@_fold(facts.CorrectionCancelled)
def _apply_correction_cancelled(task: Task, fact: facts.CorrectionCancelled, stamp: Stamp) -> Task:
    return _apply_corrected_values(task, fact, task.corrections.get(fact.correction))


def _apply_corrected_values(
    task: Task, fact: facts.Corrected | facts.CorrectionCancelled, target: int | None
) -> Task:
    """A correction stands in the place of the fact that it corrects: what another has given is left as it is."""
    for name, value in (("percent", fact.percent), ("started_on", fact.on)):
        stamp = task.stamps.get(name)
        if value is not None and stamp is not None and stamp[1] == target:
            task = with_values(task, stamp, **{name: value})
    for figure in fact.figures:
        stamp = task.stamps.get(f"figures {figure.indicator}")
        if stamp is not None and stamp[1] == target:
            task = with_item(task, stamp, "figures", figure.indicator, figure.value)
    return task


@_fold(facts.HoldPlaced)
def _apply_hold_placed(task: Task, fact: facts.HoldPlaced, stamp: Stamp) -> Task:
    return with_values(task, stamp, hold=fact.basis)


@_fold(facts.HoldLifted)
def _apply_hold_lifted(task: Task, fact: facts.HoldLifted, stamp: Stamp) -> Task:
    return with_values(task, stamp, hold=None)


@_fold(facts.DeadlinesSet)
def _apply_deadlines_set(task: Task, fact: facts.DeadlinesSet, stamp: Stamp) -> Task:
    """A count knows all that was recorded before it: the last one recorded stands, whichever day it is dated."""
    turn = {"next_by": fact.next_by} if fact.next_by else {}
    return with_values(task, (EVER, stamp[1]), deadlines=fact, definition=fact.definition, **turn)


@_fold(facts.StepTaken)
def _apply_step_taken(task: Task, fact: facts.StepTaken, stamp: Stamp) -> Task:
    """The fact says where it leads; a form's free texts and files lie beside the log, and nothing is reckoned with them."""
    turn = {}
    if (move := fact.moved) is not None:
        task, turn = _bring(task, move.of(task.place), stamp), {"next_by": fact.next_by}
    task = with_values(task, (EVER, stamp[1]), definition=fact.definition, **turn)
    form = {one.field: one.value for one in fact.form if not one.lies_beside}
    return with_item(
        task, stamp, "steps", fact.step, StepDone(local_day(stamp[0]), form, stamp, fact.from_place)
    )


@_fold(facts.LineOpened)
def _apply_line_opened(task: Task, fact: facts.LineOpened, stamp: Stamp) -> Task:
    return task if stamp[1] in task.lapsed_lines else replace(task, line=OpenLine.of(fact, stamp))


@_fold(facts.LineSigned)
def _apply_line_signed(task: Task, fact: facts.LineSigned, stamp: Stamp) -> Task:
    line = _line_of(task, fact.line)
    return task if line is None else replace(task, line=line.after(fact.entry, stamp[0]))


@_fold(facts.LineObjected)
def _apply_line_objected(task: Task, fact: facts.LineObjected, stamp: Stamp) -> Task:
    line = _line_of(task, fact.line)
    if line is None:
        return task
    back = None if fact.returns_to is None else line.back_to(fact.returns_to, stamp[0])
    return replace(task, line=back)


@_fold(facts.LineWithdrawn)
def _apply_line_withdrawn(task: Task, fact: facts.LineWithdrawn, stamp: Stamp) -> Task:
    return task if _line_of(task, fact.line) is None else replace(task, line=None)


@_fold(facts.LineLapsed)
def _apply_line_lapsed(task: Task, fact: facts.LineLapsed, stamp: Stamp) -> Task:
    if _line_of(task, fact.line) is not None:
        return replace(task, line=None)
    # a late entry let it lapse, dated before it was opened: in the order in which things were so it is never open
    return replace(task, lapsed_lines=(*task.lapsed_lines, fact.line))


def _line_of(task: Task, number: int) -> OpenLine | None:
    """The open line, where it is the one of that number: views that keep less of a task know of none."""
    return task.line if task.line is not None and task.line.number == number else None


def evolve(task: Task, fact: facts.TaskFact, at: datetime, version: int) -> Task:
    """The task after the fact, which took effect at `at` and has that number in its stream."""
    fold = _FOLDS.get(type(fact))
    if fold is None:
        assert fact.moves is not None, f"{fact.kind} changes nothing about a task"
        fold = _apply_move
    return fold(task, fact, (at, version))


TASK = Fold.of("task", Task(), facts.TaskFact, evolve)
