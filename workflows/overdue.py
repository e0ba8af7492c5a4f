"""What rules should have done by now and did not, and what stands in their way: by the log itself, no view is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import msgspec

from domain.calendar.reckoning import Calendars
from domain.errors import Refusal
from domain.lifecycle.model import Definition
from domain.seoul import local_day
from domain.streams import identity_of, task_stream, year_of
from domain.task.basis import Basis
from domain.task.facts import DeadlinesSet
from domain.values import Act, LocalText
from projections.deadlines import DEADLINES
from projections.deadlines_row import DeadlinesRow
from projections.fresh import Fresh
from store.log import Store
from store.recorded import RecordedFact, days_late
from store.stated_times import load_stated_times
from workflows.automation.deadlines import RULE, Counts, basis_at, calendars_for, due, pending, setting
from workflows.automation.reacting import Tick
from workflows.automation.requesting import LAPSE_RULE, REQUEST_RULE, envelope_of, to_see_to
from workflows.automation.transitions import transition
from workflows.automation.years import CLOSE_RULE, CLOSING, over_on
from workflows.command_envelope import CommandEnvelope
from workflows.command_handler import CommandHandler
from workflows.commands_at_once import SomeRefused
from workflows.definitions.adopted import Definitions, definitions_of

_GRACE = timedelta(minutes=1)
_AT_ONCE = 500
_COUNTING = LocalText(
    ko="과제가 움직이면 기한을 다시 계산함", en="deadlines are counted anew when a task moves on"
)
_REQUESTING = LocalText(
    ko="목록에 등재된 과제는 주관기관에 제안을 요청함",
    en="who is to lead a listed task is asked for its proposal",
)
_CLOSING = LocalText(
    ko="마지막 평가 기한이 지나면 그 해의 사업을 마감함",
    en="a programme closes when the last evaluation deadline is over",
)


class OverdueTransition(msgspec.Struct, frozen=True):
    """What a rule should have done with a task or a programme on that day, and has not.

    `hindrance`: what refuses it now; None where nothing does, so that only nobody has swept.
    """

    stream: str
    rule: str
    on: date
    basis: LocalText
    hindrance: Refusal | None = None


def list_late(store: Store) -> list[RecordedFact[Any]]:
    """What rules did on a later day than the one on which it takes effect, in the order of the log."""
    with store.connection() as connection:
        positions = sorted(
            position for _, position in load_stated_times(connection, store.head().position, [])
        )
    found: list[RecordedFact[Any]] = []
    for first in range(0, len(positions), _AT_ONCE):
        found += store.at(positions[first : first + _AT_ONCE])
    return [one for one in found if one.kind != DeadlinesSet.kind and days_late(one)]


def list_overdue(store: Store, handler: CommandHandler) -> list[OverdueTransition]:
    """What rules should have done a minute ago or earlier, the oldest first."""
    moment = store.now() - _GRACE
    undone = [*_of_tasks(store, moment)]
    for envelope in CLOSING.envelopes(Tick(store, now=moment)):
        day = over_on(int(identity_of(envelope.command.stream)))
        undone.append((OverdueTransition(envelope.command.stream, CLOSE_RULE, day, _CLOSING), envelope))
    envelopes = [envelope for _, envelope in undone if envelope is not None]
    found = _with_blockers([one for one, _ in undone], find_blockers(handler, envelopes))
    return sorted(found, key=lambda one: (one.on, one.stream))


def _of_tasks(store: Store, moment: datetime) -> Iterator[tuple[OverdueTransition, CommandEnvelope | None]]:
    """What was left of each task, with the command that would do it, where there is one."""
    fresh = Fresh(store, DEADLINES)
    fresh.fold_up_to(store.head().position)
    yield from _of_requests(store, fresh.rows.values(), moment)
    tasks = sorted(task for task, row in fresh.rows.items() if row.version)
    for first in range(0, len(tasks), _AT_ONCE):
        streams = store.load([task_stream(one) for one in tasks[first : first + _AT_ONCE]]).streams
        known = calendars_for(store, map(basis_at, streams.values()))
        for stream, facts in streams.items():
            yield from _of_task(stream, facts, known, definitions_of(store), store.id, moment)


def _of_requests(
    store: Store, rows: Iterable[DeadlinesRow], moment: datetime
) -> Iterator[tuple[OverdueTransition, CommandEnvelope | None]]:
    """What was left of asking for proposals."""
    years: dict[int, list[DeadlinesRow]] = {}
    for row in rows:
        if row.request is not None:
            years.setdefault(year_of(row.task), []).append(row)
    tick = Tick(store, now=moment)
    for one in to_see_to(store, {year: partial(list, some) for year, some in years.items()}):
        envelope = envelope_of(one, tick)
        asked = one.row.to_request
        at = one.closed.effective_at if one.closed is not None else asked.at if asked is not None else moment
        if at <= moment:
            rule = REQUEST_RULE if one.closed is None else LAPSE_RULE
            stream = task_stream(one.row.task)
            yield OverdueTransition(stream, rule, local_day(at), _REQUESTING), envelope


def _of_task(
    stream: str,
    facts: Sequence[RecordedFact[Any]],
    known: Calendars,
    definitions: Definitions,
    store_id: str,
    moment: datetime,
) -> Iterator[tuple[OverdueTransition, CommandEnvelope | None]]:
    """That its deadlines should have been counted, and what rules should have done with it."""
    basis = basis_at(facts)
    day = local_day(facts[-1].known_at)
    try:
        by = definitions.of(basis.definition)
        counting = setting(stream, facts, known, definitions, store_id)
    except Refusal as refusal:
        yield OverdueTransition(stream, RULE, day, _COUNTING, refusal), None
        return
    if counting is not None and facts[-1].known_at <= moment:
        yield OverdueTransition(stream, RULE, day, _COUNTING), None
    reasons = {rule.rule: rule.basis for rule in by.transitions}
    for act in expect(basis, identity_of(stream), by, known)[1]:
        if act.on <= local_day(moment):
            envelope = transition(store_id, facts, act, by, number_of_last_set(facts), moment)
            yield OverdueTransition(stream, act.rule, act.on, reasons[act.rule]), envelope


def find_blockers(
    handler: CommandHandler, envelopes: Sequence[CommandEnvelope]
) -> dict[tuple[str, str], Refusal]:
    """What would refuse these commands by rule now, by stream and rule. Nothing is carried out."""
    try:
        handler.handle_all(envelopes, dry_run=True)
    except SomeRefused as refused:
        return {_key_of(envelopes[place]): refusal for place, refusal in refused.faults}
    return {}


def number_of_last_set(facts: Sequence[RecordedFact[Any]]) -> int:
    """The number of the fact that set the task's deadlines last; 0 where none did."""
    return next((one.version for one in reversed(facts) if one.kind == DeadlinesSet.kind), 0)


def expect(basis: Basis, task: str, by: Definition, known: Calendars) -> tuple[Counts, list[Act]]:
    """What is due of the task, and what rules will do."""
    counts = due(basis, by, known)
    return counts, list(pending(basis, task, by, counts.deadlines, known))


def _key_of(envelope: CommandEnvelope) -> tuple[str, str]:
    rule = envelope.cause.rule if envelope.cause is not None else None
    return envelope.command.stream, rule or ""


def _with_blockers(
    found: Sequence[OverdueTransition], known: dict[tuple[str, str], Refusal]
) -> list[OverdueTransition]:
    return [
        msgspec.structs.replace(one, hindrance=one.hindrance or known.get((one.stream, one.rule)))
        for one in found
    ]
