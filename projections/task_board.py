"""The task board: a row a task, as the city and its agencies look at it every day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.errors import Lang
from domain.task import facts
from domain.task.commands import year_of
from domain.task.decider import TASK
from domain.task.lifecycle import after
from domain.task.stages import Condition, Stage
from domain.values import Plan
from projections.programme_summary import PROGRAMME_SUMMARY
from projections.view import View
from store.recorded import Recorded


class TaskBoardRow(msgspec.Struct, frozen=True):
    """`progress`: percent. `due`: the milestones still to be reached, by date. `next_date`: what comes next.

    `progress_at`: when the report was true that gave the progress; `reached`: the milestones that were.
    `changed_*`: the last fact's position, kind and time of knowing.
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
    progress_at: datetime | None
    reached: tuple[str, ...]
    budget_krw: int
    start: date
    end: date
    due: tuple[tuple[date, str], ...]
    next_date: date | None
    changed_position: int
    changed_kind: str
    changed_at: datetime

    def title(self, lang: Lang) -> str:
        return self.title_ko if lang == "ko" or self.title_en is None else self.title_en


def evolve(row: TaskBoardRow | None, recorded: Recorded[Any]) -> TaskBoardRow | None:
    """The row after a task's fact."""
    fact = recorded.fact
    if isinstance(fact, facts.Proposed):
        return _proposed(recorded)
    if row is None:
        return None
    stage, condition = after(recorded.kind, row.stage, row.condition)
    changes: dict[str, Any] = {}
    if isinstance(fact, _MEASURED):
        changes = _measured(row, fact, recorded.effective_at)
    elif isinstance(fact, facts.Revised):
        changes = _revised(row, fact)
    elif isinstance(fact, facts.Replanned):
        changes = _planned(fact.plan, row.reached)
    elif isinstance(fact, facts.HandedOver):
        changes["lead"] = fact.lead
    if stage is not row.stage or "due" in changes:
        start, end, due = (changes.get(name, getattr(row, name)) for name in ("start", "end", "due"))
        changes["next_date"] = next_date(stage, start, end, due)
    return replace(
        row,
        stage=stage,
        condition=condition,
        changed_position=recorded.position,
        changed_kind=recorded.kind,
        changed_at=recorded.known_at,
        **changes,
    )


_MEASURED = (facts.ProgressReported, facts.Corrected, facts.CorrectionCancelled)


def _measured(row: TaskBoardRow, fact: Any, at: datetime) -> dict[str, Any]:
    """Progress, unless a report of a later day has given it; milestones reached."""
    changes: dict[str, Any] = {}
    if fact.percent is not None and (row.progress_at is None or at >= row.progress_at):
        changes = {"progress": fact.percent, "progress_at": at}
    if milestones := getattr(fact, "milestones", ()):
        changes["reached"] = row.reached + milestones
        changes["due"] = tuple(item for item in row.due if item[1] not in milestones)
    return changes


def next_date(stage: Stage, start: date, end: date, due: tuple[tuple[date, str], ...]) -> date | None:
    """The planned start before the work, then the next milestone's date or the plan's end; none once closed."""
    if stage in (Stage.PROPOSED, Stage.APPROVED):
        return start
    if stage is Stage.IN_PROGRESS:
        return due[0][0] if due else end
    return None


def _proposed(recorded: Recorded[Any]) -> TaskBoardRow:
    fact: facts.Proposed = recorded.fact
    task = recorded.stream.removeprefix("task/")
    stage, condition = after(recorded.kind, Stage.UNKNOWN, Condition.NORMAL)
    planned = _planned(fact.plan, ())
    return TaskBoardRow(
        task=task,
        year=year_of(task),
        title_ko=fact.title.ko,
        title_en=fact.title.en,
        area=fact.area,
        lead=fact.lead,
        stage=stage,
        condition=condition,
        progress=0,
        progress_at=None,
        reached=(),
        next_date=next_date(stage, planned["start"], planned["end"], planned["due"]),
        changed_position=recorded.position,
        changed_kind=recorded.kind,
        changed_at=recorded.known_at,
        **planned,
    )


def _revised(row: TaskBoardRow, fact: facts.Revised) -> dict[str, Any]:
    changes: dict[str, Any] = {} if fact.plan is None else _planned(fact.plan, row.reached)
    if fact.title is not None:
        changes |= {"title_ko": fact.title.ko, "title_en": fact.title.en}
    return changes


def _planned(plan: Plan, reached: tuple[str, ...]) -> dict[str, Any]:
    return {
        "budget_krw": plan.budget_krw,
        "start": max(plan.start, plan.not_before or plan.start),
        "end": plan.end,
        "due": tuple(sorted((one.due, one.id) for one in plan.milestones if one.id not in reached)),
    }


TASK_BOARD = View(
    name="task_board",
    version=2,
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
