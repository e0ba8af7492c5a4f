"""`trail export`: what a search finds, as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from domain.english import many
from projections.trail.searching import Filters
from scripts.cli.run import Run, command
from scripts.cli.trail_options import agencies_of, filtered, tasks_of
from scripts.cli.trail_reading import say_complete
from workers.bootstrap import Engine
from workflows.trail_about import Format
from workflows.trail_exporting import Exported, export

Out = Annotated[Path, typer.Option("--out", help="The new file; it is whole or not there.")]
Form = Annotated[Format, typer.Option("--format", help="Lines of JSON, or a table.")]


def add(trails: typer.Typer) -> None:
    @command(trails, "export")
    @filtered
    def exported(run: Run, filters: Filters, out: Out, form: Form = "jsonl") -> None:
        """Write all that a search would find into a file, and FILE.about.json beside it; --reason says what for (감사 이력 내보내기)."""
        with run.engine() as engine:
            run.may_export(engine, "trail", agencies_of(filters), tasks=tasks_of(filters))
            with _bar(run) as bar:
                shown = bar.add_task(str(out), total=None)
                found = export(
                    engine.store,
                    filters,
                    form,
                    out,
                    run.lang,
                    lambda done, of: bar.update(shown, completed=done, total=of),
                    _checkpoint_of(engine),
                )
        run.show(
            msgspec.structs.asdict(found) | {"file": str(out)},
            lambda console: _say(run, console, out, found),
        )


def _checkpoint_of(engine: Engine) -> str | None:
    try:
        return (engine.data / "trail" / "checkpoint").read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def _say(run: Run, console: Console, out: Path, found: Exported) -> None:
    count = found.entries
    said = run.words(f"{out}: 기록 {count:,}건", f"{out}: {many(count, 'entry', 'entries')}")
    console.print(said, soft_wrap=True, markup=False)
    console.print(f"SHA-256 {found.sha256}", style="dim", soft_wrap=True)
    about = run.words("조건·건수·체크포인트", "what was asked for, how many, the checkpoint")
    console.print(f"{out}.about.json: {about}", style="dim", soft_wrap=True, markup=False)
    say_complete(run, found.complete, console)


def _bar(run: Run) -> Progress:
    """Only where a person looks on."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=run.err,
        transient=True,
        disable=run.as_json or not run.err.is_terminal,
    )
