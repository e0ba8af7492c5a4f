"""`money import|reconcile`: the sheets of finance departments, CSV or XLSX."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from domain.errors import Bilingual
from domain.money.facts import FUNDINGS, POSTINGS
from scripts.cli.documents import FaultShown, MoneyEntered, MoneySheetImported, RemarkShown, TemplateMade
from scripts.cli.new_files import write_new
from scripts.cli.run import Run, command
from scripts.cli.slicing import AsOfOption, EffectiveOption
from scripts.cli.tables import Column, say_table
from trail.english import many
from workflows.importing.money import MoneyImported, import_money
from workflows.importing.money_rows import MONEY
from workflows.importing.tasks import in_words
from workflows.importing.templates import make_form
from workflows.queries.reconciling import Reconciled, reconcile

Sheet = Annotated[
    Path,
    typer.Argument(metavar="SHEET", help="The sheet, .csv or .xlsx. = 재정부서의 표(.csv 또는 .xlsx)."),
]
Year = Annotated[int, typer.Option(help="The year that the sheet is of. = 표의 연도.")]
_WHAT: Mapping[str, Bilingual] = {
    "budget": Bilingual("예산", "budget"),
    **{str(one): label for one, label in POSTINGS.items()},
}


def add(app: typer.Typer) -> None:
    @command(app, "template")
    def make_template(
        run: Run,
        file: Annotated[
            Path,
            typer.Argument(metavar="FILE", help="The new file, .csv or .xlsx. = 새 파일(.csv 또는 .xlsx)."),
        ],
    ) -> None:
        """Make an empty form for `money import`.

        = `money import`에 쓸 빈 서식을 만듭니다.
        """
        write_new(file, make_form(file, (MONEY,)))
        run.show(TemplateMade(str(file)), lambda out: out.print(str(file)), lists=False)

    @command(app, "import")
    def import_sheet(
        run: Run,
        file: Sheet,
        year: Year,
        dry_run: Annotated[
            bool,
            typer.Option(
                "--dry-run",
                help="Show what would be entered and every fault; write nothing. "
                "= 등록할 내용과 잘못된 곳을 모두 보여 주고 아무것도 쓰지 않습니다.",
            ),
        ] = False,
    ) -> None:
        """Enter what a sheet's monthly totals go beyond the log's; all rows or none, and the same sheet again changes nothing.

        = 표의 월별 합계에서 기록에 없는 만큼을 등록합니다. 모든 행을 등록하거나 아무것도 등록하지 않으며, 같은 표를 다시 가져와도 바뀌지 않습니다.
        """
        with run.engine() as engine:
            done = import_money(
                engine.store, engine.handler, file, year, run.who(engine), run.reason, dry_run=dry_run
            )
        _show(run, done, dry_run)
        if done.faults:
            raise typer.Exit(1)

    @command(app, "reconcile")
    def reconcile_sheet(
        run: Run, file: Sheet, year: Year, as_of: AsOfOption = None, effective: EffectiveOption = None
    ) -> None:
        """Name in what a sheet and the log differ, by task, source of funds and month; ends with 1 where they do.

        = 표와 기록의 차이를 과제, 재원, 월별로 보여 줍니다. 차이가 있으면 종료 코드는 1입니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = reconcile(inquiry, file, year)
        run.show(found, lambda out: _say_reconciled(out, run, found))
        if found.differences:
            raise typer.Exit(1)


def _show(run: Run, done: MoneyImported, dry_run: bool) -> None:
    def text(out: Console) -> None:
        for remark in done.remarks:
            out.print(in_words(remark, run.lang), style="yellow", soft_wrap=True, markup=False)
        for fault in done.faults:
            out.print(in_words(fault, run.lang), style="red", soft_wrap=True, markup=False)
        columns = (
            Column("행", "row", "figure"),
            Column("과제", "task"),
            Column("재원", "funding"),
            Column("월", "month"),
            Column("구분", "what"),
            Column("기록", "in the log", "figure"),
            Column("표", "in the sheet", "figure"),
        )
        rows = (
            (
                str(one.row),
                one.task,
                FUNDINGS[one.funding].say(run.lang),
                one.month,
                _WHAT[one.what].say(run.lang),
                f"{one.log_krw:,}",
                f"{one.sheet_krw:,}",
            )
            for one in done.entered
        )
        say_table(out, run.lang, columns, rows)
        new, fresh = ("–", "– new facts") if dry_run else (f"{done.new}", many(done.new, "new fact"))
        out.print(
            run.words(
                f"{done.rows}행, 잘못된 곳 {len(done.faults)}, 새 기록 {new}",
                f"{many(done.rows, 'row')}, {many(len(done.faults), 'fault')}, {fresh}",
            )
        )

    document = MoneySheetImported(
        rows=done.rows,
        facts=done.new,
        entered=tuple(
            MoneyEntered(one.row, one.task, one.funding, one.month, one.what, one.sheet_krw, one.log_krw)
            for one in done.entered
        ),
        faults=tuple(
            FaultShown(one.sheet, one.row, one.column, one.problem.say(run.lang)) for one in done.faults
        ),
        remarks=tuple(
            RemarkShown(one.sheet, one.row, one.column, one.words.say(run.lang)) for one in done.remarks
        ),
        encoding=done.encoding,
    )
    run.show(document, text, lists=False)


def _say_reconciled(out: Console, run: Run, found: Reconciled) -> None:
    for remark in found.remarks:
        out.print(remark, style="yellow", soft_wrap=True, markup=False)
    columns = (
        Column("과제", "task"),
        Column("재원", "funding"),
        Column("월", "month"),
        Column("구분", "what"),
        Column("표", "in the sheet", "figure"),
        Column("기록", "in the log", "figure"),
        Column("차이", "difference", "figure"),
    )
    rows = (
        (
            one.task,
            FUNDINGS[one.funding].say(run.lang),  # type: ignore[index]
            one.month or "",
            _WHAT[one.what].say(run.lang),
            "–" if one.sheet_krw is None else f"{one.sheet_krw:,}",
            "–" if one.log_krw is None else f"{one.log_krw:,}",
            f"{(one.sheet_krw or 0) - (one.log_krw or 0):+,}",
        )
        for one in found.differences
    )
    none = Bilingual("차이가 없습니다.", "Nothing differs.")
    say_table(out, run.lang, columns, rows, none)
    out.print(
        run.words(
            f"같은 금액 {found.same}건, 차이 {len(found.differences)}건",
            f"{many(found.same, 'amount')} the same, {many(len(found.differences), 'difference')}",
        )
    )
