"""`task list|show|history`: reading tasks."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from domain.errors import Refusal
from domain.task.decider import TASK
from domain.task.state import Stage, Task
from projections.reading import board
from scripts.cli.run import Run, command
from scripts.cli.shown import board_table, history_lines, task_card
from store.recorded import folded
from workflows.reading import history_of

TaskId = Annotated[str, typer.Argument(metavar="TASK", help="The task's number, e.g. 2024-07.")]


class NoSuchTask(Refusal):
    """There is no such task, or it has not been proposed."""

    ko = "과제 {task}은(는) 제안된 적이 없습니다. `donghaeng task list`로 과제를 확인하십시오."
    en = "Task {task} has not been proposed. See the tasks with `donghaeng task list`."


def agencies_of(task: Task) -> tuple[str, ...]:
    """The agencies whose task it is: the lead and its partners."""
    return (task.lead, *task.partners)


def add(app: typer.Typer) -> None:
    @command(app, "list")
    def list_tasks(
        run: Run,
        stage: Annotated[Stage | None, typer.Option(help="Only tasks in this stage.")] = None,
        area: Annotated[str | None, typer.Option(help="Only tasks of this area.")] = None,
        lead: Annotated[str | None, typer.Option(help="Only tasks of this agency.")] = None,
    ) -> None:
        """List the tasks, a row each."""
        with run.engine() as engine:
            run.may_read(engine, "task.list")
            rows = board(engine.store, stage=stage, area=area, lead=lead)
        run.show({"tasks": rows}, lambda out: out.print(board_table(rows, run.lang, out.width)))

    @command(app, "show")
    def show(run: Run, task_id: TaskId) -> None:
        """Show a task as it is now."""
        with run.engine() as engine:
            facts = engine.store.read(f"task/{task_id}")
            run.may_read(engine, "task.show", agencies_of(folded(TASK, facts)), tasks=(task_id,))
        if not facts:
            raise NoSuchTask(task=task_id)
        state = folded(TASK, facts)
        document = {
            "task": task_id,
            "version": facts[-1].version,
            "position": facts[-1].position,
            "state": state,
        }
        run.show(document, lambda out: task_card(out, task_id, state, run.lang))

    @command(app, "history")
    def history(run: Run, task_id: TaskId) -> None:
        """Tell a task's history in sentences, from its facts alone."""
        with run.engine() as engine:
            state = folded(TASK, engine.store.read(f"task/{task_id}"))
            run.may_read(engine, "task.history", agencies_of(state), tasks=(task_id,))
            lines = history_of(engine.store, f"task/{task_id}", run.lang)
        if not lines:
            raise NoSuchTask(task=task_id)

        def text(out: Console) -> None:
            history_lines(out, lines)

        run.show({"task": task_id, "history": lines}, text)
