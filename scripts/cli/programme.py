"""`programme …`: a year's programme."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from domain.programme.commands import AddTask, Close, Open, SetContact
from domain.programme.facts import Area, Office
from domain.values import LocalText
from projections.reading import city_inbox, summary
from scripts.cli.auditing import say_audits
from scripts.cli.notice import say_gone, say_undelivered, undelivered, undelivered_document
from scripts.cli.run import Ref, Run, command
from scripts.cli.shown import say_alarms, say_inbox, say_summary
from scripts.cli.slicing import AsOf, Effective
from workflows.auditing import audits
from workflows.gone_webhooks import gone_webhooks
from workflows.reading import area_names
from workflows.trail_alarms import alarms, raised

Year = Annotated[int, typer.Argument(help="The programme's year, e.g. 2024.")]


def add(app: typer.Typer) -> None:
    @command(app, "show")
    def show(run: Run, year: Year, as_of: AsOf = None, effective: Effective = None) -> None:
        """Show the year's figures by area and stage."""
        with run.engine() as engine:
            run.may_read(engine, "programme.show")
            rows = summary(engine.store, year, run.slice(engine.store, as_of, effective))
            areas = area_names(engine.store, [year])[year]

        run.show({"year": year, "rows": rows}, lambda out: say_summary(out, rows, areas, run.lang))

    @command(app, "inbox")
    def inbox(run: Run, as_of: AsOf = None, effective: Effective = None) -> None:
        """Show what waits for the city planner, and since when (총괄부서 할 일)."""
        with run.engine() as engine:
            run.may_read(engine, "programme.inbox")
            at = run.slice(engine.store, as_of, effective)
            rows = city_inbox(engine.store, at)
            lost = undelivered(engine.store, at=at)
            gone = gone_webhooks(engine.store, run.today(engine.store), at=at)
            left = [one for one in audits(engine.store, run.lang, at) if one.open]
            found = raised(alarms(engine.store)) if at is None else []

        def text(out: Console) -> None:
            say_alarms(out, found, run.lang)
            say_inbox(out, rows, run.lang)
            say_undelivered(run, lost, out)
            say_gone(run, gone, out)
            say_audits(run, left, out)

        document = {
            "alarms": found,
            "waiting": rows,
            "undelivered": undelivered_document(run, lost),
            "webhooks_gone": gone,
            "audits": left,
        }
        run.show(document, text)

    @command(app, "open")
    def open_year(
        run: Run,
        year: Year,
        name: Annotated[str, typer.Option(help="The programme's name in Korean.")],
        city: Annotated[str, typer.Option(help="The city's name in Korean.")],
        area: Annotated[list[str], typer.Option(metavar="ID=NAME", help="An area; repeat for each.")],
        ref: Ref = None,
    ) -> None:
        """Open a year's programme with its areas."""

        def make() -> Open:
            areas = tuple(Area(id=a.partition("=")[0], name=LocalText(ko=a.partition("=")[2])) for a in area)
            return Open(year=year, name=LocalText(ko=name), city=LocalText(ko=city), areas=areas)

        with run.engine() as engine:
            run.show_outcome(run.give(engine, make, ref=ref))

    @command(app, "add-task")
    def add_task(
        run: Run,
        year: Year,
        task: Annotated[str, typer.Argument(help="The task's number, e.g. 2024-22.")],
        area: Annotated[str, typer.Option(help="The area's id.")],
        lead: Annotated[str, typer.Option(help="The lead agency's id.")],
        title: Annotated[str, typer.Option(help="The title in Korean.")],
        title_en: Annotated[str | None, typer.Option(help="The title in English.")] = None,
        ref: Ref = None,
    ) -> None:
        """Put a task on the year's list, so that its agency can propose it."""

        def make() -> AddTask:
            return AddTask(year=year, task=task, area=area, lead=lead, title=LocalText(ko=title, en=title_en))

        with run.engine() as engine:
            run.show_outcome(run.give(engine, make, ref=ref))

    @command(app, "set-contact")
    def set_contact(
        run: Run,
        year: Year,
        office: Annotated[Office, typer.Argument(help="The city's planner or department.")],
        mail: Annotated[
            str | None,
            typer.Option("--mail", help="The mail address; without it the office is written to no more."),
        ] = None,
        ref: Ref = None,
    ) -> None:
        """Say where an office of the city gets its reminders in this year (연락처)."""
        with run.engine() as engine:
            run.show_outcome(
                run.give(engine, lambda: SetContact(year=year, office=office, address=mail), ref=ref)
            )

    @command(app, "close")
    def close(run: Run, year: Year, ref: Ref = None) -> None:
        """Close the year; refused while one of its tasks is open."""
        with run.engine() as engine:
            run.show_outcome(run.give(engine, lambda: Close(year=year), ref=ref))
