"""`deadline list|explain|refresh|compute`: what is due, and how its day was counted."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console

from domain.calendar.reckoning import business_days_after
from domain.errors import BadInput, Refusal, Worded
from domain.limits import FIRST_YEAR, LAST_YEAR
from domain.refusals import bad_input, wrong
from domain.task.commands import task_stream
from domain.task.decider import TASK
from domain.task.state import Task
from projections.reading import tasks_due
from projections.sentences.telling import deadline_named
from scripts.cli.run import Run, command
from scripts.cli.slicing import AsOf, Effective
from scripts.cli.tables import Column, say_table
from scripts.cli.task import NoSuchFact, NoSuchTask, whose
from store.recorded import folded
from workflows.calendars import calendars, calendars_at
from workflows.deadlines import basis_at, calendars_for, counted, setting
from workflows.definitions.model import definition
from workflows.explaining import day_by_day, in_lines

_MOST_DAYS = 2000
TaskArgument = Annotated[str, typer.Argument(help="The task's number, e.g. 2024-07.")]


class NothingDue(Refusal):
    """Nothing of that kind is due of the task."""

    ko = "과제 {task}에는 남은 기한이 없습니다({kind})."
    en = "Nothing is due of task {task} ({kind})."


def add(app: typer.Typer) -> None:
    _add_list(app)
    _add_explain(app)
    _add_refresh(app)
    _add_compute(app)


def _add_list(app: typer.Typer) -> None:
    @command(app, "list")
    def listed(
        run: Run,
        agency: Annotated[str | None, typer.Option("--agency", help="Only this lead agency's tasks.")] = None,
        task: Annotated[str | None, typer.Option("--task", help="Only this task.")] = None,
        until: Annotated[
            datetime | None,
            typer.Option("--until", formats=["%Y-%m-%d"], help="Only what is due by this day."),
        ] = None,
        overdue: Annotated[
            bool, typer.Option("--overdue", help="Only what should have been done by now.")
        ] = False,
        as_of: AsOf = None,
        effective: Effective = None,
    ) -> None:
        """List what is due, the soonest first."""
        with run.engine() as engine:
            run.may_read(engine, "deadlines", whose(engine.store, agency, task), tasks=(task,))
            at = run.slice(engine.store, as_of, effective)
            today = run.today(engine.store)
            last = until.date() if until else None
            rows = tasks_due(engine.store, lead=agency, task=task, until=last, at=at)
        waiting = [(one, row) for row in rows for one in row.waiting if until is None and not overdue]
        due = sorted(
            (
                (one, row)
                for row in rows
                for one in row.deadlines
                if (until is None or one.due <= until.date()) and (not overdue or one.due < today)
            ),
            key=lambda pair: (pair[0].due, pair[1].task),
        )

        def text(out: Console) -> None:
            columns = (
                Column("기한", "due"),
                Column("과제", "task"),
                Column("할 일", "what", "text"),
                Column("누가", "who"),
                Column("제목", "title", "text"),
            )
            cells = []
            for one, row in due:
                late = " !" if one.due < today else ""
                who = row.lead if one.who == "agency" else run.words("시", "city")
                title = run.words(row.title_ko, row.title_en or row.title_ko)
                what = deadline_named(one.kind, one.item, run.lang)
                cells.append((f"{one.due}{late}", row.task, what, who, title))
            for waits, row in waiting:
                year = run.words(f"{waits.year}년 달력을 기다림", f"waits for the calendar of {waits.year}")
                who = row.lead if waits.who == "agency" else run.words("시", "city")
                title = run.words(row.title_ko, row.title_en or row.title_ko)
                cells.append((year, row.task, deadline_named(waits.kind, waits.item, run.lang), who, title))
            say_table(out, run.lang, columns, cells)

        document = [
            {
                "task": row.task,
                "lead": row.lead,
                "kind": one.kind,
                "item": one.item,
                "who": one.who,
                "due": one.due,
                "overdue": one.due < today,
            }
            for one, row in due
        ]
        uncounted = [
            {
                "task": row.task,
                "lead": row.lead,
                "kind": one.kind,
                "item": one.item,
                "who": one.who,
                "waits_for_calendar": one.year,
            }
            for one, row in waiting
        ]
        run.show({"today": today, "deadlines": document, "waiting": uncounted}, text)


def _add_explain(app: typer.Typer) -> None:
    @command(app, "explain")
    def explain(
        run: Run,
        task: TaskArgument,
        kind: Annotated[str | None, typer.Argument(help="Only this kind, e.g. final_report.")] = None,
        number: Annotated[
            int | None,
            typer.Option("--fact", min=1, help="As this fact of the task's history set them, by its number."),
        ] = None,
    ) -> None:
        """Show how each open deadline of a task was counted, day by day; or one that was open once."""
        with run.engine() as engine:
            facts = engine.store.read(task_stream(task))
            if not facts:
                raise NoSuchTask(task=task)
            state: Task = folded(TASK, facts)
            run.may_read(engine, "deadlines", (state.lead, *state.partners), tasks=(task,))
            if number is not None and number > len(facts):
                raise NoSuchFact(task=task, number=number, last=len(facts))
            told: Task = state if number is None else folded(TASK, facts[:number])
            recorded = told.deadlines
            wanted = [one for one in (recorded.deadlines if recorded else ()) if kind in (None, one.kind)]
            if recorded is None or not wanted:
                raise NothingDue(task=task, kind=kind or "–")
            known = calendars_at(engine.store, recorded.calendars)
        by = definition(recorded.definition)
        explained = [(counted(one, known), by.rule(one.kind)) for one in wanted]

        def text(out: Console) -> None:
            for one, rule in explained:
                what = deadline_named(one.deadline.kind, one.deadline.item, run.lang)
                out.print(f"{what}: {one.deadline.due}", style="bold", highlight=False)
                basis = "" if rule is None else rule.basis.say(run.lang)
                out.print(f"  {basis} ({recorded.definition})", highlight=False, soft_wrap=True)
                for line in in_lines(one.reckoned, run.lang):
                    out.print(f"  {line}", highlight=False)

        document = [
            {
                "kind": one.deadline.kind,
                "item": one.deadline.item,
                "who": one.deadline.who,
                "start": one.deadline.start,
                "business_days": one.deadline.days,
                "due": one.deadline.due,
                "basis": None if rule is None else rule.basis,
                "days": day_by_day(one.reckoned, run.lang),
                "calendars": dict(one.reckoned.calendars),
            }
            for one, rule in explained
        ]
        run.show({"task": task, "definition": recorded.definition, "deadlines": document}, text)


def _add_refresh(app: typer.Typer) -> None:
    @command(app, "refresh")
    def refresh(run: Run, task: TaskArgument) -> None:
        """Count a task's deadlines now, as the ticker does by itself within a second or two."""
        with run.engine() as engine:
            facts = engine.store.read(task_stream(task))
            if not facts:
                raise NoSuchTask(task=task)
            state: Task = folded(TASK, facts)
            run.may_read(engine, "deadlines", (state.lead, *state.partners), tasks=(task,))
            known_calendars = calendars_for(engine.store, [basis_at(facts)])
            order = setting(task_stream(task), facts, known_calendars, engine.store.id)
            if order is not None:
                run.show_outcome(engine.door.handle(order))
                return
        run.show(
            {"task": task, "changed": False},
            lambda out: out.print(run.words("기한이 이미 맞습니다.", "The deadlines are right already.")),
        )


def _add_compute(app: typer.Typer) -> None:
    @command(app, "compute")
    def compute(
        run: Run,
        start: Annotated[
            datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The day that is not counted itself.")
        ],
        count: Annotated[int, typer.Option("--business-days", min=1, help="How many business days.")],
    ) -> None:
        """Count business days from a day, and show how."""
        first = start.date()
        if not FIRST_YEAR <= first.year <= LAST_YEAR:
            raise bad_input(wrong("year_range", min=FIRST_YEAR, max=LAST_YEAR), "--from")
        if count > _MOST_DAYS:
            problem = Worded(f"{_MOST_DAYS}일을 넘습니다.", f"there are more than {_MOST_DAYS}.")
            raise BadInput(field="--business-days", problem=problem)
        with run.engine() as engine:
            run.may_read(engine, "calendar")
            known = calendars(engine.store, range(first.year, first.year + count // 200 + 2))
        reckoned = business_days_after(known, first, count)
        run.show(
            {
                "start": reckoned.start,
                "due": reckoned.due,
                "days": day_by_day(reckoned, run.lang),
                "calendars": dict(reckoned.calendars),
            },
            lambda out: out.print("\n".join(in_lines(reckoned, run.lang)), highlight=False),
        )
