"""`calendar show`: a year's days off."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from domain.errors import Bilingual
from scripts.cli.run import Run, command
from scripts.cli.slicing import AsOfOption, EffectiveOption
from scripts.cli.tables import say_lines
from workflows.queries import calendars

Year = Annotated[int, typer.Argument(help="The calendar's year. = 달력의 연도.", min=2000, max=2100)]


def add(app: typer.Typer) -> None:
    @command(app, "show")
    def show(run: Run, year: Year, as_of: AsOfOption = None, effective: EffectiveOption = None) -> None:
        """Show a year's days off, beside Saturdays and Sundays.

        = 한 해의 토요일과 일요일 외의 휴일을 보여 줍니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = calendars.show_calendar(inquiry, year)

        def text(out: Console) -> None:
            out.print(
                run.words(f"{year}년 달력 버전 {found.version}", f"Calendar {year}, version {found.version}")
            )
            lines = (f"{one.day}  {one.name.say(run.lang)}" for one in found.holidays)
            say_lines(out, run.lang, lines, Bilingual("등록된 휴일이 없습니다.", "No days off are entered."))

        run.show(found, text)
