"""`programme show|inbox`: a year's figures, and what waits for the city planner."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from domain.errors import Bilingual
from scripts.cli.audit_reading import say_audits
from scripts.cli.concern_reading import say_waiting_concerns
from scripts.cli.meeting_reading import say_waiting_decisions
from scripts.cli.notice_reading import say_gone, say_undelivered
from scripts.cli.printing import say_alarms, say_inbox, say_summary
from scripts.cli.run import Run, command
from scripts.cli.slicing import AsOfOption, EffectiveOption
from scripts.cli.tables import say_nothing
from workflows.queries import programmes

Year = Annotated[int, typer.Argument(help="The programme's year, e.g. 2024. = 사업연도. 예: 2024")]


def add(app: typer.Typer) -> None:
    @command(app, "show")
    def show(run: Run, year: Year, as_of: AsOfOption = None, effective: EffectiveOption = None) -> None:
        """Show the year's figures by area and stage.

        = 한 해의 수치를 분야와 단계별로 보여 줍니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = programmes.show_year(inquiry, year)
        run.show(found, lambda out: say_summary(out, found.rows, found.areas, run.lang))

    @command(app, "inbox")
    def inbox(run: Run, as_of: AsOfOption = None, effective: EffectiveOption = None) -> None:
        """Show what waits for the city planner, and since when (총괄부서 할 일).

        = 시 총괄부서의 할 일과 대기 시작일을 보여 줍니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = programmes.planner_inbox(inquiry)

        def text(out: Console) -> None:
            say_alarms(out, found.alarms, run.lang)
            say_inbox(out, found.waiting, run.lang, found.titles_now)
            say_waiting_decisions(out, found.decisions, run.lang)
            say_waiting_concerns(out, found.concerns, run.lang)
            say_undelivered(run, found.undelivered, out)
            say_gone(run, found.addresses_gone, out)
            say_audits(run, found.audits, out)
            if not found.audits:
                say_nothing(
                    out,
                    run.lang,
                    Bilingual("미해소 지적이 있는 감사가 없습니다.", "No audit has open points."),
                )

        run.show(found, text)
