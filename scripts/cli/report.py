"""`report`: a year's report as files, the facts behind a figure, and whether a file is what the facts make."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from domain.errors import Bilingual
from projections.report.formats import FORMATS, parse_formats
from projections.report.making import ReportProgress
from scripts.cli.progress import progress
from scripts.cli.run import Run, command
from scripts.cli.tables import say_nothing
from workflows.as_of_options import BadMoment
from workflows.queries import reports
from workflows.queries.reports import FigureExplained, ReportMade

_FORMATS = ", ".join(FORMATS)
Year = Annotated[int, typer.Argument(help="The programme's year, e.g. 2024. = 사업연도. 예: 2024")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        help="As all was known at the end of this day; else as it is known now. "
        "= 이날이 끝날 때 알려진 대로. 없으면 지금 알려진 대로입니다.",
    ),
]


def add(app: typer.Typer) -> None:
    @command(app, "make")
    def make(
        run: Run,
        year: Year,
        as_of: AsOf = None,
        formats: Annotated[
            str,
            typer.Option(
                "--format",
                metavar="LIST",
                help=f"Which, with commas: {_FORMATS}. = 쉼표로 나눈 형식: {_FORMATS}",
            ),
        ] = "html,json",
        out: Annotated[
            Path, typer.Option("--out", metavar="DIR", help="The folder for the files. = 파일을 둘 폴더.")
        ] = Path("out"),
    ) -> None:
        """Write a year's report into a folder, in the language of --lang: all files whole, or none (결산 보고서).

        = 한 해의 결산 보고서를 --lang의 언어로 폴더에 씁니다. 모든 파일을 온전히 쓰거나 아무것도 쓰지 않습니다.
        """
        wanted = parse_formats(formats)
        day = _day(as_of)
        with run.asking() as inquiry, _bar(run) as told:
            found = reports.make_report(inquiry, year, wanted, out, day, told)
        run.show(found, lambda out: _say_written(run, found, out))

    @command(app, "drill")
    def drilled(
        run: Run,
        year: Year,
        figure: Annotated[
            str,
            typer.Argument(
                help="The figure's id, e.g. summary.tasks or area.culture.budget. "
                "= 수치의 식별자. 예: summary.tasks, area.culture.budget"
            ),
        ],
        as_of: AsOf = None,
    ) -> None:
        """Show the facts behind a figure of a year's report, each as a sentence (수치의 근거).

        = 보고서의 수치가 나온 기록을 한 문장씩 보여 줍니다.
        """
        day = _day(as_of)
        with run.asking() as inquiry:
            found = reports.explain_figure(inquiry, year, figure, day)
        run.show(found, lambda out: _say_behind(run, found, out))

    @command(app, "verify")
    def verified(
        run: Run,
        file: Annotated[
            Path,
            typer.Argument(help="A file that `donghaeng report` has made. = `donghaeng report`로 만든 파일."),
        ],
    ) -> None:
        """Make a report's file again from the same facts and compare it byte for byte (보고서 검증).

        = 같은 기록으로 보고서 파일을 다시 만들어 바이트 단위로 비교합니다.
        """
        with run.asking() as inquiry, _bar(run) as told:
            done = reports.verify_report(inquiry, file, told)
        run.show(
            done,
            lambda out: out.print(
                run.words(
                    f"{file}: 기록 {done.recipe.position}번까지로 다시 만든 것과 {done.bytes:,}바이트가 모두 같습니다.",
                    f"{file}: made again from the facts up to position {done.recipe.position}, all {done.bytes:,} byte(s) is(are) the same.",
                ),
                soft_wrap=True,
            ),
        )


def _day(given: str | None) -> date | None:
    """Raises BadMoment."""
    if given is None:
        return None
    try:
        return datetime.strptime(given, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no offset
    except ValueError:
        raise BadMoment(option="--as-of", given=given[:40]) from None


def _bar(run: Run) -> AbstractContextManager[ReportProgress]:
    """First the facts, then the files."""
    return progress(run, "결산 보고서", "Report")


def _say_written(run: Run, found: ReportMade, out: Console) -> None:
    for path in found.files:
        out.print(path, soft_wrap=True, markup=False)
    for banner in found.banners:
        out.print(banner, style="yellow", soft_wrap=True)
    if found.letters:
        pairs = zip(found.letters, found.not_shown, strict=True)
        listed = ", ".join(f"{letter} ({name})" for letter, name in pairs)
        words = run.words(
            f"글꼴에 없어 PDF와 그림에는 □로 보이는 글자: {listed}. HTML, XLSX, JSON에는 그대로 있습니다.",
            f"No font has these letters, so the PDF and pictures show □: {listed}. HTML, XLSX and JSON keep them.",
        )
        out.print(words, style="yellow", soft_wrap=True, markup=False)


def _say_behind(run: Run, found: FigureExplained, out: Console) -> None:
    figure = found.figure
    out.print(Text(f"{figure.id}  {figure.label.say(run.lang)}: {figure.said}", style="bold"), soft_wrap=True)
    for one in found.facts:
        head = f"{one.position:>7}  {one.at:%Y-%m-%d %H:%M}  {one.stream}  "
        out.print(Text(head, style="dim").append(one.sentence, style="default"), soft_wrap=True)
    if not found.facts:
        say_nothing(out, run.lang, Bilingual("근거가 된 기록이 없습니다.", "No fact stands behind it."))
