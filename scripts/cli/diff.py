"""`diff VIEW` and `views show VIEW`: a view's rows at a date, and what became of them between two."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from domain.english import many
from domain.errors import Refusal
from domain.seoul import SEOUL
from projections.comparing import Changed, compared
from projections.labels import Areas
from projections.reading import rows
from projections.trail.changes import leaves
from projections.trail.words import in_words, path_in_words
from scripts.cli.changes import say_fields
from scripts.cli.run import Run, command
from scripts.cli.slicing import AsOf, Effective, document_of, head
from scripts.cli.views import Name, view_named
from workflows.reading import area_names
from workflows.slicing import cuts_between

# who may read a view's rows is who may read the list that is made of them
READING: Mapping[str, str] = {
    "task_board": "task.list",
    "agency_inbox": "agency.inbox",
    "city_inbox": "programme.inbox",
    "agency_register": "agency.list",
    "deadlines": "deadlines",
    "notices": "notices",
    "messages": "notices",
    "trail_entries": "trail",
}
_SHOWN = 10


class NoSuchRow(Refusal):
    """`near`: keys that are spelled alike, or else the first ones."""

    ko = "{view} 조회 화면에 ‘{key}’ 행이 없습니다(전체 {count}행). 있는 것: {near}."
    en = "The view {view} has no row “{key}” (rows in all: {count}). There are: {near}."


def add(app: typer.Typer, screens: typer.Typer) -> None:
    @command(screens, "show")
    def show(
        run: Run,
        name: Name,
        key: Annotated[str | None, typer.Argument(help="Only this row, e.g. a task's number.")] = None,
        as_of: AsOf = None,
        effective: Effective = None,
    ) -> None:
        """Show a view's rows: as they are, as they were known then, or as corrected since (조회 화면의 내용)."""
        view = view_named(name)
        with run.engine() as engine:
            run.may_read(engine, READING[name])
            found = rows(engine.store, view, run.slice(engine.store, as_of, effective))
            shown = {one: found[one] for one in sorted(found) if key in (None, one)}
            areas = area_names(engine.store, _years(shown.values()))
        if key is not None and key not in found:
            raise NoSuchRow(view=name, key=key[:60], count=len(found), near=_near(key, found))
        run.show({"view": name, "rows": shown}, lambda out: _say_rows(run, shown, areas, out))

    @command(app, "diff")
    def diff(
        run: Run,
        name: Annotated[str, typer.Argument(metavar="VIEW", help="Name of the view, e.g. task_board.")],
        since: Annotated[str, typer.Option("--from", metavar="DATE|TIME", help="As it stood then.")],
        to: Annotated[str, typer.Option("--to", metavar="DATE|TIME", help="As it stood at this later time.")],
        effective: Annotated[
            bool, typer.Option("--effective", help="As corrected since, not as known then.")
        ] = False,
    ) -> None:
        """Say what changed in a view's rows between two dates, and by which facts (두 날짜의 차이)."""
        view = view_named(name)
        with run.engine() as engine:
            run.may_read(engine, READING[name])
            early, late, begin, end = cuts_between(engine.store, since, to, effective=effective)
            changed = compared(engine.store, view, begin, end)
            areas = area_names(engine.store, _years(row.after or row.before for row in changed))

        def text(out: Console) -> None:
            for sign, wanted, at in (("-", early, begin), ("+", late, end)):
                out.print(f"{sign} {head(wanted, at, run.lang)}", style="dim", soft_wrap=True)
            for row in changed:
                _say_changed(run, row, areas, out)
            out.print(run.words(f"달라진 행: {len(changed)}", f"Rows that differ: {len(changed)}"))

        document = {
            "view": name,
            "from": document_of(early, begin),
            "to": document_of(late, end),
            "rows": changed,
        }
        run.show(document, text)


def _near(key: str, found: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(difflib.get_close_matches(key, found, 5) or sorted(found)[:5]) or ("–",)


def _years(rows: Iterable[Any]) -> set[int]:
    return {row.year for row in rows if hasattr(row, "area")}


def _say_rows(run: Run, rows: Mapping[str, Any], areas: Mapping[int, Areas], out: Console) -> None:
    for key, row in rows.items():
        out.print(Text(key, style="bold"))
        for path, value in leaves(row):
            if value not in (None, ()):
                said = in_words(value, run.lang, _gone(run), path[-1], areas.get(getattr(row, "year", 0), {}))
                out.print(f"  {path_in_words(path, run.lang)}: {said}", markup=False, soft_wrap=True)


def _say_changed(run: Run, row: Changed, areas: Mapping[int, Areas], out: Console) -> None:
    mark = {(True, False): "+", (False, True): "-"}.get((row.before is None, row.after is None), " ")
    title = _title(run, row.before if row.after is None else row.after)
    out.print(Text(f"{mark} {row.key}  {title}".rstrip(), style="bold"), soft_wrap=True)
    # that it changed last by the last of the facts below says nothing more
    fields = [one for one in row.changes if not one.path[0].startswith("changed_")]
    year = getattr(row.after or row.before, "year", 0)
    say_fields(run, fields, _gone(run), areas.get(year, {}), out)
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


def _gone(run: Run) -> Any:
    """Views hold no texts, only where they are."""
    return lambda _: run.words("(글)", "(a text)")
