"""`what-if`: past years replayed under another definition, calendar or scoring, without touching anything."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from domain.errors import Refusal
from projections.sentences.narration import deadline_in_words
from scripts.cli.progress import progress
from scripts.cli.run import Run, command
from scripts.cli.tables import Column, say_table
from store.waits import WHOLE
from trail.english import many
from workflows.queries import supposing
from workflows.queries.supposing import Supposed
from workflows.trail.columns import guard_cell
from workflows.trail.exporting import whole
from workflows.what_if.difference import WhatIfDifference
from workflows.what_if.rules import Rule, definition_of, read_calendar, read_scoring, years_in

DefinitionFile = Annotated[
    Path | None,
    typer.Option(
        "--definition",
        help="A lifecycle definition (TOML), or by its name one that was adopted or comes along, e.g. donghaeng-2024/2. "
        "= 과제 흐름의 정의(TOML), 또는 채택되었거나 함께 제공되는 정의의 이름. 예: donghaeng-2024/2",
    ),
]
CalendarFile = Annotated[
    Path | None,
    typer.Option(
        "--calendar",
        help="The holidays instead (TOML or JSON: days with day and name). "
        "= 대신 쓸 공휴일(TOML이나 JSON: day와 name이 있는 days).",
    ),
]
ScoringFile = Annotated[
    Path | None,
    typer.Option(
        "--scoring",
        help="The grades instead (TOML or JSON: grades with grade and least). "
        "= 대신 쓸 등급(TOML이나 JSON: grade와 least가 있는 grades).",
    ),
]
Years = Annotated[
    str,
    typer.Option(
        "--years", metavar="YEAR[..YEAR]", help="E.g. 2024 or 2023..2024. = 예: 2024 또는 2023..2024"
    ),
]
Csv = Annotated[
    Path | None,
    typer.Option(
        "--csv",
        help="Write a table into this new file; --reason says what for. "
        "= 표를 이 새 파일에 씁니다. 용도는 --reason으로 적습니다.",
    ),
]
_WHAT = {
    "deadline": ("기한", "deadline"),
    "owed_by": ("담당", "owed by"),
    "reminders": ("알림일", "reminders"),
    "transition": ("규칙에 따른 전환", "transition"),
    "refused": ("요건에 따른 거부", "refused by requirement"),
    "grade": ("등급", "grade"),
}
_COLUMNS = {
    "task": ("과제", "task"),
    "title": ("과제명", "title"),
    "what": ("종류", "what"),
    "which": ("대상", "which"),
    "really": ("실제", "really"),
    "otherwise": ("가정", "otherwise"),
    "why": ("사유", "why"),
    "beyond": ("분기 이후", "after parting"),
    "facts": ("기록", "facts"),
}


class NothingSupposed(Refusal):
    """Without another rule there is nothing to replay."""

    ko = "가정할 내용을 --definition, --calendar, --scoring 가운데 하나 이상으로 지정하십시오."
    en = "Say what is to be otherwise: --definition, --calendar or --scoring, or several of them."


def add(app: typer.Typer) -> None:
    @command(app)
    def suppose(
        run: Run,
        years: Years,
        definition: DefinitionFile = None,
        calendar: CalendarFile = None,
        scoring: ScoringFile = None,
        table: Csv = None,
    ) -> None:
        """People's steps are taken as they were; what comes after a rule would have moved a task otherwise is marked.

        = 사람이 한 일은 그대로 두며, 규칙이 과제를 달리 옮겼을 뒤의 일은 표시합니다.
        """
        if definition is None and calendar is None and scoring is None:
            raise NothingSupposed
        span = years_in(years)
        with run.asking(waits=WHOLE) as inquiry, progress(run, "what-if", "what-if") as told:
            rule = Rule(
                definition=None if definition is None else definition_of(definition, inquiry.store),
                calendars=None if calendar is None else read_calendar(calendar),
                grades=None if scoring is None else read_scoring(scoring),
            )
            found = supposing.suppose(inquiry, rule, span, told, exported=table is not None)
        if table is not None:
            _write(run, table, found)
        _show(run, found)


def _show(run: Run, found: Supposed) -> None:
    def text(out: Console) -> None:
        if found.differences:
            _say_differences(run, out, found.differences)
        out.print(_in_short(run, found), soft_wrap=True)

    run.show(found, text)


def _say_differences(run: Run, out: Console, differences: Sequence[WhatIfDifference[str]]) -> None:
    shown = [name for name in _COLUMNS if name not in ("title", "beyond")]
    columns = [Column(*_COLUMNS[name], "whole" if name == "task" else "text") for name in shown]
    rows = []
    for one in differences:
        cells, style = _cells(run, one), "dim" if one.beyond else ""
        rows.append([Text(cells[name], style=style) for name in shown])
    say_table(out, run.lang, columns, rows)


def _in_short(run: Run, found: Supposed) -> str:
    counts = ", ".join(f"{run.words(*_WHAT[name])} {count}" for name, count in found.counts.items())
    return run.words(
        f"{found.position}번까지, 과제 {found.tasks}개의 기록 {found.facts}건을 다시 보았습니다. "
        f"달라지는 것: {counts or '없음'}",
        f"{many(found.facts, 'fact')} of {many(found.tasks, 'task')} replayed, up to position {found.position}. "
        f"What would differ: {counts or 'nothing'}.",
    )


def _cells(run: Run, one: WhatIfDifference[str]) -> dict[str, str]:
    named = one.what in ("deadline", "owed_by", "reminders")
    which = (
        deadline_in_words(one.name, one.item, one.item_name, run.lang, one.kind_name) if named else one.name
    )
    if one.what == "refused" and one.item_name is not None:
        which = one.item_name.say(run.lang)
    return {
        "task": one.task,
        "title": one.title.say(run.lang),
        "what": run.words(*_WHAT[one.what]),
        "which": "" if one.what == "grade" else which,
        "really": one.really or "–",
        "otherwise": one.otherwise or "–",
        "why": one.why or "",
        "beyond": run.words("예", "yes") if one.beyond else "",
        "facts": " ".join(map(str, one.facts)),
    }


def _write(run: Run, out: Path, found: Supposed) -> None:
    """Whole or not at all, with a byte order mark for Excel, and no cell that a table would run."""
    with whole(out) as part, part.open("x", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow([run.words(ko, en) for ko, en in _COLUMNS.values()])
        for one in found.differences:
            lines.writerow([guard_cell(cell) for cell in _cells(run, one).values()])
