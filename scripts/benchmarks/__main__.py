"""`scripts/bench`: runs the rows in turn and says which targets were met."""

from __future__ import annotations

import json
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from domain.errors import DonghaengError
from scripts.benchmarks.making import data
from scripts.benchmarks.measuring import PeerNotHere, Row, measure, results
from scripts.benchmarks.place import SERVERS, place
from scripts.benchmarks.rows import ROWS
from trail.ending import end_politely
from trail.logs import log_to_stderr
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
    rounds: Annotated[
        int | None, typer.Option(min=1, help="Rounds, instead of the row's own number.")
    ] = None,
) -> None:
    """Measure the engine beside eventsourcing and the bare database, side by side on one server.

    A row whose peer is not on this machine is left out, and why is said at the start. Ends with 1 when a target is
    missed, 3 when the servers, or the peer of a row that was asked for, cannot be had.
    """
    if ctx.invoked_subcommand is not None:
        return
    log_to_stderr("json", "warning")
    rows, left_out = _choose(only or ()), dict[str, str]()
    try:
        rows = [row for row in rows if _may_run(row, left_out, asked=bool(only))]
        rows = [replace(row, rounds=rounds or row.rounds) for row in rows]
        sizes = {row.name: row.full if full else row.size for row in rows}
        with _orderly_end():
            results = _run(rows, dict.fromkeys(sizes, size) if size else sizes, left_out)
    except DonghaengError as error:
        print(error.say("en"), file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    _print(rows, results, left_out, as_json=as_json)
    if only and left_out:
        sys.exit(PeerNotHere.exit_code)
    sys.exit(0 if all(one["met"] for one in results) else 1)


def _choose(names: Sequence[str]) -> Sequence[Row]:
    known = ", ".join(row.name for row in ROWS)
    if unknown := sorted(set(names) - {row.name for row in ROWS}):
        raise typer.BadParameter(f"there is no row {', '.join(unknown)}; the rows are: {known}")
    return [row for row in ROWS if row.name in names or not names]


def _may_run(row: Row, left_out: dict[str, str], *, asked: bool) -> bool:
    """Whether the row's peer is here; where not, why stands in `left_out`. Raises PeerNotHere where it was asked for."""
    try:
        row.needs()
    except PeerNotHere as error:
        if asked:
            raise
        _leave_out(row, error, left_out)
        return False
    return True


def _leave_out(row: Row, error: PeerNotHere, left_out: dict[str, str]) -> None:
    left_out[row.name] = error.say("en")
    print(f"{row.name} is left out: {error.say('en')}", file=sys.stderr, flush=True)


@contextmanager
def _orderly_end() -> Iterator[None]:
    """A polite kill unwinds like Ctrl-C, so that nothing is left behind."""
    before = signal.getsignal(signal.SIGTERM)
    end_politely()
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _run(rows: Sequence[Row], sizes: dict[str, int], left_out: dict[str, str]) -> list[Result]:
    found = list[Result]()
    with (
        tempfile.TemporaryDirectory(prefix="donghaeng-bench-", ignore_cleanup_errors=True) as name,
        Progress(console=Console(stderr=True), transient=True) as bar,
    ):
        folder = Path(name)
        folder.chmod(0o755)  # the servers of root run as somebody else
        shown = bar.add_task("servers", total=sum(row.rounds + 1 for row in rows))
        filled = dict[str, Path]()
        with running(folder / SERVERS) as addresses:
            for row in rows:
                bar.update(shown, description=row.name)
                with place(addresses, folder, filled) as here:
                    try:
                        sides = row.make(here, sizes[row.name])
                    except PeerNotHere as error:  # it is here, and does not work
                        _leave_out(row, error, left_out)
                        continue
                    medians = measure(row, sides, lambda: bar.advance(shown))
                found += results(row, medians)
    return found


def _print(
    rows: Sequence[Row], results: Sequence[Result], left_out: dict[str, str], *, as_json: bool
) -> None:
    if as_json:
        listed = [{"name": name, "reason": reason} for name, reason in left_out.items()]
        print(json.dumps({"rows": results, "left_out": listed}, ensure_ascii=False))
    else:
        _show([row for row in rows if row.name not in left_out], results)


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
