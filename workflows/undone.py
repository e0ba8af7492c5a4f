"""What rules should have done by now and did not, and what stands in their way: by the log itself, no view is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import msgspec

from domain.calendar.reckoning import Calendars
from domain.calendar.refusals import CalendarNotOpen
from domain.errors import Refusal
from domain.seoul import local_day
from domain.task.commands import task_stream
from domain.task.decider import TASK
from domain.task.state import Task
from domain.values import Act, Deadline, LocalText
from projections.deadlines import DEADLINES
from projections.fresh import Fresh
from store.log import Store
from store.recorded import Recorded, folded
from workflows.calendars import calendars
from workflows.deadlines import RULE, due, pending, years_of
from workflows.definitions.model import Definition, definition
from workflows.door import Door, SomeRefused
from workflows.order import Order
from workflows.transitions import CLOSE_RULE, closing_due, transition

_GRACE = timedelta(minutes=1)
_AT_ONCE = 500
_COUNTING = LocalText(
    ko="과제가 움직이면 기한을 다시 계산함", en="deadlines are counted anew when a task moves on"
)
_CLOSING = LocalText(
    ko="마지막 평가 기한이 지나면 그 해의 사업을 마감함",
    en="a programme closes when the last evaluation deadline is over",
)


class LeftUndone(msgspec.Struct, frozen=True):
    """What a rule should have done with a task or a programme on that day, and has not.

    `hindrance`: what refuses it now; None where nothing does, so that only nobody has swept.
    """

    stream: str
    rule: str
    on: date
    basis: LocalText
    hindrance: Refusal | None = None


def left_undone(store: Store, door: Door) -> list[LeftUndone]:
    """What rules should have done a minute ago or earlier, the oldest first."""
    moment = store.now() - _GRACE
    today = local_day(moment)
    found: list[LeftUndone] = []
    orders: list[Order] = []
    fresh = Fresh(store, DEADLINES)
    fresh.fold_up_to(store.head().position)
    tasks = sorted(fresh.rows)
    for first in range(0, len(tasks), _AT_ONCE):
        streams = store.load([task_stream(one) for one in tasks[first : first + _AT_ONCE]]).streams
        years = {year for facts in streams.values() for year in years_of(folded(TASK, facts))}
        known = calendars(store, years)
        for stream, facts in streams.items():
            state: Task = folded(TASK, facts)
            by = definition(state.definition)
            try:
                _, acts = expected(state, stream[5:], by, known)
            except CalendarNotOpen as missing:
                day = local_day(facts[-1].known_at)
                found.append(LeftUndone(stream, RULE, day, _COUNTING, missing))
                continue
            basis = {rule.rule: rule.basis for rule in by.transitions}
            for act in acts:
                if act.on <= today:
                    found.append(LeftUndone(stream, act.rule, act.on, basis[act.rule]))
                    orders.append(transition(store, stream[5:], act.rule, by.identity, set_by(facts)))
    for order in closing_due(store, now=moment):
        day = date(int(order.command.stream.partition("/")[2]) + 1, 3, 1)
        found.append(LeftUndone(order.command.stream, CLOSE_RULE, day, _CLOSING))
        orders.append(order)
    return sorted(_with_hindrances(found, hindrances(door, orders)), key=lambda one: (one.on, one.stream))


def hindrances(door: Door, orders: Sequence[Order]) -> dict[tuple[str, str], Refusal]:
    """What would refuse these commands by rule now, by stream and rule. Nothing is carried out."""
    try:
        door.handle_all(orders, dry_run=True)
    except SomeRefused as refused:
        return {_named(orders[place]): refusal for place, refusal in refused.faults}
    return {}


def set_by(facts: Sequence[Recorded[Any]]) -> int:
    """The number of the fact that set the task's deadlines last; 0 where none did."""
    return next((one.version for one in reversed(facts) if one.kind == "task.deadlines_set"), 0)


def expected(state: Task, task: str, by: Definition, known: Calendars) -> tuple[list[Deadline], list[Act]]:
    """The open deadlines, and what rules will do. Raises CalendarNotOpen."""
    deadlines = [one.deadline for one in due(state, by, known)]
    return deadlines, list(pending(state, task, by, deadlines))


def _named(order: Order) -> tuple[str, str]:
    rule = order.cause.rule if order.cause is not None else None
    return order.command.stream, rule or ""


def _with_hindrances(found: Sequence[LeftUndone], known: dict[tuple[str, str], Refusal]) -> list[LeftUndone]:
    return [
        msgspec.structs.replace(one, hindrance=one.hindrance or known.get((one.stream, one.rule)))
        for one in found
    ]
