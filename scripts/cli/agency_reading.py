"""`agency list|inbox|history`: the register of agencies, and what waits for each."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from scripts.cli import values
from scripts.cli.concern_reading import say_waiting_concerns
from scripts.cli.meeting_reading import say_waiting_decisions
from scripts.cli.notice_reading import say_gone, say_undelivered
from scripts.cli.printing import history_lines, say_agencies, say_inbox
from scripts.cli.run import Run, command
from scripts.cli.slicing import AsOfOption, EffectiveOption
from scripts.cli.values import AgencyId
from workflows.queries import agencies


def add(app: typer.Typer) -> None:
    @command(app, "list")
    def list_agencies(run: Run, as_of: AsOfOption = None, effective: EffectiveOption = None) -> None:
        """List the agencies with their names, and what became of them.

        = 기관의 이름과 변동을 보여 줍니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = agencies.list_agencies(inquiry)
        run.show(found, lambda out: say_agencies(out, found.agencies, run.lang))

    @command(app, "inbox")
    def inbox(
        run: Run,
        agency_id: Annotated[
            str | None,
            typer.Argument(
                metavar="[AGENCY]", parser=values.AgencyWord, help="Only this agency's. = 이 기관의 것만."
            ),
        ] = None,
        as_of: AsOfOption = None,
        effective: EffectiveOption = None,
    ) -> None:
        """Show what waits for each agency, or for one, and since when (기관 할 일).

        = 기관별로, 또는 한 기관의 할 일과 대기 시작일을 보여 줍니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = agencies.agency_inboxes(inquiry, agency_id)

        def text(out: Console) -> None:
            rows = [row for one in found.inboxes for row in one.waiting]
            say_inbox(out, rows, run.lang, found.titles_now)
            say_waiting_decisions(out, found.decisions, run.lang)
            say_waiting_concerns(out, found.concerns, run.lang)
            say_undelivered(run, found.undelivered, out)
            say_gone(run, found.addresses_gone, out)

        run.show(found, text)

    @command(app, "history")
    def history(
        run: Run, agency_id: AgencyId, as_of: AsOfOption = None, effective: EffectiveOption = None
    ) -> None:
        """Tell an agency's history in sentences, with what others transferred to it or merged into it.

        = 기관의 이력을 문장으로 보여 줍니다. 다른 기관이 이관하거나 통합한 것도 나옵니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = agencies.agency_history(inquiry, agency_id)
        run.show(found, lambda out: history_lines(out, found.history, run.lang))
