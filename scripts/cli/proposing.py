"""`task propose|copy`: a proposal from options, from questions at the terminal, or from an earlier year's task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from domain.aggregate import Command
from domain.refusals import bad_input
from domain.task.commands import Propose
from domain.values import Plan
from scripts.cli import values
from scripts.cli.asking import Values, agree, ask_whole, questions, read_from_terminal, show_whole
from scripts.cli.giving import gives
from scripts.cli.plan_options import parts_from, plan_from
from scripts.cli.run import Run
from scripts.cli.task_commands import (
    Budget,
    Department,
    End,
    Indicators,
    Milestones,
    NotBefore,
    Partner,
    Phases,
    Start,
    Summary,
    Title,
    TitleEn,
    local,
)
from scripts.cli.values import TaskId
from workers.engine import Engine
from workflows.importing.tasks import load_names
from workflows.planning import NotOnTheList, copying, find_listed, proposing
from workflows.queries.task_page import show_task

Ask = Annotated[
    bool,
    typer.Option(
        "--ask",
        help="Ask for each field at the terminal; what is given besides is kept. "
        "= 터미널에서 항목마다 물어봅니다. 함께 적은 것은 그대로 씁니다.",
    ),
]
Earlier = Annotated[
    str,
    typer.Argument(
        metavar="EARLIER", help="The earlier year's task, e.g. 2024-07. = 앞선 해의 과제번호. 예: 2024-07"
    ),
]
_OF_PLAN = ("start", "end", "budget_krw", "milestones", "indicators", "phases", "not_before")


def add(app: typer.Typer) -> None:
    @gives(app, "propose")
    def propose(
        run: Run,
        engine: Engine,
        task_id: TaskId,
        start: Start = None,
        end: End = None,
        budget: Budget = None,
        title: Title = None,
        title_en: TitleEn = None,
        area: Annotated[
            str | None,
            typer.Option(
                parser=values.AreaWord,
                help="By default the one on the year's list. = 적지 않으면 연도 목록의 것을 씁니다.",
            ),
        ] = None,
        lead: Annotated[
            str | None,
            typer.Option(
                parser=values.AgencyWord,
                help="By default the one on the year's list. = 적지 않으면 연도 목록의 것을 씁니다.",
            ),
        ] = None,
        department: Department = None,
        partner: Partner = None,
        not_before: NotBefore = None,
        milestone: Milestones = None,
        indicator: Indicators = None,
        phase: Phases = None,
        summary: Summary = None,
        ask: Ask = False,
    ) -> Command:
        """Propose a task that stands on the year's list (제안); needs --start, --end and --budget, or --ask.

        = 연도 목록에 있는 과제를 제안합니다. --start, --end, --budget를 주거나 --ask로 물어보게 합니다.
        """
        more: dict[str, Any] = {
            "title": local(title, title_en),
            "department": local(department),
            "partners": tuple(partner or ()),
            "summary": summary,
        }
        if ask:
            parts = parts_from(start, end, budget, not_before, milestone, indicator, phase)
            return _ask(run, engine, task_id, more | parts, area=area, lead=lead)
        plan = plan_from(start, end, budget, not_before, milestone, indicator, phase)
        return proposing(engine.store, task_id, plan, area=area, lead=lead, **more)

    @gives(app, "copy")
    def copy(
        run: Run,
        engine: Engine,
        earlier: Earlier,
        task_id: TaskId,
        start: Start = None,
        end: End = None,
        budget: Budget = None,
        department: Department = None,
        partner: Partner = None,
        milestone: Milestones = None,
        indicator: Indicators = None,
        phase: Phases = None,
        summary: Summary = None,
        ask: Ask = False,
    ) -> Command:
        """Propose a listed task with the plan of an earlier year's, its days moved by whole years (지난 과제로 제안). What is given takes the place of what is copied.

        = 앞선 해 과제의 계획으로, 날짜를 해만큼 옮겨 목록에 있는 과제를 제안합니다. 따로 적은 것은 복사한 것을 대신합니다.
        """
        run.may_give(engine, Propose)
        state = show_task(run.inquiry(engine.store), earlier).state
        text = None if state.summary is None else engine.store.text(state.summary).body
        known = copying(earlier, state, task_id, text)
        known |= parts_from(start, end, budget, None, milestone, indicator, phase)
        given = {"department": local(department), "partners": partner and tuple(partner), "summary": summary}
        known |= {field: value for field, value in given.items() if value is not None}
        if ask:
            return _ask(run, engine, task_id, known)
        return _proposal(engine, task_id, known)


def _proposal(engine: Engine, task_id: str, values: Mapping[str, Any], **more: Any) -> Propose:
    """The command of a plan's fields and a proposal's others; what the list asks of the plan is kept."""
    listed = find_listed(engine.store, task_id)
    own = {field: values[field] for field in _OF_PLAN if values.get(field) is not None}
    if listed is not None and listed.not_before is not None:
        own.setdefault("not_before", listed.not_before)
    others = {field: value for field, value in values.items() if field not in _OF_PLAN}
    return proposing(engine.store, task_id, Plan(**own), **others, **more)


def _ask(
    run: Run,
    engine: Engine,
    task_id: str,
    given: Mapping[str, Any],
    *,
    area: str | None = None,
    lead: str | None = None,
) -> Propose:
    """Ask for the whole until it can be proposed, show it, and have it agreed to. Raises NotOnTheList, NotGivenIn."""
    run.may_give(engine, Propose)
    listed = find_listed(engine.store, task_id)
    if listed is None:
        raise NotOnTheList(task=task_id, year=task_id[:4])
    known: Values = {"title": listed.title, "not_before": listed.not_before, "phases": listed.phases}
    known |= {field: value for field, value in given.items() if value not in (None, ())}
    asked = questions(load_names(engine.store, ()).agencies)

    def say(text: str) -> None:
        run.err.print(text, soft_wrap=True, markup=False, highlight=False)

    say(f"{task_id} {listed.title.say(run.lang)} · {listed.lead} · {listed.area}")
    while True:
        known = ask_whole(asked, known, run.lang, read_from_terminal, say)
        try:
            command = _proposal(engine, task_id, known, area=area, lead=lead)
        except ValidationError as error:
            say(bad_input(error).say(run.lang))
            continue
        show_whole(asked, known, run.lang, say)
        prompt = run.words(
            f"과제 {task_id}을(를) 이대로 제안합니까? (예/아니요): ", f"Propose task {task_id} so? (yes/no): "
        )
        agree(prompt, run.lang, read_from_terminal)
        return command
