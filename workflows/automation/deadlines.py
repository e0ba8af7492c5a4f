"""What is due of a task: from its basis, its definition and the calendars, the same deadlines every time.

A deadline is recorded with the versions of the calendars that it was counted with, so that it replays as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from domain.calendar.periods import count_period
from domain.calendar.reckoning import Calendars, Reckoned, business_day, on_or_before
from domain.calendar.refusals import CalendarNotOpen
from domain.lifecycle.model import Definition
from domain.lifecycle.rules import DeadlineRule
from domain.streams import identity_of, year_of
from domain.task.basis import Basis, basis_of
from domain.task.commands import SetDeadlines
from domain.task.facts import DeadlinesSet, ProposalRequested
from domain.task.state import TASK, Task
from domain.values import Act, Awaited, CalendarVersion, Deadline, ReminderStep
from store.log import Store
from store.recorded import RecordedFact, days_late, fold_state
from workflows.automation.starting import is_fulfilled, starts_of
from workflows.automation.years import over_on
from workflows.calendars import calendars
from workflows.command_envelope import CommandEnvelope
from workflows.definitions.adopted import KnownDefinitions
from workflows.ruling import by_rule

RULE = "task.deadlines"
_SET = DeadlinesSet.kind
_DAY = timedelta(days=1)


class Counted(msgspec.Struct, frozen=True):
    """A deadline, and how its days were counted."""

    deadline: Deadline
    reckoned: Reckoned


class Counts(msgspec.Struct, frozen=True):
    """What is due, by rule and then by day; and what is, but waits for a calendar to be counted."""

    found: tuple[Counted, ...]
    waiting: tuple[Awaited, ...]

    @property
    def deadlines(self) -> tuple[Deadline, ...]:
        return tuple(one.deadline for one in self.found)


def open_deadlines(basis: Basis, by: Definition, calendars: Calendars) -> Counts:
    """Everything that is due of the task as it stands, with the days on which to remind, as far as calendars are open."""
    counts = due(basis, by, calendars)
    return Counts(tuple(_reminding(one, by, calendars) for one in counts.found), counts.waiting)


def due(basis: Basis, by: Definition, calendars: Calendars) -> Counts:
    """The same without the days on which to remind."""
    known: dict[str, Counts] = {}
    here = [rule for rule in by.deadlines if (rule.stage, rule.condition) == (basis.stage, basis.condition)]
    for rule in here:
        _count(rule, basis, by, calendars, known)
    counts = [known[rule.kind] for rule in here]
    return Counts(
        tuple(one for each in counts for one in each.found),
        tuple(one for each in counts for one in each.waiting),
    )


def _count(
    rule: DeadlineRule, basis: Basis, by: Definition, calendars: Calendars, known: dict[str, Counts]
) -> Counts:
    """What is due by the rule, which is put into `known`, by kind, with what it is counted from."""
    if rule.kind in known:
        return known[rule.kind]
    found: list[Counted] = []
    waiting: list[Awaited] = []
    other = None if rule.counted_from.deadline is None else by.rule(rule.counted_from.deadline)
    if other is None:
        starts = list(starts_of(rule, basis))
    elif is_fulfilled(rule, basis):
        starts = []
    else:
        before = _count(other, basis, by, calendars, known)
        starts = [(one.deadline.item, one.deadline.due) for one in before.found]
        waiting = [_await(_begin_deadline(rule, one.item, one.start, by), one.year) for one in before.waiting]
    for item, start in starts:
        uncounted = _begin_deadline(rule, item, start, by)
        try:
            found.append(count_deadline(uncounted, calendars))
        except CalendarNotOpen as missing:
            waiting.append(_await(uncounted, int(str(missing.details["year"]))))
    known[rule.kind] = Counts(tuple(found), tuple(waiting))
    return known[rule.kind]


def _begin_deadline(rule: DeadlineRule, item: str | None, start: date, by: Definition) -> Deadline:
    told = rule.counted_from.is_told or rule.fulfilling is not None
    return Deadline(
        kind=rule.kind,
        item=item,
        who=rule.who,
        start=start,
        days=rule.within,
        due=start,
        counting=rule.counting,
        counted_from=rule.start if told else None,
        met_by=rule.met_by,
        label=by.kind_labels.get(rule.kind),
    )


def _await(one: Deadline, year: int) -> Awaited:
    return Awaited(
        kind=one.kind,
        who=one.who,
        start=one.start,
        days=one.days,
        year=year,
        item=one.item,
        counting=one.counting,
        counted_from=one.counted_from,
        met_by=one.met_by,
        label=one.label,
    )


def _reminding(found: Counted, by: Definition, calendars: Calendars) -> Counted:
    """The deadline with the days on which to remind of it, as far as calendars are open."""
    deadline, rungs = found.deadline, []
    for rung in by.rungs(deadline.kind):
        try:
            rungs.append(ReminderStep(days=rung.days, on=_rung_day(calendars, deadline.due, rung.days)))
        except CalendarNotOpen:
            continue
    return Counted(msgspec.structs.replace(deadline, rungs=tuple(rungs)), found.reckoned)


def _rung_day(calendars: Calendars, due: date, days: int) -> date:
    """Of what is due on a day off, people are told on the business day before it. Raises CalendarNotOpen."""
    return business_day(calendars, due, days) if days else on_or_before(calendars, due).due


def count_deadline(deadline: Deadline, calendars: Calendars) -> Counted:
    """The deadline with its days counted by these calendars. Raises CalendarNotOpen."""
    reckoned = count_period(calendars, deadline.start, deadline.days, deadline.counting)
    return Counted(msgspec.structs.replace(deadline, due=reckoned.due), reckoned)


def basis_at(facts: Iterable[RecordedFact[Any]]) -> Basis:
    """What the deadlines of a task with these facts follow from."""
    return basis_of(fold_state(TASK, facts))


def calendars_for(store: Store, bases: Iterable[Basis]) -> Calendars:
    """The calendars that the deadlines of these tasks may need, as they are now."""
    return calendars(store, {year for basis in bases for year in basis.years()})


def setting(
    stream: str,
    facts: Sequence[RecordedFact[Any]],
    calendars: Calendars,
    definitions: KnownDefinitions,
    store_id: str,
    by: Definition | None = None,
) -> CommandEnvelope | None:
    """The system's command that records the task's deadlines, if it has moved on since they were, or they are others.

    `by`: another definition, which it is to live by from now on.

    Raises UnknownDefinition.
    """
    task: Task = fold_state(TASK, facts)
    basis, recorded = basis_of(task), task.deadlines
    by, kept = by or definitions.of(basis.definition), by is None
    counts = open_deadlines(basis, by, calendars)
    acts = tuple(pending(basis, identity_of(stream), by, counts.deadlines, calendars))
    found = (counts.deadlines, acts, counts.waiting)
    before = ((), (), ()) if recorded is None else (recorded.deadlines, recorded.acts, recorded.waiting)
    if kept and found == before and not _has_moved_on(facts, basis):
        return None
    versions = {pair for one in counts.found for pair in one.reckoned.calendars}
    versions |= {
        (day.year, calendars[day.year].version)
        for one in counts.deadlines
        for day in (rung.on for rung in one.rungs)
    }
    command = SetDeadlines(
        task=identity_of(stream),
        as_of=len(facts),
        definition=by.identity,
        calendars=tuple(CalendarVersion(year=year, version=version) for year, version in sorted(versions)),
        deadlines=counts.deadlines,
        acts=acts,
        waiting=counts.waiting,
        next_by=by.taken_on_by(task.place) if task.condition.is_own else (),
    )
    about = f"{stream}#{len(facts)}"
    counted_with = ",".join(f"{one.year}.{one.version}" for one in command.calendars)
    return by_rule(
        store_id,
        command,
        rule=RULE,
        version=by.identity,
        about=about,
        at=_time_of_rule(facts) if kept else None,
        named=f"{RULE} {about} {counted_with} {by.identity}",
    )


def _has_moved_on(facts: Sequence[RecordedFact[Any]], basis: Basis) -> bool:
    """Whether what the deadlines follow from is other than when they were set last."""
    last = next((place for place in range(len(facts), 0, -1) if facts[place - 1].kind == _SET), 0)
    return last < len(facts) and (not last or basis_at(facts[:last]) != basis)


def _time_of_rule(facts: Sequence[RecordedFact[Any]]) -> datetime | None:
    """When the last thing of the task was so, where a rule did that and dated it; a count stands beside it."""
    last = max(_moving(facts), key=lambda one: (one.effective_at, one.version))
    return last.effective_at if days_late(last) else None


def _moving(facts: Sequence[RecordedFact[Any]]) -> Iterator[RecordedFact[Any]]:
    """All but the counts, and what asks once more for a proposal that is waited for: that moves nothing."""
    waits = False
    for one in facts:
        again = waits and one.kind == ProposalRequested.kind
        waits = one.kind == ProposalRequested.kind or (waits and one.kind == _SET)
        if one.kind != _SET and not again:
            yield one


def pending(
    basis: Basis, number: str, by: Definition, deadlines: Iterable[Deadline], calendars: Calendars
) -> Iterator[Act]:
    """What rules will do with the task as it stands, and when. The end of a year waits for the next one's calendar."""
    days: dict[str, date] = {}
    for one in deadlines:
        days.setdefault(one.kind, one.due)
    year = year_of(number)
    for rule in by.transitions:
        if (rule.stage, rule.condition) != (basis.stage, basis.condition):
            continue
        match rule.when:
            case "deadline_day" if rule.deadline in days:
                yield Act(rule=rule.rule, on=max(days[rule.deadline], basis.not_before or date.min))
            case "deadline_passed" if rule.deadline in days:
                yield Act(rule=rule.rule, on=days[rule.deadline] + _DAY)
            case "at_once" if basis.since is not None:
                yield Act(rule=rule.rule, on=basis.since)
            case "rated" if basis.rated_on is not None:
                yield Act(rule=rule.rule, on=basis.rated_on)
            case "year_over" if year + 1 not in calendars or calendars[year + 1].version:
                yield Act(rule=rule.rule, on=over_on(year))
