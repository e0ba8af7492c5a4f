"""`calendar open|show|proclaim|withdraw`, `deadline compute`: business days, and counting them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer
from rich.console import Console

from domain.calendar.commands import Proclaim, WithdrawDay
from domain.calendar.reckoning import business_days_after
from domain.calendar.refusals import CalendarNotOpen
from domain.errors import BadInput, Refusal, Worded
from domain.values import LocalText
from scripts.cli.run import Run, command
from workflows.calendars import calendars, opening
from workflows.explaining import day_by_day, in_lines

Year = Annotated[int, typer.Argument(help="The calendar's year.", min=2000, max=2100)]
DayArgument = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The day, e.g. 2024-10-01.")]
_MOST_DAYS = 2000


class WhyNeeded(Refusal):
    """Why a day is made a holiday, or a business day again, is kept."""

    ko = "왜 바꾸는지 --reason으로 적어 주십시오."
    en = "Say with --reason why the day is changed."


def add(app: typer.Typer, deadlines: typer.Typer) -> None:
    @command(app, "open")
    def open_(
        run: Run,
        year: Year,
        without: Annotated[
            list[datetime] | None,
            typer.Option("--without", formats=["%Y-%m-%d"], help="A day of the list to leave out."),
        ] = None,
    ) -> None:
        """Record a year's Korean public holidays as they are known now."""
        with run.engine() as engine:
            left_out = [day.date() for day in without or []]
            run.show_outcome(run.give(engine, lambda: opening(year, left_out)))

    @command(app, "show")
    def show(run: Run, year: Year) -> None:
        """Show a year's days off, beside Saturdays and Sundays."""
        with run.engine() as engine:
            run.may_read(engine, "calendar")
            found = calendars(engine.store, [year])[year]
        if not found.version:
            raise CalendarNotOpen(year=year)

        def text(out: Console) -> None:
            out.print(
                run.words(f"{year}년 달력 {found.version}판", f"Calendar {year}, version {found.version}")
            )
            for day, name in sorted(found.holidays.items()):
                out.print(f"{day}  {name.say(run.lang)}")

        run.show(
            {
                "year": year,
                "version": found.version,
                "source": found.source,
                "holidays": [{"day": day, "name": name} for day, name in sorted(found.holidays.items())],
            },
            text,
        )

    @command(app, "proclaim")
    def proclaim(
        run: Run,
        day: DayArgument,
        name: Annotated[str, typer.Option("--name", help="Name of the holiday, in Korean.")],
        name_en: Annotated[str | None, typer.Option("--name-en", help="The same in English.")] = None,
    ) -> None:
        """Make a day to come a holiday."""
        if not run.reason:
            raise WhyNeeded
        with run.engine() as engine:
            title = LocalText(ko=name, en=name_en)
            run.show_outcome(run.give(engine, lambda: Proclaim(day=day.date(), title=title)))

    @command(app, "withdraw")
    def withdraw(run: Run, day: DayArgument) -> None:
        """Make a day to come a business day again."""
        if not run.reason:
            raise WhyNeeded
        with run.engine() as engine:
            run.show_outcome(run.give(engine, lambda: WithdrawDay(day=day.date())))

    @command(deadlines, "compute")
    def compute(
        run: Run,
        start: Annotated[
            datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The day that is not counted itself.")
        ],
        count: Annotated[int, typer.Option("--business-days", min=1, help="How many business days.")],
    ) -> None:
        """Count business days from a day, and show how."""
        if count > _MOST_DAYS:
            problem = Worded(f"{_MOST_DAYS}일을 넘습니다.", f"there are more than {_MOST_DAYS}.")
            raise BadInput(field="--business-days", problem=problem)
        with run.engine() as engine:
            run.may_read(engine, "calendar")
            first = start.date()
            known = calendars(
                engine.store, range(first.year, min(first.year + count // 200 + 2, date.max.year))
            )
        reckoned = business_days_after(known, first, count)
        run.show(
            {
                "start": reckoned.start,
                "due": reckoned.due,
                "days": day_by_day(reckoned, run.lang),
                "calendars": dict(reckoned.calendars),
            },
            lambda out: out.print("\n".join(in_lines(reckoned, run.lang)), highlight=False),
        )
