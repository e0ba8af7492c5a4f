"""Every rule of the access log."""

from __future__ import annotations

from datetime import date, timedelta

from domain.access import facts
from domain.access.commands import AccessCommand, AcknowledgeGap, ExamineRow, Prune, SignOff
from domain.access.refusals import KeptTwoYears, MonthNotOver, NotAGap, PrunedAlready, ReviewedAlready
from domain.access.state import ACCESS, Access
from domain.aggregate import Aggregate, DecisionContext
from domain.limits import ref_of


def decide(command: AccessCommand, access: Access, context: DecisionContext) -> tuple[facts.AccessFact, ...]:
    """Turn a command into facts, or refuse it."""
    match command:
        case SignOff():
            if access.review is not None:
                raise ReviewedAlready(month=command.month)
            if context.today <= last_day(command.month):
                raise MonthNotOver(month=command.month, today=context.today)
            return (
                facts.Reviewed(
                    readings=command.readings,
                    unusual=command.unusual,
                    rows_sha256=command.rows_sha256,
                    note=ref_of(command.note),
                ),
            )
        case Prune():
            if command.before > (until := prunable_before(context.today)):
                raise KeptTwoYears(before=command.before, until=until)
            if access.pruned is not None and command.before <= access.pruned:
                raise PrunedAlready(pruned=access.pruned)
            return (facts.Pruned(before=command.before, count=command.count, gone=command.gone),)
        case AcknowledgeGap(first=first, last=last):
            if last < first:
                raise NotAGap(first=first, last=last)
            return (facts.GapAcknowledged(first=first, last=last, note=ref_of(command.note)),)
        case ExamineRow():
            return (
                facts.RowExamined(
                    what=command.what,
                    number=command.number,
                    note=ref_of(command.note),
                    found=command.found,
                ),
            )


def prunable_before(today: date) -> date:
    """What was read before that day is two years old."""
    if (today.month, today.day) == (2, 29):
        today -= timedelta(days=1)
    return today.replace(year=today.year - 2)


def first_day(month: str) -> date:
    """Of a month as 2024-05."""
    return date.fromisoformat(f"{month}-01")


def last_day(month: str) -> date:
    return (first_day(month) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


AGGREGATE = Aggregate.on(ACCESS, AccessCommand, decide)
