"""From which days the deadlines of a rule are counted, as a task stands, and which of them are fulfilled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice

from domain.lifecycle.rules import DeadlineRule
from domain.lifecycle.starts import Start
from domain.quarters import last_day
from domain.task.basis import Basis, TakenLast
from domain.year_parts import YearPart, part_of

ItemStart = tuple[str | None, date]
# of one rule; the next ones come when the first are fulfilled
MOST_AT_ONCE = 60


def starts_of(rule: DeadlineRule, basis: Basis) -> Iterator[ItemStart]:
    """Which items are due by the rule, and the day from which each is counted; not of one before another deadline."""
    start = rule.counted_from
    if rule.recurs:
        yield from islice(_recurring(rule, basis), MOST_AT_ONCE)
    elif not is_fulfilled(rule, basis):
        yield from _once(start, basis) if start.word is None else _of_program(start.word, rule, basis)


def is_fulfilled(rule: DeadlineRule, basis: Basis) -> bool:
    """Whether the step that does has been taken; of what does not recur. What began with something of the task's is by a step
    taken after that alone.
    """
    if rule.fulfilling is None or (by := basis.taken(rule.fulfilling.step)) is None:
        return False
    start = rule.counted_from
    if start.taken is not None:
        return _was_taken_after(basis, by, start.taken.step)
    match start.word:
        case "condition":
            return by.here
        case "final_report":
            return basis.final_report_on is not None and by.on >= basis.final_report_on
    return True


def _was_taken_after(basis: Basis, by: TakenLast, step: str) -> bool:
    before = basis.taken(step)
    return before is not None and basis.steps.index(by) >= basis.steps.index(before)


def _of_program(word: str, rule: DeadlineRule, basis: Basis) -> Iterator[ItemStart]:
    match word:
        case "line_turn":  # of those whose turn it is on the side that owes it
            if basis.turn is not None and rule.who in basis.turn.who:
                yield basis.turn.entry, basis.turn.since
        case "milestone_due":
            yield from basis.milestones
        case "quarter_end":
            yield from ((quarter, last_day(quarter)) for quarter in basis.quarters)
        case _:
            single = {
                "condition": basis.since,
                "final_report": basis.final_report_on,
                "plan_start": basis.plan_start,
                "plan_end": basis.plan_end,
                "plan_middle": basis.plan_middle,
            }
            if (day := single[word]) is not None:
                yield None, day


def _once(start: Start, basis: Basis) -> Iterator[ItemStart]:
    if start.taken is not None:
        taken = basis.taken(start.taken.step)
        if taken is not None and (day := taken.day_in(start.taken.field)) is not None:
            yield None, day
    elif start.day is not None and basis.since is not None:
        this = date(basis.since.year, *start.day)
        yield None, this if this >= basis.since else this.replace(year=this.year + 1)


def _recurring(rule: DeadlineRule, basis: Basis) -> Iterator[ItemStart]:
    """Each start on which the task stood in the place and for which the step does not stand."""
    start, upto = rule.counted_from, _stands_until(rule, basis)
    for part in _parts(rule, basis):
        day = _day_in(part, start)
        if (upto is None or part.last > upto) and _has_stood(basis, day):
            yield part.name, day


def _parts(rule: DeadlineRule, basis: Basis) -> Iterator[YearPart]:
    """From the one in which it first came to the place to the last that began within the plan; behind that to the one in which it
    came to the place, or the step was taken, last.
    """
    months = rule.counted_from.months
    if not basis.stood or months is None:
        return
    taken = None if rule.fulfilling is None else basis.taken(rule.fulfilling.step)
    known = (basis.plan_end, basis.stood[-1][0], None if taken is None else taken.on)
    until = max(day for day in known if day is not None)
    part = part_of(basis.stood[0][0], months)
    while part.first <= until:
        yield part
        part = part.after


def _day_in(part: YearPart, start: Start) -> date:
    if start.day is not None:
        return date(part.year, *start.day)
    return part.first if start.begins_part else part.last


def _has_stood(basis: Basis, day: date) -> bool:
    return any(since <= day and (until is None or day <= until) for since, until in basis.stood)


def _stands_until(rule: DeadlineRule, basis: Basis) -> date | None:
    """The last day of the last part that the step stands for: that of the day which its form says, by itself the one that was over
    before it was taken, or runs, where what is due is of the part that has begun.
    """
    start, by = rule.counted_from, rule.fulfilling
    taken = None if by is None else basis.taken(by.step)
    if by is None or taken is None or start.months is None:
        return None
    day = taken.day_in(by.field)
    if day is None:
        return None
    part = part_of(day, start.months)
    return (part.before if start.ends_part and by.field is None else part).last
