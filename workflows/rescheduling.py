"""Keeping deadlines true: counted again when a task moves on, and all at once when the calendar changes."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import msgspec
import structlog

from domain.calendar.commands import Proclaim, WithdrawDay
from domain.calendar.decider import CALENDAR
from domain.calendar.facts import DayProclaimed, DayWithdrawn
from domain.calendar.reckoning import Calendars, Reckoned, Skipped
from domain.errors import Refusal
from domain.task.basis import basis_of
from domain.task.commands import task_stream
from domain.values import Deadline, LocalText
from projections.deadlines import DEADLINES, DeadlinesRow
from projections.present import present
from projections.reading import tasks_open, tasks_to_count, years_needed
from store.log import Store
from workflows.calendars import calendars
from workflows.deadlines import Counted, basis_at, calendars_for, due, setting
from workflows.definitions.model import definition
from workflows.door import Door, SomeRefused
from workflows.order import Order

_log = structlog.get_logger()
_AT_ONCE = 500
_TRIES = 3
_REST_SECONDS = 60.0


class Moved(msgspec.Struct, frozen=True):
    """A deadline that a change of the calendar moves.

    `why`: the days that come to be passed over on the way, or to be counted, the changed day among them.
    """

    task: str
    title: LocalText
    deadline: Deadline
    to: date
    why: tuple[Skipped, ...]


class Recounting:
    """What has to be counted again, for one ticker that asks every second.

    Nothing hangs on what it remembers: a second ticker, or this one started anew, looks once more and finds the same.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._uncountable: dict[str, int] = {}  # by how many facts the task had
        self._refused: dict[str, float] = {}
        self._versions: dict[int, int] = {}  # of the calendars that open tasks need
        self.closed: set[int] = set()  # programmes that need not be looked at again
        self.opened: set[int] = set()  # calendars neither

    def may_try(self, order: Order) -> bool:
        """Whether the command was not refused within the last minute."""
        return time.monotonic() >= self._refused.get(order.command_id, 0.0)

    def refused(self, order: Order) -> None:
        """Leave the command alone for a minute: what stands in its way seldom goes at once."""
        self._refused = {one: until for one, until in self._refused.items() if until > time.monotonic()}
        self._refused[order.command_id] = time.monotonic() + _REST_SECONDS

    def due(self, needed: Iterable[int] | None = None) -> list[Order]:
        """The system's commands that set deadlines right, at most 500 at a time. `needed`: see `years_needed`."""
        stale = tasks_to_count(self._store)
        tasks = [row.task for row in stale if self._uncountable.get(task_stream(row.task)) != row.version]
        if self._calendars_changed(years_needed(self._store) if needed is None else needed):
            tasks += tasks_open(self._store)
        tasks = list(dict.fromkeys(tasks))
        orders: list[Order] = []
        for first in range(0, len(tasks), _AT_ONCE):
            orders += self._orders(tasks[first : first + _AT_ONCE])
            if len(orders) >= _AT_ONCE:
                break
        return orders

    def _orders(self, tasks: Sequence[str]) -> Iterator[Order]:
        streams = self._store.load([task_stream(task) for task in tasks]).streams
        known = calendars_for(self._store, map(basis_at, streams.values()))
        for name, facts in streams.items():
            try:
                order = setting(name, facts, known, self._store.id)
            except Refusal as refusal:
                _log.warning("deadlines_not_counted", task=name, error=refusal.say("en"))
                self._uncountable[name] = len(facts)
                continue
            if order is not None:
                yield order

    def _calendars_changed(self, years: Iterable[int]) -> bool:
        """Whether a calendar that deadlines were counted with is another by now, or nobody has looked yet."""
        versions = {year: one.version for year, one in calendars(self._store, years).items()}
        before = self._versions or dict.fromkeys(versions, -1)
        self._versions = versions
        return any(before.get(year, version) != version for year, version in versions.items())


def change_calendar(store: Store, door: Door, order: Order, command: Proclaim | WithdrawDay) -> list[Moved]:
    """Change the calendar and move every open deadline that it touches: all in one append, or none.

    `order`: to change it, holding `command`. Tasks that move on meanwhile are counted again. Raises Refusal.
    """
    left = _TRIES
    while True:
        calendar, moved = moved_by(store, command)
        try:
            door.handle_all([order, *rescheduled(store, calendar, (one.task for one in moved))])
        except SomeRefused as refused:
            left -= 1
            place, refusal = refused.faults[0]
            if place == 0 or not left:  # the change itself, or tasks that never stand still
                raise refusal from None
        else:
            return moved


def moved_by(store: Store, command: Proclaim | WithdrawDay) -> tuple[Calendars, list[Moved]]:
    """The calendars as they will be after the command, and every open deadline that it moves, by task.

    Counted on the tasks as they are, however far the view has come.
    """
    day = command.day
    rows: list[DeadlinesRow] = [row for row in present(store, DEADLINES).values() if _touched(row, day)]
    years = {year for row in rows for year in basis_of(row.state).years()}
    now = calendars(store, years | {day.year})
    fact = (
        DayProclaimed(day=day, name=command.title) if isinstance(command, Proclaim) else DayWithdrawn(day=day)
    )
    then = {**now, day.year: CALENDAR.evolve(now[day.year], fact, store.now(), now[day.year].version + 1)}
    moved = [one for row in rows for one in _moved(row, now, then)]
    return then, sorted(moved, key=lambda one: (one.task, one.deadline.due))


def _touched(row: DeadlinesRow, day: date) -> bool:
    """Whether a count of the task's may pass over the day."""
    return row.stale or row.waits or any(one.start <= day <= one.due for one in row.deadlines)


def _moved(row: DeadlinesRow, now: Calendars, then: Calendars) -> Iterator[Moved]:
    basis, by = basis_of(row.state), definition(row.state.definition)
    after = {_key(one): one for one in due(basis, by, then).found}
    title = LocalText(ko=row.title_ko, en=row.title_en)
    for one in due(basis, by, now).found:
        to = after.get(_key(one))
        if to is not None and to.deadline.due != one.deadline.due:
            why = days_between(one.reckoned, to.reckoned)
            yield Moved(row.task, title, one.deadline, to.deadline.due, why)


def _key(one: Counted) -> tuple[str, str | None]:
    return one.deadline.kind, one.deadline.item


def rescheduled(store: Store, calendar: Calendars, tasks: Iterable[str]) -> list[Order]:
    """The commands that set these tasks' deadlines by calendars that are about to be."""
    wanted = [task_stream(task) for task in dict.fromkeys(tasks)]
    orders = []
    for first in range(0, len(wanted), _AT_ONCE):
        streams = store.load(wanted[first : first + _AT_ONCE]).streams
        known = {**calendars_for(store, map(basis_at, streams.values())), **calendar}
        orders += [setting(name, facts, known, store.id) for name, facts in streams.items()]
    return [order for order in orders if order is not None]


def days_between(before: Reckoned | None, then: Reckoned) -> tuple[Skipped, ...]:
    """The days off that one count passes over and the other does not."""
    differ = {one.day: one for one in (before.skipped if before else ())}
    for one in then.skipped:
        if differ.pop(one.day, None) is None:
            differ[one.day] = one
    return tuple(differ[day] for day in sorted(differ))
