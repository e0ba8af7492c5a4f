"""What can happen to a task. The kinds and fields are stored for ever."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from domain.fact import Fact
from domain.task.stages import Condition, Move, Stage, find_place
from domain.values import (
    Act,
    Awaited,
    CalendarVersion,
    CriterionScore,
    Deadline,
    Figure,
    FilledField,
    LocalText,
    Plan,
    Signatory,
    TextRef,
)


class OfTask(Fact, frozen=True):
    """A fact of a task. `moves`: where it brings the task, if anywhere."""

    moves: ClassVar[Move | None] = None

    @property
    def moved(self) -> Move | None:
        """Where it brought the task: as its kind says, but for a step, which says so itself."""
        return self.moves


class Proposed(OfTask, frozen=True, kw_only=True):
    """An agency proposed the task. `definition`: the lifecycle definition it lives by, "name/version"."""

    kind = "task.proposed"
    moves = Move(Stage.PROPOSED)
    title: LocalText
    area: str
    lead: str
    department: LocalText | None = None
    partners: tuple[str, ...] = ()
    plan: Plan
    summary: TextRef | None = None
    definition: str


class ProposalRequested(OfTask, frozen=True, kw_only=True):
    """The agency that is to lead it was asked to propose the task, as the year's list says it; or once more, as it says now.

    `definition`: by which what is due of it before the proposal is counted.
    """

    kind = "task.proposal_requested"
    title: LocalText
    area: str
    lead: str
    definition: str


class RequestLapsed(OfTask, frozen=True):
    """The year was closed before anybody proposed the task: it is not waited for any more."""

    kind = "task.request_lapsed"


class Revised(OfTask, frozen=True):
    """The agency changed its proposal. What is absent stayed as it was. `without`: what it does not say any more, of
    department and summary.
    """

    kind = "task.revised"
    schema_version: ClassVar[int] = 2
    moves = Move(condition=Condition.NORMAL)
    title: LocalText | None = None
    department: LocalText | None = None
    partners: tuple[str, ...] | None = None
    plan: Plan | None = None
    summary: TextRef | None = None
    without: tuple[str, ...] = ()


class Returned(OfTask, frozen=True):
    """The city asked for a revision; the envelope's reason says of what."""

    kind = "task.returned"
    moves = Move(condition=Condition.RETURNED)


class Approved(OfTask, frozen=True):
    kind = "task.approved"
    moves = Move(Stage.APPROVED)
    conditions: tuple[TextRef, ...] = ()


class Rejected(OfTask, frozen=True):
    kind = "task.rejected"
    moves = Move(Stage.REJECTED)


class NumberFreed(OfTask, frozen=True):
    """The city let the number of a rejected task be proposed under again; what was rejected stays in its history."""

    kind = "task.number_freed"
    moves = Move(Stage.UNKNOWN)


class Withdrawn(OfTask, frozen=True):
    kind = "task.withdrawn"
    moves = Move(Stage.WITHDRAWN)


class Started(OfTask, frozen=True):
    """Work began on this day (Asia/Seoul)."""

    kind = "task.started"
    moves = Move(Stage.IN_PROGRESS)
    on: date


class Suspended(OfTask, frozen=True):
    kind = "task.suspended"
    moves = Move(condition=Condition.SUSPENDED)


class Resumed(OfTask, frozen=True):
    kind = "task.resumed"
    moves = Move(condition=Condition.NORMAL)


class ProgressReported(OfTask, frozen=True):
    """Done so far in percent, with the figures and milestones that are new in this report.

    `period`: the quarter that it reports on, e.g. 2024-Q1; it stands for those before too. Where none is said it stands
    for those that were over before the day on which it was so.
    """

    kind = "task.progress_reported"
    schema_version: ClassVar[int] = 2
    percent: int
    text: TextRef | None = None
    figures: tuple[Figure, ...] = ()
    milestones: tuple[str, ...] = ()
    period: str | None = None


class MilestonesReached(OfTask, frozen=True):
    """What the plan's milestones with these ids stand for is done, told by itself and not within a quarter's report."""

    kind = "task.milestones_reached"
    milestones: tuple[str, ...]
    text: TextRef | None = None


class FinalReportSubmitted(OfTask, frozen=True):
    kind = "task.final_report_submitted"
    moves = Move(condition=Condition.REPORTED)
    text: TextRef
    figures: tuple[Figure, ...] = ()


class RatingOpened(OfTask, frozen=True):
    """The citizens may rate what came of the task."""

    kind = "task.rating_opened"
    moves = Move(condition=Condition.RATED)


class Rated(OfTask, frozen=True):
    """What the citizens' rating came to: a score from 0 to 100, given by so many of them."""

    kind = "task.rated"
    score: str
    raters: int


class Evaluated(OfTask, frozen=True):
    """`score`: 0 to 100 as a decimal string; `grade`: S, A, B, C or D. `criteria`: what it was made of, where the definition
    says so; `grade_name`: what that calls the grade.
    """

    kind = "task.evaluated"
    schema_version: ClassVar[int] = 3
    moves = Move(Stage.EVALUATED)
    score: str
    grade: Literal["S", "A", "B", "C", "D"]
    criteria: tuple[CriterionScore, ...] = ()
    grade_name: LocalText | None = None


class Discontinued(OfTask, frozen=True):
    kind = "task.discontinued"
    moves = Move(Stage.DISCONTINUED)


class CarriedOver(OfTask, frozen=True):
    """What is unfinished goes on in the programme of another year."""

    kind = "task.carried_over"
    moves = Move(Stage.CARRIED_OVER)
    to_year: int


class ReplanRequested(OfTask, frozen=True):
    """The agency asked for a plan with more money or time; the old one is in force until the city has decided."""

    kind = "task.replan_requested"
    plan: Plan


class Replanned(OfTask, frozen=True):
    """A new version of the plan came into force."""

    kind = "task.replanned"
    plan: Plan


class ReplanRefused(OfTask, frozen=True):
    """The city left the old plan in force."""

    kind = "task.replan_refused"


class HandedOver(OfTask, frozen=True):
    """Another agency leads the task from now on."""

    kind = "task.handed_over"
    lead: str


class PartnerAdded(OfTask, frozen=True):
    kind = "task.partner_added"
    partner: str


class PartnerReleased(OfTask, frozen=True):
    kind = "task.partner_released"
    partner: str


class Corrected(OfTask, frozen=True):
    """What an earlier fact of the task said was wrong, and how it was. `fact`: its version in the stream.

    Takes effect when the corrected fact did. Only what was wrong is given. `score`: of the citizens' rating or the
    evaluation, whichever the fact is. `after_evaluation`: the task had been evaluated when this was said. `grade_name`: as of
    the evaluation.
    """

    kind = "task.corrected"
    schema_version: ClassVar[int] = 3
    fact: int
    percent: int | None = None
    figures: tuple[Figure, ...] = ()
    on: date | None = None
    score: str | None = None
    grade: Literal["S", "A", "B", "C", "D"] | None = None
    after_evaluation: bool = False
    grade_name: LocalText | None = None


class CorrectionCancelled(OfTask, frozen=True):
    """The correction was a mistake: what the corrected fact said holds again, and is repeated here."""

    kind = "task.correction_cancelled"
    correction: int
    percent: int | None = None
    figures: tuple[Figure, ...] = ()
    on: date | None = None


class HoldPlaced(OfTask, frozen=True):
    """Legal hold (기록물): nothing of the task may be erased. `basis`: the law or order, public."""

    kind = "task.hold_placed"
    basis: str


class HoldLifted(OfTask, frozen=True):
    kind = "task.hold_lifted"


class DeadlinesSet(OfTask, frozen=True):
    """What is due of the task from now on, in place of what was: by which definition, counted with which calendars.

    `acts`: what happens by rule, should nobody be faster. `waiting`: what cannot be counted yet. `next_by`: in a place of the
    definition's own, the roles that may take the task on from there by this definition.
    """

    kind = "task.deadlines_set"
    schema_version: ClassVar[int] = 6
    definition: str
    calendars: tuple[CalendarVersion, ...]
    deadlines: tuple[Deadline, ...]
    acts: tuple[Act, ...] = ()
    waiting: tuple[Awaited, ...] = ()
    next_by: tuple[str, ...] = ()


class StepTaken(OfTask, frozen=True, kw_only=True):
    """A step of the task's definition was taken, from a place to a place, or staying; places as definitions write them.

    `definition`: whose step it is; `label`: what that called it then, as `to_label` the place it leads to, where that is one
    of its own, and `next_by` the roles that might take the task on from there. `form`: what was filled in, without what was
    left out.
    """

    kind = "task.step_taken"
    schema_version: ClassVar[int] = 2
    definition: str
    step: str
    label: LocalText
    from_place: str
    to_place: str
    to_label: LocalText | None = None
    next_by: tuple[str, ...] = ()
    form: tuple[FilledField, ...] = ()

    @property
    def moved(self) -> Move | None:
        before, to = find_place(self.from_place), find_place(self.to_place)
        if to is None or before == to:
            return None
        same = before is not None and to.stage is before.stage
        return Move(None if same else to.stage, to.condition)


class LineOpened(OfTask, frozen=True, kw_only=True):
    """A command that goes by an approval line (결재선) was asked for. It is carried out when all have signed.

    `definition`: whose line it is; `command`: what was asked for, `step`: which step of the definition, and `label` what that is
    called. `asked`: the command's fields as canonical JSON, with “–” for free texts, which are `texts` in their order, empty of a step;
    `form`: as of the step. `needed`: by turn, how many signatures suffice. `plan_version`: of the plan that was in force. `sha256`: of all
    of this as JSON, which each signature names.
    """

    kind = "task.line_opened"
    schema_version: ClassVar[int] = 2
    definition: str
    command: str
    step: str | None = None
    label: LocalText
    signatories: tuple[Signatory, ...]
    needed: tuple[int, ...]
    asked: str
    texts: tuple[TextRef, ...] = ()
    form: tuple[FilledField, ...] = ()
    plan_version: int = 0
    sha256: str = ""


class LineSigned(OfTask, frozen=True, kw_only=True):
    """Somebody signed. `line`: by the number of the fact that opened it in the stream; `sha256`: what was signed.

    `holder`: for whom a delegate signed, and `mandate` by which delegation of the position, e.g. "position/vice-mayor#5".
    """

    kind = "task.line_signed"
    line: int
    entry: str
    label: LocalText
    sha256: str
    holder: str | None = None
    mandate: str | None = None


class LineObjected(OfTask, frozen=True, kw_only=True):
    """Whose turn it was did not sign. `returns_to`: the turn from which it is signed anew; absent: it went back to who asked.

    Else as LineSigned.
    """

    kind = "task.line_objected"
    line: int
    entry: str
    label: LocalText
    sha256: str
    returns_to: int | None = None
    holder: str | None = None
    mandate: str | None = None


class LineWithdrawn(OfTask, frozen=True):
    """Who asked does not ask any more."""

    kind = "task.line_withdrawn"
    line: int


class LineLapsed(OfTask, frozen=True):
    """The task is not what was to be signed any more: the fact before this one changed it."""

    kind = "task.line_lapsed"
    line: int


TaskFact = (
    Proposed
    | ProposalRequested
    | RequestLapsed
    | Revised
    | Returned
    | Approved
    | Rejected
    | NumberFreed
    | Withdrawn
    | Started
    | Suspended
    | Resumed
    | ProgressReported
    | MilestonesReached
    | FinalReportSubmitted
    | RatingOpened
    | Rated
    | Evaluated
    | Discontinued
    | CarriedOver
    | ReplanRequested
    | Replanned
    | ReplanRefused
    | HandedOver
    | PartnerAdded
    | PartnerReleased
    | Corrected
    | CorrectionCancelled
    | HoldPlaced
    | HoldLifted
    | DeadlinesSet
    | StepTaken
    | LineOpened
    | LineSigned
    | LineObjected
    | LineWithdrawn
    | LineLapsed
)
