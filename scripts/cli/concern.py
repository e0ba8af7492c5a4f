"""`concern …`: raising concerns, opinions and alternatives."""

from __future__ import annotations

from typing import Annotated

import typer

from domain.aggregate import Command
from domain.concern import commands as concern
from domain.values import LocalText
from scripts.cli import values
from scripts.cli.concern_reading import ConcernId
from scripts.cli.giving import gives
from scripts.cli.meeting import Agency, Text, own_agency
from scripts.cli.run import Run
from workers.engine import Engine

Invited = Annotated[
    list[str] | None,
    typer.Option(
        "--invite",
        metavar="AGENCY",
        parser=values.AgencyWord,
        help="An agency that is asked for its opinion; repeat for each, all are where none is named. "
        "= 의견을 요청할 기관. 여러 개면 되풀이하며, 없으면 모든 기관입니다.",
    ),
]
Alternative = Annotated[
    int,
    typer.Argument(
        metavar="NUMBER",
        help="The alternative's number, as `concern show` has it. = `concern show`에 나오는 대안 번호.",
    ),
]
NameKo = Annotated[str, typer.Option("--name", help="The name in Korean. = 한국어 이름.")]
NameEn = Annotated[str | None, typer.Option("--name-en", help="The name in English. = 영문 이름.")]


def _make_text_option(what: str, ko: str) -> typer.models.OptionInfo:
    """A free text of an alternative."""
    option: typer.models.OptionInfo = typer.Option(
        parser=values.text, help=f"{what}; kept beside the fact. = {ko}. 기록과 함께 남습니다."
    )
    return option


def add(app: typer.Typer) -> None:
    _add_raising(app)
    _add_alternatives(app)


def _add_raising(app: typer.Typer) -> None:
    @gives(app, "raise")
    def raise_concern(
        run: Run,
        engine: Engine,
        concern_id: ConcernId,
        year: Annotated[int, typer.Option(help="Of which programme, e.g. 2024. = 사업연도. 예: 2024")],
        name: NameKo,
        question: Annotated[
            str,
            typer.Option(
                parser=values.text,
                help="What is to be answered; kept beside the fact. = 검토할 질문. 기록과 함께 남습니다.",
            ),
        ],
        name_en: NameEn = None,
        agency: Agency = None,
        task: Annotated[
            list[str] | None,
            typer.Option(
                metavar="TASK",
                help="A task that is affected; repeat for each. = 관련 과제. 여러 개면 되풀이합니다.",
            ),
        ] = None,
        invited: Invited = None,
    ) -> Command:
        """Raise a policy concern, and ask agencies for opinions until the definition's deadline (현안 제기).

        = 정책 현안을 제기하고 의견을 요청합니다. 의견은 정의가 정한 마감일까지 냅니다.
        """
        return concern.Raise(
            concern=concern_id,
            year=year,
            title=LocalText(ko=name, en=name_en),
            question=question,
            agency=agency or own_agency(run, engine),
            tasks=tuple(task or ()),
            invited=tuple(invited or ()),
        )

    @gives(app, "give-opinion")
    def give_opinion(
        run: Run, engine: Engine, concern_id: ConcernId, text: Text, agency: Agency = None
    ) -> Command:
        """Give an opinion on a concern, until its last day (의견 제출).

        = 현안에 대한 의견을 제출합니다. 마감일까지 할 수 있습니다.
        """
        return concern.GiveOpinion(concern=concern_id, text=text, agency=agency or own_agency(run, engine))

    @gives(app, "open-round")
    def open_round(concern_id: ConcernId, invited: Invited = None) -> Command:
        """Ask for opinions once more, with a new deadline; also of what was deferred (추가 의견 수렴).

        = 새 마감일로 의견을 다시 받습니다. 보류한 현안도 다시 다룹니다.
        """
        return concern.OpenRound(concern=concern_id, invited=tuple(invited or ()))


def _add_alternatives(app: typer.Typer) -> None:
    @gives(app, "add-alternative")
    def add_alternative(
        run: Run,
        engine: Engine,
        concern_id: ConcernId,
        name: NameKo,
        name_en: NameEn = None,
        cost: Annotated[int | None, typer.Option(help="What it costs, in won. = 비용(원).")] = None,
        effects: Annotated[str | None, _make_text_option("What it brings", "기대 효과")] = None,
        risks: Annotated[str | None, _make_text_option("What may go wrong", "위험")] = None,
        sources: Annotated[str | None, _make_text_option("Where that is from", "근거 자료의 출처")] = None,
        agency: Agency = None,
    ) -> Command:
        """Add an alternative, with what it costs, brings and risks (대안 제시).

        = 비용, 효과, 위험, 출처와 함께 대안을 제시합니다.
        """
        return concern.AddAlternative(
            concern=concern_id,
            title=LocalText(ko=name, en=name_en),
            cost_krw=cost,
            effects=effects,
            risks=risks,
            sources=sources,
            agency=agency or own_agency(run, engine),
        )

    @gives(app, "drop-alternative")
    def drop_alternative(concern_id: ConcernId, alternative: Alternative) -> Command:
        """Drop an alternative; say why with --reason (대안 제외).

        = 대안을 제외합니다. 사유는 --reason으로 적습니다.
        """
        return concern.DropAlternative(concern=concern_id, alternative=alternative)
