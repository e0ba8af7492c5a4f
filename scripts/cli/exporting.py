"""`export`: the history as data, facts and views; and its way back into an empty store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from domain.errors import Refusal
from projections.exports.manifest import Format
from projections.exports.taking_in import SUFFIX
from scripts.cli.documents import HistoryImported
from scripts.cli.epoch import note_of_restored
from scripts.cli.progress import progress
from scripts.cli.run import Run, command
from scripts.cli.slicing import AsOfOption
from store.waits import WHOLE
from trail.english import many
from workers.bootstrap import take_in_history
from workflows.queries.histories import export_history


class NoDryRun(Refusal):
    """A history is taken in or refused as a whole."""

    ko = "이력은 --dry-run 없이 가져옵니다. 맞지 않는 것이 하나라도 있으면 아무것도 기록하지 않습니다."
    en = "A history is imported without --dry-run: where anything in it is wrong, nothing is written."


def add(app: typer.Typer) -> None:
    @command(app)
    def export_(
        run: Run,
        form: Annotated[
            Format,
            typer.Option(
                "--format",
                help="jsonl: as it is stored, to be imported again; parquet: for analysis. "
                "= jsonl: 저장된 그대로이며 다시 가져올 수 있습니다. parquet: 분석용.",
            ),
        ],
        out: Annotated[
            Path,
            typer.Option(
                "--out", metavar="DIR", help="A folder, empty or not there yet. = 비어 있거나 아직 없는 폴더."
            ),
        ],
        as_of: AsOfOption = None,
    ) -> None:
        with run.asking(as_of, waits=WHOLE) as inquiry, progress(run, "내보내기", "exporting") as tell:
            made = export_history(inquiry, out, form, tell)
        run.show(
            made,
            lambda console: console.print(
                run.words(
                    f"기록 {made.facts:,}건과 조회 화면을 {out}에 내보냈습니다(파일 {made.files}개). 무엇이 들어 있는지: docs/data.md",
                    f"{made.facts:,} fact(s) and the views are in {out} ({made.files} file(s)). What they hold: docs/data.md",
                ),
                soft_wrap=True,
            ),
        )


def is_history(path: Path) -> bool:
    """A folder, or lines."""
    return path.is_dir() or path.suffix == SUFFIX


def import_history(run: Run, path: Path) -> None:
    """Take it in, and say how the store goes on."""
    with run.engine(WHOLE) as engine:
        run.may_act(engine.store, "history.take_in")
        with progress(run, "가져오기", "importing") as tell:
            done = take_in_history(engine, path, tell)
        store = engine.store.id
    document = HistoryImported(store, done.origin, done.facts, done.root)

    def text(out: Console) -> None:
        origin = done.origin or run.words("알 수 없음", "unknown")
        out.print(
            run.words(
                f"기록 {done.facts:,}건을 가져왔습니다(원래 저장소 {origin}, 이 저장소 {store}). 해시(root) {done.root}",
                f"{many(done.facts, 'fact')} taken in (of store {origin}, into store {store}). Root {done.root}",
            ),
            soft_wrap=True,
        )

    run.show(document, text)
    run.err.print(note_of_restored(run.lang), style="yellow", soft_wrap=True)
