"""What of a task its deadlines and the rules follow from, and nothing else: where this is the same, so are they."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import msgspec

from domain.limits import FIRST_YEAR, LAST_YEAR
from domain.quarters import first_day, last_day, quarter_end, quarter_of
from domain.seoul import SEOUL, local_day
from domain.task.stages import Condition, Stage
from domain.task.state import Task

_DAY = timedelta(days=1)


class Basis(msgspec.Struct, frozen=True):
    """All days in Seoul. `since`: on which the stage or the condition began.

    `milestones`: those not reached, by id, with their days; `quarters`: those in which work is or was under way and that
    nobody has reported. What the task has not is None or empty.
    """

    stage: Stage
    condition: Condition
    definition: str
    since: date | None = None
    plan_start: date | None = None
    plan_end: date | None = None
    not_before: date | None = None
    milestones: tuple[tuple[str, date], ...] = ()
    quarters: tuple[str, ...] = ()
    final_report_on: date | None = None
    rated_on: date | None = None

    def days(self) -> Iterator[date]:
        """Every day that something is counted from."""
        yield from (day for _, day in self.milestones)
        yield from (last_day(one) for one in self.quarters)
        for day in (self.since, self.plan_start, self.plan_end, self.final_report_on):
            if day is not None:
                yield day

    def years(self) -> range:
        """The years whose calendars its deadlines and reminders may need; none once it is over."""
        if not self.stage.is_open:
            return range(0)
        days = list(self.days())
        if not days:
            return range(0)
        return range(max(min(days).year - 1, FIRST_YEAR), min(max(days).year + 1, LAST_YEAR) + 1)


def basis_of(task: Task) -> Basis:
    """What the deadlines of the task as it stands follow from."""
    plan = task.plan
    return Basis(
        stage=task.stage,
        condition=task.condition,
        definition=task.definition,
        since=None if task.condition_since is None else local_day(task.condition_since),
        plan_start=None if plan is None else plan.start,
        plan_end=None if plan is None else plan.end,
        not_before=None if plan is None else plan.not_before,
        milestones=()
        if plan is None
        else tuple((one.id, one.due) for one in plan.milestones if one.id not in task.milestones_reached),
        quarters=tuple(_quarters(task)),
        final_report_on=task.final_report_on,
        rated_on=task.rated_on,
    )


def ruled_moment(task: Task, on: date, *, by_plan: bool, by_rating: bool) -> datetime:
    """When what a rule does on that day takes effect: at its first moment, or when what it follows from was so."""
    follows_from = (
        task.condition_since,
        task.plan_at if by_plan else None,
        task.rated_at if by_rating else None,
    )
    return max([datetime.combine(on, time(), SEOUL), *(at for at in follows_from if at is not None)])


def _quarters(task: Task) -> Iterator[str]:
    if task.plan is None or task.started_on is None:
        return
    end = quarter_end(task.started_on)
    while end <= task.plan.end:
        quarter = quarter_of(end)
        reported = task.reported_until is not None and end <= task.reported_until
        if not reported and _under_way(task, max(task.started_on, first_day(quarter)), end):
            yield quarter
        end = quarter_end(end + _DAY)


def _under_way(task: Task, first: date, last: date) -> bool:
    """Whether at any moment of these days, both included, the work was not suspended."""
    moment, end = (datetime.combine(day, time(), SEOUL) for day in (first, last + _DAY))
    for one in task.suspensions:
        if one.since > moment:
            break
        moment = max(moment, one.until or end)
    return moment < end
