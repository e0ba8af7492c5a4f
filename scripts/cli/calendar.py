"""`calendar open|proclaim|withdraw`: business days, and what moves with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console

from domain.aggregate import Command
from domain.calendar.commands import Proclaim, WithdrawDay
from domain.values import LocalText
from projections.sentences.narration import deadline_in_words
from scripts.cli.calendar_reading import Year
from scripts.cli.giving import gives
from scripts.cli.run import Run, command, make_command, needs_reason
from scripts.cli.tables import Column, say_table
from workflows.calendars import opening
from workflows.queries import calendar_changes
from workflows.queries.calendar_changes import CalendarChanged

DayArgument = Annotated[
    datetime, typer.Argument(formats=["%Y-%m-%d"], help="The day, e.g. 2024-10-01. = 날짜. 예: 2024-10-01")
]
Preview = Annotated[
    bool,
    typer.Option(
        "--preview",
        help="Show which deadlines would move; write nothing. "
        "= 변경되는 기한을 보여 주고 아무것도 쓰지 않습니다.",
    ),
]


def add(app: typer.Typer) -> None:
    @gives(app, "open", also=())
    def open_(
        year: Year,
        without: Annotated[
            list[datetime] | None,
            typer.Option(
                "--without", formats=["%Y-%m-%d"], help="A day of the list to leave out. = 목록에서 뺄 날."
            ),
        ] = None,
    ) -> Command:
        """Record a year's Korean public holidays as they are known now.

        = 지금 알려진 한 해의 공휴일을 기록합니다.
        """
        return opening(year, [day.date() for day in without or []])

    @command(app, "proclaim")
    def proclaim(
        run: Run,
        day: DayArgument,
        name: Annotated[
            str, typer.Option("--name", help="Name of the holiday, in Korean. = 공휴일의 한국어 이름.")
        ],
        name_en: Annotated[str | None, typer.Option("--name-en", help="The same in English. = 영문.")] = None,
        preview: Preview = False,
    ) -> None:
        """Make a day to come a holiday. Every open deadline that it moves is moved with it, in one append.

        = 앞으로의 어느 날을 공휴일로 정합니다. 영향을 받는 기한을 한꺼번에 옮깁니다.
        """
        title = LocalText(ko=name, en=name_en)
        _change(run, lambda: Proclaim(day=day.date(), title=title), preview=preview)

    @command(app, "withdraw")
    def withdraw(run: Run, day: DayArgument, preview: Preview = False) -> None:
        """Make a day to come a business day again. Open deadlines move with it.

        = 앞으로의 공휴일을 영업일로 되돌립니다. 진행 중인 기한도 따라 바뀝니다.
        """
        _change(run, lambda: WithdrawDay(day=day.date()), preview=preview)


def _change(run: Run, make: Callable[[], Proclaim | WithdrawDay], *, preview: bool) -> None:
    """Change the calendar and move the deadlines with it: all in one append, or none."""
    change = make_command(make)
    if not preview:
        needs_reason(run, change.label)
    with run.engine() as engine:
        envelope = run.wrap(engine, lambda: change)
        if preview:
            run.may_give(engine, type(change))
            found = calendar_changes.preview_calendar(
                run.inquiry(engine.store), engine.handler, envelope, change
            )
        else:
            found = calendar_changes.changing_calendar(engine.store, engine.handler, envelope, change)
    _show_moved(run, found)


def _show_moved(run: Run, found: CalendarChanged) -> None:
    def text(out: Console) -> None:
        columns = (
            Column("과제", "task"),
            Column("과제명", "title", "text"),
            Column("기한", "deadline", "text"),
            Column("변경 전", "from"),
            Column("변경 후", "to"),
            Column("사유", "why", "text"),
        )
        rows = []
        for one in found.moved:
            what = deadline_in_words(one.kind, one.item, one.item_name, run.lang, one.kind_name)
            why = ", ".join(f"{each.day} {each.name.say(run.lang)}" for each in one.why)
            rows.append((one.task, one.title.say(run.lang), what, str(one.before), str(one.after), why))
        if found.moved:
            say_table(out, run.lang, columns, rows)
        told = (
            ("변경되는 기한", "deadlines would move") if found.preview else ("변경된 기한", "deadlines moved")
        )
        moved = len(found.moved)
        said = f"{moved} {told[1]}" if moved != 1 else f"1 {told[1].replace('deadlines', 'deadline', 1)}"
        out.print(run.words(f"{told[0]} {moved}건" if moved else f"{told[0]} 없음", said))

    run.show(found, text)
