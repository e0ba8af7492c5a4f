"""What is reminded of of tasks: their deadlines, as they were counted last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from domain.notice.facts import Due
from domain.streams import task_stream
from domain.task.state import TASK, Task
from projections.deadlines import next_rung, tasks_to_remind
from projections.deadlines_row import DeadlinesRow
from projections.responsible import Responsible
from store.log import Store
from store.recorded import RecordedFact, fold_state
from workflows.automation.deadlines import basis_at, calendars_for, due
from workflows.automation.reacting import Tick
from workflows.automation.rungs import Addressing, Key, Rung, Source
from workflows.definitions.adopted import definitions_of
from workflows.recipients import Directory

_TASKS = 200


def _look(tick: Tick, directory: Directory) -> Iterator[list[Rung]]:
    store, after = tick.store, ""
    while rows := tasks_to_remind(store, tick.today, after, _TASKS):
        after = rows[-1].task
        rows = [row for row in rows if task_stream(row.task) not in tick.unsettled]
        streams = store.load([task_stream(row.task) for row in rows]).streams if rows else {}
        found = [(row, directory.responsible(row.task, streams[task_stream(row.task)])) for row in rows]
        yield [one for row, who in found if who is not None for one in _find_rungs(row, who, tick)]


def _find_rungs(row: DeadlinesRow, found: Responsible, tick: Tick) -> Iterator[Rung]:
    by = tick.definitions.of(row.definition)
    for deadline, reminding, rung in row.steps_to_arm():
        if rung.on <= tick.today:
            yield Rung(
                task_stream(row.task),
                row.definition,
                deadline,
                reminding.since,
                rung,
                found.answering,
                by.whom_to_remind(deadline.kind, rung.days),
                by.letter_for(deadline.kind, rung.days),
                row.day_told_before(deadline),
            )


def _find_due(store: Store, streams: Mapping[str, Sequence[RecordedFact[Any]]]) -> Mapping[str, set[Key]]:
    """What is due of tasks as they stand, and can be counted: what cannot is not what was reminded of."""
    bases = {name: basis_at(facts) for name, facts in streams.items()}
    known, definitions = calendars_for(store, bases.values()), definitions_of(store)
    return {
        name: {
            (one.kind, one.item, one.due)
            for one in due(basis, definitions.of(basis.definition), known).deadlines
        }
        for name, basis in bases.items()
    }


def _address(
    store: Store, told: Due, life: Sequence[RecordedFact[Any]], directory: Directory
) -> Addressing | None:
    found = None if told.task is None else directory.responsible(told.task, life)
    if found is None:
        return None
    task: Task = fold_state(TASK, life)
    # by the definition that set the deadlines; without them the task is in the planner's hands
    by = definitions_of(store).of(task.deadlines.definition) if task.deadlines else None
    steps = ("planner",) if by is None else by.whom_to_remind(told.deadline, told.days)
    return Addressing(msgspec.structs.replace(told, on=_day_of_rung(told, task)), steps, found.answering)


def _day_of_rung(told: Due, task: Task) -> date:
    """The rung's day as the deadline has it now: a holiday that was proclaimed while a reminder waited moves it."""
    open_now = () if task.deadlines is None else task.deadlines.deadlines
    days = (
        rung.on
        for one in open_now
        if (one.kind, one.item, one.due) == (told.deadline, told.item, told.due)
        for rung in one.rungs
        if rung.days == told.days
    )
    return next(days, told.on)


OF_TASKS = Source(_look, next_rung, _find_due, _address)
