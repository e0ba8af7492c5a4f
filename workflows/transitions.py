"""What happens by rule: the system's commands on the day that was recorded."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from domain.aggregate import Command
from domain.calendar.commands import calendar_stream
from domain.limits import FIRST_YEAR
from domain.programme.commands import Close, programme_stream
from domain.programme.decider import PROGRAMME
from domain.programme.state import Programme, ProgrammeStage
from domain.seoul import local_day
from domain.task.commands import CarryOver, Evaluate, OpenRating, Start, Withdraw, task_stream
from domain.task.decider import TASK
from domain.task.state import Task
from projections.deadlines import DeadlinesRow
from projections.reading import tasks_to_act_on
from store.envelope import Actor, Cause
from store.log import Store
from store.recorded import folded
from workflows.definitions.model import definition
from workflows.order import Order

_SYSTEM = Actor(role="system")
_GRACE = timedelta(minutes=1)
_AT_ONCE = 500
CLOSE_RULE = "programme.close_the_year"


def transitions_due(store: Store) -> list[Order]:
    """The commands that rules give today or should have given before, one a task at most."""
    today = local_day(store.now())
    return [_transition(store, row, today) for row in tasks_to_act_on(store, today)]


def closing_due(store: Store, closed: set[int] | None = None, now: datetime | None = None) -> list[Order]:
    """The commands that close the programmes whose next year's February is over, the oldest first.

    As everything by rule it waits for the calendar, here the next year's. `closed`: years known to be closed, which are
    passed over and added to. `now`: another moment than the store's.
    """
    closed = set() if closed is None else closed
    today = local_day(now or store.now())
    last = today.year - (1 if today.month >= 3 else 2)
    years = [year for year in range(FIRST_YEAR, last + 1) if year not in closed]
    names = [name for year in years for name in (programme_stream(year), calendar_stream(year + 1))]
    streams = store.load(names).streams if names else {}
    orders = []
    for year in years:
        programme: Programme = folded(PROGRAMME, streams[programme_stream(year)])
        if programme.stage is ProgrammeStage.CLOSED:
            closed.add(year)
        elif programme.stage is ProgrammeStage.OPEN and streams[calendar_stream(year + 1)]:
            orders.append(_closing(store, year))
    return orders


def _closing(store: Store, year: int) -> Order:
    about = programme_stream(year)
    return Order(
        command=Close(year=year),
        actor=_SYSTEM,
        via="rule",
        authn="system",
        command_id=uuid.uuid5(uuid.UUID(store.id), f"{CLOSE_RULE} {about}").hex,
        cause=Cause(due=about, rule=CLOSE_RULE, rule_version="1"),
    )


def command_of(store: Store, task: str, rule: str, by: str) -> Command:
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
            state: Task = folded(TASK, store.read(task_stream(task)))
            assert state.rating is not None, "the rule waits for it"
            return Evaluate(
                task=task, score=state.rating.score, grade=definition(by).grade(state.rating.score)
            )
    raise AssertionError(found.command)


def _transition(store: Store, row: DeadlinesRow, today: date) -> Order:
    act = min((one for one in row.acts if one.on <= today), key=lambda one: one.on)
    return transition(store, row.task, act.rule, row.definition, row.set_by)


def transition(store: Store, task: str, rule: str, by: str, set_by: int) -> Order:
    """The system's command by this rule. `by`: the definition; `set_by`: the fact that recorded when it acts."""
    about = f"{task_stream(task)}#{set_by}"
    return Order(
        command=command_of(store, task, rule, by),
        actor=_SYSTEM,
        via="rule",
        authn="system",
        command_id=uuid.uuid5(uuid.UUID(store.id), f"{rule} {about}").hex,
        cause=Cause(due=about, rule=rule, rule_version=by),
    )
