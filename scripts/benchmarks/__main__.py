"""`scripts/bench`: runs the rows in turn and says which targets were met."""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from scripts.benchmarks.place import place
from scripts.benchmarks.rows import ROWS, Row, Sides
from workers.logs import log_to_stderr

ROUNDS = 3
_FULL = 10


def measured(row: Row, sides: Sides) -> dict[str, object]:
    """Medians of several rounds, the sides taken in turn."""
    rates: dict[str, list[float]] = {side: [] for side in sides}
    for number in range(ROUNDS):
        for side, run in sides.items():
            count, seconds = run(number)
            rates[side].append(count / seconds)
    medians = {side: statistics.median(values) for side, values in rates.items()}
    return _result(row, medians)


def _result(row: Row, medians: dict[str, float]) -> dict[str, object]:
    project, limit = medians["project"], medians.get("limit")
    ratio_peer = project / medians["peer"]
    ratio_limit = None if limit is None else project / limit
    met = ratio_peer >= row.peer_target and (
        row.limit_target is None or (ratio_limit is not None and ratio_limit >= row.limit_target)
    )
    target = f"≥ {row.peer_target:g}× peer"
    if row.limit_target is not None:
        target += f", ≥ {row.limit_target:g}× limit"
    return {
        "name": row.name,
        "unit": "commands/s" if row.name == "command" else "facts/s",
        "project": round(project),
        "peer": round(medians["peer"]),
        "limit": None if limit is None else round(limit),
        "ratio_peer": round(ratio_peer, 2),
        "ratio_limit": None if ratio_limit is None else round(ratio_limit, 2),
        "target": target,
        "met": met,
    }


def bench(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    only: Annotated[list[str] | None, typer.Option(help="Only this row; repeat for several.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Ten times the facts.")] = False,
    size: Annotated[int | None, typer.Option(help="Facts a round, instead of the row's own number.")] = None,
) -> None:
    """Measure the engine beside eventsourcing and the bare database, side by side on one server."""
    log_to_stderr("json", "warning")
    chosen = [row for row in ROWS if not only or row.name in only]
    unknown = set(only or ()) - {row.name for row in ROWS}
    if unknown:
        names = ", ".join(row.name for row in ROWS)
        raise typer.BadParameter(f"there is no row {', '.join(sorted(unknown))}; the rows are: {names}")
    results = []
    with tempfile.TemporaryDirectory(prefix="donghaeng-bench-") as folder:
        Path(folder).chmod(0o755)
        with (
            place(Path(folder) / "var") as here,
            Progress(console=Console(stderr=True), transient=True) as bar,
        ):
            shown = bar.add_task("", total=len(chosen))
            for row in chosen:
                bar.update(shown, description=row.name)
                results.append(measured(row, row.make(here, size or row.size * (_FULL if full else 1))))
                bar.advance(shown)
    if as_json:
        print(json.dumps({"rows": results}, ensure_ascii=False))
    else:
        _show(results)
    sys.exit(0 if all(result["met"] for result in results) else 1)


def _show(results: list[dict[str, object]]) -> None:
    table = Table(box=None)
    for name in ("row", "unit", "project", "peer", "limit", "× peer", "× limit", "target", "met"):
        table.add_column(name, justify="left" if name in ("row", "unit", "target", "met") else "right")
    for result in results:
        values = (
            f"{value:,}" if isinstance(value, int) and value is not True else str(value)
            for value in result.values()
        )
        table.add_row(*("–" if value == "None" else value for value in values))
    Console().print(table)


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command()(bench)
    app()
