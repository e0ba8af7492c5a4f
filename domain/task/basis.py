"""What of a task its deadlines and the rules follow from, and nothing else: where this is the same, so are they."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import zip_longest
from operator import attrgetter
from typing import Any

import msgspec

from domain.limits import FIRST_YEAR, LAST_YEAR
from domain.quarters import first_day, last_day, quarter_end, quarter_of
from domain.roles import AGENCY_ROLES
from domain.seoul import local_day, midnight
from domain.task.open_line import OpenLine
from domain.task.stages import Condition, Place, Stage
from domain.task.state import Stay, StepDone, Suspension, Task
from domain.values import Plan

_DAY = timedelta(days=1)


_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class TakenLast(msgspec.Struct, frozen=True, gc=False):
    """A step as it was taken last. `here`: in the present place, since that began; `days`: what its form says, by field, where
    that is a day.
    """

    step: str
    on: date
    here: bool
    days: tuple[tuple[str, date], ...] = ()

    def day_in(self, field: str | None) -> date | None:
        """The day that the form says, without a field the one on which the step was taken."""
        return self.on if field is None else dict(self.days).get(field)


class Turn(msgspec.Struct, frozen=True, gc=False):
    """Whose turn it is in an approval line, by its first entry. `who`: agency or city; `since`: on which day it came."""

    entry: str
    who: tuple[str, ...]
    since: date


class Basis(msgspec.Struct, frozen=True, gc=False):
    """All days in Seoul. `since`: on which the stage or the condition began. A task whose proposal is waited for is listed.

    `milestones`: those not reached, by id, with their days; `quarters`: those in which work is or was under way and that
    nobody has reported. `stood`: from when to when it has stood in the present place; `steps`: in the order in which they were
    taken; `turn`: whose it is in the approval line that is open. What the task has not is None or empty.
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
    stood: tuple[tuple[date, date | None], ...] = ()
    steps: tuple[TakenLast, ...] = ()
    turn: Turn | None = None

    @property
    def plan_middle(self) -> date | None:
        """The last day of the plan's first half, both its days counted."""
        if self.plan_start is None or self.plan_end is None:
            return None
        return self.plan_start + (self.plan_end - self.plan_start) // 2

    def taken(self, step: str) -> TakenLast | None:
        return next((one for one in self.steps if one.step == step), None)

    def days(self) -> Iterator[date]:
        """Every day that something is counted from."""
        yield from (day for _, day in self.milestones)
        yield from (last_day(one) for one in self.quarters)
        yield from (day for one in self.steps for day in (one.on, *(day for _, day in one.days)))
        turn = None if self.turn is None else self.turn.since
        for day in (self.since, self.plan_start, self.plan_end, self.final_report_on, turn):
            if day is not None:
                yield day

    def years(self) -> range:
        """The years whose calendars its deadlines and reminders may need; none once it is over."""
        if not self.stage.is_open and self.stage is not Stage.LISTED:
            return range(0)
        days = list(self.days())
        if not days:
            return range(0)
        return range(max(min(days).year - 1, FIRST_YEAR), min(max(days).year + 1, LAST_YEAR) + 1)


# all of a task that its basis is made of; they are given to `_basis` and nothing else is
_read: Any = attrgetter(
    "stage",
    "condition",
    "definition",
    "condition_since",
    "plan",
    "milestones_reached",
    "final_report_on",
    "rated_on",
    "started_on",
    "reported_until",
    "suspensions",
    "requested_since",
    "stays",
    "steps",
    "line",
)


def basis_of(task: Task) -> Basis:
    """What the deadlines of the task as it stands follow from."""
    return _basis(*_read(task))


def is_same_basis(one: Task, other: Task) -> bool:
    """Whether the basis of both is the same by what it is made of. Where this is False it may be the same all the same."""
    return bool(_read(one) == _read(other))


def _basis(
    stage: Stage,
    condition: Condition,
    definition: str,
    condition_since: datetime | None,
    plan: Plan | None,
    milestones_reached: tuple[str, ...],
    final_report_on: date | None,
    rated_on: date | None,
    started_on: date | None,
    reported_until: date | None,
    suspensions: tuple[Suspension, ...],
    requested_since: datetime | None,
    stays: tuple[Stay, ...],
    steps: Mapping[str, StepDone],
    line: OpenLine | None,
) -> Basis:
    if stage is Stage.UNKNOWN and requested_since is not None:
        return Basis(Stage.LISTED, Condition.NORMAL, definition, since=local_day(requested_since))
    here = str(Place(stage, condition))
    return Basis(
        stage=stage,
        condition=condition,
        definition=definition,
        since=None if condition_since is None else local_day(condition_since),
        plan_start=None if plan is None else plan.start,
        plan_end=None if plan is None else plan.end,
        not_before=None if plan is None else plan.not_before,
        milestones=()
        if plan is None
        else tuple([(one.id, one.due) for one in plan.milestones if one.id not in milestones_reached]),
        quarters=()
        if plan is None or started_on is None
        else _quarters(started_on, plan.end, reported_until, suspensions),
        final_report_on=final_report_on,
        rated_on=rated_on,
        stood=_list_stays(stays, here),
        steps=_list_steps(steps, here, condition_since) if steps else (),
        turn=None if line is None else _turn(line),
    )


def _list_stays(stays: tuple[Stay, ...], here: str) -> tuple[tuple[date, date | None], ...]:
    """Spans that touch are one: a task that went and came back on a day has stood there."""
    found = list[tuple[date, date | None]]()
    for one, following in zip_longest(stays, stays[1:]):
        if one.place != here:
            continue
        since, until = local_day(one.since), None if following is None else local_day(following.since)
        if found and found[-1][1] == since:
            since = found.pop()[0]
        found.append((since, until))
    return tuple(found)


def _list_steps(steps: Mapping[str, StepDone], here: str, since: datetime | None) -> tuple[TakenLast, ...]:
    return tuple(
        TakenLast(
            name,
            one.on,
            one.place == here and (since is None or one.stamp[0] >= since),
            tuple((field, date.fromisoformat(said)) for field, said in one.form.items() if _is_day(said)),
        )
        for name, one in sorted(steps.items(), key=lambda item: item[1].stamp)
    )


def _is_day(said: str) -> bool:
    """Whether a form's field says a day; it was read when it was filled in."""
    return _ISO_DAY.fullmatch(said) is not None


def _turn(line: OpenLine) -> Turn | None:
    """Of all who are asked side by side, whether they have signed or not: who signs next moves no deadline of the others."""
    there = [one for one in line.signatories if one.turn == line.turn]
    who = {"agency" if one.role in AGENCY_ROLES else "city" for one in there}
    return Turn(there[0].entry, tuple(sorted(who)), local_day(line.since)) if there else None


def moment_of_rule(task: Task, on: date, *, by_plan: bool, by_rating: bool) -> datetime:
    """When what a rule does on that day takes effect: at its first moment, or when what it follows from was so."""
    follows_from = (
        task.condition_since,
        task.plan_at if by_plan else None,
        task.rated_at if by_rating else None,
    )
    return max([midnight(on), *(at for at in follows_from if at is not None)])


@lru_cache(maxsize=10_000)  # a year's tasks begin and end on few days
def _quarters(
    started_on: date, plan_end: date, reported_until: date | None, suspensions: tuple[Suspension, ...]
) -> tuple[str, ...]:
    found, end = [], quarter_end(started_on)
    while end <= plan_end:
        quarter = quarter_of(end)
        reported = reported_until is not None and end <= reported_until
        if not reported and _under_way(suspensions, max(started_on, first_day(quarter)), end):
            found.append(quarter)
        end = quarter_end(end + _DAY)
    return tuple(found)


def _under_way(suspensions: tuple[Suspension, ...], first: date, last: date) -> bool:
    """Whether at any moment of these days, both included, the work was not suspended."""
    moment, end = (midnight(day) for day in (first, last + _DAY))
    for one in suspensions:
        if one.since > moment:
            break
        moment = max(moment, one.until or end)
    return moment < end
