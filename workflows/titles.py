"""What tasks are called now, beside what they were called at the time of which a list tells; and what their milestones are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from domain.meeting.deadline_kinds import name_item
from domain.meeting.state import MEETING
from domain.programme.facts import TaskAdded
from domain.programme.state import PROGRAMME, Programme
from domain.streams import identity_of, programme_stream, task_of, task_stream, year_of
from domain.task.facts import ProposalRequested, Proposed
from domain.task.stages import Stage
from domain.task.state import TASK, Task
from domain.values import LocalText
from domain.year_parts import find_part
from projections.labels import ItemNames, item_names_in
from projections.slices import AsOf, of_stream
from store.log import Store
from store.recorded import RecordedFact, fold_state

Deadline = tuple[str, str, str | None]  # the stream that it is of, its kind, and which of several


def titles_now(store: Store, tasks: Iterable[str]) -> Mapping[str, LocalText]:
    """By task: as its proposal says it, or before that the year's list. From the facts, whatever a view is at."""
    wanted = sorted(set(tasks))
    lists = {programme_stream(year_of(one)) for one in wanted}
    streams = store.load([*map(task_stream, wanted), *sorted(lists)]).streams if wanted else {}
    found: dict[str, LocalText] = {}
    for one in wanted:
        task: Task = fold_state(TASK, streams.get(task_stream(one), ()))
        year: Programme = fold_state(PROGRAMME, streams.get(programme_stream(year_of(one)), ()))
        listed = year.tasks.get(one)
        title = listed.title if listed is not None and task.stage is Stage.UNKNOWN else task.title
        if title is not None:
            found[one] = title
    return found


def titles_since(store: Store, shown: Mapping[str, LocalText]) -> Mapping[str, LocalText]:
    """Of these tasks, by what a list of before calls them: today's titles of those that are called otherwise now."""
    now = titles_now(store, shown)
    return {task: title for task, title in now.items() if title != shown[task]}


def titles_of_facts(store: Store, facts: Iterable[RecordedFact[Any]]) -> Mapping[str, LocalText]:
    """Today's titles of the tasks that these facts call by one."""
    return titles_now(store, (one for one in map(task_titled, facts) if one is not None))


def task_titled(recorded: RecordedFact[Any]) -> str | None:
    """The task that the fact calls by its title."""
    fact = recorded.fact
    if isinstance(fact, TaskAdded):
        return fact.task
    return identity_of(recorded.stream) if isinstance(fact, Proposed | ProposalRequested) else None


def names_of_items(
    store: Store, asked: Iterable[Deadline], at: AsOf | None = None
) -> dict[Deadline, LocalText]:
    """What people call the item of a deadline, where it has a name and is no part of the year. `at`: of a slice of the log."""
    wanted = {one for one in asked if one[2] is not None and find_part(one[2]) is None}
    streams = store.load(sorted({stream for stream, _, _ in wanted})).streams if wanted else {}
    lives = {stream: of_stream(facts, at) for stream, facts in streams.items()}
    of_tasks = {
        stream: item_names_in(one.fact for one in facts)
        for stream, facts in lives.items()
        if task_of(stream) is not None
    }
    found: dict[Deadline, LocalText] = {}
    for stream, kind, item in wanted:
        name = (
            of_tasks[stream].get(item or "")
            if stream in of_tasks
            else name_item(fold_state(MEETING, lives[stream]), kind, item)
        )
        if name is not None:
            found[stream, kind, item] = name
    return found


def item_names(store: Store) -> ItemNames:
    """By task: names of its milestones by id. What is asked for is read, once."""

    @cache
    def names_in(task: str) -> Mapping[str, LocalText]:
        return item_names_in(one.fact for one in store.read(task_stream(task)))

    return names_in
