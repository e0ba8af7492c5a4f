"""`deadline explain|refresh|compute`: how a deadline is counted, and counting it anew."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console

from projections.sentences.narration import deadline_in_words
from scripts.cli import values
from scripts.cli.documents import DeadlinesRight
from scripts.cli.options import TaskArgument
from scripts.cli.run import Run, command
from workflows.explaining_counts import in_lines
from workflows.queries import deadline_counts


def add(app: typer.Typer) -> None:
    _add_explain(app)
    _add_refresh(app)
    _add_compute(app)


def _add_explain(app: typer.Typer) -> None:
    @command(app, "explain")
    def explain(
        run: Run,
        task: TaskArgument,
        kind: Annotated[
            str | None,
            typer.Argument(
                parser=values.deadline_kind,
                help="Only this kind, e.g. final_report, or as the list shows it. = 이 종류만. 예: final_report. 화면에 보이는 이름으로도 적을 수 있습니다.",
            ),
        ] = None,
        number: Annotated[
            int | None,
            typer.Option(
                "--fact",
                min=1,
                help="As this fact of the task's history set them, by its number. "
                "= 과제 이력의 이 번호 기록이 정한 대로.",
            ),
        ] = None,
    ) -> None:
        """Show how each open deadline of a task was counted, day by day; or one that was open once.

        = 과제의 기한을 하루하루 어떻게 세었는지 보여 줍니다. 지난 기한도 볼 수 있습니다.
        """
        with run.asking() as inquiry:
            found = deadline_counts.explain_deadlines(inquiry, task, kind, number)

        def text(out: Console) -> None:
            for one in found.deadlines:
                what = deadline_in_words(one.kind, one.item, one.item_name, run.lang, one.kind_name)
                out.print(f"{what}: {one.due}", style="bold", highlight=False)
                basis = "" if one.basis is None else one.basis.say(run.lang)
                by = found.definition if one.law is None else f"{found.definition}; {one.law}"
                out.print(f"  {basis} ({by})", highlight=False, soft_wrap=True)
                for line in in_lines(one, run.lang):
                    out.print(f"  {line}", highlight=False)

        run.show(found, text)


def _add_refresh(app: typer.Typer) -> None:
    @command(app, "refresh")
    def refresh(run: Run, task: TaskArgument) -> None:
        """Count a task's deadlines now, as the ticker does by itself within a second or two.

        = 과제의 기한을 지금 계산합니다. 평소에는 티커가 1~2초 안에 스스로 합니다.
        """
        with run.engine() as engine:
            envelope = deadline_counts.recounting(run.inquiry(engine.store), task)
            if envelope is not None:
                run.show_outcome(engine.handler.handle(envelope))
                return
        run.show(
            DeadlinesRight(task),
            lambda out: out.print(run.words("기한이 이미 맞습니다.", "The deadlines are right already.")),
        )


def _add_compute(app: typer.Typer) -> None:
    @command(app, "compute")
    def compute(
        run: Run,
        start: Annotated[
            datetime,
            typer.Option(
                "--from",
                formats=["%Y-%m-%d"],
                help="The day that is not counted itself. = 기산일. 첫날은 산입하지 않습니다.",
            ),
        ],
        count: Annotated[
            int, typer.Option("--business-days", min=1, help="How many business days. = 영업일 수.")
        ],
    ) -> None:
        """Count business days from a day, and show how.

        = 어느 날부터 영업일을 세고, 센 방법을 보여 줍니다.
        """
        with run.asking() as inquiry:
            found = deadline_counts.count_days(inquiry, start.date(), count)
        run.show(found, lambda out: out.print("\n".join(in_lines(found, run.lang)), highlight=False))
