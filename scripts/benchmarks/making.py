"""`scripts/bench data`: a big history, as a file of lines or in the store of the settings."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from domain.errors import DonghaengError
from scripts.benchmarks.beside import put_beside
from scripts.benchmarks.history import lines
from workers.bootstrap import engine
from workers.engine import owner_of
from workers.settings import Settings


def data(
    events: Annotated[int, typer.Option(min=1, help="How many facts, fifty a task.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A new file of lines, to be imported.")
    ] = None,
    store: Annotated[
        bool,
        typer.Option("--store", help="Into the empty store of the settings, with texts and command ids."),
    ] = False,
) -> None:
    """Make a big history: years of a thousand tasks with fifty facts each. The same number makes the same bytes."""
    if (out is None) is not store:
        raise typer.BadParameter("give either --out FILE or --store")
    try:
        if out is None:
            with engine(Settings()) as built:
                built.store.import_facts(_show_progress(events))
                with owner_of(built) as owner:
                    put_beside(built.store, owner)
            print(f"{events:,} facts in the store")
        else:
            _write(out, events)
            print(f"{events:,} facts in {out}")
    except DonghaengError as error:
        print(error.say("en"), file=sys.stderr)
        sys.exit(error.exit_code)
    except OSError as error:
        print(f"{out}: {error.strerror}", file=sys.stderr)
        sys.exit(1)


def _write(out: Path, events: int) -> None:
    with out.open("xb") as file:
        try:
            for line in _show_progress(events):
                file.write(line + b"\n")
        except BaseException:
            out.unlink()
            raise


def _show_progress(events: int) -> Iterator[bytes]:
    columns = (TextColumn("facts"), BarColumn(), TaskProgressColumn(show_speed=True), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        shown = bar.add_task("", total=events)
        for number, line in enumerate(lines(events), start=1):
            if number % 1000 == 0:
                bar.update(shown, completed=number)
            yield line
