"""A person changes the calendar: every open deadline that it touches moves with it, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from domain.calendar.commands import Proclaim, WithdrawDay
from domain.calendar.facts import DayProclaimed, DayWithdrawn
from domain.calendar.reckoning import Calendars, Reckoned, Skipped
from domain.calendar.state import CALENDAR
from domain.lifecycle.model import Definition
from domain.streams import task_stream
from domain.task.basis import basis_of
from domain.values import Deadline, LocalText
from projections.deadlines import DEADLINES
from projections.deadlines_row import DeadlinesRow
from projections.labels import find_item_name
from projections.present import present
from store.log import Store
from workflows.automation.deadlines import Counted, basis_at, calendars_for, due, setting
from workflows.calendars import calendars
from workflows.command_envelope import CommandEnvelope
from workflows.command_handler import CommandHandler
from workflows.commands_at_once import SomeRefused
from workflows.definitions.adopted import definitions_of

_AT_ONCE = 500
_TRIES = 3


class Moved(msgspec.Struct, frozen=True):
    """A deadline that a change of the calendar moves.

    `why`: the days that come to be passed over on the way, or to be counted, the changed day among them.
    """

    task: str
    title: LocalText
    deadline: Deadline
    item_name: LocalText | None
    to: date
    why: tuple[Skipped, ...]


def change_calendar(
    store: Store, handler: CommandHandler, envelope: CommandEnvelope, command: Proclaim | WithdrawDay
) -> list[Moved]:
    """Change the calendar and move every open deadline that it touches: all in one append, or none.

    `envelope`: to change it, holding `command`. Tasks that move on meanwhile are counted again. Raises Refusal.
    """
    left = _TRIES
    while True:
        calendar, moved = deadlines_moved_by(store, command)
        try:
            handler.handle_all([envelope, *reschedule(store, calendar, (one.task for one in moved))])
        except SomeRefused as refused:
            left -= 1
            place, refusal = refused.faults[0]
            if place == 0 or not left:  # the change itself, or tasks that never stand still
                raise refusal from None
        else:
            return moved


def deadlines_moved_by(store: Store, command: Proclaim | WithdrawDay) -> tuple[Calendars, list[Moved]]:
    """The calendars as they will be after the command, and every open deadline that it moves, by task.

    Counted on the tasks as they are, however far the view has come.
    """
    day = command.day
    rows: list[DeadlinesRow] = [row for row in present(store, DEADLINES).values() if _may_count(row, day)]
    years = {year for row in rows for year in basis_of(row.state).years()}
    now = calendars(store, years | {day.year})
    fact = (
        DayProclaimed(day=day, name=command.title) if isinstance(command, Proclaim) else DayWithdrawn(day=day)
    )
    then = {**now, day.year: CALENDAR.evolve(now[day.year], fact, store.now(), now[day.year].version + 1)}
    moved = [
        one
        for row in rows
        for one in _find_moved(row, definitions_of(store).of(row.state.definition), now, then)
    ]
    return then, sorted(moved, key=lambda one: (one.task, one.deadline.due))


def _may_count(row: DeadlinesRow, day: date) -> bool:
    """Whether a count of the task's may pass over the day."""
    return (
        row.stale
        or row.waits
        or any(min(one.start, one.due) <= day <= max(one.start, one.due) for one in row.deadlines)
    )


def _find_moved(row: DeadlinesRow, by: Definition, now: Calendars, then: Calendars) -> Iterator[Moved]:
    basis = basis_of(row.state)
    after = {_key(one): one for one in due(basis, by, then).found}
    title = LocalText(ko=row.title_ko, en=row.title_en)
    for one in due(basis, by, now).found:
        to = after.get(_key(one))
        if to is not None and to.deadline.due != one.deadline.due:
            why = days_between(one.reckoned, to.reckoned)
            name = find_item_name(row.state, one.deadline.item)
            yield Moved(row.task, title, one.deadline, name, to.deadline.due, why)


def _key(one: Counted) -> tuple[str, str | None]:
    return one.deadline.kind, one.deadline.item


def reschedule(store: Store, calendar: Calendars, tasks: Iterable[str]) -> list[CommandEnvelope]:
    """The commands that set these tasks' deadlines by calendars that are about to be."""
    wanted = [task_stream(task) for task in dict.fromkeys(tasks)]
    envelopes = []
    for first in range(0, len(wanted), _AT_ONCE):
        streams = store.load(wanted[first : first + _AT_ONCE]).streams
        known = {**calendars_for(store, map(basis_at, streams.values())), **calendar}
        envelopes += [
            setting(name, facts, known, definitions_of(store), store.id) for name, facts in streams.items()
        ]
    return [envelope for envelope in envelopes if envelope is not None]


def days_between(before: Reckoned | None, then: Reckoned) -> tuple[Skipped, ...]:
    """The days off that one count passes over and the other does not."""
    differ = {one.day: one for one in (before.skipped if before else ())}
    for one in then.skipped:
        if differ.pop(one.day, None) is None:
            differ[one.day] = one
    return tuple(differ[day] for day in sorted(differ))
