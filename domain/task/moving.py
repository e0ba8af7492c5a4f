"""The commands that take a task through its life, from its proposal to its evaluation. Limits on values sit here."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from domain.aggregate import DecisionContext
from domain.errors import Bilingual
from domain.limited import (
    AgencyName,
    AreaName,
    Figures,
    FreeText,
    MilestoneIds,
    Percent,
    Quarter,
    Score,
    Title,
    Year,
)
from domain.limits import MOST_ITEMS
from domain.plan_limits import SoundPlan
from domain.roles import OFFICER, PLANNER, SYSTEM
from domain.task import facts
from domain.task.on_task import OnTask
from domain.task.plan_changes import PlanChanges
from domain.task.stages import (
    APPROVED,
    IN_PROGRESS,
    NOT_PROPOSED,
    PROPOSED,
    RATED,
    REJECTED,
    REPORTED,
    RETURNED,
    SUSPENDED,
    UNDER_WAY,
)
from domain.task.state import Task
from domain.values import CriterionScore, Grade

LeavingOfProposal = Literal[
    "department", "summary"
]  # what a proposal can be without, beside parts of its plan
Partners = Annotated[tuple[AgencyName, ...], Field(max_length=MOST_ITEMS)]


class Propose(OnTask):
    """The agency that is to lead it proposes a task of the year's list."""

    name = "task.propose"
    label = Bilingual("제안", "propose")
    by = OFFICER
    where = (NOT_PROPOSED,)
    makes = facts.Proposed
    guards = ("on_the_list", "plan_fits_the_list")
    title: Title
    area: AreaName
    lead: AgencyName
    department: Title | None = None
    partners: Partners = ()
    plan: SoundPlan
    summary: FreeText | None = None


class RequestProposal(OnTask):
    """Ask who is to lead a listed task for its proposal, as the year's list says by now."""

    name = "task.request_proposal"
    label = Bilingual("제안 요청", "ask for the proposal")
    by = SYSTEM
    where = (NOT_PROPOSED,)


class LapseRequest(OnTask):
    """Let that request go, since the year was closed."""

    name = "task.lapse_request"
    label = Bilingual("제안 요청 소멸", "let the request for the proposal lapse")
    by = SYSTEM
    where = (NOT_PROPOSED,)


class Revise(OnTask):
    """Change a proposal, or answer its return. What is absent stays as it is.

    `plan`: another whole one; `changes`: what is to be other of the one that is there. `without`: what it is not to say
    any more.
    """

    name = "task.revise"
    label = Bilingual("수정·보완", "revise")
    by = OFFICER
    where = (PROPOSED, RETURNED)
    makes = facts.Revised
    guards = ("plan_fits_the_list",)
    title: Title | None = None
    department: Title | None = None
    partners: Partners | None = None
    plan: SoundPlan | None = None
    changes: PlanChanges | None = None
    summary: FreeText | None = None
    without: Annotated[tuple[LeavingOfProposal, ...], Field(max_length=2)] = ()


class Return(OnTask):
    """Ask for a revision; the reason says of what."""

    name = "task.return"
    label = Bilingual("보완 요청", "return")
    by = PLANNER
    where = (PROPOSED,)
    makes = facts.Returned


class Approve(OnTask):
    name = "task.approve"
    label = Bilingual("승인", "approve")
    by = PLANNER
    where = (PROPOSED,)
    makes = facts.Approved
    conditions: Annotated[tuple[FreeText, ...], Field(max_length=MOST_ITEMS)] = ()


class Reject(OnTask):
    name = "task.reject"
    label = Bilingual("반려", "reject")
    by = PLANNER
    where = (PROPOSED, RETURNED)
    makes = facts.Rejected
    irrevocable = Bilingual(
        "과제 {task}의 제안이 반려되어 끝납니다. 같은 번호는 시 총괄부서가 다시 쓰기로 결정해야 다시 제안할 수 있습니다.",
        "The proposal of task {task} ends here. Its number can be proposed again only if the city planner decides so.",
    )


class FreeNumber(OnTask):
    """Decide that something may be proposed again under the number of a rejected task."""

    name = "task.free_number"
    label = Bilingual("번호 재사용 결정", "let the number be used again")
    by = PLANNER
    where = (REJECTED,)
    makes = facts.NumberFreed
    guards = ("year_is_open",)
    needs_reason = True


class Withdraw(OnTask):
    name = "task.withdraw"
    label = Bilingual("철회", "withdraw")
    by = OFFICER | SYSTEM
    where = (PROPOSED, RETURNED, APPROVED)
    makes = facts.Withdrawn
    irrevocable = Bilingual(
        "과제 {task}, 철회되어 끝납니다. 다시 제안하거나 착수할 수 없습니다.",
        "Task {task} is withdrawn and ends here. It can be neither proposed nor started again.",
    )


class Start(OnTask):
    """Work begins, on the day the command takes effect."""

    name = "task.start"
    label = Bilingual("착수", "start")
    by = OFFICER | SYSTEM
    where = (APPROVED,)
    makes = facts.Started
    guards = ("not_before",)

    @classmethod
    def fits(cls, task: Task, context: DecisionContext) -> bool:
        return task.plan is None or task.plan.not_before is None or task.plan.not_before <= context.today


class Suspend(OnTask):
    name = "task.suspend"
    label = Bilingual("일시 중지", "suspend")
    by = PLANNER
    where = (UNDER_WAY,)
    makes = facts.Suspended


class Resume(OnTask):
    name = "task.resume"
    label = Bilingual("재개", "resume")
    by = PLANNER
    where = (SUSPENDED,)
    makes = facts.Resumed


class ReportProgress(OnTask):
    """Done so far in percent, with the figures and milestones that are new.

    `period`: the quarter that it reports on; the one that ended last before the command is given, where none is said.
    """

    name = "task.report_progress"
    typed = "task report"
    label = Bilingual("추진상황 보고", "report progress")
    by = OFFICER
    where = (UNDER_WAY,)
    guards = ("known_figures", "known_milestones")
    percent: Percent
    text: FreeText | None = None
    figures: Figures = ()
    milestones: MilestoneIds = ()
    period: Quarter | None = None


class ReachMilestones(OnTask):
    """Tell that milestones of the plan are reached, when they are; a progress report is still owed for its quarter."""

    name = "task.reach_milestones"
    typed = "task reach"
    label = Bilingual("추진일정 달성 보고", "report milestones reached")
    by = OFFICER
    where = (UNDER_WAY,)
    guards = ("known_milestones",)
    milestones: Annotated[MilestoneIds, Field(min_length=1)]
    text: FreeText | None = None


class SubmitFinalReport(OnTask):
    name = "task.submit_final_report"
    typed = "task final-report"
    label = Bilingual("결과보고서 제출", "submit the final report")
    by = OFFICER
    where = (UNDER_WAY,)
    makes = facts.FinalReportSubmitted
    guards = ("known_figures",)
    text: FreeText
    figures: Figures = ()


class OpenRating(OnTask):
    name = "task.open_rating"
    label = Bilingual("시민평가 시작", "open the citizens' rating")
    by = PLANNER | SYSTEM
    where = (REPORTED,)
    makes = facts.RatingOpened


class Rate(OnTask):
    """Enter what the citizens' rating came to. `raters`: how many took part."""

    name = "task.rate"
    label = Bilingual("시민평가 결과 입력", "enter the citizens' rating")
    by = PLANNER
    where = (RATED,)
    guards = ("once",)
    score: Score
    raters: Annotated[int, Field(strict=True, ge=1, le=100_000_000)]

    @classmethod
    def fits(cls, task: Task, context: DecisionContext) -> bool:
        return task.rating is None


class Evaluate(OnTask):
    """`score`: 0 to 100 as a decimal string; `criteria`: what a rule made it of."""

    name = "task.evaluate"
    label = Bilingual("평가", "evaluate")
    by = PLANNER | SYSTEM
    where = (REPORTED, RATED)
    makes = facts.Evaluated
    score: Score
    grade: Grade
    criteria: Annotated[tuple[CriterionScore, ...], Field(max_length=MOST_ITEMS)] = ()


class Discontinue(OnTask):
    name = "task.discontinue"
    label = Bilingual("중단", "discontinue")
    by = PLANNER | SYSTEM
    where = IN_PROGRESS
    makes = facts.Discontinued
    irrevocable = Bilingual(
        "과제 {task}의 추진이 완전히 중단됩니다. 다시 추진하거나 평가할 수 없습니다.",
        "Task {task} is discontinued for good. It can be neither taken up again nor evaluated.",
    )


class CarryOver(OnTask):
    """Let what is unfinished go on in the programme of a later year."""

    name = "task.carry_over"
    label = Bilingual("이월", "carry over")
    by = PLANNER | SYSTEM
    where = IN_PROGRESS
    makes = facts.CarriedOver
    guards = ("later_year",)
    to_year: Year
