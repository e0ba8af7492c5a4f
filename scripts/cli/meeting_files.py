"""`meeting minutes|invitation`: a meeting's minutes as files, and the file for calendars."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from projections.report.formats import FORMATS, parse_formats
from scripts.cli.meeting_reading import MeetingId
from scripts.cli.run import Run, command
from workflows.queries import meeting_files

_FORMATS = ", ".join(FORMATS)


def add(app: typer.Typer) -> None:
    @command(app, "minutes")
    def minutes(
        run: Run,
        meeting_id: MeetingId,
        formats: Annotated[
            str,
            typer.Option(
                "--format",
                metavar="LIST",
                help=f"Which, with commas: {_FORMATS}. = 쉼표로 나눈 형식: {_FORMATS}",
            ),
        ] = "html",
        out: Annotated[
            Path, typer.Option("--out", metavar="DIR", help="The folder for the files. = 파일을 둘 폴더.")
        ] = Path("out"),
    ) -> None:
        """Write a meeting's minutes from its facts, in the language of --lang (회의록).

        = 회의의 기록으로 회의록을 만듭니다. --lang의 언어로 씁니다.
        """
        wanted = parse_formats(formats)
        with run.asking() as inquiry:
            made = meeting_files.make_minutes(inquiry, meeting_id, wanted, out)

        def text(console: Console) -> None:
            for one in made.files:
                console.print(one, soft_wrap=True, markup=False, highlight=False)
            if not made.confirmed:
                said = run.words("확정되지 않은 회의록입니다.", "These minutes are not confirmed.")
                console.print(said, soft_wrap=True)

        run.show(made, text)

    @command(app, "invitation")
    def invitation(run: Run, meeting_id: MeetingId) -> None:
        """Write an invitation for the calendars of those invited to stdout: a file to be mailed (iTIP).

        = 초청받은 기관의 일정표에 넣을 초대장을 표준 출력에 씁니다. 메일에 첨부하여 보냅니다(iTIP).
        """
        with run.asking() as inquiry:
            found = meeting_files.invite_by_calendar(inquiry, meeting_id, run.settings.sender.address)
        if run.as_json:
            run.show(found, lambda out: None)
        else:
            sys.stdout.write(found.ics)
            for agency in found.without_address:
                said = run.words(
                    f"{agency}: 메일 주소가 없어 초대하지 못했습니다.",
                    f"{agency} has no mail address, and is not invited.",
                )
                typer.echo(said, err=True)
