"""`deadline list`: what is due."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console

from domain.errors import Bilingual
from scripts.cli import values
from scripts.cli.run import Run, command
from scripts.cli.slicing import AsOfOption, EffectiveOption
from scripts.cli.tables import Column, say_table
from workflows.queries import deadlines
from workflows.queries.due import DueOf, WaitingOf
from workflows.queries.due_words import day_of_due, name_of_due, title_in_words


def add(app: typer.Typer) -> None:
    @command(app, "list")
    def listed(
        run: Run,
        agency: Annotated[
            str | None,
            typer.Option(
                "--agency",
                parser=values.AgencyWord,
                help="Only this lead agency's tasks. = 이 주관기관의 과제만.",
            ),
        ] = None,
        task: Annotated[str | None, typer.Option("--task", help="Only this task. = 이 과제만.")] = None,
        until: Annotated[
            datetime | None,
            typer.Option(
                "--until", formats=["%Y-%m-%d"], help="Only what is due by this day. = 이날까지인 것만."
            ),
        ] = None,
        overdue: Annotated[
            bool,
            typer.Option("--overdue", help="Only what should have been done by now. = 기한이 지난 것만."),
        ] = False,
        as_of: AsOfOption = None,
        effective: EffectiveOption = None,
    ) -> None:
        """List what is due, the soonest first.

        = 기한이 이른 것부터 할 일을 보여 줍니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = deadlines.list_deadlines(
                inquiry, agency=agency, task=task, until=until.date() if until else None, overdue=overdue
            )

        def cells(one: DueOf | WaitingOf, day: str) -> tuple[str, ...]:
            who = one.lead if one.who == "agency" else run.words("시", "city")
            return (
                day,
                one.task,
                name_of_due(one, run.lang),
                who,
                title_in_words(one.title, found.titles_now.get(one.task), run.lang),
            )

        def text(out: Console) -> None:
            columns = (
                Column("기한", "due"),
                Column("과제", "task"),
                Column("할 일", "what", "text"),
                Column("담당", "who"),
                Column("과제명", "title", "text"),
            )
            listed: list[DueOf | WaitingOf] = [*found.deadlines, *found.waiting]
            rows = [cells(one, day_of_due(one, run.lang)) for one in listed]
            nothing = Bilingual("남은 기한이 없습니다.", "Nothing is due.")
            say_table(out, run.lang, columns, rows, nothing)

        run.show(found, text)
