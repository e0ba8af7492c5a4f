"""A wrong one for each right one: what it was like before the mend, or would be without it."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace

from domain.calendar.reckoning import business_day
from domain.calendar.refusals import CalendarNotOpen
from domain.seoul import local_day
from domain.stamps import with_values


def never(right: Any) -> Any:
    return lambda *_, **__: []


def as_carried_out(right: Any) -> Any:
    return lambda at, now: None


def never_suspended(right: Any) -> Any:
    """Patched where quarters are remembered, so that what was found before is not taken for it."""
    return lambda started, end, until, _: right(started, end, until, ())


def every_third_lost(right: Any) -> Any:
    def wrong(row: Any) -> Any:
        return (one for number, one in enumerate(right(row)) if number % 3 != 2)

    return wrong


def stale_after_a_report(right: Any) -> Any:
    """Whatever says how far the work is leaves the row to be counted again; and counting finds nothing new."""
    said = ("task.progress_reported", "task.corrected", "task.correction_cancelled")

    def wrong(row: Any, recorded: Any) -> Any:
        after = right(row, recorded)
        if after is None or recorded.kind not in said or after.stale:
            return after
        return replace(after, stale=True, stale_since=local_day(recorded.known_at))

    return wrong


def all_or_nothing(right: Any) -> Any:
    """One deadline that waits for a calendar stops them all."""

    def wrong(*given: Any) -> Any:
        counts = right(*given)
        return replace(counts, found=()) if counts.waiting else counts

    return wrong


def three_years(right: Any) -> Any:
    """The calendars of the year of the day and of those beside it, and no others."""

    def wrong(store: Any, command: Any) -> Any:
        then, moved = right(store, command)
        if far := [year for year in then if abs(year - command.day.year) > 1]:
            raise CalendarNotOpen(year=min(far))
        return then, moved

    return wrong


def by_its_day(right: Any) -> Any:
    """A report stands for the quarters that were over before the day on which it was so, whatever it says."""
    return lambda task, fact, at: right(task, replace(fact, period=None), at)


def forget_reminded(right: Any) -> Any:
    """What was reminded of a deadline is forgotten as soon as that goes."""

    def wrong(row: Any, fact: Any, basis: Any, day: Any) -> Any:
        there = {(one.kind, one.item, one.due) for one in fact.deadlines}
        kept = tuple(one for one in row.reminded if (one.kind, one.item, one.due) in there)
        return right(replace(row, reminded=kept), fact, basis, day)

    return wrong


def name_by_number(right: Any) -> Any:
    """A notice is another where another fact set the deadline."""

    def wrong(tick: Any, rung: Any, *given: Any, **more: Any) -> Any:
        envelope = right(tick, rung, *given, **more)
        again = uuid.uuid5(uuid.UUID(tick.store.id), f"{envelope.command.notice} {rung.since}").hex
        command = envelope.command.model_copy(update={"notice": again})
        named = uuid.uuid5(uuid.UUID(again), "arm").hex
        return replace(envelope, command=command, command_id=named)

    return wrong


def today_always(right: Any) -> Any:
    """A rung that is late does not say so."""

    def wrong(*given: Any, **more: Any) -> Any:
        envelope = right(*given, **more)
        return replace(envelope, command=envelope.command.model_copy(update={"late": False}))

    return wrong


def last_recorded(right: Any) -> Any:
    """No fact outdoes one that was recorded after it, whenever either was so."""
    return lambda stamps, name, stamp: False


def over_its_twin(right: Any) -> Any:
    """A correction counts at its target's moment with a number of its own: over another fact of that moment."""

    def wrong(task: Any, fact: Any, stamp: Any) -> Any:
        task = right(task, fact, stamp)
        return task if fact.percent is None else with_values(task, stamp, percent=fact.percent)

    return wrong


def first_link(right: Any) -> Any:
    """Who stands in is taken without asking who stands in for them."""
    return lambda *given: right(*given)[:1]


def never_addressed_again(right: Any) -> Any:
    """A message goes to whomever it was written to, as far as they can be reached."""
    return lambda store, notices, reaches, only_unreached=False: right(
        store, notices, reaches, only_unreached=True
    )


def everybody_reached(right: Any) -> Any:
    """Nobody asks whether a person has an address."""
    return lambda store, notices, reaches, only_unreached=False: right(
        store, notices, lambda *_: True, only_unreached=only_unreached
    )


def everything_presses(right: Any) -> Any:
    """Nothing waits for the week's message, or for one that goes anyway."""
    return lambda store, day: right(store, day)._replace(due_by=date.max)


def nothing_presses(right: Any) -> Any:
    """What is not late waits for what is."""
    return lambda store, day: right(store, day)._replace(due_by=date.min, week_begins=date.min)


def its_own(right: Any) -> Any:
    """A merged agency answers for itself."""
    return lambda self, agency: agency


def list_changed_in_vain(right: Any) -> Any:
    """Who is to lead a listed task is asked once, whatever the list says later."""
    return lambda row, recorded: row if recorded.kind == "programme.task_changed" else right(row, recorded)


def never_lapsing(right: Any) -> Any:
    """Nothing comes of a year's closing."""
    return lambda store, rows: [one for one in right(store, rows) if one.closed is None]


def since_asked_last(right: Any) -> Any:
    """A task waits since its lead was asked last."""
    return lambda task, fact, stamp: right(replace(task, requested_since=None), fact, stamp)


def first_day_never_counted(right: Any) -> Any:
    """The first day of a period is never one of it."""

    def counted(calendars: Any, start: date, count: int, by: Any = None) -> Any:
        return right(calendars, start, count, by and replace(by, first_day=False))

    return counted


def move_on_always(right: Any) -> Any:
    """An end on a day off moves to the next business day always."""

    def counted(calendars: Any, start: date, count: int, by: Any = None) -> Any:
        return right(calendars, start, count, by and replace(by, roll="next"))

    return counted


def thirty_days_each(right: Any) -> Any:
    return lambda first, months: first + timedelta(days=30 * months - 1)


def by_business_days_alone(right: Any) -> Any:
    return business_day


def all_but_its_rungs(right: Any) -> Any:
    return lambda deadline: replace(deadline, rungs=())


def round_down(right: Any) -> Any:
    return lambda criteria, rounding, asked: right(
        criteria, rounding.model_copy(update={"mode": "down"}), asked
    )


def ignore_absence(right: Any) -> Any:
    """What recurs is due whether or not the task stood in the place."""
    return lambda basis, day: True


def let_earlier_fulfil(right: Any) -> Any:
    """A step fulfils what began only after it."""
    return lambda basis, by, step: True


def count_forwards(right: Any) -> Any:
    """A span before a day is counted behind it."""

    def wrong(calendars: Any, start: Any, count: Any, by: Any = None) -> Any:
        return right(calendars, start, count, by and replace(by, backward=False))

    return wrong


def since_before(right: Any) -> Any:
    """Where a step leads the task is known, and since when it stands there is not."""

    def wrong(task: Any, fact: Any, stamp: Any) -> Any:
        return replace(right(task, fact, stamp), condition_since=task.condition_since)

    return wrong


def no_steps(right: Any) -> Any:
    """What rules are to do, but for steps of the definition."""

    def wrong(basis: Any, task: Any, by: Any, *more: Any) -> Any:
        steps = {one.rule for one in by.transitions if one.is_step}
        return (one for one in right(basis, task, by, *more) if one.rule not in steps)

    return wrong
