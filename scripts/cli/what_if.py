"""`what-if`: past years replayed under another definition, calendar or scoring, without touching anything."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from domain.english import many
from domain.errors import Refusal
from projections.sentences.telling import deadline_named
from scripts.cli.run import Run, command
from scripts.cli.tables import Column, say_table
from workflows.trail_columns import guarded
from workflows.trail_exporting import whole
from workflows.what_if.replaying import Difference
from workflows.what_if.rules import Rule, definition_of, read_calendar, read_scoring, years_in
from workflows.what_if.years import Replayed, what_if

DefinitionFile = Annotated[
    Path | None,
    typer.Option(
        "--definition", help="A lifecycle definition (TOML), or one by its name, e.g. donghaeng-2024/2."
    ),
]
CalendarFile = Annotated[
    Path | None,
    typer.Option("--calendar", help="The holidays instead (TOML or JSON: days with day and name)."),
]
ScoringFile = Annotated[
    Path | None,
    typer.Option("--scoring", help="The grades instead (TOML or JSON: grades with grade and least)."),
]
Years = Annotated[str, typer.Option("--years", metavar="YEAR[..YEAR]", help="E.g. 2024 or 2023..2024.")]
Csv = Annotated[
    Path | None, typer.Option("--csv", help="Write a table into this new file; --reason says what for.")
]
_WHAT = {
    "deadline": ("기한", "deadline"),
    "owed_by": ("맡은 쪽", "owed by"),
    "reminders": ("알림일", "reminders"),
    "transition": ("규칙에 따른 전환", "transition"),
    "grade": ("등급", "grade"),
}
_COLUMNS = {
    "task": ("과제", "task"),
    "title": ("제목", "title"),
    "what": ("종류", "what"),
    "which": ("대상", "which"),
    "really": ("실제", "really"),
    "otherwise": ("가정", "otherwise"),
    "why": ("까닭", "why"),
    "beyond": ("갈라진 뒤", "after parting"),
    "facts": ("기록", "facts"),
}


class NothingSupposed(Refusal):
    """Without another rule there is nothing to replay."""

    ko = "무엇을 달리 볼지 --definition, --calendar, --scoring 가운데 하나 이상을 주십시오."
    en = "Say what is to be otherwise: --definition, --calendar or --scoring, or several of them."


def add(app: typer.Typer) -> None:
    @command(app, "what-if")
    def suppose(
        run: Run,
        years: Years,
        definition: DefinitionFile = None,
        calendar: CalendarFile = None,
        scoring: ScoringFile = None,
        table: Csv = None,
    ) -> None:
        """Replay past years under another rule: which deadlines, transitions and grades would differ (가정 재현).

        People's steps are taken as they were; what comes after a rule would have moved a task otherwise is marked.
        """
        if definition is None and calendar is None and scoring is None:
            raise NothingSupposed
        span = years_in(years)
        rule = Rule(
            definition=None if definition is None else definition_of(definition),
            calendars=None if calendar is None else read_calendar(calendar),
            grades=None if scoring is None else read_scoring(scoring),
        )
        with run.engine() as engine:
            if table is None:
                run.may_read(engine, "what_if")
            else:
                run.may_export(engine, "what_if")
            with _bar(run) as bar:
                shown = bar.add_task("what-if", total=None)
                found = what_if(
                    engine.store, rule, span, lambda done, of: bar.update(shown, completed=done, total=of)
                )
        if table is not None:
            _write(run, table, found)
        _show(run, found)


def _show(run: Run, found: Replayed) -> None:
    document = msgspec.structs.asdict(found)
    document["differences"] = [_document(run, one) for one in found.differences]

    def text(out: Console) -> None:
        if found.differences:
            shown = [name for name in _COLUMNS if name not in ("title", "beyond")]
            columns = [Column(*_COLUMNS[name], "whole" if name == "task" else "text") for name in shown]
            rows = []
            for one in found.differences:
                cells, style = _cells(run, one), "dim" if one.beyond else ""
                rows.append([Text(cells[name], style=style) for name in shown])
            say_table(out, run.lang, columns, rows)
        counts = ", ".join(f"{run.words(*_WHAT[name])} {count}" for name, count in found.counts.items())
        out.print(
            run.words(
                f"{found.position}번까지, 과제 {found.tasks}개의 기록 {found.facts}건을 다시 보았습니다. "
                f"달라지는 것: {counts or '없음'}.",
                f"{many(found.facts, 'fact')} of {many(found.tasks, 'task')} replayed, up to position {found.position}. "
                f"What would differ: {counts or 'nothing'}.",
            ),
            soft_wrap=True,
        )

    run.show(document, text)


def _document(run: Run, one: Difference) -> dict[str, Any]:
    return msgspec.structs.asdict(one) | {"why": None if one.why is None else one.why.say(run.lang)}


def _cells(run: Run, one: Difference) -> dict[str, str]:
    named = one.what in ("deadline", "owed_by", "reminders")
    which = deadline_named(one.name, one.item, run.lang) if named else one.name
    return {
        "task": one.task,
        "title": one.title.say(run.lang),
        "what": run.words(*_WHAT[one.what]),
        "which": "" if one.what == "grade" else which,
        "really": one.really or "–",
        "otherwise": one.otherwise or "–",
        "why": "" if one.why is None else one.why.say(run.lang),
        "beyond": run.words("예", "yes") if one.beyond else "",
        "facts": " ".join(map(str, one.facts)),
    }


def _write(run: Run, out: Path, found: Replayed) -> None:
    """Whole or not at all, with a byte order mark for Excel, and no cell that a table would run."""
    with whole(out) as part, part.open("x", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow([run.words(ko, en) for ko, en in _COLUMNS.values()])
        for one in found.differences:
            lines.writerow([guarded(cell) for cell in _cells(run, one).values()])


def _bar(run: Run) -> Progress:
    """Only where a person looks on."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(show_speed=True),
        TimeRemainingColumn(),
        console=run.err,
        transient=True,
        disable=run.as_json or not run.err.is_terminal,
    )
