"""Counting what is due: again when a task moves on, and of all open tasks when a calendar has changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from domain.calendar.reckoning import Calendars
from domain.errors import Refusal
from domain.streams import task_stream
from projections.deadlines import tasks_open, tasks_to_count
from store.recorded import RecordedFact
from trail.logs import Logger
from workflows.automation.deadlines import basis_at, calendars_for, setting
from workflows.automation.reacting import ProcessManager, Tick
from workflows.calendars import calendars
from workflows.command_envelope import CommandEnvelope

_log = Logger()
_AT_ONCE = 500


class _ToCount(NamedTuple):
    """A task, and the calendars that its deadlines may need."""

    stream: str
    facts: Sequence[RecordedFact[Any]]
    calendars: Calendars


def _look(tick: Tick) -> Iterator[list[_ToCount]]:
    """Tasks that moved on, then those that wait for a look by changed calendars, from where the last tick stopped.

    Each is unsettled until it is seen that its deadlines are right, also while its count rests because it was refused.
    """
    memory = tick.memory
    _notice_calendars(tick)
    stale = [(task_stream(row.task), row.version) for row in tasks_to_count(tick.store)]
    stale_now = [stream for stream, version in stale if memory.uncountable.get(stream) != version]
    streams = [*dict.fromkeys((*stale_now, *memory.to_count))]
    tick.unsettled.update(streams)
    for first in range(0, len(streams), _AT_ONCE):
        some = streams[first : first + _AT_ONCE]
        for stream in some:
            if stream in memory.to_count:  # to the end: seen once more, when its count has been carried out
                memory.to_count[stream] = memory.to_count.pop(stream)
        facts = tick.store.load(some).streams
        known = calendars_for(tick.store, map(basis_at, facts.values()))
        yield [_ToCount(stream, facts[stream], known) for stream in some]


def _react(one: _ToCount, tick: Tick) -> Iterator[Sequence[CommandEnvelope]]:
    envelope = None
    try:
        envelope = setting(one.stream, one.facts, one.calendars, tick.definitions, tick.store.id)
    except Refusal as refusal:
        _log.warning("deadlines_not_counted", task=one.stream, error=refusal.say("en"))
        tick.memory.uncountable[one.stream] = len(one.facts)
    if envelope is None:
        tick.memory.to_count.pop(one.stream, None)
        tick.unsettled.discard(one.stream)
    else:
        yield [envelope]


def _notice_calendars(tick: Tick) -> None:
    """Have all open tasks looked at where a calendar that they were counted with is another, or nobody has looked yet."""
    versions = {year: one.version for year, one in calendars(tick.store, tick.years).items()}
    before = tick.memory.counted_with or dict.fromkeys(versions, -1)
    if any(before.get(year, version) != version for year, version in versions.items()):
        tick.memory.to_count |= dict.fromkeys(map(task_stream, tasks_open(tick.store)))
    tick.memory.counted_with = versions


COUNTING = ProcessManager("counting", _look, _react, by_pieces=True)
