"""`task history`: what happened to a task, and what one event changed."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from domain.task.facts import Proposed
from scripts.cli.changes import say_changes
from scripts.cli.printing import history_lines
from scripts.cli.run import Run, command
from scripts.cli.showing_task import task_card
from scripts.cli.slicing import AsOfOption, EffectiveOption
from scripts.cli.values import TaskId
from workflows.queries import task_histories


def add(app: typer.Typer) -> None:
    @command(app, "history")
    def history(
        run: Run,
        task_id: TaskId,
        event: Annotated[
            int | None,
            typer.Option(
                "--at",
                metavar="EVENT",
                min=1,
                help="Before and after this one, by its number. = 이 번호의 기록 앞과 뒤.",
            ),
        ] = None,
        as_of: AsOfOption = None,
        effective: EffectiveOption = None,
    ) -> None:
        """Tell a task's history in sentences, from its facts alone; or one event of it, with what it changed.

        = 과제의 이력을 기록만으로 문장으로 보여 줍니다. 한 사건과 그것이 바꾼 것만 볼 수도 있습니다.
        """
        if event is not None:
            with run.asking(as_of, effective) as inquiry:
                one = task_histories.task_event(inquiry, task_id, event)
            run.show(one, lambda out: _say_event(run, one, out))
            return
        with run.asking(as_of, effective) as inquiry:
            found = task_histories.task_history(inquiry, task_id)

        def text(out: Console) -> None:
            if found.listing and all(line.kind != Proposed.kind for line in found.history):
                out.print(run.words("사업 목록", "the year's list"), style="bold")
                history_lines(out, found.listing, run.lang)
                out.print(run.words("과제", "the task"), style="bold")
            history_lines(out, found.history, run.lang)
            if found.audit:
                out.print(run.words("감사", "audit"), style="bold")
                history_lines(out, found.audit, run.lang)

        run.show(found, text)


def _say_event(run: Run, one: task_histories.TaskEvent, out: Console) -> None:
    history_lines(out, [one.event], run.lang)
    for title, state in ((("전", "before"), one.before), (("후", "after"), one.after)):
        out.print(run.words(*title), style="bold")
        if state.title is None:
            out.print(run.words("  아직 제안되지 않음", "  not proposed yet"))
        else:
            task_card(out, one.task, state, one.areas, run.lang, one.condition_names)
    say_changes(run, one.changes, lambda ref: one.texts[ref.id], one.areas, out)
