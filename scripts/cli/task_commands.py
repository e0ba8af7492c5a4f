"""`task …`: one subcommand a task command."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from pydantic_core import PydanticCustomError

from domain.aggregate import Command
from domain.errors import Refusal
from domain.limits import check_task_id
from domain.programme.decider import PROGRAMME
from domain.refusals import bad_input
from domain.task import commands as task
from domain.values import Figure, Grade, LocalText
from scripts.cli.plan_options import plan_from
from scripts.cli.run import EffectiveAt, Ref, Run, command
from store.recorded import folded
from workers.bootstrap import Engine

_SEOUL = ZoneInfo("Asia/Seoul")
TaskId = Annotated[str, typer.Argument(metavar="TASK", help="The task's number, e.g. 2024-07.")]
Title = Annotated[str | None, typer.Option(help="Title in Korean; by default the one on the year's list.")]
TitleEn = Annotated[str | None, typer.Option(help="Title in English.")]
Department = Annotated[str | None, typer.Option(help="The city department that shares responsibility.")]
Partner = Annotated[list[str] | None, typer.Option(help="Id of a partner agency; repeat for each.")]
Start = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day.")]
End = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day.")]
Budget = Annotated[str | None, typer.Option(metavar="KRW", help="Budget in won, a whole number.")]
NotBefore = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Must not start before this day.")
]
Milestones = Annotated[
    list[str] | None, typer.Option("--milestone", metavar="ID=DATE=NAME", help="Repeat for each.")
]
Indicators = Annotated[
    list[str] | None,
    typer.Option("--indicator", metavar="ID=UNIT=BASELINE=TARGET=NAME", help="Repeat for each."),
]
Phases = Annotated[
    list[str] | None, typer.Option("--phase", metavar="FROM=TO=NAME", help="A season; repeat for each.")
]
Summary = Annotated[str | None, typer.Option(help="What the task is, in a few sentences.")]
FigureOption = Annotated[
    list[str] | None,
    typer.Option("--figure", metavar="INDICATOR=VALUE", help="Actual value; repeat for each."),
]


class NotOnTheList(Refusal):
    """What is not given stands on the year's list, and the task does not."""

    ko = (
        "과제 {task}은(는) {year}년 과제 목록에 없습니다. 시 총괄부서가 `donghaeng programme add-task {year} {task}`, "
        "`donghaeng import` 또는 `donghaeng load`로 목록에 올린 뒤 제안하십시오."
    )
    en = (
        "Task {task} is not on the list of {year}. The planner puts it there with `donghaeng programme add-task {year} "
        "{task}`, `donghaeng import` or `donghaeng load`; then it can be proposed."
    )


def local(ko: str | None, en: str | None = None) -> LocalText | None:
    return None if ko is None else LocalText(ko=ko, en=en)


def figures_from(given: list[str] | None) -> tuple[Figure, ...]:
    return tuple(Figure(indicator=one.partition("=")[0], value=one.partition("=")[2]) for one in given or ())


def give(run: Run, make: Callable[[Engine], Command], ref: str | None, effective_at: datetime | None) -> None:
    at = None if effective_at is None else effective_at.replace(tzinfo=_SEOUL)
    with run.engine() as engine:
        run.show_outcome(run.give(engine, lambda: make(engine), ref=ref, effective_at=at))


def _listed(engine: Engine, task_id: str) -> Any:
    """What the year's list says of the task, or None."""
    state = folded(PROGRAMME, engine.store.read(f"programme/{task_id[:4]}"))
    return next((entry for entry in state.tasks.values() if entry.task == task_id), None)


def _not_listed(task_id: str) -> Refusal:
    try:
        return NotOnTheList(task=check_task_id(task_id), year=task_id[:4])
    except PydanticCustomError as error:
        return bad_input(error, "task")


def add(app: typer.Typer) -> None:
    _add_proposal(app)
    _add_plain(app)
    _add_reports(app)


def _add_proposal(app: typer.Typer) -> None:
    @command(app, "propose")
    def propose(
        run: Run,
        task_id: TaskId,
        start: Start,
        end: End,
        budget: Budget,
        title: Title = None,
        title_en: TitleEn = None,
        area: Annotated[str | None, typer.Option(help="By default the one on the year's list.")] = None,
        lead: Annotated[str | None, typer.Option(help="By default the one on the year's list.")] = None,
        department: Department = None,
        partner: Partner = None,
        not_before: NotBefore = None,
        milestone: Milestones = None,
        indicator: Indicators = None,
        phase: Phases = None,
        summary: Summary = None,
        ref: Ref = None,
        effective_at: EffectiveAt = None,
    ) -> None:
        """Propose a task that stands on the year's list (제안)."""

        def make(engine: Engine) -> Command:
            listed = _listed(engine, task_id)
            if listed is None and not (title and area and lead):
                raise _not_listed(task_id)
            named = local(title, title_en) or (listed and listed.title) or LocalText(ko="")
            plan = plan_from(start, end, budget, not_before, milestone, indicator, phase)
            return task.Propose(
                task=task_id,
                title=named,
                area=area or (listed and listed.area) or "",
                lead=lead or (listed and listed.lead) or "",
                department=local(department),
                partners=tuple(partner or ()),
                plan=plan,
                summary=summary,
            )

        give(run, make, ref, effective_at)

    @command(app, "revise")
    def revise(
        run: Run,
        task_id: TaskId,
        title: Title = None,
        title_en: TitleEn = None,
        department: Department = None,
        partner: Partner = None,
        start: Start = None,
        end: End = None,
        budget: Budget = None,
        not_before: NotBefore = None,
        milestone: Milestones = None,
        indicator: Indicators = None,
        phase: Phases = None,
        summary: Summary = None,
        ref: Ref = None,
        effective_at: EffectiveAt = None,
    ) -> None:
        """Revise a proposal (수정). What is not given stays; a new plan needs start, end and budget."""
        whole_plan = any(
            value is not None for value in (start, end, budget, not_before, milestone, indicator, phase)
        )

        def make(engine: Engine) -> Command:
            plan = (
                plan_from(start, end, budget, not_before, milestone, indicator, phase) if whole_plan else None
            )
            return task.Revise(
                task=task_id,
                title=local(title, title_en),
                department=local(department),
                partners=None if partner is None else tuple(partner),
                plan=plan,
                summary=summary,
            )

        give(run, make, ref, effective_at)


_PLAIN: tuple[tuple[str, type[task.OnTask], str], ...] = (
    ("return", task.Return, "Ask the agency for a revision; say of what with --reason (보완 요청)."),
    ("reject", task.Reject, "Reject a proposal (반려)."),
    ("withdraw", task.Withdraw, "Withdraw one's proposal before work has begun (철회)."),
    ("start", task.Start, "Begin the work (착수)."),
    ("suspend", task.Suspend, "Suspend the work (일시중단)."),
    ("resume", task.Resume, "Resume suspended work (재개)."),
    ("discontinue", task.Discontinue, "End a task for good before it is done (중단)."),
)


def _add_plain(app: typer.Typer) -> None:
    for name, kind, described in _PLAIN:
        _add_one(app, name, kind, described)

    @command(app, "approve")
    def approve(
        run: Run,
        task_id: TaskId,
        condition: Annotated[list[str] | None, typer.Option(help="A condition; repeat for each.")] = None,
        ref: Ref = None,
        effective_at: EffectiveAt = None,
    ) -> None:
        """Approve a proposal, with conditions where there are any (승인)."""
        give(run, lambda _: task.Approve(task=task_id, conditions=tuple(condition or ())), ref, effective_at)

    @command(app, "carry-over")
    def carry_over(
        run: Run,
        task_id: TaskId,
        to_year: Annotated[int, typer.Option(help="The year it goes on in.")],
        ref: Ref = None,
        effective_at: EffectiveAt = None,
    ) -> None:
        """Carry an unfinished task over to another year (이월)."""
        give(run, lambda _: task.CarryOver(task=task_id, to_year=to_year), ref, effective_at)


def _add_one(app: typer.Typer, name: str, kind: type[task.OnTask], described: str) -> None:
    def one(run: Run, task_id: TaskId, ref: Ref = None, effective_at: EffectiveAt = None) -> None:
        give(run, lambda _: kind(task=task_id), ref, effective_at)

    one.__doc__ = described
    command(app, name)(one)


def _add_reports(app: typer.Typer) -> None:
    @command(app, "report")
    def report(
        run: Run,
        task_id: TaskId,
        percent: Annotated[int, typer.Option(help="Done so far, 0 to 100.")],
        text: Annotated[str | None, typer.Option(help="The report's text.")] = None,
        figure: FigureOption = None,
        milestone: Annotated[
            list[str] | None, typer.Option(help="Id of a milestone reached; repeat for each.")
        ] = None,
        period: Annotated[
            str | None,
            typer.Option(
                "--for", help="The quarter reported on, e.g. 2024-Q1; else the last one that is over."
            ),
        ] = None,
        ref: Ref = None,
        effective_at: EffectiveAt = None,
    ) -> None:
        """Report progress (추진상황 보고)."""
        give(
            run,
            lambda _: task.ReportProgress(
                task=task_id,
                percent=percent,
                text=text,
                figures=figures_from(figure),
                milestones=tuple(milestone or ()),
                period=period,
            ),
            ref,
            effective_at,
        )

    @command(app, "final-report")
    def final_report(
        run: Run,
        task_id: TaskId,
        text: Annotated[str, typer.Option(help="The report's text.")],
        figure: FigureOption = None,
        ref: Ref = None,
        effective_at: EffectiveAt = None,
    ) -> None:
        """Submit the final report (최종 보고)."""
        make = lambda _: task.SubmitFinalReport(task=task_id, text=text, figures=figures_from(figure))  # noqa: E731
        give(run, make, ref, effective_at)

    @command(app, "open-rating")
    def open_rating(run: Run, task_id: TaskId, ref: Ref = None, effective_at: EffectiveAt = None) -> None:
        """Open the citizens' rating after the final report, should the rule not have done it (시민평가 시작)."""
        give(run, lambda _: task.OpenRating(task=task_id), ref, effective_at)

    @command(app, "rate")
    def rate(
        run: Run,
        task_id: TaskId,
        score: Annotated[str, typer.Option(help="What the citizens gave on average, 0 to 100, e.g. 84.2.")],
        raters: Annotated[int, typer.Option(help="How many citizens took part.")],
        ref: Ref = None,
        effective_at: EffectiveAt = None,
    ) -> None:
        """Enter what the citizens' rating came to; the evaluation follows by rule (시민평가 결과)."""
        give(run, lambda _: task.Rate(task=task_id, score=score, raters=raters), ref, effective_at)

    @command(app, "evaluate")
    def evaluate(
        run: Run,
        task_id: TaskId,
        score: Annotated[str, typer.Option(help="0 to 100, e.g. 87.5.")],
        grade: Annotated[Grade, typer.Option(help="The grade.")],
        ref: Ref = None,
        effective_at: EffectiveAt = None,
    ) -> None:
        """Enter the evaluation of a finished task (평가)."""
        give(run, lambda _: task.Evaluate(task=task_id, score=score, grade=grade), ref, effective_at)
