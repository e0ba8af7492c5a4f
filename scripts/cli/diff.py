"""`diff VIEW` and `views show VIEW`: a view's rows at a date, and what became of them between two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from domain.seoul import SEOUL
from projections.inspection.changes import leaves
from projections.inspection.words import in_words, path_in_words
from projections.labels import Areas
from projections.row_changes import RowChange
from scripts.cli.changes import say_fields
from scripts.cli.run import Run, command
from scripts.cli.slicing import AsOfOption, EffectiveOption
from scripts.cli.tables import say_nothing
from scripts.cli.views import Name
from trail.english import many
from workflows.as_of_options import describe_slice
from workflows.queries import views
from workflows.queries.views import ViewRows

_SHOWN = 10


def add_show(app: typer.Typer) -> None:
    @command(app, "show")
    def show(
        run: Run,
        name: Name,
        key: Annotated[
            str | None, typer.Argument(help="Only this row, e.g. a task's number. = 이 행만. 예: 과제번호")
        ] = None,
        as_of: AsOfOption = None,
        effective: EffectiveOption = None,
    ) -> None:
        """Show a view's rows: as they are, as they were known then, or as corrected since (조회 화면의 내용).

        = 조회 화면의 행을 지금, 그때 알려진 대로, 또는 그 뒤의 정정까지 반영하여 보여 줍니다.
        """
        with run.asking(as_of, effective) as inquiry:
            found = views.show_rows(inquiry, name, key)
        run.show(found, lambda out: _say_rows(run, found, out))


def add(app: typer.Typer) -> None:
    @command(app)
    def diff(
        run: Run,
        name: Annotated[
            str,
            typer.Argument(
                metavar="VIEW", help="Name of the view, e.g. task_board. = 조회 화면의 이름. 예: task_board"
            ),
        ],
        since: Annotated[
            str, typer.Option("--from", metavar="DATE|TIME", help="As it stood then. = 그 시점의 상태.")
        ],
        to: Annotated[
            str,
            typer.Option(
                "--to", metavar="DATE|TIME", help="As it stood at this later time. = 이 나중 시점의 상태."
            ),
        ],
        effective: Annotated[
            bool,
            typer.Option(
                "--effective",
                help="As corrected since, not as known then. "
                "= 그때 알려진 대로가 아니라 그 뒤의 정정까지 반영합니다.",
            ),
        ] = False,
    ) -> None:
        with run.asking() as inquiry:
            found = views.diff_rows(inquiry, name, since, to, effective=effective)

        def text(out: Console) -> None:
            for sign, one in (("-", found.early), ("+", found.late)):
                out.print(f"{sign} {describe_slice(one, run.lang)}", style="dim", soft_wrap=True)
            for row in found.rows:
                _say_changed(run, row, found.areas, out)
            out.print(run.words(f"달라진 행: {len(found.rows)}", f"Rows that differ: {len(found.rows)}"))

        run.show(found, text)


def _say_rows(run: Run, found: ViewRows, out: Console) -> None:
    if not found.rows:
        say_nothing(out, run.lang)
    for key, row in found.rows.items():
        out.print(Text(key, style="bold"))
        for path, value in leaves(row):
            if value not in (None, ()):
                said = in_words(
                    value,
                    run.lang,
                    _text_placeholder(run),
                    path[-1],
                    found.areas.get(getattr(row, "year", 0), {}),
                )
                out.print(f"  {path_in_words(path, run.lang)}: {said}", markup=False, soft_wrap=True)


def _say_changed(run: Run, row: RowChange, areas: Mapping[int, Areas], out: Console) -> None:
    mark = {(True, False): "+", (False, True): "-"}.get((row.before is None, row.after is None), " ")
    title = _title(run, row.before if row.after is None else row.after)
    out.print(Text(f"{mark} {row.key}  {title}".rstrip(), style="bold"), soft_wrap=True)
    # that it changed last by the last of the facts below says nothing more
    fields = [one for one in row.changes if not one.path[0].startswith("changed_")]
    year = getattr(row.after or row.before, "year", 0)
    say_fields(run, fields, _text_placeholder(run), areas.get(year, {}), out)
    for one in row.by[-_SHOWN:]:
        so = f"{one.effective_at.astimezone(SEOUL):%Y-%m-%d %H:%M}"
        late = "" if one.effective_at == one.known_at else run.words(f" (효력 {so})", f" (effective {so})")
        out.print(
            f"    {one.position}  {one.known_at.astimezone(SEOUL):%Y-%m-%d %H:%M}{late}  {one.kind}",
            style="dim",
            markup=False,
            soft_wrap=True,
        )
    if row.facts > _SHOWN:
        more = row.facts - _SHOWN
        out.print(
            run.words(f"    … 그 전의 기록 {more}건", f"    … and {many(more, 'fact')} before these"),
            style="dim",
        )


def _title(run: Run, row: Any) -> str:
    ko, en = getattr(row, "title_ko", ""), getattr(row, "title_en", None)
    return run.words(ko, en or ko)


def _text_placeholder(run: Run) -> Any:
    """Views hold no texts, only where they are."""
    return lambda _: run.words("(글)", "(a text)")
