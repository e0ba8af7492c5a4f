"""`programme open|add-task|template`: a year's programme."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from domain.aggregate import Command
from domain.programme.commands import AddTask, Open
from domain.programme.facts import Area
from domain.values import LocalText
from scripts.cli import values
from scripts.cli.giving import gives
from scripts.cli.options import Ref
from scripts.cli.programme_reading import Year
from scripts.cli.run import Run, command
from workflows.opening import open_programme


def add(app: typer.Typer) -> None:
    @command(app, "open")
    def open_year(
        run: Run,
        year: Year,
        name: Annotated[str, typer.Option(help="The programme's name in Korean. = 사업의 한국어 이름.")],
        city: Annotated[str, typer.Option(help="The city's name in Korean. = 시의 한국어 이름.")],
        area: Annotated[
            list[str],
            typer.Option(metavar="ID=NAME", help="An area; repeat for each. = 분야. 여러 개면 되풀이합니다."),
        ],
        definition: Annotated[
            str | None,
            typer.Option(
                metavar="NAME/VERSION",
                help="By which definition its tasks go; by default the year's newest. = 과제에 적용할 정의. 기본값은 그 해의 최신 정의.",
            ),
        ] = None,
        ref: Ref = None,
    ) -> None:
        """Open a year's programme with its areas. A definition that comes along is adopted with it, where nobody did.

        = 사업연도를 분야와 함께 엽니다. 프로그램에 포함된 정의는 아직 채택되지 않았으면 함께 채택됩니다.
        """

        def make() -> Open:
            areas = tuple(Area(id=a.partition("=")[0], name=LocalText(ko=a.partition("=")[2])) for a in area)
            return Open(
                year=year,
                name=LocalText(ko=name),
                city=LocalText(ko=city),
                areas=areas,
                definition=definition,
            )

        with run.engine() as engine:
            envelope = run.wrap(engine, make, ref=ref)
            run.show_outcome(open_programme(engine.store, engine.handler, envelope))

    @gives(app, "add-task", also=("ref",))
    def add_task(
        year: Year,
        task: Annotated[str, typer.Argument(help="The task's number, e.g. 2024-22. = 과제번호. 예: 2024-22")],
        area: Annotated[
            str, typer.Option(parser=values.AreaWord, help="The area's id. = 분야의 식별자나 이름.")
        ],
        lead: Annotated[
            str,
            typer.Option(parser=values.AgencyWord, help="The lead agency's id. = 주관기관의 식별자나 이름."),
        ],
        title: Annotated[str, typer.Option(help="The title in Korean. = 한국어 과제명.")],
        title_en: Annotated[str | None, typer.Option(help="The title in English. = 영문 과제명.")] = None,
    ) -> Command:
        """Put a task on the year's list, so that its agency can propose it.

        = 기관이 제안할 수 있도록 과제를 연도 목록에 등재합니다.
        """
        return AddTask(year=year, task=task, area=area, lead=lead, title=LocalText(ko=title, en=title_en))

    @command(app, "template")
    def template(
        run: Run,
        as_schema: Annotated[
            bool,
            typer.Option(
                "--schema",
                help="The JSON Schema of the file instead, for an editor. "
                "= 서식 대신 편집기에서 쓸 JSON 스키마를 출력합니다.",
            ),
        ] = False,
    ) -> None:
        """Print a programme file to fill in, for `donghaeng load` (docs/programme-file.md).

        = `donghaeng load`로 불러올 사업 파일의 서식을 출력합니다(docs/programme-file.md).
        """
        from workflows import programme_form  # noqa: PLC0415 - nothing else here needs it

        document = programme_form.schema() if as_schema else programme_form.template()
        run.show(document, lambda out: print(json.dumps(document, ensure_ascii=False, indent=2)))
