"""`import`: a sheet of tasks, CSV or XLSX, or an exported history, whole or not at all."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from domain.errors import Refusal
from scripts.cli.documents import FaultShown, RemarkShown, SheetImported, TemplateMade
from scripts.cli.exporting import NoDryRun, import_history, is_history
from scripts.cli.new_files import write_new
from scripts.cli.run import Run, command
from trail.english import many
from workers.bootstrap import vault_of
from workflows.importing.tasks import Imported, import_tasks, in_words
from workflows.importing.templates import template
from workflows.importing.years import GIVES, import_year, is_year


class NothingToImport(Refusal):
    """Neither a file nor a template was asked for."""

    ko = "가져올 파일이나 내보낸 이력의 폴더, 또는 --template FILE을 지정하십시오."
    en = "Give the file or the exported folder to import, or --template FILE."


def add(app: typer.Typer) -> None:
    @command(app)
    def import_(
        run: Run,
        file: Annotated[
            Path | None,
            typer.Argument(
                metavar="SHEET|HISTORY",
                help="The filled-in sheet, .csv or .xlsx; or a folder that `donghaeng export --format jsonl` made, or one .jsonl file of it. "
                "= 채운 표(.csv 또는 .xlsx), `donghaeng export --format jsonl`이 만든 폴더, 또는 그 안의 .jsonl 파일 하나.",
            ),
        ] = None,
        dry_run: Annotated[
            bool,
            typer.Option(
                "--dry-run",
                help="List every fault by row and column; write nothing. "
                "= 잘못된 곳을 행과 열로 모두 보여 주고 아무것도 쓰지 않습니다.",
            ),
        ] = False,
        form: Annotated[
            Path | None,
            typer.Option(
                "--template",
                metavar="FILE",
                help="Make an empty form instead, .csv or .xlsx. "
                "= 가져오는 대신 빈 서식을 만듭니다(.csv 또는 .xlsx).",
            ),
        ] = None,
        whole_year: Annotated[
            bool,
            typer.Option(
                "--whole-year",
                help="With --template: a workbook (.xlsx) for all that a year begins with. "
                "= --template과 함께: 한 해를 시작하는 데 필요한 것을 모두 담는 통합 문서(.xlsx).",
            ),
        ] = False,
    ) -> None:
        """Of a sheet the planner's tasks go on the year's list, an agency's are proposed; all rows or none, and the same sheet again changes nothing. A workbook may hold the planner's whole year: programme, areas, agencies, people and tasks, each on a sheet (docs/sheets.md). A history comes in with its positions and bytes; it sends and seals nothing until `donghaeng epoch accept`.

        = 표의 과제는 총괄부서가 가져오면 연도 목록에 오르고, 기관이 가져오면 제안됩니다. 모든 행을 가져오거나 아무것도 가져오지 않으며, 같은 표를 다시 가져와도 달라지지 않습니다. 통합 문서 하나에 총괄부서의 한 해, 곧 사업, 분야, 기관, 담당자, 과제를 시트별로 담을 수 있습니다(docs/sheets.md). 이력은 위치와 바이트 그대로 들어오며, `donghaeng epoch accept` 전에는 발송하지도 봉인하지도 않습니다.
        """
        if form is not None:
            write_new(form, template(form, whole_year=whole_year))
            run.show(TemplateMade(str(form)), lambda out: out.print(str(form)))
            return
        if file is None:
            raise NothingToImport
        if is_history(file):
            if dry_run:
                raise NoDryRun
            import_history(run, file)
            return
        whole = is_year(file)
        with run.engine() as engine:
            who = run.who(engine)
            if whole:
                run.may_give(engine, *GIVES)
                vault = partial(vault_of, run.settings, engine)
                done = import_year(
                    engine.store, engine.handler, vault, file, who, run.reason, dry_run=dry_run
                )
            else:
                done = import_tasks(engine.store, engine.handler, file, who, run.reason, dry_run=dry_run)
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

    document = SheetImported(
        rows=done.rows,
        facts=done.new,
        faults=tuple(
            FaultShown(one.sheet, one.row, one.column, one.problem.say(run.lang)) for one in done.faults
        ),
        remarks=tuple(
            RemarkShown(one.sheet, one.row, one.column, one.words.say(run.lang)) for one in done.remarks
        ),
        encoding=done.encoding,
    )
    run.show(document, text)
