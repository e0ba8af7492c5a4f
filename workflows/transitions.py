"""What happens by rule: the system's commands on the day that was recorded, dated as the rule says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from domain.aggregate import Command
from domain.calendar.commands import calendar_stream
from domain.limits import FIRST_YEAR, LAST_YEAR
from domain.programme.commands import Close, programme_stream
from domain.programme.decider import PROGRAMME
from domain.programme.state import Programme, ProgrammeStage
from domain.seoul import SEOUL, local_day
from domain.task.basis import ruled_moment
from domain.task.commands import CarryOver, Evaluate, OpenRating, Start, Withdraw, task_stream
from domain.task.decider import TASK
from domain.task.state import Task
from domain.values import Act
from projections.reading import tasks_to_act_on, years_needed
from store.log import Store
from store.recorded import Recorded, folded
from workflows.calendars import calendars, opening
from workflows.definitions.model import definition
from workflows.order import Order
from workflows.ruling import by_rule, stated

_AT_ONCE = 500
CLOSE_RULE, OPEN_RULE = "programme.close_the_year", "calendar.open_the_year"


def transitions_due(store: Store, now: datetime | None = None) -> list[Order]:
    """The commands that rules give by the store's clock, or by `now`, or should have given before, one a task at most."""
    now = now or store.now()
    today = local_day(now)
    rows = tasks_to_act_on(store, today)
    orders = []
    for first in range(0, len(rows), _AT_ONCE):
        some = rows[first : first + _AT_ONCE]
        streams = store.load([task_stream(row.task) for row in some]).streams
        for row in some:
            act = min((one for one in row.acts if one.on <= today), key=lambda one: one.on)
            facts = streams[task_stream(row.task)]
            orders.append(transition(store.id, facts, act, row.definition, row.set_by, now))
    return orders


def transition(
    store_id: str, facts: Sequence[Recorded[Any]], act: Act, by: str, set_by: int, now: datetime
) -> Order:
    """The system's command by this rule on the task with these facts. `by`: the definition; `set_by`: the fact that
    recorded when it acts.
    """
    stream, state = facts[0].stream, folded(TASK, facts)
    when = next(one.when for one in definition(by).transitions if one.rule == act.rule)
    at = ruled_moment(state, act.on, by_plan=when.startswith("deadline_"), by_rating=when == "rated")
    return by_rule(
        store_id,
        command_of(stream[5:], state, act.rule, by),
        rule=act.rule,
        version=by,
        about=f"{stream}#{set_by}",
        at=stated(at, now),
    )


def command_of(task: str, state: Task, rule: str, by: str) -> Command:
    """What the rule of that definition gives to the task."""
    (found,) = (one for one in definition(by).transitions if one.rule == rule)
    match found.command:
        case "task.start":
            return Start(task=task)
        case "task.withdraw":
            return Withdraw(task=task)
        case "task.carry_over":
            return CarryOver(task=task, to_year=int(task[:4]) + 1)
        case "task.open_rating":
            return OpenRating(task=task)
        case "task.evaluate":
            assert state.rating is not None, "the rule waits for it"
            score = state.rating.score
            return Evaluate(task=task, score=score, grade=definition(by).grade(score))
    raise AssertionError(found.command)


def first_year_running(today: date) -> int:
    """The earliest year that is not over: one is over on the first of March after it."""
    return today.year - (today.month < 3)


def closing_due(store: Store, closed: set[int] | None = None, now: datetime | None = None) -> list[Order]:
    """The commands that close the programmes whose next year's February is over, the oldest first.

    As everything by rule it waits for the calendar, here the next year's. `closed`: years known to be closed, which are
    passed over and added to. `now`: another moment than the store's.
    """
    closed = set() if closed is None else closed
    now = now or store.now()
    years = [year for year in range(FIRST_YEAR, first_year_running(local_day(now))) if year not in closed]
    programmes = _programmes(store, years)
    closed |= {year for year, one in programmes.items() if one.stage is ProgrammeStage.CLOSED}
    waiting = [year for year, one in programmes.items() if one.stage is ProgrammeStage.OPEN]
    known = calendars(store, [year + 1 for year in waiting])
    return [_closing(store.id, year, now) for year in waiting if known[year + 1].version]


def closes_on(year: int) -> datetime:
    """The moment at which the programme of that year closes by rule."""
    return datetime.combine(date(year + 1, 3, 1), time(), SEOUL)


def _closing(store_id: str, year: int, now: datetime) -> Order:
    return by_rule(
        store_id,
        Close(year=year),
        rule=CLOSE_RULE,
        version="1",
        about=programme_stream(year),
        at=stated(closes_on(year), now),
    )


def opening_due(
    store: Store,
    opened: set[int] | None = None,
    now: datetime | None = None,
    needed: Iterable[int] | None = None,
) -> list[Order]:
    """The commands that open calendars, provisionally: of every year that an open task needs and that is not over, and
    of the running years and the coming one where a programme is open. `opened`: years known to be, passed over and
    added to. `now`: another moment than the store's; `needed`: see `years_needed`.
    """
    opened = set() if opened is None else opened
    today = local_day(now or store.now())
    first = first_year_running(today)
    coming = range(first, min(today.year + 1, LAST_YEAR) + 1)
    wanted = {year for year in (years_needed(store) if needed is None else needed) if year >= first}
    if not wanted.union(coming) - opened:
        return []
    if any(one.stage is ProgrammeStage.OPEN for one in _programmes(store, coming).values()):
        wanted.update(coming)
    known = calendars(store, wanted - opened)
    opened |= {year for year, one in known.items() if one.version}
    return [
        by_rule(
            store.id,
            opening(year, provisional=True),
            rule=OPEN_RULE,
            version="1",
            about=calendar_stream(year),
        )
        for year in sorted(known)
        if not known[year].version
    ]


def _programmes(store: Store, years: Iterable[int]) -> dict[int, Programme]:
    names = {year: programme_stream(year) for year in years}
    streams = store.load(list(names.values())).streams if names else {}
    return {year: folded(PROGRAMME, streams[name]) for year, name in names.items()}
