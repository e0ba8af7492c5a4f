"""`doctor`: is everything well, and if not, what to do."""

from __future__ import annotations

from collections.abc import Iterator

import typer
from rich.console import Console
from rich.text import Text

from scripts.cli.documents import Examined, FindingShown
from scripts.cli.run import Run, command
from scripts.cli.tables import say_lines
from workers.doctor.examining import examine
from workers.finding import Finding

_MARKS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "wrong": ("✗", "red")}


def add(app: typer.Typer) -> None:
    @command(app)
    def doctor(run: Run) -> None:
        found = list(examine(run.settings))
        well = all(one.state != "wrong" for one in found)
        shown = [FindingShown(one.check, one.state, *one.say(run.lang)) for one in found]
        document = Examined(well, shown)
        run.show(document, lambda out: _say(run, out, found))
        if not well:
            raise typer.Exit(1)


def _say(run: Run, out: Console, found: list[Finding]) -> None:
    say_lines(out, run.lang, (line for one in found for line in _lines_of(run, one)))


def _lines_of(run: Run, one: Finding) -> Iterator[Text]:
    """What was seen, and below it what to do."""
    mark, colour = _MARKS[one.state]
    seen, todo = one.say(run.lang)
    yield Text.assemble((mark, colour), f" {one.check}: {seen}")
    if todo:
        yield Text(f"    → {todo}")
