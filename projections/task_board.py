"""The task board: a row a task of the year, from its listing on, as the city and its agencies look at it every day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.errors import Lang
from domain.fact import kinds_of
from domain.programme.facts import TaskAdded, TaskChanged
from domain.stamps import Stamps, with_values
from domain.streams import identity_of, task_stream, year_of
from domain.task import state
from domain.task.facts import Proposed, TaskFact
from domain.task.stages import Condition, Stage
from domain.task.state import Task
from domain.values import LocalText, Milestone, Plan
from projections.programme_summary import PROGRAMME_SUMMARY, ProgrammeSummaryRow
from projections.query import Query
from projections.reading import ask, ask_column
from projections.slices import AsOf
from projections.view import View
from store.log import Store
from store.recorded import RecordedFact


class Listed(msgspec.Struct, frozen=True, gc=False):
    """What the year's list says of a task, also while its proposal says something else: of a number that is freed it counts
    again. `stamps`: since when what a change of the list gave is so.
    """

    title_ko: str
    title_en: str | None
    area: str
    lead: str
    stamps: Stamps = {}


class TaskBoardRow(msgspec.Struct, frozen=True, gc=False):
    """`progress`: percent. `budget_krw`, `start`, `end`: the plan's, None before there is one.

    `state`: what of the task the row is made of. `changed_*`: the last fact's position, kind and time of knowing.
    `amended`: something was corrected after the evaluation. `listed`: None of a task that is on no list.
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
    budget_krw: int | None
    start: date | None
    end: date | None
    changed_position: int
    changed_kind: str
    changed_at: datetime
    state: Task
    amended: bool = False
    listed: Listed | None = None

    def title(self, lang: Lang) -> str:
        return self.title_ko if lang == "ko" or self.title_en is None else self.title_en


def evolve(row: TaskBoardRow | None, recorded: RecordedFact[Any]) -> TaskBoardRow | None:
    """The row after a task's fact, made from the task as the fact leaves it; or after its being listed."""
    of_the_list = _OF_THE_LIST.get(type(recorded.fact))
    if of_the_list is not None:
        return of_the_list(row, recorded)
    if (row is None or row.stage is Stage.LISTED) and not isinstance(recorded.fact, Proposed):
        return row
    before = Task() if row is None else row.state
    at = recorded.envelope.effective_at or recorded.known_at
    task = state.evolve(before, recorded.fact, at, recorded.version)
    assert task.title is not None, "a proposed task has one"
    assert task.plan is not None, "a proposed task has one"
    number, plan = identity_of(recorded.stream) if row is None else row.task, task.plan
    stage = task.stage.on_lists
    planned, listed = stage is not Stage.LISTED, None if row is None else row.listed
    after = TaskBoardRow(
        task=number,
        year=year_of(number) if row is None else row.year,
        title_ko=task.title.ko,
        title_en=task.title.en,
        area=task.area,
        lead=task.lead,
        stage=stage,
        condition=task.condition,
        progress=task.percent,
        budget_krw=plan.budget_krw if planned else None,
        start=max(plan.start, plan.not_before or plan.start) if planned else None,
        end=plan.end if planned else None,
        changed_position=recorded.position,
        changed_kind=recorded.kind,
        changed_at=recorded.known_at,
        state=_trim(task, before),
        amended=task.amended,
        listed=listed,
    )
    return after if planned or listed is None else _as_listed(after, listed)


def _as_listed(row: TaskBoardRow, listed: Listed) -> TaskBoardRow:
    return replace(
        row,
        title_ko=listed.title_ko,
        title_en=listed.title_en,
        area=listed.area,
        lead=listed.lead,
        listed=listed,
    )


def _apply_listing(row: TaskBoardRow | None, recorded: RecordedFact[Any]) -> TaskBoardRow:
    """The row of a task that nobody has proposed."""
    if row is not None:
        return row
    fact, listed = recorded.fact, read_listing(recorded.fact)
    return TaskBoardRow(
        task=fact.task,
        year=year_of(fact.task),
        title_ko=listed.title_ko,
        title_en=listed.title_en,
        area=listed.area,
        lead=listed.lead,
        stage=Stage.LISTED,
        condition=Condition.NORMAL,
        progress=0,
        budget_krw=None,
        start=None,
        end=None,
        changed_position=recorded.position,
        changed_kind=recorded.kind,
        changed_at=recorded.known_at,
        state=Task(),
        listed=listed,
    )


def _correct_listed(row: TaskBoardRow | None, recorded: RecordedFact[Any]) -> TaskBoardRow | None:
    """The row of a task that nobody has proposed, as the list says by now."""
    if row is None or row.stage is not Stage.LISTED or row.listed is None:
        return row
    return _as_listed(row, change_listed(row.listed, recorded))


_OF_THE_LIST: Mapping[type, Callable[[TaskBoardRow | None, RecordedFact[Any]], TaskBoardRow | None]] = {
    TaskAdded: _apply_listing,
    TaskChanged: _correct_listed,
}


def read_listing(fact: TaskAdded) -> Listed:
    return Listed(title_ko=fact.title.ko, title_en=fact.title.en, area=fact.area, lead=fact.lead)


def change_listed(listed: Listed, recorded: RecordedFact[Any]) -> Listed:
    """With title, area and lead that a change of the list gives, and none that was so later has given."""
    fact = recorded.fact
    given = {name: value for name in ("area", "lead") if (value := getattr(fact, name)) is not None}
    if fact.title is not None:
        given |= {"title_ko": fact.title.ko, "title_en": fact.title.en}
    return with_values(listed, (recorded.effective_at, recorded.version), **given)


_SHOWN = frozenset(("title", "area", "lead", "plan", "percent"))


def _trim(task: Task, before: Task) -> Task:
    """What the board shows and the next fact is folded on, and no more: a row is written with each fact."""
    stamps = task.stamps
    if not stamps.keys() <= _SHOWN:
        stamps = {name: stamp for name, stamp in stamps.items() if name in _SHOWN}
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
        stamps=stamps,
        # by which a place of its own is named; elsewhere nothing on the board needs it
        definition=task.definition if task.condition.is_own else "",
    )


def _days(plan: Plan) -> Plan:
    """The plan's days and money without its names and indicators."""
    bare = tuple(Milestone(id=one.id, name=LocalText(ko=""), due=one.due) for one in plan.milestones)
    return replace(plan, milestones=bare, indicators=(), phases=())


_OF_LISTS = kinds_of(TaskAdded | TaskChanged)


def key_of(recorded: RecordedFact[Any]) -> str:
    """The task that a fact is about: its own, or the one that the city listed by it."""
    return recorded.fact.task if recorded.kind in _OF_LISTS else identity_of(recorded.stream)


TASK_BOARD = View(
    name="task_board",
    version=6,
    row=TaskBoardRow,
    columns={
        "year": "integer",
        "stage": "text",
        "condition": "text",
        "area": "text",
        "lead": "text",
    },
    # what the list is asked by, each in the order in which its pages come
    indexes={f"{name}_key": f"({name}, key)" for name in ("stage", "area", "lead")},
    kinds=kinds_of(TaskFact | TaskAdded | TaskChanged),
    keys=lambda recorded: (key_of(recorded),),
    evolve=evolve,
    reading="task.list",
    tallies=(PROGRAMME_SUMMARY,),
    by_stream=True,
    rows_of=task_stream(""),
)

_LEADS = Query("SELECT DISTINCT lead FROM {task_board} AS task", TASK_BOARD)
_SUMMARY = Query(
    "SELECT year, area, stage, tasks, budget_krw, progress_sum, progress_count "
    "FROM {programme_summary} AS sums WHERE year = %(year)s ORDER BY area, stage",
    TASK_BOARD,
)


def leads(store: Store) -> set[str]:
    """The agencies that lead a task of the board, as it stands."""
    return set(ask_column(store, _LEADS))


def summary(store: Store, year: int, at: AsOf | None = None) -> list[ProgrammeSummaryRow]:
    """A year's sums and counts by area and stage. `at`: of a slice of the log."""
    return [
        ProgrammeSummaryRow(year, area, Stage(stage), *map(int, amounts))
        for year, area, stage, *amounts in ask(store, _SUMMARY, {"year": year}, at)
    ]
