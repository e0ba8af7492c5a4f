"""What is due of a task, what waits for a calendar, and what happens to it by rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from scripts.random_lives.oracle import shapes
from scripts.random_lives.oracle.calendars import Calendars, NotOpenError
from scripts.random_lives.oracle.cases import Record, midnight, seoul_day
from scripts.random_lives.oracle.definitions import Definition
from scripts.random_lives.oracle.open_lines import sides_of
from scripts.random_lives.oracle.periods import end_of_period
from scripts.random_lives.oracle.starts import (
    is_a_day,
    is_fulfilled,
    is_of_a_step,
    list_own_starts,
    list_recurring,
    recurs,
)
from scripts.random_lives.oracle.tasks import Task

ItemStart = tuple[str, date]


@dataclass(frozen=True)
class Deadline:
    kind: str
    item: str
    who: str
    start: date
    days: int
    due: date
    rungs: tuple[tuple[int, date | None], ...]


@dataclass(frozen=True)
class Waiting:
    """What cannot be counted, since the calendar of `year` is not open."""

    kind: str
    item: str
    who: str
    start: date
    days: int
    year: int


@dataclass(frozen=True)
class Act:
    """What a rule does on a day, and the moment at which that takes effect. `kind`: of the fact."""

    rule: str
    on: date
    at: datetime
    command: str


@dataclass(frozen=True)
class Reckoning:
    deadlines: tuple[Deadline, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    acts: tuple[Act, ...] = ()


def reckon(task: Task, definition: Definition, calendars: Calendars, not_before: date | None) -> Reckoning:
    deadlines: list[Deadline] = []
    waiting: list[Waiting] = []
    for rule in definition.rules_for(*task.place):
        for item, start, end in _ends(rule, task, definition, calendars):
            key = (rule["kind"], item, rule["who"], start, rule["within"])
            if isinstance(end, int):
                waiting.append(Waiting(*key, end))
            else:
                rungs = tuple(
                    (days, _rung(calendars, end, days)) for days in definition.rungs_of(rule["kind"])
                )
                deadlines.append(Deadline(*key, end, rungs))
    acts = _acts(task, definition, deadlines, not_before, task.year + 1 in calendars.years)
    return Reckoning(tuple(deadlines), tuple(waiting), acts)


Ends = list[tuple[str, date, date | int]]


def _ends(rule: Record, task: Task, definition: Definition, calendars: Calendars) -> Ends:
    """Of each item its start and the day on which it is due, or the year for which it waits."""
    if is_fulfilled(rule, task):
        return []
    if not rule["start"].startswith("deadlines."):
        return [_end(item, day, rule, calendars) for item, day in _starts(rule, task)]
    other = next(one for one in definition.deadlines if one["kind"] == rule["start"].split(".")[1])
    ends = _ends(other, task, definition, calendars)
    return [one if isinstance(one[2], int) else _end(one[0], one[2], rule, calendars) for one in ends]


def _end(item: str, day: date, rule: Record, calendars: Calendars) -> tuple[str, date, date | int]:
    try:
        return item, day, end_of_period(calendars, day, rule)
    except NotOpenError as error:
        return item, day, error.year


def _starts(rule: Record, task: Task) -> list[ItemStart]:
    if recurs(rule):
        return list_recurring(rule, task)
    if rule["start"] == "line_turn":
        return _turn_of(rule, task)
    if is_of_a_step(rule["start"]) or is_a_day(rule["start"]):
        return list_own_starts(rule, task)
    return starts_of(rule["start"], task)


def _turn_of(rule: Record, task: Task) -> list[ItemStart]:
    """The day on which the turn in the open line came to the side that the rule is of, whoever of it has signed by now."""
    line = task.line
    if line is None or rule["who"] not in sides_of(line.entries_of(line.turn)):
        return []
    return [(line.entries_of(line.turn)[0]["entry"], seoul_day(line.since))]


def starts_of(start: str, task: Task) -> list[ItemStart]:
    """The days from which a rule of the program's own counts, each with the item that it is of."""
    match start:
        case "condition":
            since = task.waits_since if task.waits else task.since
            return [("", seoul_day(since))] if since else []
        case "plan_start":
            return [("", shapes.plan_days(task.plan)[0])]
        case "plan_end":
            return [("", shapes.plan_days(task.plan)[1])]
        case "milestone_due":
            return [
                (item, day) for item, day in shapes.milestones(task.plan).items() if item not in task.reached
            ]
        case "final_report":
            return [("", seoul_day(task.final_report))] if task.final_report else []
        case "quarter_end":
            return [(quarter, _quarter_days(quarter)[1]) for quarter in quarters_due(task)]
    raise ValueError(start)


def quarters_due(task: Task) -> list[str]:
    """Of the quarters that end within the plan, those with work under way that no report stands for."""
    if task.started is None:
        return []
    quarter, end = _quarter_of(task.started), shapes.plan_days(task.plan)[1]
    due = []
    while _quarter_days(quarter)[1] <= end:
        if _under_way(task, quarter) and not _is_reported(task, quarter):
            due.append(quarter)
        quarter = _quarter_of(_quarter_days(quarter)[1] + timedelta(days=1))
    return due


def _under_way(task: Task, quarter: str) -> bool:
    """Whether some moment of the quarter, from the start of the work on, is outside all suspensions."""
    assert task.started is not None
    first, last = _quarter_days(quarter)
    at, end = midnight(max(first, task.started)), midnight(last + timedelta(days=1))
    for begun, ended in sorted(task.suspended, key=lambda span: span[0]):
        if begun <= at:
            at = max(at, end if ended is None else ended)
    return at < end


def _is_reported(task: Task, quarter: str) -> bool:
    last = _quarter_days(quarter)[1]
    return any(last < so if told is None else quarter <= told for told, so in task.reports)


def _quarter_of(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _quarter_days(quarter: str) -> tuple[date, date]:
    year, number = int(quarter[:4]), int(quarter[-1])
    following = date(year + number // 4, number % 4 * 3 + 1, 1)
    return date(year, number * 3 - 2, 1), following - timedelta(days=1)


def _rung(calendars: Calendars, due: date, days: int) -> date | None:
    try:
        if days == 0:  # where it is due on a day off, people are told before
            return calendars.last_business_day(due)
        return calendars.rung(due, days)
    except NotOpenError:
        return None


def _acts(
    task: Task, definition: Definition, deadlines: list[Deadline], not_before: date | None, ends: bool
) -> tuple[Act, ...]:
    """`ends`: whether the calendar of the next year is open, for which the end of the year waits."""
    acts = []
    for transition in definition.transitions_from(task.stage, task.condition):
        if transition["when"] == "year_over" and not ends:
            continue
        on = _act_day(transition, task, deadlines, not_before)
        if on is not None:
            at = max([midnight(on), *_causes(transition["when"], task)])
            acts.append(Act(transition["rule"], on, at, transition["command"]))
    return tuple(acts)


def _act_day(
    transition: Record, task: Task, deadlines: list[Deadline], not_before: date | None
) -> date | None:
    due = next((one.due for one in deadlines if one.kind == transition.get("deadline")), None)
    match transition["when"]:
        case "deadline_day":
            return max(due, not_before or due) if due else None
        case "deadline_passed":
            return due + timedelta(days=1) if due else None
        case "year_over":
            return date(task.year + 1, 3, 1)
        case "at_once":
            return seoul_day(task.since) if task.since else None
        case "rated":
            return seoul_day(task.rated.so) if task.rated else None
    raise ValueError(transition["when"])


def _causes(when: str, task: Task) -> list[datetime]:
    """The moments of what an act follows from."""
    causes = [task.since]
    if when == "deadline_day":
        causes.append(task.plan_at)
    if when == "rated" and task.rated:
        causes.append(task.rated.so)
    return [cause for cause in causes if cause is not None]


def list_needed_years(task: Task) -> range:
    """All years from the one before the task's earliest day to the one after its latest."""
    if task.waits and task.waits_since is not None:
        day = seoul_day(task.waits_since)
        return range(day.year - 1, day.year + 2)
    days = [*(shapes.plan_days(task.plan)), *shapes.milestones(task.plan).values()]
    days += [seoul_day(at) for at in (task.since, task.final_report) if at is not None]
    for one in task.steps.values():
        days += [seoul_day(one.so), *one.days.values()]
    return range(min(days).year - 1, max(days).year + 2)
