"""`why TASK`, `audit transitions`: what rules did and will do with a task, and what they should have done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import typer
from rich.console import Console

from domain.english import many
from domain.seoul import local_day
from domain.task.commands import task_stream
from projections.history import days_late
from scripts.cli.deadline import TaskArgument
from scripts.cli.run import Run, command
from scripts.cli.task import NoSuchTask
from store.recorded import Recorded
from workflows.reading import history_of
from workflows.reasons import Why, why
from workflows.reasons_told import document, place, told
from workflows.undone import LeftUndone, carried_out_late, left_undone


def add(app: typer.Typer, audits: typer.Typer) -> None:
    @command(app, "why")
    def explain(run: Run, task: TaskArgument) -> None:
        """Show what rules did with a task and on which inputs, what comes next, and which rules do not act and why."""
        with run.engine() as engine:
            found = why(engine.store, engine.door, task)
            if found is None:
                raise NoSuchTask(task=task)
            run.may_read(engine, "deadlines", found.whose, tasks=(task,))
            lines = history_of(engine.store, task_stream(task), run.lang)
            sentences = {f"#{line.version}": line.sentence for line in lines}
        run.show(document(found, run.lang), lambda out: _say(run, found, sentences, out))

    @command(audits, "transitions")
    def transitions(run: Run) -> None:
        """List what should have happened by rule and did not, and what did late: empty while all has been well."""
        with run.engine() as engine:
            run.may_read(engine, "audit")
            undone = left_undone(engine.store, engine.door)
            late = carried_out_late(engine.store)

        def text(out: Console) -> None:
            _say_undone(run, undone, out)
            for one in late:
                out.print(_late_in_words(run, one), soft_wrap=True, highlight=False)

        document = {"undone": [_undone(run, one) for one in undone], "late": [_late(one) for one in late]}
        run.show(document, text)
        if undone:
            raise typer.Exit(1)


def _say(run: Run, found: Why, sentences: Mapping[str, str], out: Console) -> None:
    out.print(
        f"{task_stream(found.task)}: {place(found.stage, found.condition, run.lang)} ({found.definition})",
        style="bold",
    )
    for title, lines in told(found, run.lang, sentences):
        out.print(title, style="bold")
        for line in lines or [run.words("없음", "nothing")]:
            out.print(f"  {line}", highlight=False, soft_wrap=True, markup=False)


def _undone(run: Run, one: LeftUndone) -> dict[str, Any]:
    kind, _, number = one.stream.partition("/")
    return {
        "task": number if kind == "task" else None,
        "stream": one.stream,
        "rule": one.rule,
        "since": one.on,
        "basis": one.basis.say(run.lang),
        "hindrance": None if one.hindrance is None else one.hindrance.say(run.lang),
    }


def _late(one: Recorded[Any]) -> dict[str, Any]:
    return {
        "position": one.position,
        "stream": one.stream,
        "kind": one.kind,
        "effective_at": one.effective_at,
        "known_at": one.known_at,
        "days": days_late(one),
    }


def _late_in_words(run: Run, one: Recorded[Any]) -> str:
    on, days = local_day(one.effective_at), days_late(one) or 0
    name = f"{one.stream}#{one.version} {one.kind}"
    return run.words(
        f"{on}  {name}: {days}일 늦게 처리함", f"{on}  {name}: carried out {many(days, 'day')} late"
    )


def _say_undone(run: Run, undone: list[LeftUndone], out: Console) -> None:
    for one in undone:
        out.print(
            f"{one.on}  {one.stream}  {one.rule}: {one.basis.say(run.lang)}", style="red", soft_wrap=True
        )
        nobody = run.words("막는 것은 없고 훑기가 멈춤", "nothing refuses it: no ticker has swept")
        out.print(
            f"    {one.hindrance.say(run.lang) if one.hindrance else nobody}", soft_wrap=True, markup=False
        )
    out.print(run.words(f"하지 않은 규칙 처리 {len(undone)}건", f"{len(undone)} things left undone by rule"))
