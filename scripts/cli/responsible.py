"""`responsible`: who answers for a task on a day, and under whose authority."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console

from projections.responsible import Responsible
from scripts.cli.people import people_lines
from scripts.cli.run import Run, command
from scripts.cli.slicing import AsOfOption, EffectiveOption
from scripts.cli.values import TaskId
from workflows.queries.tasks import who_is_responsible


def add(app: typer.Typer) -> None:
    @command(app)
    def responsible(
        run: Run,
        task_id: TaskId,
        on: Annotated[
            datetime | None,
            typer.Option(formats=["%Y-%m-%d"], help="The day; by default today. = 날짜. 적지 않으면 오늘."),
        ] = None,
        as_of: AsOfOption = None,
        effective: EffectiveOption = None,
    ) -> None:
        with run.asking(as_of, effective) as inquiry:
            found = who_is_responsible(inquiry, task_id, None if on is None else on.date())
        run.show(found, lambda out: say_responsible(run, out, found, found.people))


def say_responsible(run: Run, out: Console, found: Responsible, people: Mapping[str, str] = {}) -> None:
    """Who answered on a day. `people`: names by id, of those whom the reader may see by name."""
    out.print(f"{found.task}  {found.day}  {found.stage.say(run.lang)}", style="bold", markup=False)
    for line in people_lines(run, found, people):
        out.print(line, markup=False, soft_wrap=True)
