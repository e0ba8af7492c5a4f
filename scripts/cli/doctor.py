"""`doctor`: is everything well, and if not, what to do."""

from __future__ import annotations

import typer
from rich.console import Console

from scripts.cli.run import Run, command
from workers.doctor.examining import examined
from workers.doctor.finding import Finding

_MARKS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "wrong": ("✗", "red")}


def add(app: typer.Typer) -> None:
    @command(app, "doctor")
    def doctor(run: Run) -> None:
        """Look at servers, schema, rights, workers, clocks, views, texts, jobs, disk and keys; ends with 1 if something is wrong."""
        found = list(examined(run.settings))
        well = all(one.state != "wrong" for one in found)
        document = {
            "well": well,
            "findings": [
                {
                    "check": one.check,
                    "state": one.state,
                    "seen": one.say(run.lang)[0],
                    "todo": one.say(run.lang)[1],
                }
                for one in found
            ],
        }
        run.show(document, lambda out: _say(run, out, found))
        if not well:
            raise typer.Exit(1)


def _say(run: Run, out: Console, found: list[Finding]) -> None:
    for one in found:
        mark, colour = _MARKS[one.state]
        seen, todo = one.say(run.lang)
        out.print(f"[{colour}]{mark}[/] ", end="")
        out.print(f"{one.check}: {seen}", markup=False, soft_wrap=True)
        if todo:
            out.print(f"    → {todo}", markup=False, soft_wrap=True)
