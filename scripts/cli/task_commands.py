"""`task …`: one subcommand a task command."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, get_args

import typer

from domain.aggregate import Command
from domain.task import commands as task
from domain.task.moving import LeavingOfProposal
from domain.task.plan_changes import Leaving
from domain.values import Figure, Grade, LocalText
from scripts.cli import values
from scripts.cli.giving import gives
from scripts.cli.plan_options import changes_from
from scripts.cli.values import TaskId
from workers.engine import Engine
from workflows.planning import retitling

Title = Annotated[
    str | None,
    typer.Option(
        help="Title in Korean; by default the one on the year's list. "
        "= 한국어 과제명. 적지 않으면 연도 목록의 것을 씁니다."
    ),
]
TitleEn = Annotated[str | None, typer.Option(help="Title in English. = 영문 과제명.")]
Department = Annotated[
    str | None,
    typer.Option(help="The city department that shares responsibility. = 함께 책임지는 시 소관부서."),
]
Partner = Annotated[
    list[str] | None,
    typer.Option(
        parser=values.AgencyWord,
        help="Id of a partner agency; repeat for each. = 협업기관의 식별자나 이름. 여러 개면 되풀이합니다.",
    ),
]
Start = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day. = 첫날.")]
End = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day. = 종료일.")]
Budget = Annotated[
    str | None, typer.Option(metavar="KRW", help="Budget in won, a whole number. = 예산. 원 단위 정수.")
]
NotBefore = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"], help="Must not start before this day. = 이날 전에는 착수하지 않습니다."
    ),
]
Milestones = Annotated[
    list[str] | None,
    typer.Option("--milestone", metavar="ID=DATE=NAME", help="Repeat for each. = 여러 개면 되풀이합니다."),
]
Indicators = Annotated[
    list[str] | None,
    typer.Option(
        "--indicator",
        metavar="ID=UNIT=BASELINE=TARGET=NAME",
        help="Repeat for each. = 여러 개면 되풀이합니다.",
    ),
]
Phases = Annotated[
    list[str] | None,
    typer.Option(
        "--phase", metavar="FROM=TO=NAME", help="A season; repeat for each. = 시기. 여러 개면 되풀이합니다."
    ),
]


def _without(fields: Sequence[str]) -> Any:
    names = ", ".join(fields)
    return typer.Option(
        metavar="FIELD",
        help=f"What it is not to have any more: {names}; repeat for each. "
        f"= 뺄 항목: {names}. 여러 개면 되풀이합니다.",
    )


Without = Annotated[list[str] | None, _without(get_args(Leaving))]
_OF_PROPOSALS = get_args(LeavingOfProposal)
WithoutOfProposal = Annotated[list[str] | None, _without((*get_args(Leaving), *_OF_PROPOSALS))]
Summary = Annotated[
    str | None,
    typer.Option(
        parser=values.text, help="What the task is, in a few sentences. = 과제의 개요를 몇 문장으로."
    ),
]
FigureOption = Annotated[
    list[str] | None,
    typer.Option(
        "--figure",
        metavar="INDICATOR=VALUE",
        help="Actual value; repeat for each. = 성과지표의 실적. 여러 개면 되풀이합니다.",
    ),
]


def local(ko: str | None, en: str | None = None) -> LocalText | None:
    return None if ko is None else LocalText(ko=ko, en=en)


def figures_from(given: list[str] | None) -> tuple[Figure, ...]:
    return tuple(Figure(indicator=one.partition("=")[0], value=one.partition("=")[2]) for one in given or ())


def add(app: typer.Typer) -> None:
    _add_revision(app)
    _add_plain(app)
    _add_reports(app)


def _add_revision(app: typer.Typer) -> None:
    @gives(app, "revise")
    def revise(
        engine: Engine,
        task_id: TaskId,
        title: Title = None,
        title_en: TitleEn = None,
        department: Department = None,
        partner: Annotated[
            list[str] | None,
            typer.Option(
                help="Id of a partner agency; repeat for each; “” alone: none any more. "
                "= 협업기관의 식별자나 이름. 여러 개면 되풀이합니다. “”만 적으면 모두 뺍니다."
            ),
        ] = None,
        start: Start = None,
        end: End = None,
        budget: Budget = None,
        not_before: NotBefore = None,
        milestone: Milestones = None,
        indicator: Indicators = None,
        phase: Phases = None,
        without: WithoutOfProposal = None,
        summary: Summary = None,
    ) -> Command:
        """Revise a proposal (수정). What is not given stays; a list that is given takes the place of the one there.

        = 제안을 수정합니다. 적지 않은 항목은 그대로 두며, 목록은 적은 것으로 바꿉니다.
        """
        return task.Revise(
            task=task_id,
            title=retitling(engine.store, task_id, title, title_en),
            department=local(department),
            partners=None if partner is None else tuple(one for one in partner if one),
            without=tuple(one for one in without or () if one in _OF_PROPOSALS),  # type: ignore[misc]
            changes=changes_from(
                [one for one in without or () if one not in _OF_PROPOSALS],
                start=start,
                end=end,
                budget=budget,
                not_before=not_before,
                milestones=milestone,
                indicators=indicator,
                phases=phase,
            ),
            summary=summary,
        )


_PLAIN: tuple[tuple[str, type[task.OnTask], str], ...] = (
    (
        "return",
        task.Return,
        (
            "Ask the agency for a revision; say of what with --reason (보완 요청). "
            "= 기관에 보완을 요청합니다. 보완할 내용은 --reason으로 적습니다."
        ),
    ),
    (
        "reject",
        task.Reject,
        "Reject a proposal; needs --reason (반려). = 제안을 반려합니다. --reason이 필요합니다.",
    ),
    (
        "free-number",
        task.FreeNumber,
        (
            "Let the number of a rejected task be proposed under again; needs --reason (번호 재사용 결정). "
            "= 반려한 과제의 번호를 다시 쓸 수 있게 합니다. --reason이 필요합니다."
        ),
    ),
    (
        "withdraw",
        task.Withdraw,
        (
            "Withdraw one's proposal before work has begun; needs --reason (철회). "
            "= 착수 전에 제안을 철회합니다. --reason이 필요합니다."
        ),
    ),
    ("start", task.Start, "Begin the work (착수). = 과제에 착수합니다."),
    ("suspend", task.Suspend, "Suspend the work (일시 중지). = 과제를 일시 중지합니다."),
    ("resume", task.Resume, "Resume suspended work (재개). = 일시 중지한 과제를 재개합니다."),
    (
        "discontinue",
        task.Discontinue,
        (
            "End a task for good before it is done; needs --reason (중단). "
            "= 과제를 끝내기 전에 완전히 중단합니다. --reason이 필요합니다."
        ),
    ),
)


def _add_plain(app: typer.Typer) -> None:
    for name, kind, described in _PLAIN:
        _add_one(app, name, kind, described)

    @gives(app, "approve")
    def approve(
        task_id: TaskId,
        condition: Annotated[
            list[str] | None,
            typer.Option(
                parser=values.text, help="A condition; repeat for each. = 승인 조건. 여러 개면 되풀이합니다."
            ),
        ] = None,
    ) -> Command:
        """Approve a proposal, with conditions where there are any (승인).

        = 제안을 승인합니다. 조건을 붙일 수 있습니다.
        """
        return task.Approve(task=task_id, conditions=tuple(condition or ()))

    @gives(app, "carry-over")
    def carry_over(
        task_id: TaskId,
        to_year: Annotated[int, typer.Option(help="The year it goes on in. = 이어 가는 연도.")],
    ) -> Command:
        """Carry an unfinished task over to another year (이월).

        = 끝나지 않은 과제를 다른 해로 이월합니다.
        """
        return task.CarryOver(task=task_id, to_year=to_year)


def _add_one(app: typer.Typer, name: str, kind: type[task.OnTask], described: str) -> None:
    def one(task_id: TaskId) -> Command:
        return kind(task=task_id)

    one.__annotations__["return"] = kind
    one.__doc__ = described
    gives(app, name)(one)


def _add_reports(app: typer.Typer) -> None:
    @gives(app, "report")
    def report(
        task_id: TaskId,
        percent: Annotated[
            int, typer.Option(help="Done so far, 0 to 100. = 지금까지의 진척률, 0에서 100까지.")
        ],
        text: Annotated[
            str | None, typer.Option(parser=values.text, help="The report's text. = 보고 내용.")
        ] = None,
        figure: FigureOption = None,
        milestone: Annotated[
            list[str] | None,
            typer.Option(
                help="Id of a milestone reached; repeat for each. "
                "= 달성한 추진일정의 식별자. 여러 개면 되풀이합니다."
            ),
        ] = None,
        period: Annotated[
            str | None,
            typer.Option(
                "--for",
                help="The quarter reported on, e.g. 2024-Q1; else the last one that is over. "
                "= 보고하는 분기. 예: 2024-Q1. 없으면 끝난 마지막 분기.",
            ),
        ] = None,
    ) -> Command:
        """Report progress (추진상황 보고).

        = 추진상황을 보고합니다.
        """
        return task.ReportProgress(
            task=task_id,
            percent=percent,
            text=text,
            figures=figures_from(figure),
            milestones=tuple(milestone or ()),
            period=period,
        )

    @gives(app, "reach")
    def reach(
        task_id: TaskId,
        milestone: Annotated[
            list[str],
            typer.Option(
                help="Id of a milestone reached; repeat for each. "
                "= 달성한 추진일정의 식별자. 여러 개면 되풀이합니다."
            ),
        ],
        text: Annotated[
            str | None,
            typer.Option(
                parser=values.text,
                help="What came of it, in a sentence or two. = 어떻게 되었는지 한두 문장으로.",
            ),
        ] = None,
    ) -> Command:
        """Report milestones by themselves, when they are reached (추진일정 달성 보고).

        = 추진일정을 달성하면 그것만 따로 보고합니다.
        """
        return task.ReachMilestones(task=task_id, milestones=tuple(milestone), text=text)

    @gives(app, "final-report")
    def final_report(
        task_id: TaskId,
        text: Annotated[str, typer.Option(parser=values.text, help="The report's text. = 보고 내용.")],
        figure: FigureOption = None,
    ) -> Command:
        """Submit the final report (결과보고).

        = 결과보고를 제출합니다.
        """
        return task.SubmitFinalReport(task=task_id, text=text, figures=figures_from(figure))

    @gives(app, "open-rating")
    def open_rating(task_id: TaskId) -> Command:
        """Open the citizens' rating after the final report, should the rule not have done it (시민평가 시작).

        = 결과보고 뒤에 시민평가를 시작합니다. 규칙이 시작하지 않은 때에 씁니다.
        """
        return task.OpenRating(task=task_id)

    @gives(app, "rate")
    def rate(
        task_id: TaskId,
        score: Annotated[
            str,
            typer.Option(
                help="What the citizens gave on average, 0 to 100, e.g. 84.2. "
                "= 시민이 준 평균 점수, 0에서 100까지. 예: 84.2"
            ),
        ],
        raters: Annotated[int, typer.Option(help="How many citizens took part. = 참여한 시민 수.")],
    ) -> Command:
        """Enter what the citizens' rating came to; the evaluation follows by rule (시민평가 결과).

        = 시민평가 결과를 입력합니다. 평가는 규칙에 따라 이어집니다.
        """
        return task.Rate(task=task_id, score=score, raters=raters)

    @gives(app, "evaluate")
    def evaluate(
        task_id: TaskId,
        score: Annotated[str, typer.Option(help="0 to 100, e.g. 87.5. = 0에서 100까지. 예: 87.5")],
        grade: Annotated[Grade, typer.Option(help="The grade. = 등급.")],
    ) -> Command:
        """Enter the evaluation of a finished task (평가).

        = 끝난 과제의 평가 결과를 입력합니다.
        """
        return task.Evaluate(task=task_id, score=score, grade=grade)
