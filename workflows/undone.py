"""What rules should have done by now and did not, and what stands in their way: by the log itself, no view is asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from domain.calendar.reckoning import Calendars
from domain.errors import Refusal
from domain.seoul import local_day
from domain.task.basis import Basis
from domain.task.commands import task_stream
from domain.task.facts import DeadlinesSet
from domain.values import Act, LocalText
from projections.deadlines import DEADLINES
from projections.fresh import Fresh
from projections.history import days_late
from store.log import Store
from store.recorded import Recorded
from store.slicing import marked
from workflows.deadlines import RULE, Counts, basis_at, calendars_for, due, pending, setting
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


def carried_out_late(store: Store) -> list[Recorded[Any]]:
    """What rules did on a later day than the one on which it takes effect, in the order of the log."""
    with store.connection() as connection:
        positions = sorted(position for _, position in marked(connection, store.head().position, []))
    found: list[Recorded[Any]] = []
    for first in range(0, len(positions), _AT_ONCE):
        found += store.at(positions[first : first + _AT_ONCE])
    return [one for one in found if one.kind != DeadlinesSet.kind and days_late(one)]


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
        known = calendars_for(store, map(basis_at, streams.values()))
        for stream, facts in streams.items():
            not_counted, acts, by = _of_task(stream, facts, known, store.id, moment)
            found += not_counted
            reasons = {rule.rule: rule.basis for rule in by.transitions} if by else {}
            for act in acts:
                if act.on <= today and by:
                    found.append(LeftUndone(stream, act.rule, act.on, reasons[act.rule]))
                    orders.append(transition(store.id, facts, act, by.identity, set_by(facts), moment))
    for order in closing_due(store, now=moment):
        day = date(int(order.command.stream.partition("/")[2]) + 1, 3, 1)
        found.append(LeftUndone(order.command.stream, CLOSE_RULE, day, _CLOSING))
        orders.append(order)
    return sorted(_with_hindrances(found, hindrances(door, orders)), key=lambda one: (one.on, one.stream))


def _of_task(
    stream: str, facts: Sequence[Recorded[Any]], known: Calendars, store_id: str, moment: datetime
) -> tuple[list[LeftUndone], Sequence[Act], Definition | None]:
    """Whether its deadlines should have been counted, what rules do with it, and by which definition."""
    basis = basis_at(facts)
    day = local_day(facts[-1].known_at)
    try:
        by = definition(basis.definition)
        order = setting(stream, facts, known, store_id)
    except Refusal as refusal:
        return [LeftUndone(stream, RULE, day, _COUNTING, refusal)], (), None
    waits = order is not None and facts[-1].known_at <= moment
    undone = [LeftUndone(stream, RULE, day, _COUNTING)] if waits else []
    return undone, expected(basis, stream[5:], by, known)[1], by


def hindrances(door: Door, orders: Sequence[Order]) -> dict[tuple[str, str], Refusal]:
    """What would refuse these commands by rule now, by stream and rule. Nothing is carried out."""
    try:
        door.handle_all(orders, dry_run=True)
    except SomeRefused as refused:
        return {_named(orders[place]): refusal for place, refusal in refused.faults}
    return {}


def set_by(facts: Sequence[Recorded[Any]]) -> int:
    """The number of the fact that set the task's deadlines last; 0 where none did."""
    return next((one.version for one in reversed(facts) if one.kind == DeadlinesSet.kind), 0)


def expected(basis: Basis, task: str, by: Definition, known: Calendars) -> tuple[Counts, list[Act]]:
    """What is due of the task, and what rules will do."""
    counts = due(basis, by, known)
    return counts, list(pending(basis, task, by, counts.deadlines, known))


def _named(order: Order) -> tuple[str, str]:
    rule = order.cause.rule if order.cause is not None else None
    return order.command.stream, rule or ""


def _with_hindrances(found: Sequence[LeftUndone], known: dict[tuple[str, str], Refusal]) -> list[LeftUndone]:
    return [
        msgspec.structs.replace(one, hindrance=one.hindrance or known.get((one.stream, one.rule)))
        for one in found
    ]
