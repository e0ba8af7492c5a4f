"""`audit show|list`: how audits were closed, and what is open of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console

from domain.errors import Bilingual
from scripts.cli.printing import history_lines
from scripts.cli.run import Run, command
from scripts.cli.tables import say_nothing
from trail.english import many
from workflows.audits import Audited
from workflows.queries import audits
from workflows.queries.audits import AuditShown

Subject = Annotated[
    str,
    typer.Argument(
        metavar="SUBJECT", help="A task's number, 2024-07, or a year, 2024. = 과제번호(2024-07)나 연도(2024)."
    ),
]


def add(app: typer.Typer) -> None:
    @command(app, "show")
    def show(run: Run, subject: Subject) -> None:
        """Show how the audit of a task or a year was closed, and what is open of it (감사 결과).

        = 과제나 한 해의 감사가 어떻게 종결되었고 무엇이 미결인지 보여 줍니다.
        """
        with run.asking() as inquiry:
            found = audits.show_audit(inquiry, subject)
        run.show(found, lambda out: _say(run, found, out))

    @command(app, "list")
    def listed(run: Run) -> None:
        """List the audits that are closed, with what is open of each (감사 목록).

        = 종결한 감사와 각각의 미결 사항을 보여 줍니다.
        """
        with run.asking() as inquiry:
            found = audits.list_audits(inquiry)

        def text(out: Console) -> None:
            say_audits(run, found.audits, out)
            if not found.audits:
                say_nothing(out, run.lang, Bilingual("종결된 감사가 없습니다.", "No audit is closed."))

        run.show(found, text)


def say_audits(run: Run, found: Sequence[Audited], out: Console) -> None:
    """A line an audit, and one for each of its open points."""
    for one in found:
        out.print(
            run.words(
                f"감사 {one.subject}: {one.closed_on} 종결, 미해소 지적 {one.open}건",
                f"audit {one.subject}: closed on {one.closed_on}, {many(one.open, 'open point')}",
            ),
            markup=False,
            soft_wrap=True,
            style="bold" if one.open else "dim",
        )
        for point in one.points:
            if point.settled is None:
                out.print(f"    {point.number}. {point.text}", markup=False, soft_wrap=True)
        for name in one.findings_open:
            out.print(f"    {name}", markup=False, soft_wrap=True)


def _say(run: Run, found: AuditShown, out: Console) -> None:
    if found.audit is None:
        out.print(
            run.words(
                f"{found.subject}의 감사는 종결되지 않았습니다.",
                f"The audit of {found.subject} is not closed.",
            )
        )
    else:
        say_audits(run, [found.audit], out)
    history_lines(out, found.history, run.lang)
