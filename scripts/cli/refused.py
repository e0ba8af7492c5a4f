"""`refused list`: attempts that were refused, for inspectors."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from domain.positions import position_label
from domain.seoul import SEOUL
from scripts.cli.access import From, Sought, To, day_of
from scripts.cli.actor import actor_to_find
from scripts.cli.options import Most
from scripts.cli.run import Run, command
from scripts.cli.tables import say_lines
from scripts.cli.whom import with_ids
from workflows.queries.attempts import AttemptRead, list_attempts

_MOST = 500


def add(app: typer.Typer) -> None:
    @command(app, "list")
    def listed(
        run: Run,
        by: Sought = None,
        name: Annotated[
            str | None,
            typer.Option(
                "--command",
                metavar="NAME",
                help="Only this command or reading, e.g. task.approve. "
                "= 이 명령이나 열람만. 예: task.approve",
            ),
        ] = None,
        first: From = None,
        last: To = None,
        most: Most = _MOST,
    ) -> None:
        """List refused attempts, the newest first: commands, readings, and tokens that opened nothing.

        = 거부된 명령, 열람, 토큰을 최근 것부터 보여 줍니다.
        """
        wanted, unnamed = actor_to_find(with_ids(run, by))
        with run.asking() as inquiry:
            found = list_attempts(
                inquiry,
                actor=wanted,
                unnamed=unnamed,
                command=name,
                first=day_of(first),
                last=day_of(last),
                most=most,
            )

        def text(out: Console) -> None:
            say_lines(out, run.lang, (_line(run, row) for row in found.refused), most=most)

        run.show(found, text)


def _line(run: Run, row: AttemptRead) -> str:
    nobody = run.words("(알 수 없음)", "(nobody known)")
    who = row.actor or nobody
    behalf = f" {run.words('대행', 'for')} {row.on_behalf_of}" if row.on_behalf_of else ""
    token = f" token {row.token}" if row.token else ""
    when = row.known_at.astimezone(SEOUL)
    about = f"{row.command} {row.stream}".strip()
    place = f" [{row.machine}]" if row.machine else ""
    return f"{position_label(row.id).say(run.lang)} {when:%Y-%m-%d %H:%M} {who}{behalf} ({row.via}, {row.authn}{token}): {about} → {row.refusal}{place}"
