"""`load FILE`: a year's programme as announced, into the store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from domain.english import many
from scripts.cli.run import Run, command
from workflows.loading import orders
from workflows.programme_file import read_programme


def add(app: typer.Typer) -> None:
    @command(app, "load")
    def load(run: Run, file: Annotated[Path, typer.Argument(help="The programme as JSON.")]) -> None:
        """Open a year's programme, register its agencies and list its tasks from a file.

        Loading the same file again changes nothing.
        """
        programme = read_programme(file)
        with run.engine() as engine:
            given = orders(programme, engine.store.id, run.who(engine), run.reason)
            shown = track(
                given,
                run.words("불러오기", "Loading"),
                console=run.err,
                transient=True,
                disable=run.as_json or not run.err.is_terminal,
            )
            outcomes = [engine.door.handle(order) for order in shown]
        new = sum(not outcome.repeated for outcome in outcomes)
        document = {
            "year": programme.programme.year,
            "agencies": len(programme.agencies),
            "tasks": len(programme.tasks),
            "facts": new,
        }
        run.show(
            document,
            lambda out: out.print(
                run.words(
                    f"{programme.programme.year}년: 기관 {len(programme.agencies)}곳, 과제 {len(programme.tasks)}건, "
                    f"새 기록 {new}건",
                    f"{programme.programme.year}: {many(len(programme.agencies), 'agency', 'agencies')}, "
                    f"{many(len(programme.tasks), 'task')}, "
                    f"{many(new, 'new fact')}",
                )
            ),
        )
