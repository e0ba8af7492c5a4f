"""What can be asked of a task. Limits on values sit here; the stage's rules are the decider's."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from domain.aggregate import Command
from domain.errors import Worded
from domain.limits import (
    FIRST_YEAR,
    LAST_YEAR,
    MOST_BUSINESS_DAYS,
    MOST_ITEMS,
    MOST_RUNGS,
    AgencyName,
    AreaName,
    FactName,
    Figures,
    FreeText,
    Line,
    MilestoneIds,
    Percent,
    Quarter,
    Score,
    TaskNumber,
    Title,
    Year,
    check_item_id,
)
from domain.plan_limits import Day, SoundPlan
from domain.refusals import wrong
from domain.values import Act, Awaited, CalendarVersion, Deadline, Grade

# a plan has at most so many milestones, and quarters as the calendar has years
MOST_DEADLINES = 2 * MOST_ITEMS + 4 * (LAST_YEAR - FIRST_YEAR)
Partners = Annotated[tuple[AgencyName, ...], Field(max_length=MOST_ITEMS)]


class OnTask(Command):
    """A command about one task, e.g. 2024-07."""

    task: TaskNumber

    @property
    def stream(self) -> str:
        return task_stream(self.task)


def task_stream(task: str) -> str:
    return f"task/{task}"


def year_of(task: str) -> int:
    """The programme's year in a task's number."""
    return int(task[:4])


class Propose(OnTask):
    """The agency that is to lead it proposes a task of the year's list."""

    name = "task.propose"
    label = Worded("제안", "propose")
    title: Title
    area: AreaName
    lead: AgencyName
    department: Title | None = None
    partners: Partners = ()
    plan: SoundPlan
    summary: FreeText | None = None


class Revise(OnTask):
    """Change a proposal, or answer its return. What is absent stays as it is."""

    name = "task.revise"
    label = Worded("수정·보완", "revise")
    title: Title | None = None
    department: Title | None = None
    partners: Partners | None = None
    plan: SoundPlan | None = None
    summary: FreeText | None = None


class Return(OnTask):
    """Ask for a revision; the reason says of what."""

    name = "task.return"
    label = Worded("보완 요청", "return")


class Approve(OnTask):
    name = "task.approve"
    label = Worded("승인", "approve")
    conditions: Annotated[tuple[FreeText, ...], Field(max_length=MOST_ITEMS)] = ()


class Reject(OnTask):
    name = "task.reject"
    label = Worded("반려", "reject")


class Withdraw(OnTask):
    name = "task.withdraw"
    label = Worded("철회", "withdraw")


class Start(OnTask):
    """Work begins, on the day the command takes effect."""

    name = "task.start"
    label = Worded("착수", "start")


class Suspend(OnTask):
    name = "task.suspend"
    label = Worded("일시 중지", "suspend")


class Resume(OnTask):
    name = "task.resume"
    label = Worded("재개", "resume")


class ReportProgress(OnTask):
    """Done so far in percent, with the figures and milestones that are new.

    `period`: the quarter that it reports on; the one that ended last before the command is given, where none is said.
    """

    name = "task.report_progress"
    label = Worded("추진상황 보고", "report progress")
    percent: Percent
    text: FreeText | None = None
    figures: Figures = ()
    milestones: MilestoneIds = ()
    period: Quarter | None = None


class SubmitFinalReport(OnTask):
    name = "task.submit_final_report"
    label = Worded("결과보고서 제출", "submit the final report")
    text: FreeText
    figures: Figures = ()


class OpenRating(OnTask):
    name = "task.open_rating"
    label = Worded("시민평가 시작", "open the citizens' rating")


class Rate(OnTask):
    """Enter what the citizens' rating came to. `raters`: how many took part."""

    name = "task.rate"
    label = Worded("시민평가 결과 입력", "enter the citizens' rating")
    score: Score
    raters: Annotated[int, Field(strict=True, ge=1, le=100_000_000)]


class Evaluate(OnTask):
    """`score`: 0 to 100 as a decimal string."""

    name = "task.evaluate"
    label = Worded("평가", "evaluate")
    score: Score
    grade: Grade


class Discontinue(OnTask):
    name = "task.discontinue"
    label = Worded("중단", "discontinue")


class CarryOver(OnTask):
    """Let what is unfinished go on in the programme of a later year."""

    name = "task.carry_over"
    label = Worded("이월", "carry over")
    to_year: Year


class Replan(OnTask):
    """A new version of the plan. More money or time needs the city's approval again."""

    name = "task.replan"
    label = Worded("계획 변경", "replan")
    plan: SoundPlan


class ApproveReplan(OnTask):
    """Let the requested plan come into force. `request`: refuse if another one has been asked for meanwhile."""

    name = "task.approve_replan"
    label = Worded("계획 변경 승인", "approve the new plan")
    request: FactName | None = None


class RefuseReplan(OnTask):
    name = "task.refuse_replan"
    label = Worded("계획 변경 불승인", "refuse the new plan")


class HandOver(OnTask):
    """Give the task to another agency to lead."""

    name = "task.hand_over"
    label = Worded("이관", "hand over")
    to: AgencyName


class AddPartner(OnTask):
    name = "task.add_partner"
    label = Worded("협업기관 추가", "add a partner")
    partner: AgencyName


class ReleasePartner(OnTask):
    name = "task.release_partner"
    label = Worded("협업기관 해제", "release a partner")
    partner: AgencyName


class Correct(OnTask):
    """Say what an earlier report or start had wrong. `fact`: e.g. task/2024-07#5; it stays visible beside this."""

    name = "task.correct"
    label = Worded("정정", "correct")
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
    label = Worded("평가 뒤 정정", "correct after the evaluation")
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
    label = Worded("정정 취소", "cancel a correction")
    correction: FactName

    @property
    def takes_time_of(self) -> int | None:
        return version_in(self.correction, self.stream)


class PlaceHold(OnTask):
    """Keep everything of the task from being erased. `basis`: the law or order."""

    name = "task.place_hold"
    label = Worded("기록물 보존 지정", "place a legal hold")
    basis: Line


class LiftHold(OnTask):
    name = "task.lift_hold"
    label = Worded("기록물 보존 해제", "lift the legal hold")


def _check_due(due: tuple[Deadline | Awaited, ...]) -> None:
    if len(due) > MOST_DEADLINES:
        raise wrong("too_many", max=MOST_DEADLINES)
    for number, one in enumerate(due):
        for field in ("kind", "who", "item"):
            if (value := getattr(one, field)) is not None:
                check_item_id(value, f"[{number}].{field}")
        if not 0 <= one.days <= MOST_BUSINESS_DAYS:
            raise wrong("less_than_equal", f"[{number}].days", le=MOST_BUSINESS_DAYS)


def _check_deadlines(deadlines: tuple[Deadline, ...]) -> tuple[Deadline, ...]:
    _check_due(deadlines)
    for number, one in enumerate(deadlines):
        if len(one.rungs) > MOST_RUNGS:
            raise wrong("too_many", f"[{number}].rungs", max=MOST_RUNGS)
    return deadlines


def _check_waiting(waiting: tuple[Awaited, ...]) -> tuple[Awaited, ...]:
    _check_due(waiting)
    return waiting


def _check_calendars(calendars: tuple[CalendarVersion, ...]) -> tuple[CalendarVersion, ...]:
    if len(calendars) > LAST_YEAR - FIRST_YEAR + 1:
        raise wrong("too_many", max=LAST_YEAR - FIRST_YEAR + 1)
    for number, one in enumerate(calendars):
        if not FIRST_YEAR <= one.year <= LAST_YEAR:
            raise wrong("year_range", f"[{number}].year", min=FIRST_YEAR, max=LAST_YEAR)
        if not 1 <= one.version <= 10_000:
            raise wrong("less_than_equal", f"[{number}].version", le=10_000)
    return calendars


def _check_acts(acts: tuple[Act, ...]) -> tuple[Act, ...]:
    if len(acts) > MOST_ITEMS:
        raise wrong("too_many", max=MOST_ITEMS)
    for number, one in enumerate(acts):
        check_item_id(one.rule, f"[{number}].rule")
    return acts


class SetDeadlines(OnTask):
    """Record what is due of the task. `as_of`: how many facts of the task it was counted on."""

    name = "task.set_deadlines"
    label = Worded("기한 계산", "set the deadlines")
    as_of: Annotated[int, Field(ge=1, le=2**31)]
    definition: Line
    calendars: Annotated[tuple[CalendarVersion, ...], AfterValidator(_check_calendars)]
    deadlines: Annotated[tuple[Deadline, ...], AfterValidator(_check_deadlines)]
    acts: Annotated[tuple[Act, ...], AfterValidator(_check_acts)] = ()
    waiting: Annotated[tuple[Awaited, ...], AfterValidator(_check_waiting)] = ()


# what an agency decides about its own tasks, and its head may delegate
DECISIONS = tuple(
    one.name for one in (Propose, Revise, Withdraw, Start, ReportProgress, SubmitFinalReport, Replan, Correct)
)


def version_in(fact: str, stream: str) -> int | None:
    """The version of a fact by its name; None if it is another stream's."""
    of, _, version = fact.rpartition("#")
    return int(version) if of == stream else None


TaskCommand = (
    Propose
    | Revise
    | Return
    | Approve
    | Reject
    | Withdraw
    | Start
    | Suspend
    | Resume
    | ReportProgress
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
)
