"""`audit close|show|list|settle|reopen`: an inspector closes the audit of a task or a year with its open points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from pydantic_core import PydanticCustomError
from rich.console import Console

from domain.audit.commands import Reopen, Settle, audit_stream, check_subject
from domain.english import many
from domain.limits import bad_input
from projections.history import Line
from scripts.cli.run import Run, command
from scripts.cli.shown import history_lines
from scripts.cli.trail_reading import comparing
from workflows.auditing import Audited, audited, audits, closing
from workflows.reading import history_of

Subject = Annotated[str, typer.Argument(metavar="SUBJECT", help="A task's number, 2024-07, or a year, 2024.")]
Note = Annotated[str, typer.Option(help="What came of it; kept beside the fact.")]
Points = Annotated[
    list[str] | None,
    typer.Option(
        "--point", metavar="TEXT", help="A point that is left open, in your words; repeat for each."
    ),
]


def add(app: typer.Typer) -> None:
    @command(app, "close")
    def close(run: Run, subject: Subject, note: Note, point: Points = None) -> None:
        """Close the audit of a task or a year as a whole: findings nobody examined stay open, and your own points (감사 종결)."""
        _checked(subject)
        with run.engine() as engine:
            run.may_read(engine, "trail", tasks=_tasks(subject))
            with comparing(run, engine.store) as tick:
                made = closing(engine.store, subject, point or (), note, run.lang, tick)
            run.show_outcome(run.give(engine, lambda: made))

    @command(app, "show")
    def show(run: Run, subject: Subject) -> None:
        """Show how the audit of a task or a year was closed, and what is open of it (감사 결과)."""
        _checked(subject)
        with run.engine() as engine:
            run.may_read(engine, "audit", tasks=_tasks(subject))
            found = audited(engine.store, subject, run.lang)
            lines = history_of(engine.store, audit_stream(subject), run.lang)
        run.show(
            {"subject": subject, "audit": found, "history": lines},
            lambda out: _say(run, subject, found, lines, out),
        )

    @command(app, "list")
    def listed(run: Run) -> None:
        """List the audits that are closed, with what is open of each (감사 목록)."""
        with run.engine() as engine:
            run.may_read(engine, "audit")
            found = audits(engine.store, run.lang)
        run.show({"audits": found}, lambda out: say_audits(run, found, out))

    @command(app, "settle")
    def settle(
        run: Run,
        subject: Subject,
        point: Annotated[int, typer.Argument(metavar="POINT", help="The open point's number.")],
        note: Note,
    ) -> None:
        """Settle an open point of an audit, with what came of it (감사 지적 해소)."""
        with run.engine() as engine:
            run.show_outcome(run.give(engine, lambda: Settle(subject=subject, point=point, note=note)))

    @command(app, "reopen")
    def reopen(run: Run, subject: Subject) -> None:
        """Let the audit go on, so that it can be closed again; say why with --reason (감사 재개)."""
        with run.engine() as engine:
            run.show_outcome(run.give(engine, lambda: Reopen(subject=subject)))


def _checked(subject: str) -> None:
    try:
        check_subject(subject)
    except PydanticCustomError as error:
        raise bad_input(error, "SUBJECT") from None


def _tasks(subject: str) -> tuple[str, ...]:
    return (subject,) if "-" in subject else ()


def say_audits(run: Run, found: Sequence[Audited], out: Console) -> None:
    """A line an audit, and one for each of its open points."""
    for one in found:
        out.print(
            run.words(
                f"감사 {one.subject}: {one.closed_on} 종결, 열린 지적 {one.open}건",
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


def _say(run: Run, subject: str, found: Audited | None, lines: Sequence[Line], out: Console) -> None:
    if found is None:
        out.print(
            run.words(f"{subject}의 감사는 종결되지 않았습니다.", f"The audit of {subject} is not closed.")
        )
    else:
        say_audits(run, [found], out)
    history_lines(out, lines, run.lang)
