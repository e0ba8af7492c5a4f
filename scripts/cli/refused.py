"""`refused list`: attempts that were refused, for inspectors."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import Console

from domain.seoul import SEOUL
from scripts.cli.access import From, Most, Sought, To, span
from scripts.cli.actor import sought
from scripts.cli.run import Run, command
from store.envelope import spelled
from store.refused import RefusedRow, refused

_MOST = 500


def add(app: typer.Typer) -> None:
    @command(app, "list")
    def listed(
        run: Run,
        by: Sought = None,
        name: Annotated[
            str | None,
            typer.Option(
                "--command", metavar="NAME", help="Only this command or reading, e.g. task.approve."
            ),
        ] = None,
        first: From = None,
        last: To = None,
        most: Most = _MOST,
    ) -> None:
        """List refused attempts, the newest first: commands, readings, and tokens that opened nothing."""
        wanted, unnamed = sought(by)
        start, end = span(first, last)
        with run.engine() as engine:
            run.may_read(engine, "refused")
            rows = refused(
                engine.store, actor=wanted, unnamed=unnamed, command=name, since=start, until=end, most=most
            )

        def text(out: Console) -> None:
            for row in rows:
                out.print(_line(run, row), soft_wrap=True, markup=False, highlight=False)
            if len(rows) == most:
                out.print(run.words(f"처음 {most}건만 보였습니다.", f"Only the first {most} are shown."))

        run.show({"refused": [_document(row) for row in rows]}, text)


def _line(run: Run, row: RefusedRow) -> str:
    nobody = run.words("(알 수 없음)", "(nobody known)")
    who = nobody if row.actor is None else spelled(row.actor)
    behalf = f" {run.words('대행', 'for')} {row.on_behalf_of}" if row.on_behalf_of else ""
    token = f" token {row.token}" if row.token else ""
    when = row.known_at.astimezone(SEOUL)
    about = f"{row.command} {row.stream}".strip()
    return f"#{row.id} {when:%Y-%m-%d %H:%M} {who}{behalf} ({row.via}, {row.authn}{token}): {about} → {row.refusal}"


def _document(row: RefusedRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": row.at,
        "known_at": row.known_at,
        "what": row.what,
        "actor": None if row.actor is None else spelled(row.actor),
        "on_behalf_of": row.on_behalf_of,
        "via": row.via,
        "authn": row.authn,
        "token": row.token,
        "command": row.command,
        "stream": row.stream,
        "command_id": row.command_id,
        "refusal": row.refusal,
    }
