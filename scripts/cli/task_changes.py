"""`task …`: one subcommand a command by which a task changes: its plan, its agencies, what was reported of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from domain.aggregate import Command
from domain.task import commands as task
from domain.task.decider import TASK
from domain.values import Grade
from scripts.cli.plan_options import changed
from scripts.cli.run import EffectiveAt, Ref, Run, command
from scripts.cli.task import NoSuchTask
from scripts.cli.task_commands import (
    Budget,
    End,
    FigureOption,
    Indicators,
    Milestones,
    NotBefore,
    Phases,
    Start,
    TaskId,
    figures_from,
    give,
)
from store.recorded import folded
from workers.bootstrap import Engine

AgencyId = Annotated[str, typer.Argument(metavar="AGENCY", help="The agency's id, e.g. gto.")]
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The fact's number in the task's history.")]


def add(app: typer.Typer) -> None:
    _add_plans(app)
    _add_agencies(app)
    _add_corrections(app)
    _add_holds(app)


def fact_name(task_id: str, number: int | str) -> str:
    """A fact's name from its number in the task's history; a whole name stays."""
    return str(number) if "#" in str(number) else f"{task.task_stream(task_id)}#{number}"


def _add_plans(app: typer.Typer) -> None:
    @command(app, "replan")
    def replan(
        run: Run,
        task_id: TaskId,
        start: Start = None,
        end: End = None,
        budget: Budget = None,
        not_before: NotBefore = None,
        milestone: Milestones = None,
        indicator: Indicators = None,
        phase: Phases = None,
        ref: Ref = None,
        effective_at: EffectiveAt = None,
    ) -> None:
        """Change the plan (계획 변경). What is not given stays. More money or time waits for the city."""

        def make(engine: Engine) -> Command:
            plan = folded(TASK, engine.store.read(task.task_stream(task_id))).plan
            if plan is None:
                raise NoSuchTask(task=task_id)
            new = changed(plan, start, end, budget, not_before, milestone, indicator, phase)
            return task.Replan(task=task_id, plan=new)

        give(run, make, ref, effective_at)

    @command(app, "approve-replan")
    def approve_replan(
        run: Run,
        task_id: TaskId,
        request: Annotated[
            int | None, typer.Option(help="The request's number in the history: refuse any later one.")
        ] = None,
        ref: Ref = None,
        effective_at: EffectiveAt = None,
    ) -> None:
        """Let the requested plan come into force (계획 변경 승인)."""
        pinned = None if request is None else fact_name(task_id, request)
        give(run, lambda _: task.ApproveReplan(task=task_id, request=pinned), ref, effective_at)

    @command(app, "refuse-replan")
    def refuse_replan(run: Run, task_id: TaskId, ref: Ref = None, effective_at: EffectiveAt = None) -> None:
        """Leave the old plan in force; say why with --reason (계획 변경 불승인)."""
        give(run, lambda _: task.RefuseReplan(task=task_id), ref, effective_at)


def _add_agencies(app: typer.Typer) -> None:
    @command(app, "hand-over")
    def hand_over(
        run: Run, task_id: TaskId, agency: AgencyId, ref: Ref = None, effective_at: EffectiveAt = None
    ) -> None:
        """Hand the task over to another agency to lead (이관)."""
        give(run, lambda _: task.HandOver(task=task_id, to=agency), ref, effective_at)

    @command(app, "add-partner")
    def add_partner(
        run: Run, task_id: TaskId, agency: AgencyId, ref: Ref = None, effective_at: EffectiveAt = None
    ) -> None:
        """Add a partner agency (협업기관 추가)."""
        give(run, lambda _: task.AddPartner(task=task_id, partner=agency), ref, effective_at)

    @command(app, "release-partner")
    def release_partner(
        run: Run, task_id: TaskId, agency: AgencyId, ref: Ref = None, effective_at: EffectiveAt = None
    ) -> None:
        """Release a partner agency (협업기관 해제)."""
        give(run, lambda _: task.ReleasePartner(task=task_id, partner=agency), ref, effective_at)


Wrong = Annotated[
    str, typer.Argument(metavar="NUMBER", help="The wrong fact's number in the task's history.")
]
SaidPercent = Annotated[int | None, typer.Option(help="What the report should have said.")]
BeganOn = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day on which work began.")]


def _add_corrections(app: typer.Typer) -> None:
    @command(app, "correct")
    def correct(
        run: Run,
        task_id: TaskId,
        number: Wrong,
        percent: SaidPercent = None,
        figure: FigureOption = None,
        on: BeganOn = None,
        ref: Ref = None,
    ) -> None:
        """Correct a figure or date of an earlier fact (정정). Both stay visible; it counts from when the fact did."""

        def make(_: Engine) -> Command:
            return task.Correct(
                task=task_id,
                fact=fact_name(task_id, number),
                percent=percent,
                figures=figures_from(figure),
                on=None if on is None else on.date(),
            )

        give(run, make, ref, None)

    @command(app, "correct-evaluated")
    def correct_evaluated(
        run: Run,
        task_id: TaskId,
        number: Wrong,
        percent: SaidPercent = None,
        figure: FigureOption = None,
        on: BeganOn = None,
        score: Annotated[str | None, typer.Option(help="The rating's or the evaluation's score.")] = None,
        grade: Annotated[Grade | None, typer.Option(help="The evaluation's grade.")] = None,
        ref: Ref = None,
    ) -> None:
        """Correct, after the evaluation, what a report, the start, the rating or the evaluation said; needs --reason (평가 뒤 정정)."""

        def make(_: Engine) -> Command:
            return task.CorrectEvaluated(
                task=task_id,
                fact=fact_name(task_id, number),
                percent=percent,
                figures=figures_from(figure),
                on=None if on is None else on.date(),
                score=score,
                grade=grade,
            )

        give(run, make, ref, None)

    @command(app, "cancel-correction")
    def cancel_correction(run: Run, task_id: TaskId, number: Number, ref: Ref = None) -> None:
        """Cancel a correction: what the fact had said holds again (정정 취소)."""
        give(
            run,
            lambda _: task.CancelCorrection(task=task_id, correction=fact_name(task_id, number)),
            ref,
            None,
        )


def _add_holds(app: typer.Typer) -> None:
    @command(app, "place-hold")
    def place_hold(
        run: Run,
        task_id: TaskId,
        basis: Annotated[str, typer.Option(help="The law or order that asks for it; public.")],
        ref: Ref = None,
    ) -> None:
        """Place a legal hold: nothing of the task may be erased (기록물 보존 지정)."""
        give(run, lambda _: task.PlaceHold(task=task_id, basis=basis), ref, None)

    @command(app, "lift-hold")
    def lift_hold(run: Run, task_id: TaskId, ref: Ref = None) -> None:
        """Lift the legal hold (기록물 보존 해제)."""
        give(run, lambda _: task.LiftHold(task=task_id), ref, None)
