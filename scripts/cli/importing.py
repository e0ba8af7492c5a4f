"""`import`: a sheet of tasks, CSV or XLSX, or an exported history, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from domain.english import many
from domain.errors import Refusal
from scripts.cli.exporting import NoDryRun, import_history, is_history
from scripts.cli.run import Run, command
from workflows.importing.tasks import Imported, import_tasks, in_words
from workflows.importing.templates import template


class NothingToImport(Refusal):
    """Neither a file nor a template was asked for."""

    ko = "가져올 파일이나 내보낸 이력의 폴더, 또는 --template FILE을 주십시오."
    en = "Give the file or the exported folder to import, or --template FILE."


class FileExists(Refusal):
    """A form is never written over another file."""

    ko = "파일 {path}이(가) 이미 있습니다. 다른 이름을 주십시오."
    en = "The file {path} exists already. Give another name."


class NotWritable(Refusal):
    """The form cannot be written there."""

    ko = "파일 {path}을(를) 쓸 수 없습니다: {problem}."
    en = "The file {path} cannot be written: {problem}."


def add(app: typer.Typer) -> None:
    @command(app, "import")
    def import_(
        run: Run,
        file: Annotated[
            Path | None,
            typer.Argument(
                metavar="SHEET|HISTORY",
                help="The filled-in sheet, .csv or .xlsx; or a folder that `donghaeng export --format jsonl` made, or one .jsonl file of it.",
            ),
        ] = None,
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="List every fault by row and column; write nothing.")
        ] = False,
        form: Annotated[
            Path | None,
            typer.Option("--template", metavar="FILE", help="Make an empty form instead, .csv or .xlsx."),
        ] = None,
    ) -> None:
        """Import tasks from a sheet, or a whole history into an empty store.

        Of a sheet the planner's tasks go on the year's list, an agency's are proposed; all rows or none, and the same
        sheet again changes nothing. A history comes in with its positions and bytes; it sends and seals nothing until
        `donghaeng epoch accept`.
        """
        if form is not None:
            _write(form, template(form))
            run.show({"template": str(form)}, lambda out: out.print(str(form)))
            return
        if file is None:
            raise NothingToImport
        if is_history(file):
            if dry_run:
                raise NoDryRun
            import_history(run, file)
            return
        with run.engine() as engine:
            done = import_tasks(engine.store, engine.door, file, run.who(engine), run.reason, dry_run=dry_run)
        _show(run, done, dry_run)
        if done.faults:
            raise typer.Exit(1)


def _show(run: Run, done: Imported, dry_run: bool) -> None:
    def text(out: Console) -> None:
        for remark in done.remarks:
            out.print(in_words(remark, run.lang), style="yellow", soft_wrap=True, markup=False)
        for fault in done.faults:
            out.print(in_words(fault, run.lang), style="red", soft_wrap=True, markup=False)
        new, fresh = ("–", "– new facts") if dry_run else (f"{done.new}", many(done.new, "new fact"))
        out.print(
            run.words(
                f"{done.rows}행, 잘못된 곳 {len(done.faults)}, 새 기록 {new}",
                f"{many(done.rows, 'row')}, {many(len(done.faults), 'fault')}, {fresh}",
            )
        )

    faults = [
        {"row": one.row, "column": one.column, "problem": one.problem.say(run.lang)} for one in done.faults
    ]
    remarks = [
        {"row": one.row, "column": one.column, "words": one.words.say(run.lang)} for one in done.remarks
    ]
    document = {
        "rows": done.rows,
        "facts": done.new,
        "faults": faults,
        "remarks": remarks,
        "encoding": done.encoding,
    }
    run.show(document, text)


def _write(path: Path, content: bytes) -> None:
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise FileExists(path=path) from None
    except OSError as error:
        raise NotWritable(path=path, problem=error.strerror) from None
