"""`scripts/bench`: runs the rows in turn and says which targets were met."""

from __future__ import annotations

import json
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from domain.errors import DonghaengError
from scripts.benchmarks.making import data
from scripts.benchmarks.measuring import Row, measured, result
from scripts.benchmarks.place import place
from scripts.benchmarks.rows import ROWS
from workers.logs import log_to_stderr
from workers.servers import running

Result = dict[str, object]


def bench(
    ctx: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    only: Annotated[
        list[str] | None,
        typer.Option(
            help="Only this row; repeat for several. `life`, whose target is not reached yet, runs so."
        ),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="A million facts; takes half an hour.")] = False,
    size: Annotated[
        int | None, typer.Option(min=1, help="Facts a round, instead of the row's own number.")
    ] = None,
) -> None:
    """Measure the engine beside eventsourcing and the bare database, side by side on one server.

    Ends with 1 when a target is missed, 3 when the servers cannot be had.
    """
    if ctx.invoked_subcommand is not None:
        return
    log_to_stderr("json", "warning")
    rows = _chosen(only or ())
    try:
        with _orderly_end():
            results = _run(rows, {row.name: size or (row.full if full else row.size) for row in rows})
    except DonghaengError as error:
        print(error.say("en"), file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    if as_json:
        print(json.dumps({"rows": results}, ensure_ascii=False))
    else:
        _show(rows, results)
    sys.exit(0 if all(one["met"] for one in results) else 1)


def _chosen(names: Sequence[str]) -> Sequence[Row]:
    known = ", ".join(row.name for row in ROWS)
    if unknown := sorted(set(names) - {row.name for row in ROWS}):
        raise typer.BadParameter(f"there is no row {', '.join(unknown)}; the rows are: {known}")
    return [row for row in ROWS if row.name in names or not names]


@contextmanager
def _orderly_end() -> Iterator[None]:
    """A polite kill unwinds like Ctrl-C, so that nothing is left behind."""

    def told(signum: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, told)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _run(rows: Sequence[Row], sizes: dict[str, int]) -> list[Result]:
    results = []
    with (
        tempfile.TemporaryDirectory(prefix="donghaeng-bench-", ignore_cleanup_errors=True) as name,
        Progress(console=Console(stderr=True), transient=True) as bar,
    ):
        folder = Path(name)
        folder.chmod(0o755)  # the servers of root run as somebody else
        shown = bar.add_task("servers", total=sum(row.rounds + 1 for row in rows))
        with running(folder / "var") as addresses:
            for row in rows:
                bar.update(shown, description=row.name)
                with place(addresses, folder) as here:
                    sides = row.make(here, sizes[row.name])
                    medians = measured(row, sides, lambda: bar.advance(shown))
                results.append(result(row, medians))
    return results


def _show(rows: Sequence[Row], results: Sequence[Result]) -> None:
    table = Table(box=None)
    for name in ("row", "unit", "project", "peer", "limit", "× peer", "× limit", "target", "met"):
        table.add_column(name, justify="left" if name in ("row", "unit", "target", "met") else "right")
    for one in results:
        table.add_row(*map(_cell, one.values()))
    console = Console(highlight=False)
    console.print(table)
    for row in rows:
        console.print(f"[bold]{row.name}[/]: {row.says}")
    for one in results:
        if not one["met"]:
            ratios = f"{one['ratio_peer']}× its peer"
            if one["ratio_peer"] is None:
                ratios = f"{one['project']} {one['unit']}"
            elif one["ratio_limit"] is not None:
                ratios += f" and {one['ratio_limit']}× the limit"
            console.print(f"[red]{one['name']} missed its target[/]: {ratios}, to reach {one['target']}.")


def _cell(value: object) -> str:
    match value:
        case None:
            return "–"
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
    return str(value)


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode=None)
    app.callback(invoke_without_command=True)(bench)
    app.command("data")(data)
    app()
