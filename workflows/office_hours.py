"""When people are written to: on business days from nine to six, in Seoul."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from domain.calendar.reckoning import Calendars, day_off
from domain.calendar.refusals import CalendarNotOpen
from domain.seoul import SEOUL

FIRST_HOUR, LAST_HOUR = 9, 18


def in_office_hours(calendars: Calendars, now: datetime) -> bool:
    """Whether people may be written to; not on a day of which no calendar tells anything."""
    local = now.astimezone(SEOUL)
    return FIRST_HOUR <= local.hour < LAST_HOUR and is_business_day(calendars, local.date())


def next_opening(calendars: Calendars, at: datetime) -> datetime | None:
    """The first moment from then on at which people may be written to; None where no calendar tells."""
    local = at.astimezone(SEOUL)
    if in_office_hours(calendars, local):
        return at
    day = local.date() + timedelta(days=local.hour >= FIRST_HOUR)
    while day.year in calendars and calendars[day.year].version:
        if is_business_day(calendars, day):
            return datetime.combine(day, time(FIRST_HOUR), SEOUL)
        day += timedelta(days=1)
    return None


def is_business_day(calendars: Calendars, day: date) -> bool:
    """Whether offices are open; not on a day of which no calendar tells anything."""
    try:
        return day_off(calendars, day) is None
    except CalendarNotOpen:
        return False
