"""What people read of what happened to a task: its history, one event of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from domain.errors import Refusal
from domain.streams import audit_stream, task_stream, year_stream
from domain.task.state import Task
from domain.values import LocalText, TextRef
from projections.history_line import Line
from projections.inspection.changes import Change, around, differing
from projections.labels import Areas
from projections.slices import of_stream
from projections.texts import in_words
from store.recorded import RecordedFact
from workflows.lookups import agency_names, lists
from workflows.place_names import condition_names
from workflows.queries.inquiry import Inquiry
from workflows.queries.tasks import NoSuchTask, areas_of, whose_task
from workflows.telling import lines_of


class NoSuchFact(Refusal):
    """The task's history is not so long."""

    ko = "과제 {task}의 이력은 {last}번까지입니다. {number}번은 없습니다."
    en = "The history of task {task} ends with fact {last}; there is no fact {number}."


class TaskHistory(msgspec.Struct, frozen=True):
    """`audit`: what became of its audit, for who may read audits; `listing`: what the year's list said of it, numbered as in the year's history."""

    task: str
    history: list[Line]
    audit: list[Line]
    listing: list[Line]


class TaskEvent(msgspec.Struct, frozen=True):
    """One fact of a task, with the task before and after it. `texts`: the free texts in the changes, by their ids.

    `condition_names`: of places of the definition's own, by condition.
    """

    task: str
    event: Line
    before: Task
    after: Task
    changes: list[Change]
    areas: Areas
    texts: Mapping[str, str]
    condition_names: Mapping[str, LocalText] = {}


def task_history(inquiry: Inquiry, task: str) -> TaskHistory:
    """Also of a task that is listed and not proposed. Raises NoSuchTask."""
    store = inquiry.store
    own, year = store.read(task_stream(task)), store.read(year_stream(task))
    at = inquiry.authorise("task.history", whose_task(store, task, own), tasks=(task,))
    facts, year = of_stream(own, at), of_stream(year, at)
    about = {one.position for one in year if lists(one, task)}
    if not facts and not about:
        raise NoSuchTask(task=task)
    audit = of_stream(store.read(audit_stream(task)), at)
    if audit and not inquiry.reads_beside("audit", tasks=(task,)):
        audit = []
    names = agency_names(store, at)
    history, audited, list_lines = (
        lines_of(store, some, inquiry.lang, names) for some in (facts, audit, year if about else [])
    )
    listing = [line for line in list_lines if line.position in about]
    return TaskHistory(task, history, audited, listing)


def task_event(inquiry: Inquiry, task: str, number: int) -> TaskEvent:
    """What one fact changed. `number`: its version in the task's history. Raises NoSuchTask, NoSuchFact."""
    facts = _facts(inquiry, "task.history", task)
    lines = lines_of(inquiry.store, facts, inquiry.lang, agency_names(inquiry.store, inquiry.sliced_at))
    line = next((one for one in lines if one.version == number), None)
    if line is None:
        raise NoSuchFact(task=task, last=max(one.version for one in facts), number=number)
    before, after = around(facts, number)
    changes, texts = differing(before, after), inquiry.store.texts_of(facts)
    refs = [ref for one in changes for ref in (one.before, one.after) if isinstance(ref, TextRef)]
    return TaskEvent(
        task,
        line,
        before,
        after,
        changes,
        areas_of(inquiry.store, task),
        {ref.id: in_words(texts(ref), inquiry.lang) for ref in refs},
        condition_names(inquiry.store, (before, after)),
    )


def _facts(inquiry: Inquiry, reading: str, task: str) -> list[RecordedFact[Any]]:
    """The task's facts at the slice, once they may be read."""
    facts = inquiry.store.read(task_stream(task))
    at = inquiry.authorise(reading, whose_task(inquiry.store, task, facts), tasks=(task,))
    facts = of_stream(facts, at)
    if not facts:
        raise NoSuchTask(task=task)
    return facts
