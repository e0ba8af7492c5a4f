"""`export`: the history as data, facts and views; and its way back into an empty store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from domain.english import many
from domain.errors import Refusal
from projections.exports.manifest import Format
from projections.exports.taking_in import SUFFIX
from projections.exports.writing import export
from projections.slices import Slice, cut
from scripts.cli.epoch import restored_note
from scripts.cli.run import Run, command
from scripts.cli.slicing import AsOf
from workers.bootstrap import take_in_history


class NoDryRun(Refusal):
    """A history is taken in or refused as a whole."""

    ko = "이력은 --dry-run 없이 가져옵니다. 맞지 않는 것이 하나라도 있으면 아무것도 기록하지 않습니다."
    en = "A history is imported without --dry-run: where anything in it is wrong, nothing is written."


def add(app: typer.Typer) -> None:
    @command(app, "export")
    def export_(
        run: Run,
        form: Annotated[
            Format,
            typer.Option(
                "--format", help="jsonl: as it is stored, to be imported again; parquet: for analysis."
            ),
        ],
        out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A folder, empty or not there yet.")],
        as_of: AsOf = None,
    ) -> None:
        """Write the facts and the views to files, by years, without free texts and personal details (내보내기)."""
        with run.engine() as engine:
            run.may_export(engine, "history")
            at = run.slice(engine.store, as_of, None) or cut(engine.store, Slice())
            known_before = None if run.sliced is None else run.sliced[0].as_of
            with _bar(run, "내보내기", "exporting") as tell:
                made = export(engine.store, out, form, at, known_before, tell)
        document = {
            "out": str(out),
            "format": form,
            "store": made.store,
            "facts": made.last,
            "root": made.root,
            "files": len(made.files) + 1,
        }
        run.show(
            document,
            lambda console: console.print(
                run.words(
                    f"기록 {made.last:,}건과 조회 화면을 {out}에 내보냈습니다(파일 {document['files']}개). 무엇이 들어 있는지: docs/data.md",
                    f"{made.last:,} facts and the views are in {out} ({document['files']} files). What they hold: docs/data.md",
                ),
                soft_wrap=True,
            ),
        )


def is_history(path: Path) -> bool:
    """A folder, or lines."""
    return path.is_dir() or path.suffix == SUFFIX


def import_history(run: Run, path: Path) -> None:
    """Take it in, and say how the store goes on."""
    with run.engine() as engine, _bar(run, "가져오기", "importing") as tell:
        done = take_in_history(engine, path, tell)
        store = engine.store.id
    document = {"store": store, "origin": done.origin, "facts": done.facts, "root": done.root}

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
    run.err.print(restored_note(run.lang), style="yellow", soft_wrap=True)


@contextmanager
def _bar(run: Run, ko: str, en: str) -> Iterator[Callable[[int, int], None]]:
    """With rate and time left, where a person looks on."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(show_speed=True),
        TimeRemainingColumn(),
        console=run.err,
        transient=True,
        disable=run.as_json or not run.err.is_terminal,
    ) as bar:
        task = bar.add_task(run.words(ko, en), total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of or None)
