"""What people read of tasks: the list, one task, its history, one event of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from domain.errors import Refusal
from domain.programme.state import PROGRAMME
from domain.streams import identity_of, programme_stream, task_stream, year_of, year_stream
from domain.task.stages import Stage
from domain.task.state import TASK, Task
from domain.values import LocalText
from projections.board_page import board_page
from projections.deadlines import due_of_tasks
from projections.labels import Areas
from projections.responsible import Responsible
from projections.slices import AsOf
from projections.task_board import TaskBoardRow, leads
from store.log import Store
from store.recorded import RecordedFact, fold_state
from workflows.lookups import area_names, load_agencies, responsible_for
from workflows.place_names import condition_name
from workflows.queries.due import DueOf, WaitingOf, due_of, next_of
from workflows.queries.inquiry import Inquiry
from workflows.queries.today import today_titles


class NoSuchTask(Refusal):
    """There is no such task, or it has not been proposed."""

    ko = "과제 {task}은(는) 제안된 적이 없습니다. `donghaeng task list`로 과제를 확인하십시오."
    en = "Task {task} has not been proposed. See the tasks with `donghaeng task list`."


class NoSuchArea(Refusal):
    """`known`: the areas of all years."""

    ko = "분야 ‘{area}’은(는) 없습니다. 있는 것: {known}."
    en = "There is no area “{area}”. There are: {known}."


class NoSuchLead(Refusal):
    """`known`: the agencies that are registered."""

    ko = "기관 ‘{lead}’은(는) 등록되지 않았습니다. 있는 것: {known}."
    en = "There is no agency “{lead}”. There are: {known}."


class TaskRow(TaskBoardRow, frozen=True, kw_only=True):
    """`next`: its next deadline, as the list of deadlines has it; `waiting`: what cannot be counted yet.

    `condition_name`: what the definition calls a place of its own, where the task is in one.
    """

    next: DueOf | None
    waiting: list[WaitingOf]
    condition_name: LocalText | None = None


class TaskList(msgspec.Struct, frozen=True):
    """`areas`: the names of the areas, by year and id; `more`: others come after these.

    `titles_now`: of a slice of before, today's titles of those tasks that have another now.
    """

    tasks: list[TaskRow]
    areas: Mapping[int, Areas]
    more: bool
    titles_now: Mapping[str, LocalText] = {}


def list_tasks(
    inquiry: Inquiry,
    *,
    stage: Stage | None = None,
    area: str | None = None,
    lead: str | None = None,
    after: str | None = None,
    most: int | None = None,
) -> TaskList:
    """The task board, all or what matches, from the task after `after` on, at most so many.

    Raises NoSuchArea, NoSuchLead where nothing ever could be found.
    """
    at = inquiry.authorise("task.list")
    page = board_page(inquiry.store, stage=stage, area=area, lead=lead, after=after, most=most, at=at)
    if not page.rows:
        _check_known(inquiry.store, area, lead)
    rows = with_next(inquiry.store, page.rows, inquiry.today, at)
    shown = {row.task: LocalText(ko=row.title_ko, en=row.title_en) for row in rows}
    areas = area_names(inquiry.store, {row.year for row in rows})
    return TaskList(rows, areas, page.more, today_titles(shown, inquiry))


def with_next(
    store: Store, rows: Sequence[TaskBoardRow], today: date, at: AsOf | None = None
) -> list[TaskRow]:
    """The rows of the board with what is due of each next."""
    due = due_of(due_of_tasks(store, [row.task for row in rows], at), today)
    first = next_of(due)
    return [
        TaskRow(
            **{name: getattr(row, name) for name in TaskBoardRow.__struct_fields__},
            next=first.get(row.task),
            waiting=[one for one in due.waiting if one.task == row.task],
            condition_name=condition_name(store, row.state),
        )
        for row in rows
    ]


class NotProposedThen(Refusal):
    ko = "과제 {task}은(는) {day}까지 등재되거나 제안되지 않아 주관기관이 없습니다. 뒤의 날짜로 다시 조회하십시오."
    en = "Task {task} had not been listed or proposed by the end of {day}, so nobody answered for it. Ask for a later day."


class ResponsibleShown(Responsible, frozen=True, kw_only=True):
    """`people`: the names of those in it by id, where the reader may see them."""

    people: Mapping[str, str]


def who_is_responsible(inquiry: Inquiry, task: str, on: date | None = None) -> ResponsibleShown:
    """Who answered for the task on a day, by default today. Raises NotProposedThen."""
    at = inquiry.authorise("responsible", whose(inquiry.store, None, task), tasks=(task,))
    day = on or inquiry.today
    found = responsible_for(inquiry.store, task, day, at)
    if found is None:
        raise NotProposedThen(task=task, day=day)
    people = inquiry.names_of(people_of(found), (found.agency,))
    return ResponsibleShown(**msgspec.structs.asdict(found), people=people)


def people_of(found: Responsible) -> list[str]:
    """Everybody who is named as responsible or stands in."""
    posts = [one for post in found.posts for one in (post.subject, *(link.substitute for link in post.chain))]
    return [*posts, *(one for let in found.delegations for one in (let.holder, let.delegate))]


def whose(store: Store, agency: str | None, task: str | None) -> tuple[str | None, ...]:
    """Whose a list is: of one task, those whose task it is; else the agency that it was asked for."""
    return (agency,) if task is None else whose_task(store, task, store.read(task_stream(task)))


def whose_task(store: Store, task: str, facts: Sequence[RecordedFact[Any]]) -> tuple[str, ...]:
    """The agencies whose task it is: its lead and partners; before its proposal, who is to lead it by the year's list."""
    if facts:
        state: Task = fold_state(TASK, facts)
        return (state.lead, *state.partners)
    listed = fold_state(PROGRAMME, store.read(year_stream(task))).tasks.get(task)
    return () if listed is None else (listed.lead,)


def areas_of(store: Store, task: str) -> Areas:
    year = year_of(task)
    return area_names(store, [year])[year]


def _check_known(store: Store, area: str | None, lead: str | None) -> None:
    """Refuse what was asked for where it never was."""
    if area is not None:
        years = [int(identity_of(stream)) for stream in store.streams(programme_stream(""))]
        areas = {one for names in area_names(store, years).values() for one in names}
        if area not in areas:
            raise NoSuchArea(area=area[:60], known=tuple(sorted(areas)) or ("–",))
    if lead is not None:
        agencies = load_agencies(store).keys() | leads(store)
        if lead not in agencies:
            raise NoSuchLead(lead=lead[:60], known=tuple(sorted(agencies)) or ("–",))
