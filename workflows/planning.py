"""Commands that are made from what is known of a task: a proposal by the year's list, another title from the one it has."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec.structs import replace
from pydantic_core import PydanticCustomError

from domain.errors import Refusal
from domain.limits import check_task_id
from domain.programme.state import PROGRAMME, Listed, Programme
from domain.refusals import bad_input
from domain.streams import programme_stream, task_stream, year_of
from domain.task.commands import Propose
from domain.task.state import TASK, Task
from domain.values import LocalText, Plan
from store.log import Store
from store.recorded import fold_state


class NotOnTheList(Refusal):
    """What is not given stands on the year's list, and the task does not."""

    ko = (
        "과제 {task}은(는) {year}년 과제 목록에 없습니다. 시 총괄부서가 `donghaeng programme add-task {year} {task}`, "
        "`donghaeng import` 또는 `donghaeng load`로 목록에 등재한 뒤 제안하십시오."
    )
    en = (
        "Task {task} is not on the list of {year}. The planner puts it there with `donghaeng programme add-task {year} "
        "{task}`, `donghaeng import` or `donghaeng load`; then it can be proposed."
    )


def proposing(
    store: Store,
    task: str,
    plan: Plan,
    *,
    title: LocalText | None = None,
    area: str | None = None,
    lead: str | None = None,
    **more: Any,
) -> Propose:
    """A proposal; title, area and lead are those of the year's list where they are not given. `more`: its other fields.

    Raises NotOnTheList, BadInput.
    """
    listed = find_listed(store, task)
    if listed is None and not (title and area and lead):
        raise NotOnTheList(task=task, year=task[:4])
    return Propose(
        task=task,
        title=title or (listed.title if listed else LocalText(ko="")),
        area=area or (listed.area if listed else ""),
        lead=lead or (listed.lead if listed else ""),
        plan=plan,
        **more,
    )


def retitling(store: Store, task: str, ko: str | None, en: str | None) -> LocalText | None:
    """The title with what is given in place of what it says; None where nothing is."""
    return with_languages(fold_state(TASK, store.read(task_stream(task))).title, ko, en)


def with_languages(known: LocalText | None, ko: str | None, en: str | None) -> LocalText | None:
    """A name with what is given in place of what it says in that language; None where nothing is."""
    if ko is None and en is None:
        return None
    known = known or LocalText(ko="")
    return LocalText(ko=known.ko if ko is None else ko, en=known.en if en is None else en)


def load_programme(store: Store, year: int) -> Programme:
    """A year's programme as it is now."""
    programme: Programme = fold_state(PROGRAMME, store.read(programme_stream(year)))
    return programme


def find_listed(store: Store, task: str) -> Listed | None:
    """The task as the year's list has it. Raises BadInput."""
    try:
        year = year_of(check_task_id(task))
    except PydanticCustomError as error:
        raise bad_input(error, "task") from None
    return load_programme(store, year).tasks.get(task)


class NothingToCopy(Refusal):
    """The earlier task has no plan, or is of no earlier year."""

    ko = "과제 {earlier}의 계획을 과제 {task}에 쓸 수 없습니다. 앞선 해에 제안된 과제의 번호를 지정하십시오."
    en = "The plan of task {earlier} cannot be used for task {task}. Give the number of a task that was proposed for an earlier year."


def copying(earlier: str, state: Task, task: str, summary: str | None) -> dict[str, Any]:
    """What an earlier year's task says of a later one: its plan moved by whole years, department and partners. Raises NothingToCopy."""
    years = int(task[:4]) - int(earlier[:4]) if task[:4].isdecimal() else 0
    if state.plan is None or years <= 0:
        raise NothingToCopy(earlier=earlier, task=task)
    plan = state.plan
    return {
        "start": _later(plan.start, years),
        "end": _later(plan.end, years),
        "budget_krw": plan.budget_krw,
        "milestones": tuple(replace(one, due=_later(one.due, years)) for one in plan.milestones),
        "indicators": plan.indicators,
        "phases": tuple(
            replace(one, starts=_later(one.starts, years), ends=_later(one.ends, years))
            for one in plan.phases
        ),
        "department": state.department,
        "partners": state.partners,
        "summary": summary,
    }


def _later(day: date, years: int) -> date:
    """The same day so many years on; of 29 February the day before where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
