"""`reform …`: entering reform cases, checking them, and taking them over. What people read of them is `reform_reading.py`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from domain.aggregate import Command
from domain.reform import commands as reform
from domain.values import LocalText
from scripts.cli import values
from scripts.cli.giving import gives
from scripts.cli.reform_figures import measures_from, transfers_from
from scripts.cli.reform_reading import CaseId

Category = Annotated[
    Literal["organisation", "function", "finance"] | None,
    typer.Option(
        parser=values.choice(organisation="조직", function="기능", finance="재정"),
        metavar="CATEGORY",
        help="organisation, function or finance. = 유형: 조직, 기능, 재정.",
    ),
]
_FIGURE = typer.Option(
    "--figure",
    metavar="NAME=UNIT=BEFORE[@DAY]=AFTER[@DAY][=SOURCE]",
    help="A figure before and after; one of both may be left out, ~ says about so much; repeat for each. "
    "= 이전과 이후의 수치. 한쪽은 비워 둘 수 있고, 어림수는 ~로 적습니다. 여러 개면 되풀이합니다. 예: 관리직=명=13=9",
)
Measures = Annotated[list[str] | None, _FIGURE]
SomeMeasures = Annotated[list[str], _FIGURE]
Transfers = Annotated[
    list[str] | None,
    typer.Option(
        "--transfer",
        metavar="facility|function=FROM=TO=NAME",
        help="What went from one agency to another; repeat for each. = 기관 사이에 이관한 시설이나 기능. 여러 개면 되풀이합니다.",
    ),
]
Text = Annotated[str | None, typer.Option(parser=values.text, help="What was done. = 추진 내용.")]
Evidence = Annotated[
    str | None, typer.Option(parser=values.text, help="By what it can be seen. = 증빙 자료.")
]
Agency = Annotated[
    str,
    typer.Option(
        metavar="AGENCY", parser=values.AgencyWord, help="The agency's id or name. = 기관의 식별자나 이름."
    ),
]
TitleEn = Annotated[str | None, typer.Option(help="The name in English. = 영문 이름.")]


def add(app: typer.Typer) -> None:
    _add_entering(app)
    _add_checking(app)
    _add_taking_over(app)


def _add_entering(app: typer.Typer) -> None:
    @gives(app, "enter")
    def enter(
        case_id: CaseId,
        agency: Agency,
        year: Annotated[
            int, typer.Option(help="The programme's year under which it is shared. = 공유하는 사업연도.")
        ],
        name: Annotated[str, typer.Option(help="The name in Korean. = 한국어 이름.")],
        name_en: TitleEn = None,
        category: Category = None,
        measures: Measures = None,
        transfers: Transfers = None,
        text: Text = None,
        evidence: Evidence = None,
    ) -> Command:
        """Enter what an agency reformed, with figures before and after (구조혁신 우수사례).

        = 기관의 구조혁신 우수사례를 이전과 이후의 수치와 함께 등록합니다.
        """
        return reform.Enter(
            case=case_id,
            agency=agency,
            year=year,
            title=LocalText(ko=name, en=name_en),
            category=category,
            measures=measures_from(measures),
            transfers=transfers_from(transfers),
            text=text,
            evidence=evidence,
        )

    @gives(app, "revise")
    def revise(
        case_id: CaseId,
        name: Annotated[str | None, typer.Option(help="The name in Korean. = 한국어 이름.")] = None,
        name_en: TitleEn = None,
        category: Category = None,
        measures: Measures = None,
        transfers: Transfers = None,
        text: Text = None,
        evidence: Evidence = None,
    ) -> Command:
        """Say otherwise what is given here, before the city confirmed the case; figures take the place of all that there are.

        = 시가 확인하기 전에 우수사례의 내용을 고칩니다. 수치를 지정하면 전체를 대신합니다.
        """
        return reform.Revise(
            case=case_id,
            title=None if name is None else LocalText(ko=name, en=name_en),
            category=category,
            measures=measures_from(measures),
            transfers=transfers_from(transfers),
            text=text,
            evidence=evidence,
        )


def _add_checking(app: typer.Typer) -> None:
    @gives(app, "return")
    def return_case(case_id: CaseId) -> Command:
        """Give a case back to the agency; say why with --reason.

        = 우수사례의 보완을 요청합니다. 사유는 --reason으로 적습니다.
        """
        return reform.Return(case=case_id)

    @gives(app, "confirm")
    def confirm(case_id: CaseId) -> Command:
        """Say that the city checked the case and it is so.

        = 시가 우수사례를 확인하였음을 기록합니다.
        """
        return reform.Confirm(case=case_id)

    @gives(app, "present")
    def present(
        case_id: CaseId,
        meeting: Annotated[str, typer.Option(help="The meeting's id. = 회의의 식별자.")],
        item: Annotated[int | None, typer.Option(help="Of which item. = 몇 번 안건인지.")] = None,
    ) -> Command:
        """Record that a confirmed case was presented at a meeting.

        = 확인된 우수사례가 회의에서 발표되었음을 기록합니다.
        """
        return reform.Present(case=case_id, meeting=meeting, item=item)


def _add_taking_over(app: typer.Typer) -> None:
    @gives(app, "take-over")
    def take_over(
        case_id: CaseId,
        agency: Agency,
        measures: Measures = None,
        text: Text = None,
        evidence: Evidence = None,
    ) -> Command:
        """Record that another agency does so too, with its own figures.

        = 다른 기관이 우수사례를 도입하였음을 그 기관의 수치와 함께 기록합니다.
        """
        return reform.TakeOver(
            case=case_id,
            agency=agency,
            measures=measures_from(measures),
            text=text,
            evidence=evidence,
        )

    @gives(app, "figures")
    def enter_figures(case_id: CaseId, agency: Agency, measures: SomeMeasures) -> Command:
        """Enter figures of the agency whose case it is, or of one that took it over; one of a name that is there takes its place.

        = 사례의 기관이나 도입한 기관의 수치를 등록합니다. 같은 이름의 수치는 새 값이 대신합니다.
        """
        return reform.EnterFigures(case=case_id, agency=agency, measures=measures_from(measures))
