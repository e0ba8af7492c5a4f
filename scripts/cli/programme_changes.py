"""`programme …`: what was said of a year's programme is put right, its offices are reached, the year is closed."""

from __future__ import annotations

from typing import Annotated, get_args

import typer

from domain.aggregate import Command
from domain.errors import Lang
from domain.programme.commands import (
    AddArea,
    Change,
    ChangeTask,
    ChooseLanguage,
    Close,
    LeavingOfList,
    RenameArea,
    SetContact,
)
from domain.programme.facts import Office
from domain.values import LocalText
from scripts.cli import values
from scripts.cli.giving import gives
from scripts.cli.plan_options import phase_from
from scripts.cli.programme_reading import Year
from scripts.cli.task_commands import NotBefore, Phases, Summary
from workers.engine import Engine
from workflows.planning import load_programme, with_languages

AreaId = Annotated[
    str, typer.Argument(metavar="AREA", help="The area's id, e.g. culture. = 분야의 식별자. 예: culture")
]
AreaTitle = Annotated[str, typer.Option("--name", help="The area's name in Korean. = 분야의 한국어 이름.")]
AreaTitleEn = Annotated[str | None, typer.Option("--name-en", help="The same in English. = 영문.")]
OfficeWord = Annotated[
    Office,
    typer.Argument(
        parser=values.choice(planner="총괄부서", department="소관부서"),
        help="The city's planner or department. = 시 총괄부서 planner, 소관부서 department.",
    ),
]
_LEAVING = ", ".join(get_args(LeavingOfList))


def add(app: typer.Typer) -> None:
    _add_changes(app)
    _add_offices(app)


def _add_changes(app: typer.Typer) -> None:
    @gives(app, "change", also=("ref",))
    def change(
        engine: Engine,
        year: Year,
        name: Annotated[
            str | None, typer.Option(help="The programme's name in Korean. = 사업의 한국어 이름.")
        ] = None,
        name_en: Annotated[str | None, typer.Option(help="The same in English. = 영문.")] = None,
        city: Annotated[
            str | None, typer.Option(help="The city's name in Korean. = 시의 한국어 이름.")
        ] = None,
        city_en: Annotated[str | None, typer.Option(help="The same in English. = 영문.")] = None,
        declared_tasks: Annotated[
            int | None, typer.Option(help="How many tasks the city announced. = 시가 발표한 과제 수.")
        ] = None,
        declared_agencies: Annotated[
            int | None, typer.Option(help="How many agencies the city announced. = 시가 발표한 기관 수.")
        ] = None,
    ) -> Command:
        """Put right what the programme's entry says; what is not given stays (사업연도 정보 정정).

        = 사업연도의 정보를 정정합니다. 적지 않은 항목은 그대로 둡니다.
        """
        known = load_programme(engine.store, year)
        return Change(
            year=year,
            name=with_languages(known.name, name, name_en),
            city=with_languages(known.city, city, city_en),
            declared_task_count=declared_tasks,
            declared_agency_count=declared_agencies,
        )

    @gives(app, "add-area", also=("ref",))
    def add_area(year: Year, area: AreaId, name: AreaTitle, name_en: AreaTitleEn = None) -> Command:
        """Add an area to the year's programme (분야 추가).

        = 그 해의 사업에 분야를 추가합니다.
        """
        return AddArea(year=year, area=area, name=LocalText(ko=name, en=name_en))

    @gives(app, "rename-area", also=("ref",))
    def rename_area(year: Year, area: AreaId, name: AreaTitle, name_en: AreaTitleEn = None) -> Command:
        """Give an area another name; its id stays (분야 이름 변경).

        = 분야의 이름을 변경합니다. 식별자는 그대로 둡니다.
        """
        return RenameArea(year=year, area=area, name=LocalText(ko=name, en=name_en))

    @gives(app, "change-task", also=("ref",))
    def change_task(
        engine: Engine,
        year: Year,
        task: Annotated[str, typer.Argument(help="The task's number, e.g. 2024-22. = 과제번호. 예: 2024-22")],
        area: Annotated[
            str | None, typer.Option(parser=values.AreaWord, help="The area's id. = 분야의 식별자나 이름.")
        ] = None,
        lead: Annotated[
            str | None,
            typer.Option(parser=values.AgencyWord, help="The lead agency's id. = 주관기관의 식별자나 이름."),
        ] = None,
        title: Annotated[str | None, typer.Option(help="The title in Korean. = 한국어 과제명.")] = None,
        title_en: Annotated[str | None, typer.Option(help="The title in English. = 영문 과제명.")] = None,
        not_before: NotBefore = None,
        phase: Phases = None,
        summary: Summary = None,
        without: Annotated[
            list[str] | None,
            typer.Option(
                metavar="FIELD",
                help=f"What the list is not to say any more: {_LEAVING}; repeat for each. "
                f"= 목록에서 뺄 항목: {_LEAVING}. 여러 개면 되풀이합니다.",
            ),
        ] = None,
    ) -> Command:
        """Put right what the list says of a task that nobody has proposed yet; what is not given stays (등재 과제 정정).

        = 아직 제안하지 않은 과제의 목록 내용을 정정합니다. 적지 않은 항목은 그대로 둡니다.
        """
        listed = load_programme(engine.store, year).tasks.get(task)
        return ChangeTask(
            year=year,
            task=task,
            area=area,
            lead=lead,
            title=with_languages(None if listed is None else listed.title, title, title_en),
            not_before=not_before and not_before.date(),
            phases=None if phase is None else tuple(map(phase_from, phase)),
            summary=summary,
            without=tuple(one.replace("-", "_") for one in without or ()),  # type: ignore[misc]
        )


def _add_offices(app: typer.Typer) -> None:
    @gives(app, "set-contact", also=("ref",))
    def set_contact(
        year: Year,
        office: OfficeWord,
        mail: Annotated[
            str | None,
            typer.Option(
                "--mail",
                help="The mail address; without it the office is written to no more. "
                "= 메일 주소. 없으면 그 부서에 더 보내지 않습니다.",
            ),
        ] = None,
    ) -> Command:
        """Say where an office of the city gets its reminders in this year (연락처).

        = 시의 부서가 이 해의 알림을 어디로 받을지 정합니다.
        """
        return SetContact(year=year, office=office, address=mail)

    @gives(app, "choose-language", also=("ref",))
    def choose_language(
        year: Year,
        office: OfficeWord,
        language: Annotated[Lang, typer.Argument(help="ko or en. = ko(한국어) 또는 en(영어).")],
    ) -> Command:
        """Say in which language an office of the city is written to in this year (알림 언어).

        = 시의 부서에 이 해의 알림을 어느 언어로 보낼지 정합니다.
        """
        return ChooseLanguage(year=year, office=office, lang=language)

    @gives(app, "close", also=("ref",))
    def close(year: Year) -> Close:
        """Close the year; needs --reason, refused while one of its tasks is open (사업연도 마감).

        = 사업연도를 마감합니다. --reason이 필요하며, 진행 중인 과제가 있으면 거부됩니다.
        """
        return Close(year=year)
