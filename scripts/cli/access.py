"""`access list|prune`: who read what, for inspectors."""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated, Any

import typer
from rich.console import Console

from domain.access.commands import Prune
from domain.access.decider import prunable_before
from domain.calendar.reckoning import end_of
from domain.seoul import SEOUL, local_day
from scripts.cli.actor import sought
from scripts.cli.run import Run, command
from store.accesses import AccessRow, accesses, accesses_before
from store.envelope import spelled
from workflows.permissions import READINGS
from workflows.reviewing import reader_of

_MOST = 500
_DAY = ["%Y-%m-%d"]
Sought = Annotated[
    str | None,
    typer.Option(
        "--actor", metavar="ACTOR", help="Only of this one: ROLE, ROLE@AGENCY, with :SUBJECT, or nobody."
    ),
]
From = Annotated[datetime | None, typer.Option("--from", formats=_DAY, help="From this day in Seoul on.")]
To = Annotated[datetime | None, typer.Option("--to", formats=_DAY, help="Up to this day in Seoul, included.")]
Most = Annotated[int, typer.Option("--most", min=1, max=10_000, help="How many at most.")]


def add(app: typer.Typer) -> None:
    _add_list(app)
    _add_prune(app)


def span(first: datetime | None, last: datetime | None) -> tuple[datetime | None, datetime | None]:
    """From the first moment of a day in Seoul up to the last of another, as aware moments."""
    return (
        None if first is None else datetime.combine(first.date(), time(), SEOUL),
        None if last is None else end_of(last.date()),
    )


def _add_list(app: typer.Typer) -> None:
    @command(app, "list")
    def listed(
        run: Run,
        by: Sought = None,
        about: Annotated[
            str | None, typer.Option("--about", metavar="ID", help="Only of this task, agency or person.")
        ] = None,
        first: From = None,
        last: To = None,
        most: Most = _MOST,
    ) -> None:
        """List who read what, the newest first: from where, whose data, what for (열람 기록)."""
        wanted, unnamed = sought(by)
        start, end = span(first, last)
        with run.engine() as engine:
            run.may_read(engine, "access")
            rows = accesses(
                engine.store,
                actor=wanted,
                unnamed=unnamed,
                about=about,
                since=start,
                until=end,
                most=most,
            )

        def text(out: Console) -> None:
            for row in rows:
                out.print(_line(run, row), soft_wrap=True, markup=False, highlight=False)
            if len(rows) == most:
                out.print(run.words(f"처음 {most}건만 보였습니다.", f"Only the first {most} are shown."))

        run.show({"accesses": [_document(row) for row in rows]}, text)


def _line(run: Run, row: AccessRow) -> str:
    """When, who, what, whose, what for, from where."""
    about = " ".join((*row.tasks, *row.agencies, *row.subjects))
    known = "" if row.actor is None or row.authn == "asserted" else f" ({row.authn})"
    exported = run.words(" [내보냄]", " [exported]") if row.exported else ""
    place = f" [{row.os_user}@{row.host}{f' {row.client}' if row.client else ''}]" if row.actor else ""
    purpose = f" – {row.purpose}" if row.purpose else ""
    when = row.known_at.astimezone(SEOUL)
    what = label(run, row.reading)
    return (
        f"#{row.id} {when:%Y-%m-%d %H:%M} {reader_of(row)}{known}: {what} {about}{exported}{purpose}{place}"
    )


def label(run: Run, reading: str) -> str:
    """A reading as the screens call it; by its name where the table no longer has it."""
    return READINGS[reading].label.say(run.lang) if reading in READINGS else reading


def _document(row: AccessRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": row.at,
        "known_at": row.known_at,
        "actor": None if row.actor is None else spelled(row.actor),
        "authn": row.authn,
        "token": row.token,
        "reading": row.reading,
        "tasks": row.tasks,
        "agencies": row.agencies,
        "subjects": row.subjects,
        "purpose": row.purpose,
        "via": row.via,
        "host": row.host,
        "os_user": row.os_user,
        "client": row.client,
        "exported": row.exported,
    }


def _add_prune(app: typer.Typer) -> None:
    @command(app, "prune")
    def prune(
        run: Run,
        before: Annotated[
            datetime | None,
            typer.Option(
                "--before", formats=_DAY, help="What was read before this day in Seoul; else all that may go."
            ),
        ] = None,
    ) -> None:
        """Take readings that are two years old out of the access log, with a fact that says how many (열람 기록 삭제)."""
        with run.engine() as engine:
            day = prunable_before(local_day(engine.store.now())) if before is None else before.date()
            count = accesses_before(engine.store, day)
            if count:
                run.show_outcome(run.give(engine, lambda: Prune(before=day, count=count)))
                return
        run.show(
            {"before": day, "pruned": 0},
            lambda out: out.print(
                run.words(f"{day} 전의 열람 기록이 없습니다.", f"Nothing was read before {day}.")
            ),
        )
