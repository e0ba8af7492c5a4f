"""`task …`: one subcommand a command by which a task changes: its plan, its agencies, what was reported of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from domain.aggregate import Command
from domain.streams import task_stream
from domain.task import commands as task
from domain.values import Grade
from scripts.cli import values
from scripts.cli.giving import gives
from scripts.cli.plan_options import changes_from
from scripts.cli.task_commands import (
    Budget,
    End,
    FigureOption,
    Indicators,
    Milestones,
    NotBefore,
    Phases,
    Start,
    Without,
    figures_from,
)
from scripts.cli.values import AgencyId, TaskId

Number = Annotated[
    int,
    typer.Argument(
        metavar="NUMBER", help="The fact's number in the task's history. = 과제 이력에서의 기록 번호."
    ),
]


def add(app: typer.Typer) -> None:
    _add_plans(app)
    _add_agencies(app)
    _add_corrections(app)
    _add_holds(app)


def fact_name(task_id: str, number: int | str) -> str:
    """A fact's name from its number in the task's history; a whole name stays."""
    return str(number) if "#" in str(number) else f"{task_stream(task_id)}#{number}"


def _add_plans(app: typer.Typer) -> None:
    @gives(app, "replan")
    def replan(
        task_id: TaskId,
        start: Start = None,
        end: End = None,
        budget: Budget = None,
        not_before: NotBefore = None,
        milestone: Milestones = None,
        indicator: Indicators = None,
        phase: Phases = None,
        without: Without = None,
    ) -> Command:
        """Change the plan (계획 변경). What is not given stays. More money or time waits for the city.

        = 추진계획을 변경합니다. 적지 않은 항목은 그대로 둡니다. 예산이나 기간이 늘어나면 시의 승인을 받아야 합니다.
        """
        changes = changes_from(
            without,
            start=start,
            end=end,
            budget=budget,
            not_before=not_before,
            milestones=milestone,
            indicators=indicator,
            phases=phase,
        )
        return task.Replan(task=task_id, changes=changes)

    @gives(app, "approve-replan")
    def approve_replan(
        task_id: TaskId,
        request: Annotated[
            int | None,
            typer.Option(
                help="The request's number in the history: refuse any later one. "
                "= 이력에 나오는 요청의 번호. 그 뒤의 요청은 거부합니다."
            ),
        ] = None,
    ) -> Command:
        """Let the requested plan come into force (계획 변경 승인).

        = 요청된 계획 변경을 승인합니다.
        """
        pinned = None if request is None else fact_name(task_id, request)
        return task.ApproveReplan(task=task_id, request=pinned)

    @gives(app, "refuse-replan")
    def refuse_replan(task_id: TaskId) -> Command:
        """Leave the old plan in force; say why with --reason (계획 변경 불승인).

        = 계획 변경을 승인하지 않고 기존 계획을 유지합니다. 사유는 --reason으로 적습니다.
        """
        return task.RefuseReplan(task=task_id)


def _add_agencies(app: typer.Typer) -> None:
    @gives(app, "hand-over")
    def hand_over(task_id: TaskId, agency: AgencyId) -> Command:
        """Hand the task over to another agency to lead (이관).

        = 과제를 다른 주관기관으로 이관합니다.
        """
        return task.HandOver(task=task_id, to=agency)

    @gives(app, "add-partner")
    def add_partner(task_id: TaskId, agency: AgencyId) -> Command:
        """Add a partner agency (협업기관 추가).

        = 협업기관을 추가합니다.
        """
        return task.AddPartner(task=task_id, partner=agency)

    @gives(app, "release-partner")
    def release_partner(task_id: TaskId, agency: AgencyId) -> Command:
        """Release a partner agency (협업기관 해제).

        = 협업기관을 해제합니다.
        """
        return task.ReleasePartner(task=task_id, partner=agency)


Wrong = Annotated[
    str,
    typer.Argument(
        metavar="NUMBER",
        help="The wrong fact's number in the task's history. = 과제 이력에서 잘못된 기록의 번호.",
    ),
]
SaidPercent = Annotated[
    int | None, typer.Option(help="What the report should have said. = 보고에 적혔어야 할 값.")
]
BeganOn = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day on which work began. = 착수한 날.")
]


def _add_corrections(app: typer.Typer) -> None:
    @gives(app, "correct", also=("ref",))
    def correct(
        task_id: TaskId,
        number: Wrong,
        percent: SaidPercent = None,
        figure: FigureOption = None,
        on: BeganOn = None,
    ) -> Command:
        """Correct a figure or date of an earlier fact (정정). Both stay visible; it counts from when the fact did.

        = 앞선 기록의 수치나 날짜를 정정합니다. 둘 다 남으며, 처음 기록의 시점부터 적용됩니다.
        """
        return task.Correct(
            task=task_id,
            fact=fact_name(task_id, number),
            percent=percent,
            figures=figures_from(figure),
            on=None if on is None else on.date(),
        )

    @gives(app, "correct-evaluated", also=("ref",))
    def correct_evaluated(
        task_id: TaskId,
        number: Wrong,
        percent: SaidPercent = None,
        figure: FigureOption = None,
        on: BeganOn = None,
        score: Annotated[
            str | None, typer.Option(help="The rating's or the evaluation's score. = 시민평가나 평가의 점수.")
        ] = None,
        grade: Annotated[Grade | None, typer.Option(help="The evaluation's grade. = 평가 등급.")] = None,
    ) -> Command:
        """Correct, after the evaluation, what a report, the start, the rating or the evaluation said; needs --reason (평가 뒤 정정).

        = 평가가 끝난 뒤 보고, 착수, 시민평가, 평가의 내용을 정정합니다. --reason이 필요합니다.
        """
        return task.CorrectEvaluated(
            task=task_id,
            fact=fact_name(task_id, number),
            percent=percent,
            figures=figures_from(figure),
            on=None if on is None else on.date(),
            score=score,
            grade=grade,
        )

    @gives(app, "cancel-correction", also=("ref",))
    def cancel_correction(task_id: TaskId, number: Number) -> Command:
        """Cancel a correction: what the fact had said holds again (정정 취소).

        = 정정을 취소합니다. 처음 기록한 내용이 다시 유효해집니다.
        """
        return task.CancelCorrection(task=task_id, correction=fact_name(task_id, number))


def _add_holds(app: typer.Typer) -> None:
    @gives(app, "place-hold", also=("ref",))
    def place_hold(
        task_id: TaskId,
        basis: Annotated[
            str,
            typer.Option(
                parser=values.text,
                help="The law or order that asks for it; public. = 근거 법령이나 명령. 공개됩니다.",
            ),
        ],
    ) -> Command:
        """Place a legal hold: nothing of the task may be erased (기록물 보존 지정).

        = 기록물 보존을 지정합니다. 과제의 어떤 것도 지울 수 없습니다.
        """
        return task.PlaceHold(task=task_id, basis=basis)

    @gives(app, "lift-hold", also=("ref",))
    def lift_hold(task_id: TaskId) -> Command:
        """Lift the legal hold (기록물 보존 해제).

        = 기록물 보존을 해제합니다.
        """
        return task.LiftHold(task=task_id)
