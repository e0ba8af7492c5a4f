"""`trail export`: what a search finds, as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from projections.inspection.searching import Filters
from scripts.cli.progress import progress
from scripts.cli.run import Run, command
from scripts.cli.trail_options import with_filter_options
from scripts.cli.trail_reading import say_complete
from trail.english import many
from workers.trail_folder import trail_folder
from workflows.queries.trail_leaving import export_trail
from workflows.trail.about import Format
from workflows.trail.exporting import Exported

Out = Annotated[
    Path,
    typer.Option(
        "--out", help="The new file; it is whole or not there. = 새 파일. 온전히 생기거나 생기지 않습니다."
    ),
]
Form = Annotated[Format, typer.Option("--format", help="Lines of JSON, or a table. = JSON 줄 또는 표.")]


def add(trails: typer.Typer) -> None:
    @command(trails, "export")
    @with_filter_options
    def exported(run: Run, filters: Filters, out: Out, form: Form = "jsonl") -> None:
        """Write all that a search would find into a file, and FILE.about.json beside it; --reason says what for (감사 이력 내보내기).

        = 검색 결과 전부를 파일에 쓰고 옆에 FILE.about.json을 둡니다. 용도는 --reason으로 적습니다.
        """
        with run.asking() as inquiry, progress(run, str(out), str(out)) as told:
            found = export_trail(inquiry, filters, form, out, trail_folder(run.settings.data), told)
        run.show(found, lambda console: _say(run, console, out, found))


def _say(run: Run, console: Console, out: Path, found: Exported) -> None:
    count = found.entries
    said = run.words(f"{out}: 기록 {count:,}건", f"{out}: {many(count, 'entry', 'entries')}")
    console.print(said, soft_wrap=True, markup=False)
    console.print(f"SHA-256 {found.sha256}", style="dim", soft_wrap=True)
    about = run.words("조건·건수·체크포인트", "what was asked for, how many, the checkpoint")
    console.print(f"{out}.about.json: {about}", style="dim", soft_wrap=True, markup=False)
    say_complete(run, found.complete, console)
