"""`trail findings|examine`: what rules point out in the trail, and what inspectors made of it."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from domain.finding.commands import Examine
from domain.seoul import SEOUL
from projections.trail.findings import LABELS
from projections.trail.searching import Filters
from scripts.cli.run import Run, command
from scripts.cli.shown import say_alarms
from scripts.cli.trail_options import agencies_of, filtered, tasks_of
from scripts.cli.trail_reading import Limit, comparing, say_complete
from workflows.trail_alarms import alarms, raised
from workflows.trail_findings import COUNTED, Findings, findings, named

RuleName = Annotated[
    list[str] | None,
    typer.Option("--rule", help="Only what this rule finds; several: any of them: " + ", ".join(LABELS)),
]
Open = Annotated[bool, typer.Option("--open", help="Only what nobody has examined yet.")]
Name = Annotated[str, typer.Argument(metavar="FINDING", help="Its name, e.g. late_entry-812.")]
Note = Annotated[str, typer.Option(help="What came of it; kept beside the fact.")]


def add(trails: typer.Typer) -> None:
    @command(trails, "findings")
    @filtered
    def listed(
        run: Run,
        filters: Filters,
        rule: RuleName = None,
        only_open: Open = False,
        limit: Limit = 50,
    ) -> None:
        """List late entries, corrections, actions on behalf or out of hours, refusals, overridden rules (지적 사항)."""
        with run.engine() as engine:
            run.may_read(engine, "trail", agencies_of(filters), tasks=tasks_of(filters))
            if not run.as_json:  # also where the list is refused, since it is the entries that differ
                say_alarms(run.err, raised(alarms(engine.store)), run.lang)
            with comparing(run, engine.store) as tick:
                found = findings(
                    engine.store,
                    run.lang,
                    rules=rule or (),
                    filters=filters,
                    only_open=only_open,
                    limit=limit,
                    tick=tick,
                )
        run.show(found, lambda out: _say(run, found, out))

    @command(trails, "examine")
    def examine(run: Run, finding: Name, note: Note) -> None:
        """Mark a finding as examined, with a note; the mark is itself a fact (지적 사항 확인)."""
        with run.engine() as engine:
            run.may_read(engine, "trail")
            rule, about = named(engine.store, finding)
            run.show_outcome(run.give(engine, lambda: Examine(rule=rule, about=about, note=note)))


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
        out.print(run.words("지적 사항이 없습니다.", "Nothing was found."))
    for rule, count in found.counts.items():
        if count:
            said = f"{count:,}" if count < COUNTED else run.words(f"{count:,} 이상", f"{count:,} or more")
            out.print(f"{LABELS[rule].say(run.lang)}: {said}", style="dim", markup=False)
    say_complete(run, found.complete, out)
