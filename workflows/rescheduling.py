"""Keeping deadlines true: counted again when a task moves on, and all at once when the calendar changes."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import date

import msgspec
import structlog

from domain.calendar.commands import Proclaim, WithdrawDay
from domain.calendar.decider import CALENDAR
from domain.calendar.facts import DayProclaimed, DayWithdrawn
from domain.calendar.reckoning import Calendars, Reckoned, Skipped
from domain.calendar.refusals import CalendarNotOpen
from domain.errors import Refusal
from domain.task.commands import task_stream
from domain.task.decider import TASK
from domain.values import Deadline, LocalText
from projections.reading import calendar_years, tasks_due, tasks_to_count, tasks_with_deadlines
from store.log import Store
from store.recorded import folded
from workflows.calendars import calendars
from workflows.deadlines import counted, setting, years_of
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

    `_settled`: tasks that were looked at and are right, by how many facts they had. Nothing hangs on it: a second
    ticker, or this one started anew, looks once more and finds the same.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._settled: dict[str, int] = {}
        self._refused: dict[str, float] = {}
        self._known: dict[int, int] = {}
        self.closed: set[int] = set()  # programmes that need not be looked at again

    def may_try(self, order: Order) -> bool:
        """Whether the command was not refused within the last minute."""
        return time.monotonic() >= self._refused.get(order.command_id, 0.0)

    def refused(self, order: Order) -> None:
        """Leave the command alone for a minute: what stands in its way seldom goes at once."""
        self._refused = {one: until for one, until in self._refused.items() if until > time.monotonic()}
        self._refused[order.command_id] = time.monotonic() + _REST_SECONDS

    def due(self) -> list[Order]:
        """The system's commands that set deadlines right, at most 500 at a time."""
        stale = tasks_to_count(self._store)
        tasks = [row.task for row in stale if self._settled.get(task_stream(row.task)) != row.version]
        if self._calendars_changed():
            tasks += tasks_with_deadlines(self._store)
        tasks = list(dict.fromkeys(tasks))
        orders: list[Order] = []
        for first in range(0, len(tasks), _AT_ONCE):
            orders += self._orders(tasks[first : first + _AT_ONCE])
            if len(orders) >= _AT_ONCE:
                break
        return orders

    def _orders(self, tasks: Sequence[str]) -> list[Order]:
        streams = self._store.load([task_stream(task) for task in tasks]).streams
        years = {year for facts in streams.values() for year in years_of(folded(TASK, facts))}
        known = calendars(self._store, years)
        orders = []
        for name, facts in streams.items():
            try:
                order = setting(name, facts, known, self._store.id)
            except CalendarNotOpen as missing:
                _log.debug("deadlines_wait", task=name, calendar=missing.details["year"])
                continue
            except Refusal as refusal:
                _log.warning("deadlines_not_counted", task=name, error=refusal.say("en"))
                order = None
            if order is None:
                self._settled[name] = len(facts)
            else:
                orders.append(order)
        for year, one in known.items():
            self._known.setdefault(year, one.version)
        return orders

    def _calendars_changed(self) -> bool:
        """Whether a calendar that deadlines were counted with is another by now."""
        years = self._known or calendar_years(self._store)
        versions = {year: one.version for year, one in calendars(self._store, years).items()}
        changed = versions != self._known
        if changed:
            self._settled.clear()
        self._known = versions
        return changed and bool(versions)


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
    """The calendars as they will be after the command, and every open deadline that it moves, by task."""
    day = command.day
    now = calendars(store, [day.year - 1, day.year, day.year + 1])
    fact = (
        DayProclaimed(day=day, name=command.title) if isinstance(command, Proclaim) else DayWithdrawn(day=day)
    )
    then = {**now, day.year: CALENDAR.evolve(now[day.year], fact, store.now())}
    moved = [
        Moved(row.task, LocalText(ko=row.title_ko, en=row.title_en), one, to.due, _why(one, to, now))
        for row in tasks_due(store)
        for one in row.deadlines
        if (to := _reckoned(one, then)) is not None and to.due != one.due
    ]
    return then, sorted(moved, key=lambda one: (one.task, one.deadline.due))


def rescheduled(store: Store, calendar: Calendars, tasks: Iterable[str]) -> list[Order]:
    """The commands that set these tasks' deadlines by a calendar that is about to be."""
    wanted = [task_stream(task) for task in dict.fromkeys(tasks)]
    orders = []
    for first in range(0, len(wanted), _AT_ONCE):
        streams = store.load(wanted[first : first + _AT_ONCE]).streams
        orders += [setting(name, facts, calendar, store.id) for name, facts in streams.items()]
    return [order for order in orders if order is not None]


def _reckoned(deadline: Deadline, by: Calendars) -> Reckoned | None:
    try:
        return counted(deadline, by).reckoned
    except CalendarNotOpen:
        return None


def _why(deadline: Deadline, then: Reckoned, now: Calendars) -> tuple[Skipped, ...]:
    """The days off by which both counts differ."""
    before = _reckoned(deadline, now)
    return days_between(before, then)


def days_between(before: Reckoned | None, then: Reckoned) -> tuple[Skipped, ...]:
    """The days off that one count passes over and the other does not."""
    differ = {one.day: one for one in (before.skipped if before else ())}
    for one in then.skipped:
        if differ.pop(one.day, None) is None:
            differ[one.day] = one
    return tuple(differ[day] for day in sorted(differ))
