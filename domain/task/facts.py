"""What can happen to a task. The kinds and fields are stored for ever."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from domain.aggregate import Fact
from domain.values import Act, Awaited, CalendarVersion, Deadline, Figure, LocalText, Plan, TextRef


class Proposed(Fact, frozen=True, kw_only=True):
    """An agency proposed the task. `definition`: the lifecycle definition it lives by, "name/version"."""

    kind = "task.proposed"
    title: LocalText
    area: str
    lead: str
    department: LocalText | None = None
    partners: tuple[str, ...] = ()
    plan: Plan
    summary: TextRef | None = None
    definition: str


class Revised(Fact, frozen=True):
    """The agency changed its proposal. What is absent stayed as it was."""

    kind = "task.revised"
    title: LocalText | None = None
    department: LocalText | None = None
    partners: tuple[str, ...] | None = None
    plan: Plan | None = None
    summary: TextRef | None = None


class Returned(Fact, frozen=True):
    """The city asked for a revision; the envelope's reason says of what."""

    kind = "task.returned"


class Approved(Fact, frozen=True):
    kind = "task.approved"
    conditions: tuple[TextRef, ...] = ()


class Rejected(Fact, frozen=True):
    kind = "task.rejected"


class Withdrawn(Fact, frozen=True):
    kind = "task.withdrawn"


class Started(Fact, frozen=True):
    """Work began on this day (Asia/Seoul)."""

    kind = "task.started"
    on: date


class Suspended(Fact, frozen=True):
    kind = "task.suspended"


class Resumed(Fact, frozen=True):
    kind = "task.resumed"


class ProgressReported(Fact, frozen=True):
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


class FinalReportSubmitted(Fact, frozen=True):
    kind = "task.final_report_submitted"
    text: TextRef
    figures: tuple[Figure, ...] = ()


class RatingOpened(Fact, frozen=True):
    """The citizens may rate what came of the task."""

    kind = "task.rating_opened"


class Rated(Fact, frozen=True):
    """What the citizens' rating came to: a score from 0 to 100, given by so many of them."""

    kind = "task.rated"
    score: str
    raters: int


class Evaluated(Fact, frozen=True):
    """`score`: 0 to 100 as a decimal string; `grade`: S, A, B, C or D."""

    kind = "task.evaluated"
    score: str
    grade: Literal["S", "A", "B", "C", "D"]


class Discontinued(Fact, frozen=True):
    kind = "task.discontinued"


class CarriedOver(Fact, frozen=True):
    """What is unfinished goes on in the programme of another year."""

    kind = "task.carried_over"
    to_year: int


class ReplanRequested(Fact, frozen=True):
    """The agency asked for a plan with more money or time; the old one is in force until the city has decided."""

    kind = "task.replan_requested"
    plan: Plan


class Replanned(Fact, frozen=True):
    """A new version of the plan came into force."""

    kind = "task.replanned"
    plan: Plan


class ReplanRefused(Fact, frozen=True):
    """The city left the old plan in force."""

    kind = "task.replan_refused"


class HandedOver(Fact, frozen=True):
    """Another agency leads the task from now on."""

    kind = "task.handed_over"
    lead: str


class PartnerAdded(Fact, frozen=True):
    kind = "task.partner_added"
    partner: str


class PartnerReleased(Fact, frozen=True):
    kind = "task.partner_released"
    partner: str


class Corrected(Fact, frozen=True):
    """What an earlier fact of the task said was wrong, and how it was. `fact`: its version in the stream.

    Takes effect when the corrected fact did. Only what was wrong is given. `score`: of the citizens' rating or the
    evaluation, whichever the fact is. `after_evaluation`: the task had been evaluated when this was said.
    """

    kind = "task.corrected"
    schema_version: ClassVar[int] = 2
    fact: int
    percent: int | None = None
    figures: tuple[Figure, ...] = ()
    on: date | None = None
    score: str | None = None
    grade: Literal["S", "A", "B", "C", "D"] | None = None
    after_evaluation: bool = False


class CorrectionCancelled(Fact, frozen=True):
    """The correction was a mistake: what the corrected fact said holds again, and is repeated here."""

    kind = "task.correction_cancelled"
    correction: int
    percent: int | None = None
    figures: tuple[Figure, ...] = ()
    on: date | None = None


class HoldPlaced(Fact, frozen=True):
    """Legal hold (기록물): nothing of the task may be erased. `basis`: the law or order, public."""

    kind = "task.hold_placed"
    basis: str


class HoldLifted(Fact, frozen=True):
    kind = "task.hold_lifted"


class DeadlinesSet(Fact, frozen=True):
    """What is due of the task from now on, in place of what was: by which definition, counted with which calendars.

    `acts`: what happens by rule, should nobody be faster. `waiting`: what cannot be counted yet.
    """

    kind = "task.deadlines_set"
    schema_version: ClassVar[int] = 3
    definition: str
    calendars: tuple[CalendarVersion, ...]
    deadlines: tuple[Deadline, ...]
    acts: tuple[Act, ...] = ()
    waiting: tuple[Awaited, ...] = ()


TaskFact = (
    Proposed
    | Revised
    | Returned
    | Approved
    | Rejected
    | Withdrawn
    | Started
    | Suspended
    | Resumed
    | ProgressReported
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
)
