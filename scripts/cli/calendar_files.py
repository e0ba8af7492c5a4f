"""`calendar feed|invite`: an agency's deadlines for its own calendars."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from domain.limits import mail_address
from scripts.cli.run import Run, command
from scripts.cli.tables import Column, say_table
from scripts.cli.values import AgencyId
from trail.english import many
from trail.files import write_safely
from workflows.queries import calendar_files
from workflows.queries.calendar_files import Invitation


def add(app: typer.Typer) -> None:
    @command(app, "feed")
    def feed_(
        run: Run,
        agency: AgencyId,
    ) -> None:
        """Write an agency's open deadlines as iCalendar to stdout: all-day events with alarms.

        = 기관의 기한을 iCalendar로 표준 출력에 씁니다. 알람이 있는 종일 일정입니다.
        """
        with run.asking() as inquiry:
            found = calendar_files.calendar_feed(inquiry, agency)
        if run.as_json:
            run.show(found, lambda out: None)
        else:
            sys.stdout.write(found.ics)

    _add_invite(app)


def _add_invite(app: typer.Typer) -> None:
    @command(app, "invite")
    def invite(
        run: Run,
        agency: AgencyId,
        out: Annotated[
            Path, typer.Option("--out", metavar="FOLDER", help="Where the files go. = 파일을 둘 곳.")
        ],
        since: Annotated[
            datetime | None,
            typer.Option(
                "--since",
                formats=["%Y-%m-%d"],
                help="Only what came or moved from this day on, and what went since; else all that is open. = 이날부터 새로 생기거나 옮겨지거나 없어진 기한만. 없으면 열려 있는 모든 기한.",
            ),
        ] = None,
        to: Annotated[
            str | None,
            typer.Option(
                "--to",
                metavar="ADDRESS",
                help="Who is invited; else the agency. = 초대받는 사람. 없으면 기관.",
            ),
        ] = None,
    ) -> None:
        """Write an invitation for each of an agency's deadlines: a file to be mailed, that Outlook and others take (iTIP).

        = 기관의 기한마다 초대장을 만듭니다. Outlook 등이 받아들이는 형식(iTIP)의 파일이며, 메일에 첨부하여 보냅니다.
        """
        address = None if to is None else mail_address("--to", to)
        with run.asking() as inquiry:
            found = calendar_files.calendar_invitations(
                inquiry,
                agency,
                run.settings.sender.address,
                since=since.date() if since else None,
                to=address,
            )
        out.mkdir(parents=True, exist_ok=True)
        for one in found.invitations:
            write_safely(out / _file_of(one), one.ics.encode())

        def text(console: Console) -> None:
            columns = (Column("파일", "file"), Column("구분", "method"), Column("기한", "due"))
            says = {"REQUEST": run.words("초대", "invitation"), "CANCEL": run.words("취소", "cancellation")}
            rows = [(_file_of(one), says[one.method], str(one.due)) for one in found.invitations]
            if rows:
                say_table(console, run.lang, columns, rows)
            console.print(
                run.words(
                    f"초대장 {len(rows)}건, 수신자 {found.to}",
                    f"{many(len(rows), 'invitation')} for {found.to}",
                )
            )

        run.show(found, text)


def _file_of(one: Invitation) -> str:
    return f"{one.uid.partition('@')[0]}.{one.method.lower()}.ics"
