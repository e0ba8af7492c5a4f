"""`trail findings|examine`: what rules point out in the trail, and what inspectors made of it."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from domain.errors import Bilingual
from domain.finding.commands import Examine
from domain.seoul import SEOUL
from projections.inspection.findings import LABELS
from projections.inspection.searching import Filters
from scripts.cli.options import Note
from scripts.cli.printing import say_alarms
from scripts.cli.run import Run, command
from scripts.cli.tables import say_nothing
from scripts.cli.trail_options import with_filter_options
from scripts.cli.trail_reading import Limit, comparing, say_complete
from workflows.queries.findings import examining, list_findings
from workflows.trail.alarms import Alarm
from workflows.trail.findings import COUNTED, Findings

_RULES = ", ".join(LABELS)
RuleName = Annotated[
    list[str] | None,
    typer.Option(
        "--rule",
        help=f"Only what this rule finds; several: any of them: {_RULES} "
        f"= 이 규칙이 찾은 것만. 여럿이면 그중 하나라도 맞는 것: {_RULES}",
    ),
]
Open = Annotated[
    bool, typer.Option("--open", help="Only what nobody has examined yet. = 아직 아무도 확인하지 않은 것만.")
]
Name = Annotated[
    str, typer.Argument(metavar="FINDING", help="Its name, e.g. late_entry-812. = 이름. 예: late_entry-812")
]


def add(trails: typer.Typer) -> None:
    @command(trails, "findings")
    @with_filter_options
    def listed(
        run: Run,
        filters: Filters,
        rule: RuleName = None,
        only_open: Open = False,
        limit: Limit = 50,
    ) -> None:
        """List late entries, corrections, actions on behalf or out of hours, refusals, overridden rules (지적 사항).

        = 늦은 입력, 정정, 대행, 근무 시간 외 처리, 거부, 규칙 예외 등 지적 사항을 보여 줍니다.
        """

        def warn(found: list[Alarm]) -> None:
            if not run.as_json:
                say_alarms(run.err, found, run.lang)

        with run.asking() as inquiry, comparing(run, inquiry.store) as tick:
            found = list_findings(
                inquiry, filters, rules=rule or (), only_open=only_open, limit=limit, tick=tick, warn=warn
            )
        run.show(found, lambda out: _say(run, found, out))

    @command(trails, "examine")
    def examine(run: Run, finding: Name, note: Note) -> None:
        """Mark a finding as examined, with a note; the mark is itself a fact (지적 사항 확인).

        = 지적 사항을 의견과 함께 확인 처리합니다. 확인한 사실도 기록됩니다.
        """
        with run.engine() as engine:
            run.may_give(engine, Examine)
            inquiry = run.inquiry(engine.store)
            run.show_outcome(run.give(engine, lambda: examining(inquiry, finding, note)))


def _say(run: Run, found: Findings, out: Console) -> None:
    for one in found.findings:
        head = f"{one.at.astimezone(SEOUL):%Y-%m-%d %H:%M}  "
        line = Text(head, style="dim").append(one.finding, style="bold")
        line.append(f"  {LABELS[one.rule].say(run.lang)}: {one.why}", style="yellow")
        out.print(line, soft_wrap=True)
        who = "" if one.who is None else f"{one.who}  "
        out.print(f"    {who}{one.stream}  {one.what}", markup=False, soft_wrap=True)
        for mark in one.examined:
            when = f"{mark.at.astimezone(SEOUL):%Y-%m-%d}"
            out.print(f"    ✓ {when} {mark.by}: {mark.note}", markup=False, soft_wrap=True, style="green")
    if not found.findings:
        say_nothing(out, run.lang, Bilingual("지적 사항이 없습니다.", "Nothing was found."))
    for rule, count in found.counts.items():
        if count:
            said = f"{count:,}" if count < COUNTED else run.words(f"{count:,} 이상", f"{count:,} or more")
            out.print(f"{LABELS[rule].say(run.lang)}: {said}", style="dim", markup=False)
    say_complete(run, found.complete, out)
