"""Until when a period lasts, by what a rule of a definition says of its length: laid day by day."""

from __future__ import annotations

from datetime import date

from scripts.random_lives.oracle.calendars import DAY, Calendars, NotOpenError
from scripts.random_lives.oracle.cases import Record

# 민원 처리에 관한 법률 제19조 counts the first day, 민법 제157조 does not
FIRST_DAY_BY_LAW = {"civil_act": False, "civil_petitions": True}


def end_of_period(calendars: Calendars, start: date, rule: Record) -> date:
    unit, count = rule.get("unit", "business_days"), rule["within"]
    if rule.get("before"):
        return _so_long_before(calendars, start, rule)
    begins_at_midnight = rule["start"] in ("month_start", "quarter_start", "half_year_start")
    first = FIRST_DAY_BY_LAW[rule["law"]] if "law" in rule else rule.get("first_day", False)
    first = rule.get("first_day", True) if begins_at_midnight else first
    if unit == "business_days":
        return calendars.within(start - DAY if first and count else start, count)
    last = start if count == 0 else _last_of(start if first else start + DAY, unit, count)
    return _roll(calendars, last, rule.get("roll", "next"))


def _so_long_before(calendars: Calendars, start: date, rule: Record) -> date:
    """Walk back, day by day or month by month."""
    unit, count = rule.get("unit", "business_days"), rule["within"]
    if unit == "business_days":
        return calendars.rung(start, -count)
    day = start
    if unit == "months":
        ends = start.replace(day=1) - DAY
        for _ in range(count - 1):
            ends = ends.replace(day=1) - DAY
        day = ends.replace(day=min(start.day, ends.day))
    else:
        for _ in range(count * (7 if unit == "weeks" else 1)):
            day -= DAY
    return _roll(calendars, day, rule.get("roll", "previous"))


def _roll(calendars: Calendars, last: date, roll: str) -> date:
    """The last day, moved where it is a day off."""
    match roll:
        case "none":
            return last
        case "previous":
            _check_open(calendars, last)
            return calendars.last_business_day(last)
    _check_open(calendars, last)
    return calendars.next_business_day(last)


def _check_open(calendars: Calendars, day: date) -> None:
    if day.year not in calendars.years:
        raise NotOpenError(day.year)


def _last_of(first: date, unit: str, count: int) -> date:
    """The last day of so many, the first one being the first counted."""
    if unit == "months":
        return _before_the_same_day(first, count)
    day, left = first, count * (7 if unit == "weeks" else 1)
    while left > 1:
        day, left = day + DAY, left - 1
    return day


def _before_the_same_day(first: date, months: int) -> date:
    """Walk on month by month; in the last one stop before the day of the same number, or at its end."""
    month_begins = first.replace(day=1)
    for _ in range(months):
        month_begins = (month_begins + 31 * DAY).replace(day=1)
    day = month_begins
    while day.day < first.day and (day + DAY).month == month_begins.month:
        day += DAY
    return day - DAY if day.day == first.day else day
