"""What can be asked of a task: the commands by which something of it changes, and the list of all. The stage's rules are the decider's."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.aggregate import DecisionContext
from domain.deadline_limits import SoundActs, SoundCalendars, SoundDeadlines, SoundWaiting
from domain.errors import Bilingual
from domain.limited import (
    AgencyName,
    FactName,
    Figures,
    Line,
    Percent,
    Score,
)
from domain.plan_limits import Day, SoundPlan
from domain.roles import OFFICER, PLANNER, SYSTEM, Role
from domain.task import facts
from domain.task.lining import Object, Sign, WithdrawLine
from domain.task.moving import (
    Approve,
    CarryOver,
    Discontinue,
    Evaluate,
    FreeNumber,
    LapseRequest,
    OpenRating,
    Propose,
    Rate,
    ReachMilestones,
    Reject,
    ReportProgress,
    RequestProposal,
    Resume,
    Return,
    Revise,
    Start,
    SubmitFinalReport,
    Suspend,
    Withdraw,
)
from domain.task.on_task import OnTask
from domain.task.plan_changes import PlanChanges
from domain.task.stages import (
    APPROVED,
    EVALUATED,
    IN_PROGRESS,
    NOT_PROPOSED,
    PLACES,
    PROPOSED,
    RETURNED,
    SUSPENDED,
    UNDER_WAY,
)
from domain.task.state import Task
from domain.task.stepping import TakeStep
from domain.values import Grade


class Replan(OnTask):
    """A new version of the plan. More money or time needs the city's approval again.

    `plan`: another whole one; `changes`: what is to be other of the one in force.
    """

    name = "task.replan"
    label = Bilingual("계획 변경", "replan")
    by = OFFICER
    where = (APPROVED, UNDER_WAY, SUSPENDED)
    plan: SoundPlan | None = None
    changes: PlanChanges | None = None


class ApproveReplan(OnTask):
    """Let the requested plan come into force. `request`: refuse if another one has been asked for meanwhile."""

    name = "task.approve_replan"
    label = Bilingual("계획 변경 승인", "approve the new plan")
    by = PLANNER
    where = (APPROVED, UNDER_WAY, SUSPENDED)
    request: FactName | None = None

    @classmethod
    def fits(cls, task: Task, context: DecisionContext) -> bool:
        return task.pending_plan is not None


class RefuseReplan(OnTask):
    name = "task.refuse_replan"
    label = Bilingual("계획 변경 불승인", "refuse the new plan")
    by = PLANNER
    where = (APPROVED, UNDER_WAY, SUSPENDED)

    @classmethod
    def fits(cls, task: Task, context: DecisionContext) -> bool:
        return task.pending_plan is not None


class HandOver(OnTask):
    """Give the task to another agency to lead."""

    name = "task.hand_over"
    label = Bilingual("이관", "hand over")
    by = PLANNER
    where = (PROPOSED, RETURNED, APPROVED, *IN_PROGRESS)
    guards = ("agency_is_active",)
    to: AgencyName


class AddPartner(OnTask):
    name = "task.add_partner"
    label = Bilingual("협업기관 추가", "add a partner")
    by = OFFICER
    where = (APPROVED, UNDER_WAY, SUSPENDED)
    guards = ("agency_is_active",)
    partner: AgencyName


class ReleasePartner(OnTask):
    name = "task.release_partner"
    label = Bilingual("협업기관 해제", "release a partner")
    by = OFFICER
    where = (APPROVED, UNDER_WAY, SUSPENDED)
    partner: AgencyName

    @classmethod
    def fits(cls, task: Task, context: DecisionContext) -> bool:
        return bool(task.partners)


class Correct(OnTask):
    """Say what an earlier report or start had wrong. `fact`: e.g. task/2024-07#5; it stays visible beside this."""

    name = "task.correct"
    label = Bilingual("정정", "correct")
    by = OFFICER | PLANNER
    where = IN_PROGRESS
    fact: FactName
    percent: Percent | None = None
    figures: Figures = ()
    on: Day | None = None

    @property
    def takes_time_of(self) -> int | None:
        return version_in(self.fact, self.stream)


class CorrectEvaluated(OnTask):
    """Say, once the task is evaluated, what a report, the start, the rating or the evaluation had wrong.

    `fact`: as of `Correct`. It may be corrected again: the last correction stands. `score`: of the rating or evaluation.
    """

    name = "task.correct_evaluated"
    label = Bilingual("평가 뒤 정정", "correct after the evaluation")
    by = PLANNER
    where = (EVALUATED,)
    needs_reason = True
    fact: FactName
    percent: Percent | None = None
    figures: Figures = ()
    on: Day | None = None
    score: Score | None = None
    grade: Grade | None = None

    @property
    def takes_time_of(self) -> int | None:
        return version_in(self.fact, self.stream)


class CancelCorrection(OnTask):
    """Let the corrected fact hold again. `correction`: e.g. task/2024-07#9."""

    name = "task.cancel_correction"
    label = Bilingual("정정 취소", "cancel a correction")
    by = OFFICER | PLANNER
    where = IN_PROGRESS
    correction: FactName

    @classmethod
    def fits(cls, task: Task, context: DecisionContext) -> bool:
        made = {
            number for number, one in enumerate(context.history, start=1) if isinstance(one, facts.Corrected)
        }
        return bool(made - {getattr(one, "correction", None) for one in context.history})

    @property
    def takes_time_of(self) -> int | None:
        return version_in(self.correction, self.stream)


class PlaceHold(OnTask):
    """Keep everything of the task from being erased. `basis`: the law or order."""

    name = "task.place_hold"
    label = Bilingual("기록물 보존 지정", "place a legal hold")
    by = PLANNER
    where = PLACES
    basis: Line

    @classmethod
    def fits(cls, task: Task, context: DecisionContext) -> bool:
        return task.hold is None


class LiftHold(OnTask):
    name = "task.lift_hold"
    label = Bilingual("기록물 보존 해제", "lift the legal hold")
    by = PLANNER
    where = PLACES

    @classmethod
    def fits(cls, task: Task, context: DecisionContext) -> bool:
        return task.hold is not None


class SetDeadlines(OnTask):
    """Record what is due of the task. `as_of`: how many facts of the task it was counted on."""

    name = "task.set_deadlines"
    label = Bilingual("기한 계산", "set the deadlines")
    by = SYSTEM
    where = (NOT_PROPOSED, *PLACES)
    as_of: Annotated[int, Field(ge=1, le=2**31)]
    definition: Line
    calendars: SoundCalendars
    deadlines: SoundDeadlines
    acts: SoundActs = ()
    waiting: SoundWaiting = ()
    next_by: tuple[Role, ...] = ()


def version_in(fact: str, stream: str) -> int | None:
    """The version of a fact by its name; None if it is another stream's."""
    of, _, version = fact.rpartition("#")
    return int(version) if of == stream else None


TaskCommand = (
    Propose
    | RequestProposal
    | LapseRequest
    | Revise
    | Return
    | Approve
    | Reject
    | FreeNumber
    | Withdraw
    | Start
    | Suspend
    | Resume
    | ReportProgress
    | ReachMilestones
    | SubmitFinalReport
    | OpenRating
    | Rate
    | Evaluate
    | Discontinue
    | CarryOver
    | Replan
    | ApproveReplan
    | RefuseReplan
    | HandOver
    | AddPartner
    | ReleasePartner
    | Correct
    | CorrectEvaluated
    | CancelCorrection
    | PlaceHold
    | LiftHold
    | SetDeadlines
    | TakeStep
    | Sign
    | Object
    | WithdrawLine
)
