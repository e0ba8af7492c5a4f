"""`report`: a year's report as files, the facts behind a figure, and whether a file is what the facts make."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from rich.text import Text
from typer.core import TyperGroup

from projections.report.document import Document, Figure, shown
from projections.report.drilling import Behind, drill, figure_of
from projections.report.formats import FORMATS, chosen
from projections.report.letters import named
from projections.report.making import Told, report
from projections.report.publishing import write_report
from projections.report.unshown import IN_FONTS_OF_OURS, not_shown
from projections.report.verifying import verify
from scripts.cli.run import Run, command
from workers.bootstrap import Engine
from workflows.trail_filters import BadMoment

Year = Annotated[int, typer.Argument(help="The programme's year, e.g. 2024.")]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="As all was known at the end of this day; else as it is known now."
    ),
]


class YearFirst(TyperGroup):
    """`report 2024 …` is `report make 2024 …`: the year is what people type first."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["make", *args]
        return super().parse_args(ctx, args)


def add(app: typer.Typer) -> None:
    @command(app, "make")
    def make(
        run: Run,
        year: Year,
        as_of: AsOf = None,
        formats: Annotated[
            str, typer.Option("--format", metavar="LIST", help=f"Which, with commas: {', '.join(FORMATS)}.")
        ] = "html,json",
        out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder for the files.")] = Path(
            "out"
        ),
    ) -> None:
        """Write a year's report into a folder, in the language of --lang: all files whole, or none (결산 보고서)."""
        wanted = chosen(formats)
        with run.engine() as engine:
            _exported(run, engine)
            with _bar(run) as told:
                document, written = write_report(engine.store, year, wanted, run.lang, out, _day(as_of), told)
        _say_written(
            run, document, written, not_shown(document, run.lang) if IN_FONTS_OF_OURS & set(wanted) else []
        )

    @command(app, "drill")
    def drilled(
        run: Run,
        year: Year,
        figure: Annotated[
            str, typer.Argument(help="The figure's id, e.g. summary.tasks or area.culture.budget.")
        ],
        as_of: AsOf = None,
    ) -> None:
        """Show the facts behind a figure of a year's report, each as a sentence (수치의 근거)."""
        with run.engine() as engine:
            run.may_read(engine, "report")
            document, gathered = report(engine.store, year, _day(as_of))
            found = figure_of(document, figure)
            lines = drill(engine.store, gathered, found, run.lang)
        run.show({"figure": found, "facts": lines}, lambda out: _say_behind(run, found, lines, out))

    @command(app, "verify")
    def verified(
        run: Run,
        file: Annotated[Path, typer.Argument(help="A file that `donghaeng report` has made.")],
    ) -> None:
        """Make a report's file again from the same facts and compare it byte for byte (보고서 검증)."""
        with run.engine() as engine:
            run.may_read(engine, "report")
            with _bar(run) as told:
                done = verify(engine.store, file, told)
        run.show(
            done,
            lambda out: out.print(
                run.words(
                    f"{file}: 기록 {done.recipe.position}번까지로 다시 만든 것과 {done.bytes:,}바이트가 모두 같습니다.",
                    f"{file}: made again from the facts up to position {done.recipe.position}, all {done.bytes:,} bytes are the same.",
                ),
                soft_wrap=True,
            ),
        )


def _exported(run: Run, engine: Engine) -> None:
    """A report leaves the program, so it is recorded as an export. What for is known unless something else is said."""
    run.reason = run.reason or run.words("결산 보고서 작성", "the year-end report")
    run.may_export(engine, "report")


def _day(given: str | None) -> date | None:
    """Raises BadMoment."""
    if given is None:
        return None
    try:
        return datetime.strptime(given, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no offset
    except ValueError:
        raise BadMoment(option="--as-of", given=given[:40]) from None


@contextmanager
def _bar(run: Run) -> Iterator[Told]:
    """A bar on the screen, where a person looks on: first the facts, then the files."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        console=run.err,
        transient=True,
        disable=run.as_json or not run.err.is_terminal,
    ) as bar:
        task = bar.add_task(run.words("결산 보고서", "Report"), total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _say_written(run: Run, document: Document, written: list[Path], unseen: list[str]) -> None:
    made = document.provenance
    shown_as = {
        "files": [str(path) for path in written],
        "position": made.position,
        "as_of": made.as_of,
        "running": made.running,
        "simulated": made.simulated,
        "not_shown": [named(letter) for letter in unseen],
    }

    def text(out: Console) -> None:
        for path in written:
            out.print(str(path), soft_wrap=True, markup=False)
        for banner in document.banners:
            out.print(banner.say(run.lang), style="yellow", soft_wrap=True)
        if unseen:
            listed = ", ".join(f"{letter} ({named(letter)})" for letter in unseen)
            words = run.words(
                f"글꼴에 없어 PDF와 그림에는 □로 보이는 글자: {listed}. HTML, XLSX, JSON에는 그대로 있습니다.",
                f"No font has these letters, so the PDF and pictures show □: {listed}. HTML, XLSX and JSON keep them.",
            )
            out.print(words, style="yellow", soft_wrap=True, markup=False)

    run.show(shown_as, text)


def _say_behind(run: Run, figure: Figure, lines: list[Behind], out: Console) -> None:
    value = shown(figure.value, figure.kind, run.lang)
    out.print(Text(f"{figure.id}  {figure.label.say(run.lang)}: {value}", style="bold"), soft_wrap=True)
    for one in lines:
        head = f"{one.position:>7}  {one.at:%Y-%m-%d %H:%M}  {one.stream}  "
        out.print(Text(head, style="dim").append(one.sentence, style="default"), soft_wrap=True)
    if not lines:
        out.print(run.words("근거가 된 기록이 없습니다.", "No fact stands behind it."))
