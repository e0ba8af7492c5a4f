"""What is due of a task: from its state, its definition and the calendars, the same deadlines every time.

A deadline is recorded with the versions of the calendars that it was counted with, so that it replays as it was.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import msgspec

from domain.calendar.reckoning import (
    Calendars,
    Reckoned,
    business_day,
    business_days_after,
    on_or_after,
    quarter_end,
)
from domain.calendar.refusals import CalendarNotOpen
from domain.seoul import local_day
from domain.task.commands import SetDeadlines
from domain.task.decider import TASK
from domain.task.state import Task
from domain.values import Act, CalendarVersion, Deadline, Rung
from store.envelope import Actor, Cause
from store.recorded import Recorded, folded
from workflows.definitions.model import DeadlineRule, Definition, definition
from workflows.order import Order

RULE = "task.deadlines"
_SYSTEM = Actor(role="system")
_DAY = timedelta(days=1)


class Counted(msgspec.Struct, frozen=True):
    """A deadline, and how its days were counted."""

    deadline: Deadline
    reckoned: Reckoned


def open_deadlines(task: Task, by: Definition, calendars: Calendars) -> list[Counted]:
    """Everything that is due of the task as it stands, by rule and then by day, with the days on which to remind.

    Raises CalendarNotOpen.
    """
    return [reminding(one, by, calendars) for one in due(task, by, calendars)]


def due(task: Task, by: Definition, calendars: Calendars) -> list[Counted]:
    """The same without the days on which to remind."""
    return [
        counted(
            Deadline(kind=rule.kind, item=item, who=rule.who, start=start, days=rule.within, due=start),
            calendars,
        )
        for rule in by.deadlines
        if (rule.stage, rule.condition) == (task.stage, task.condition)
        for item, start in _starts(rule, task)
    ]


def reminding(found: Counted, by: Definition, calendars: Calendars) -> Counted:
    """The deadline with the days on which to remind of it, as far as calendars are open."""
    deadline, rungs = found.deadline, []
    for rung in by.rungs(deadline.kind):
        try:
            rungs.append(Rung(days=rung.days, on=business_day(calendars, deadline.due, rung.days)))
        except CalendarNotOpen:
            continue
    return Counted(msgspec.structs.replace(deadline, rungs=tuple(rungs)), found.reckoned)


def counted(deadline: Deadline, calendars: Calendars) -> Counted:
    """The deadline with its days counted by these calendars. Raises CalendarNotOpen."""
    if deadline.days:
        reckoned = business_days_after(calendars, deadline.start, deadline.days)
    else:
        reckoned = on_or_after(calendars, deadline.start)
    return Counted(msgspec.structs.replace(deadline, due=reckoned.due), reckoned)


def years_of(task: Task) -> set[int]:
    """The years whose calendars the task's deadlines and reminders may need."""
    return {year for day in _days(task) for year in (day.year - 1, day.year, day.year + 1)}


def setting(
    stream: str,
    facts: Sequence[Recorded[Any]],
    calendars: Calendars,
    store_id: str,
    by: Definition | None = None,
) -> Order | None:
    """The system's command that records the task's deadlines, if they are other than what is recorded.

    `by`: another definition, which it is to live by from now on.

    Raises CalendarNotOpen, UnknownDefinition.
    """
    task: Task = folded(TASK, facts)
    kept, by = by is None, by or definition(task.definition)
    found = open_deadlines(task, by, calendars)
    deadlines = tuple(one.deadline for one in found)
    acts = tuple(pending(task, stream.removeprefix("task/"), by, deadlines))
    recorded = task.deadlines
    if kept and ((recorded.deadlines, recorded.acts) if recorded else ((), ())) == (deadlines, acts):
        return None
    versions = {pair for one in found for pair in one.reckoned.calendars}
    versions |= {
        (day.year, calendars[day.year].version)
        for one in deadlines
        for day in (rung.on for rung in one.rungs)
    }
    command = SetDeadlines(
        task=stream.removeprefix("task/"),
        as_of=len(facts),
        definition=by.identity,
        calendars=tuple(CalendarVersion(year=year, version=version) for year, version in sorted(versions)),
        deadlines=deadlines,
        acts=acts,
    )
    about = f"{stream}#{len(facts)}"
    counted_with = ",".join(f"{one.year}.{one.version}" for one in command.calendars)
    return Order(
        command=command,
        actor=_SYSTEM,
        via="rule",
        authn="system",
        command_id=uuid.uuid5(uuid.UUID(store_id), f"{RULE} {about} {counted_with} {by.identity}").hex,
        cause=Cause(due=about, rule=RULE, rule_version=by.identity),
    )


def pending(task: Task, number: str, by: Definition, deadlines: Iterable[Deadline]) -> Iterator[Act]:
    """What rules will do with the task as it stands, and when."""
    days = {one.kind: one.due for one in deadlines}
    for rule in by.transitions:
        if (rule.stage, rule.condition) != (task.stage, task.condition):
            continue
        match rule.when:
            case "deadline_day" if rule.deadline in days:
                bar = None if task.plan is None else task.plan.not_before
                yield Act(rule=rule.rule, on=max(days[rule.deadline], bar or date.min))
            case "deadline_passed" if rule.deadline in days:
                yield Act(rule=rule.rule, on=days[rule.deadline] + _DAY)
            case "at_once" if task.condition_since is not None:
                yield Act(rule=rule.rule, on=local_day(task.condition_since))
            case "rated" if task.rated_on is not None:
                yield Act(rule=rule.rule, on=task.rated_on)
            case "year_over":
                yield Act(rule=rule.rule, on=date(int(number[:4]) + 1, 3, 1))


def _starts(rule: DeadlineRule, task: Task) -> Iterator[tuple[str | None, date]]:
    """Which items are due by the rule, and the day from which each is counted."""
    plan = task.plan
    match rule.start:
        case "condition" if task.condition_since is not None:
            yield None, local_day(task.condition_since)
        case "final_report" if task.final_report_on is not None:
            yield None, task.final_report_on
        case "plan_start" if plan is not None:
            yield None, plan.start
        case "plan_end" if plan is not None:
            yield None, plan.end
        case "milestone_due" if plan is not None:
            for one in plan.milestones:
                if one.id not in task.milestones_reached:
                    yield one.id, one.due
        case "quarter_end" if plan is not None and task.started_on is not None:
            yield from _quarters(task, task.started_on, plan.end)


def _quarters(task: Task, first: date, last: date) -> Iterator[tuple[str, date]]:
    """The quarters between two days whose end nobody has reported since."""
    reported = None if task.percent_at is None else local_day(task.percent_at)
    end = quarter_end(first)
    while end <= last:
        if reported is None or reported <= end:
            yield f"{end.year}-Q{end.month // 3}", end
        end = quarter_end(end + _DAY)


def _days(task: Task) -> Iterable[date]:
    if task.plan is not None:
        yield task.plan.start
        yield task.plan.end
        yield from (one.due for one in task.plan.milestones)
    if task.condition_since is not None:
        yield local_day(task.condition_since)
    if task.final_report_on is not None:
        yield task.final_report_on
