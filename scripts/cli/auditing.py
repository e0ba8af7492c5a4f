"""`audit close|settle|reopen`: an inspector closes the audit of a task or a year with its open points."""

from __future__ import annotations

from typing import Annotated

import typer

from domain.aggregate import Command
from domain.audit.commands import Close, Reopen, Settle
from scripts.cli import values
from scripts.cli.audit_reading import Subject
from scripts.cli.giving import gives
from scripts.cli.options import Note
from scripts.cli.run import Run, command
from scripts.cli.trail_reading import comparing
from workflows.queries.findings import closing_audit

Points = Annotated[
    list[str] | None,
    typer.Option(
        "--point",
        metavar="TEXT",
        parser=values.text,
        help="A point that is left open, in your words; repeat for each. "
        "= 미결로 남기는 지적을 직접 적은 것. 여러 개면 되풀이합니다.",
    ),
]


def add(app: typer.Typer) -> None:
    @command(app, "close")
    def close(run: Run, subject: Subject, note: Note, point: Points = None) -> None:
        """Close the audit of a task or a year as a whole: findings nobody examined stay open, and your own points (감사 종결).

        = 과제나 한 해의 감사를 종결합니다. 확인하지 않은 지적 사항과 직접 적은 지적은 미결로 남습니다.
        """
        with run.engine() as engine:
            run.may_give(engine, Close)
            with comparing(run, engine.store) as tick:
                made = closing_audit(run.inquiry(engine.store), subject, point or (), note, tick)
            run.show_outcome(run.give(engine, lambda: made))

    @gives(app, "settle", also=())
    def settle(
        subject: Subject,
        point: Annotated[
            int, typer.Argument(metavar="POINT", help="The open point's number. = 미결 사항의 번호.")
        ],
        note: Note,
    ) -> Command:
        """Settle an open point of an audit, with what came of it (감사 지적 해소).

        = 감사의 미결 사항을 결과와 함께 해소합니다.
        """
        return Settle(subject=subject, point=point, note=note)

    @gives(app, "reopen", also=())
    def reopen(subject: Subject) -> Command:
        """Let the audit go on, so that it can be closed again; say why with --reason (감사 재개).

        = 감사를 재개하여 다시 종결할 수 있게 합니다. 사유는 --reason으로 적습니다.
        """
        return Reopen(subject=subject)
