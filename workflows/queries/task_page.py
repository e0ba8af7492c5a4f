"""All that a reader may know of one task, from its own facts and its listing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from domain.errors import Refusal
from domain.streams import task_stream, year_stream
from domain.task.stages import Stage
from domain.task.state import TASK, Task
from domain.values import LocalText
from projections.deadlines import DEADLINES
from projections.fresh import fold
from projections.inbox import AGENCY_INBOX, CITY_INBOX, InboxRow
from projections.labels import Areas
from projections.responsible import Responsible
from projections.slices import of_stream
from projections.successions import successions
from projections.task_board import TASK_BOARD, TaskBoardRow
from store.log import Store
from store.recorded import RecordedFact, fold_state
from workflows.lookups import agency_names, lists, responsible_for
from workflows.place_names import condition_name
from workflows.possible_steps import StepPossible, has_steps
from workflows.queries.due import DueOf, WaitingOf, due_of
from workflows.queries.inquiry import Inquiry
from workflows.queries.tasks import areas_of, people_of, whose_task
from workflows.queries.today import today_titles
from workflows.waiting import WayOn, find_ways


class NotListed(Refusal):
    """Neither the city's list has it nor did anybody propose it."""

    ko = "과제 {task}은(는) 목록에 없습니다. `donghaeng task list`로 과제를 확인하십시오."
    en = "Task {task} is not on the list. See the tasks with `donghaeng task list`."


class Waits(msgspec.Struct, frozen=True):
    """What is to be done with a task, by the inbox in which it stands. `agency`: whose turn it is, None: the city's.

    `ways`: as in the inbox.
    """

    what: str
    agency: str | None
    since: datetime
    ways: tuple[WayOn, ...] = ()


class TaskShown(msgspec.Struct, frozen=True, kw_only=True):
    """`version`, `position`: of the task's last fact, or of its listing. `state`: as its own facts made it, `stage`, `title`,
    `area`, `lead` as the list has them, before it is proposed too. `areas`: the names of its year's areas, by id; `agencies`:
    of the agencies in it, as they are called now. `responsible`: who answers for it on the day, and `people`: their names by
    id, where the reader may see them. `title_now`: of a slice of before, today's title where it is another.
    `condition_name`: what the definition calls a place of its own, where the task is in one; `steps`: of the definition, those
    that whoever asks could take now.
    """

    task: str
    version: int
    position: int
    stage: Stage
    title: LocalText
    area: str
    lead: str
    state: Task
    areas: Areas
    agencies: Mapping[str, LocalText]
    due: list[DueOf]
    waiting: list[WaitingOf]
    waits: list[Waits]
    responsible: Responsible | None
    people: Mapping[str, str]
    title_now: LocalText | None = None
    condition_name: LocalText | None = None
    steps: list[StepPossible] = []


def show_task(inquiry: Inquiry, task: str) -> TaskShown:
    """By the folds of the lists, over the task's own facts and its listing. Raises NotListed."""
    store, own = inquiry.store, inquiry.store.read(task_stream(task))
    at = inquiry.authorise("task.show", whose_task(store, task, own), tasks=(task,))
    listing = [one for one in of_stream(store.read(year_stream(task)), at) if lists(one, task)]
    own = of_stream(own, at)
    facts = sorted([*listing, *own], key=lambda one: one.position) if at is None else [*listing, *own]
    row: TaskBoardRow | None = fold(TASK_BOARD, facts).get(task)
    if row is None:
        raise NotListed(task=task)
    state: Task = fold_state(TASK, own)
    due = due_of(fold(DEADLINES, own).values(), inquiry.today)
    found = responsible_for(store, task, inquiry.today, at)
    names = agency_names(store, at)
    title = LocalText(ko=row.title_ko, en=row.title_en)
    agencies = {row.lead, *state.partners, *((found.agency,) if found else ())}
    return TaskShown(
        task=task,
        version=own[-1].version if own else 0,
        position=row.changed_position,
        stage=row.stage,
        title=title,
        area=row.area,
        lead=row.lead,
        state=state,
        areas=areas_of(store, task),
        agencies={one: names[one] for one in sorted(agencies) if one in names},
        due=due.dated,
        waiting=due.waiting,
        waits=_waits(store, facts, task),
        responsible=found,
        people=inquiry.names_of(people_of(found), (found.agency,)) if found else {},
        title_now=today_titles({task: title}, inquiry).get(task),
        condition_name=condition_name(store, state),
        steps=_steps(inquiry, task, state) if at is None else [],
    )


def _steps(inquiry: Inquiry, task: str, state: Task) -> list[StepPossible]:
    """None of a task that was never proposed, whose definition is not its own yet."""
    actor = inquiry.reader.actor
    if not state.stage.is_open or actor is None or not has_steps(inquiry.store, state.definition):
        return []
    from workflows.definitions.adopted import definitions_of  # noqa: PLC0415 - only who has steps loads definitions
    from workflows.steps_of_tasks import steps_possible  # noqa: PLC0415

    by = definitions_of(inquiry.store).of(state.definition)
    answering = successions(inquiry.store).answering(state.lead)
    return steps_possible(inquiry.store, task, state, by, actor, inquiry.today, answering)


def _waits(store: Store, facts: Sequence[RecordedFact[Any]], task: str) -> list[Waits]:
    found: list[InboxRow] = [fold(inbox, facts)[task] for inbox in (AGENCY_INBOX, CITY_INBOX)]
    return [
        Waits(row.waits, row.agency, row.waits_since, find_ways(store, row))
        for row in found
        if row.waits and row.waits_since
    ]
