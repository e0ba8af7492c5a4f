"""`views`: how far each view has come."""

from __future__ import annotations

import typer
from rich.console import Console
from rich.table import Table

from projections.runner import positions
from scripts.cli.run import Run, command


def add(app: typer.Typer) -> None:
    @command(app, "views")
    def views(run: Run) -> None:
        """Show position, lag and state of every view."""
        with run.engine() as engine:
            run.may_read(engine, "views")
            places = positions(engine.store)

        def text(out: Console) -> None:
            table = Table(box=None)
            for ko, en in (
                ("조회 화면", "view"),
                ("위치", "position"),
                ("지연", "lag"),
                ("상태", "state"),
                ("문제", "error"),
            ):
                table.add_column(run.words(ko, en))
            for name, place in places.items():
                table.add_row(name, str(place.position), str(place.lag), place.state, place.error or "")
            out.print(table)

        run.show({"views": places}, text)
