"""`calendar open|show|proclaim|withdraw`: business days, and what moves with them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console

from domain.calendar.commands import Proclaim, WithdrawDay
from domain.calendar.refusals import CalendarNotOpen
from domain.errors import Refusal
from domain.values import LocalText
from projections.reading import tasks_due
from projections.sentences.telling import deadline_named
from scripts.cli.agency import NoSuchAgency
from scripts.cli.run import Run, command, made
from scripts.cli.slicing import AsOf, Effective
from scripts.cli.tables import Column, say_table
from workflows.calendars import calendars, opening
from workflows.door import Door, SomeRefused
from workflows.feed import feed
from workflows.order import Order
from workflows.reading import agency_names
from workflows.rescheduling import Moved, change_calendar, moved_by

Year = Annotated[int, typer.Argument(help="The calendar's year.", min=2000, max=2100)]
DayArgument = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The day, e.g. 2024-10-01.")]
Preview = Annotated[bool, typer.Option("--preview", help="Show which deadlines would move; write nothing.")]


class WhyNeeded(Refusal):
    """Why a day is made a holiday, or a business day again, is kept."""

    ko = "왜 바꾸는지 --reason으로 적어 주십시오."
    en = "Say with --reason why the day is changed."


def add(app: typer.Typer) -> None:
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
    def show(run: Run, year: Year, as_of: AsOf = None, effective: Effective = None) -> None:
        """Show a year's days off, beside Saturdays and Sundays."""
        with run.engine() as engine:
            run.may_read(engine, "calendar")
            found = calendars(engine.store, [year], run.slice(engine.store, as_of, effective))[year]
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
        preview: Preview = False,
    ) -> None:
        """Make a day to come a holiday. Every open deadline that it moves is moved with it, in one append."""
        title = LocalText(ko=name, en=name_en)
        _change(run, lambda: Proclaim(day=day.date(), title=title), preview=preview)

    @command(app, "withdraw")
    def withdraw(run: Run, day: DayArgument, preview: Preview = False) -> None:
        """Make a day to come a business day again. Open deadlines move with it."""
        _change(run, lambda: WithdrawDay(day=day.date()), preview=preview)

    @command(app, "feed")
    def feed_(run: Run, agency: Annotated[str, typer.Argument(help="The agency's id, e.g. gto.")]) -> None:
        """Write an agency's open deadlines as iCalendar to stdout: all-day events with alarms."""
        with run.engine() as engine:
            run.may_read(engine, "agency.inbox", (agency,))
            names = agency_names(engine.store)
            if agency not in names:
                raise NoSuchAgency(agency=agency)
            rows = tasks_due(engine.store, lead=agency)
            written = feed(names[agency].say(run.lang), rows, engine.store.id, engine.store.now(), run.lang)
        if run.as_json:
            run.show({"agency": agency, "ics": written.decode()}, lambda out: None)
        else:
            sys.stdout.write(written.decode())


def _change(run: Run, make: Callable[[], Proclaim | WithdrawDay], *, preview: bool) -> None:
    """Change the calendar and move the deadlines with it: all in one append, or none."""
    if not run.reason and not preview:
        raise WhyNeeded
    change = made(make)
    with run.engine() as engine:
        order = run.order(engine, lambda: change)
        if preview:
            _refuse_as_when_meant(engine.door, order)
            _, moved = moved_by(engine.store, change)
        else:
            moved = change_calendar(engine.store, engine.door, order, change)
    _show_moved(run, moved, preview)


def _refuse_as_when_meant(door: Door, order: Order) -> None:
    """A preview is refused in the words in which the command itself would be."""
    try:
        door.handle_all([order], dry_run=True)
    except SomeRefused as refused:
        ((_, refusal),) = refused.faults
        raise refusal from None


def _show_moved(run: Run, moved: Sequence[Moved], preview: bool) -> None:
    def text(out: Console) -> None:
        columns = (
            Column("과제", "task"),
            Column("제목", "title", "text"),
            Column("기한", "deadline", "text"),
            Column("전", "from"),
            Column("후", "to"),
            Column("까닭", "why", "text"),
        )
        rows = []
        for one in moved:
            what = deadline_named(one.deadline.kind, one.deadline.item, run.lang)
            why = ", ".join(f"{each.day} {each.name.say(run.lang)}" for each in one.why)
            rows.append((one.task, one.title.say(run.lang), what, str(one.deadline.due), str(one.to), why))
        if moved:
            say_table(out, run.lang, columns, rows)
        told = ("옮겨질 기한", "deadlines would move") if preview else ("옮긴 기한", "deadlines moved")
        out.print(run.words(f"{told[0]} {len(moved)}건", f"{len(moved)} {told[1]}"))

    document = [
        {
            "task": one.task,
            "kind": one.deadline.kind,
            "item": one.deadline.item,
            "from": one.deadline.due,
            "to": one.to,
            "why": one.why,
        }
        for one in moved
    ]
    run.show({"preview": preview, "moved": document}, text)
