"""`why TASK`, `audit transitions`: what rules did and will do with a task, and what they should have done."""

from __future__ import annotations

from collections.abc import Sequence

import typer
from rich.console import Console

from domain.errors import Bilingual
from domain.seoul import local_day
from domain.streams import task_stream
from scripts.cli.options import TaskArgument
from scripts.cli.run import Run, command
from scripts.cli.tables import say_lines, say_nothing
from trail.english import many
from workflows.explaining_in_words import describe_adoption, describe_task, place
from workflows.queries import rules
from workflows.queries.rules import Late, TaskExplained, Undone


def add(app: typer.Typer) -> None:
    @command(app)
    def explain(run: Run, task: TaskArgument) -> None:
        with run.engine() as engine:
            found = rules.explain_task(run.inquiry(engine.store), engine.handler, task)
        run.show(found, lambda out: _say(run, found, out))


def add_transitions(app: typer.Typer) -> None:
    @command(app, "transitions")
    def transitions(run: Run) -> None:
        """List what should have happened by rule and did not, and what did late: empty while all has been well.

        = 규칙대로 처리되어야 했으나 처리되지 않은 것과 늦게 처리된 것을 보여 줍니다. 이상이 없으면 비어 있습니다.
        """
        with run.engine() as engine:
            found = rules.list_transitions(run.inquiry(engine.store), engine.handler)

        def text(out: Console) -> None:
            _say_undone(run, found.undone, out)
            if not found.late:
                nothing = Bilingual("늦게 처리한 것이 없습니다.", "Nothing was carried out late by rule.")
                say_nothing(out, run.lang, nothing)
            for one in found.late:
                out.print(_late_in_words(run, one), soft_wrap=True, highlight=False)

        run.show(found, text)
        if found.undone:
            raise typer.Exit(1)


def _say(run: Run, found: TaskExplained, out: Console) -> None:
    out.print(
        f"{task_stream(found.task)}: {place(found.stage, found.condition, run.lang, found.place_names)} ({found.definition})",
        style="bold",
    )
    said = f"{found.definition}: {describe_adoption(found, run.lang)}"
    out.print(said, soft_wrap=True, markup=False, highlight=False)
    for title, lines in describe_task(found, run.lang):
        out.print(title, style="bold")
        say_lines(out, run.lang, (f"  {line}" for line in lines))


def _late_in_words(run: Run, one: Late) -> str:
    on, days = local_day(one.effective_at), one.days or 0
    name = f"{one.stream}#{one.version} {one.kind}"
    return run.words(
        f"{on}  {name}: {days}일 늦게 처리함", f"{on}  {name}: carried out {many(days, 'day')} late"
    )


def _say_undone(run: Run, undone: Sequence[Undone], out: Console) -> None:
    if not undone:
        say_nothing(
            out, run.lang, Bilingual("하지 않은 규칙 처리가 없습니다.", "Nothing is left undone by rule.")
        )
        return
    for one in undone:
        out.print(f"{one.since}  {one.stream}  {one.rule}: {one.basis}", style="red", soft_wrap=True)
        nobody = run.words("거부 사유는 없으나 주기 점검이 멈춤", "nothing refuses it: no ticker has swept")
        out.print(f"    {one.hindrance or nobody}", soft_wrap=True, markup=False)
    out.print(
        run.words(f"하지 않은 규칙 처리 {len(undone)}건", f"{len(undone)} thing(s) left undone by rule")
    )
