"""How a budget is used over time: rate of execution, forecast by straight line, early warning. Pure; whole won and days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from domain.rounding import round_half_up

WarningOf = Literal["behind", "ahead", "over"]


class Course(msgspec.Struct, frozen=True):
    """`rate`: 집행률, what was spent in percent of what there is to spend; `elapsed`: how much of the time has passed, in percent.

    Both with one digit, as decimal strings; None where there is nothing to spend, or no time. `forecast_krw`: what will have been
    spent at the end, if it goes on as until now; None before the first day. `warning`: see course_of.
    """

    rate: str | None
    elapsed: str | None
    forecast_krw: int | None
    warning: WarningOf | None


def days_of(year: int, start: date | None, end: date | None) -> tuple[date, date]:
    """The days of the year on which its money is to be spent: those of the plan, or all of them."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    if start is None or end is None or end < first or start > last:
        return first, last
    return max(first, start), min(last, end)


def course_of(
    available: int, spent: int, first: date, last: date, today: date, *, below: int, above: int
) -> Course:
    """`first`, `last`: the days, both included, over which the money is to be spent; `today`: until whose end was spent.

    `over`: more was spent than there is; `behind`, `ahead`: the rate of execution is more than `below` percentage points behind the
    share of the time, or more than `above` ahead of it.
    """
    total = (last - first).days + 1
    passed = max(0, min(total, (today - first).days + 1))
    rate = None if available <= 0 else Decimal(100 * spent) / available
    elapsed = None if total <= 0 else Decimal(100 * passed) / total
    return Course(
        None if rate is None else round_half_up(rate),
        None if elapsed is None else round_half_up(elapsed),
        None if passed <= 0 else _share(spent, total, passed),
        _warn(available, spent, rate, elapsed, below, above),
    )


def _share(krw: int, part: int, whole: int) -> int:
    """`krw` times part by whole, half a won rounded up."""
    return (2 * krw * part + whole) // (2 * whole)


def _warn(
    available: int, spent: int, rate: Decimal | None, elapsed: Decimal | None, below: int, above: int
) -> WarningOf | None:
    if spent > max(0, available):
        return "over"
    if rate is None or elapsed is None or elapsed == 0:
        return None
    if elapsed - rate > below:
        return "behind"
    return "ahead" if rate - elapsed > above else None
