"""`task list|show|history`: reading tasks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.console import Console

from domain.audit.commands import audit_stream
from domain.errors import Refusal
from domain.programme.decider import PROGRAMME
from domain.task.commands import task_stream, year_of
from domain.task.decider import TASK
from domain.task.state import Stage, Task
from projections.history import Line
from projections.labels import Areas
from projections.reading import board
from projections.slices import of_stream
from projections.texts import in_words, missing
from projections.trail.changes import around, differing
from scripts.cli.changes import say_changes
from scripts.cli.run import Run, command
from scripts.cli.shown import history_lines, say_board, task_card
from scripts.cli.slicing import AsOf, Effective
from store.log import Store
from store.recorded import Recorded, folded
from store.texts import Look
from workflows.reading import agencies_known, area_names, history_of

TaskId = Annotated[str, typer.Argument(metavar="TASK", help="The task's number, e.g. 2024-07.")]


class NoSuchTask(Refusal):
    """There is no such task, or it has not been proposed."""

    ko = "과제 {task}은(는) 제안된 적이 없습니다. `donghaeng task list`로 과제를 확인하십시오."
    en = "Task {task} has not been proposed. See the tasks with `donghaeng task list`."


class NoSuchFact(Refusal):
    """The task's history is not so long."""

    ko = "과제 {task}의 이력은 {last}번까지입니다. {number}번은 없습니다."
    en = "The history of task {task} ends with fact {last}; there is no fact {number}."


class NoSuchArea(Refusal):
    """`known`: the areas of all years."""

    ko = "분야 ‘{area}’은(는) 없습니다. 있는 것: {known}."
    en = "There is no area “{area}”. There are: {known}."


class NoSuchLead(Refusal):
    """`known`: the agencies that are registered."""

    ko = "기관 ‘{lead}’은(는) 등록되지 않았습니다. 있는 것: {known}."
    en = "There is no agency “{lead}”. There are: {known}."


def _known(store: Store, area: str | None, lead: str | None) -> None:
    """Of a list that came to nothing: refuse what was asked for where it never was."""
    if area is not None:
        years = [int(stream.removeprefix("programme/")) for stream in store.streams("programme/")]
        areas = {one for names in area_names(store, years).values() for one in names}
        if area not in areas:
            raise NoSuchArea(area=area[:60], known=tuple(sorted(areas)) or ("–",))
    if lead is not None:
        agencies = agencies_known(store).keys() | {row.lead for row in board(store)}
        if lead not in agencies:
            raise NoSuchLead(lead=lead[:60], known=tuple(sorted(agencies)) or ("–",))


def agencies_of(task: Task) -> tuple[str, ...]:
    """The agencies whose task it is: the lead and its partners."""
    return (task.lead, *task.partners)


def whose(store: Store, agency: str | None, task: str | None) -> tuple[str | None, ...]:
    """Whose a list is: of one task, those whose task it is; else the agency that it was asked for."""
    return (agency,) if task is None else whose_task(store, task, store.read(task_stream(task)))


def whose_task(store: Store, task: str, facts: Sequence[Recorded[Any]]) -> tuple[str, ...]:
    """Whose task it is by its facts; before its proposal, who is to lead it by the year's list."""
    if facts:
        return agencies_of(folded(TASK, facts))
    listed = folded(PROGRAMME, store.read(f"programme/{task[:4]}")).tasks.get(task)
    return () if listed is None else (listed.lead,)


def add(app: typer.Typer) -> None:
    @command(app, "list")
    def list_tasks(
        run: Run,
        stage: Annotated[Stage | None, typer.Option(help="Only tasks in this stage.")] = None,
        area: Annotated[str | None, typer.Option(help="Only tasks of this area.")] = None,
        lead: Annotated[str | None, typer.Option(help="Only tasks of this agency.")] = None,
        as_of: AsOf = None,
        effective: Effective = None,
    ) -> None:
        """List the tasks, a row each."""
        with run.engine() as engine:
            run.may_read(engine, "task.list")
            at = run.slice(engine.store, as_of, effective)
            rows = board(engine.store, stage=stage, area=area, lead=lead, at=at)
            if not rows:
                _known(engine.store, area, lead)
            areas = area_names(engine.store, {row.year for row in rows})
        run.show({"tasks": rows}, lambda out: say_board(out, rows, areas, run.lang))

    @command(app, "show")
    def show(run: Run, task_id: TaskId, as_of: AsOf = None, effective: Effective = None) -> None:
        """Show a task as it is now, or was."""
        with run.engine() as engine:
            facts = engine.store.read(f"task/{task_id}")
            run.may_read(engine, "task.show", whose_task(engine.store, task_id, facts), tasks=(task_id,))
            facts = of_stream(facts, run.slice(engine.store, as_of, effective))
            areas = _areas_of(engine.store, facts)
        if not facts:
            raise NoSuchTask(task=task_id)
        state = folded(TASK, facts)
        document = {
            "task": task_id,
            "version": facts[-1].version,
            "position": facts[-1].position,
            "state": state,
        }
        run.show(document, lambda out: task_card(out, task_id, state, areas, run.lang))

    @command(app, "history")
    def history(
        run: Run,
        task_id: TaskId,
        event: Annotated[
            int | None,
            typer.Option("--at", metavar="EVENT", min=1, help="Before and after this one, by its number."),
        ] = None,
        as_of: AsOf = None,
        effective: Effective = None,
    ) -> None:
        """Tell a task's history in sentences, from its facts alone; or one event of it, with what it changed."""
        stream = f"task/{task_id}"
        with run.engine() as engine:
            facts = engine.store.read(stream)
            run.may_read(engine, "task.history", whose_task(engine.store, task_id, facts), tasks=(task_id,))
            at = run.slice(engine.store, as_of, effective)
            lines = history_of(engine.store, stream, run.lang, at)
            audit = history_of(engine.store, audit_stream(task_id), run.lang, at)
            facts = of_stream(facts, at)
            texts = missing if event is None else engine.store.texts_of(facts)
            areas = _areas_of(engine.store, facts)
        if not facts:
            raise NoSuchTask(task=task_id)
        if event is not None:
            _show_event(run, task_id, facts, lines, event, texts, areas)
            return

        def text(out: Console) -> None:
            history_lines(out, lines, run.lang)
            if audit:
                out.print(run.words("감사", "audit"), style="bold")
                history_lines(out, audit, run.lang)

        run.show({"task": task_id, "history": lines, "audit": audit}, text)


def _areas_of(store: Store, facts: list[Recorded[Any]]) -> Areas:
    """The names of the areas in the task's year; none where there is no such task."""
    year = year_of(facts[0].stream.removeprefix("task/")) if facts else 0
    return area_names(store, [year])[year]


def _show_event(
    run: Run,
    task_id: str,
    facts: list[Recorded[Any]],
    lines: list[Line],
    event: int,
    texts: Look,
    areas: Areas,
) -> None:
    """An event with the task's state before and after it. `event`: its number in the history."""
    line = next((one for one in lines if one.version == event), None)
    if line is None:
        raise NoSuchFact(task=task_id, last=max(one.version for one in facts), number=event)
    before, after = around(facts, event)
    changes = differing(before, after)

    def text(out: Console) -> None:
        history_lines(out, [line], run.lang)
        for title, state in ((("앞", "before"), before), (("뒤", "after"), after)):
            out.print(run.words(*title), style="bold")
            if state.title is None:
                out.print(run.words("  아직 제안되지 않음", "  not proposed yet"))
            else:
                task_card(out, task_id, state, areas, run.lang)
        say_changes(run, changes, lambda ref: in_words(texts(ref), run.lang), areas, out)

    document = {"task": task_id, "event": line, "before": before, "after": after, "changes": changes}
    run.show(document, text)
