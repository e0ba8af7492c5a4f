"""The task board: a row a task, as the city and its agencies look at it every day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.errors import Lang
from domain.task.commands import year_of
from domain.task.decider import TASK
from domain.task.facts import Proposed
from domain.task.stages import Condition, Stage
from domain.task.state import Task
from domain.values import LocalText, Milestone, Plan
from projections.programme_summary import PROGRAMME_SUMMARY
from projections.view import View
from store.recorded import Recorded


class TaskBoardRow(msgspec.Struct, frozen=True):
    """`progress`: percent. `due`: the milestones still to be reached, by date. `next_date`: what comes next.

    `state`: what of the task the row is made of. `changed_*`: the last fact's position, kind and time of knowing.
    `amended`: something was corrected after the evaluation.
    """

    task: str
    year: int
    title_ko: str
    title_en: str | None
    area: str
    lead: str
    stage: Stage
    condition: Condition
    progress: int
    budget_krw: int
    start: date
    end: date
    due: tuple[tuple[date, str], ...]
    next_date: date | None
    changed_position: int
    changed_kind: str
    changed_at: datetime
    state: Task
    amended: bool = False

    def title(self, lang: Lang) -> str:
        return self.title_ko if lang == "ko" or self.title_en is None else self.title_en


def evolve(row: TaskBoardRow | None, recorded: Recorded[Any]) -> TaskBoardRow | None:
    """The row after a task's fact, made from the task as the fact leaves it."""
    if row is None and not isinstance(recorded.fact, Proposed):
        return None
    before = TASK.initial if row is None else row.state
    task = TASK.evolve(before, recorded.fact, recorded.effective_at, recorded.version)
    assert task.title is not None, "a proposed task has one"
    assert task.plan is not None, "a proposed task has one"
    number, plan = recorded.stream.removeprefix("task/"), task.plan
    start, due = _of_the_plan(task, plan, row)
    return TaskBoardRow(
        task=number,
        year=year_of(number),
        title_ko=task.title.ko,
        title_en=task.title.en,
        area=task.area,
        lead=task.lead,
        stage=task.stage,
        condition=task.condition,
        progress=task.percent,
        budget_krw=plan.budget_krw,
        start=start,
        end=plan.end,
        due=due,
        next_date=next_date(task.stage, start, plan.end, due),
        changed_position=recorded.position,
        changed_kind=recorded.kind,
        changed_at=recorded.known_at,
        state=_kept(task, before),
        amended=task.amended,
    )


def _of_the_plan(
    task: Task, plan: Plan, row: TaskBoardRow | None
) -> tuple[date, tuple[tuple[date, str], ...]]:
    """The start and the milestones still to be reached: as they were where nothing that they follow from has changed."""
    reached = task.milestones_reached
    if row is not None and plan is row.state.plan and reached == row.state.milestones_reached:
        return row.start, row.due
    start = max(plan.start, plan.not_before or plan.start)
    return start, tuple(sorted((one.due, one.id) for one in plan.milestones if one.id not in reached))


_SHOWN = frozenset(("title", "area", "lead", "plan", "percent"))


def _kept(task: Task, before: Task) -> Task:
    """What the board shows and the next fact is folded on, and no more: a row is written with each fact."""
    return Task(
        stage=task.stage,
        condition=task.condition,
        title=task.title,
        area=task.area,
        lead=task.lead,
        plan=task.plan if task.plan is before.plan or task.plan is None else _days(task.plan),
        percent=task.percent,
        milestones_reached=task.milestones_reached,
        stage_since=task.stage_since,
        condition_since=task.condition_since,
        corrections=task.corrections,
        amended=task.amended,
        stamps={name: stamp for name, stamp in task.stamps.items() if name in _SHOWN},
    )


def _days(plan: Plan) -> Plan:
    """The plan's days and money without its names and indicators."""
    bare = tuple(Milestone(id=one.id, name=LocalText(ko=""), due=one.due) for one in plan.milestones)
    return replace(plan, milestones=bare, indicators=(), phases=())


def next_date(stage: Stage, start: date, end: date, due: tuple[tuple[date, str], ...]) -> date | None:
    """The planned start before the work, then the next milestone's date or the plan's end; none once closed."""
    if stage in (Stage.PROPOSED, Stage.APPROVED):
        return start
    if stage is Stage.IN_PROGRESS:
        return due[0][0] if due else end
    return None


TASK_BOARD = View(
    name="task_board",
    version=4,
    row=TaskBoardRow,
    columns={
        "year": "integer",
        "stage": "text",
        "condition": "text",
        "area": "text",
        "lead": "text",
        "next_date": "date",
    },
    kinds=frozenset(fact.kind for fact in TASK.facts),
    keys=lambda recorded: (recorded.stream[5:],),
    evolve=evolve,
    tallies=(PROGRAMME_SUMMARY,),
    by_stream=True,
)
