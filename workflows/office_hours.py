"""When people are written to: on business days from nine to six, in Seoul."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from domain.calendar.reckoning import Calendars, day_off
from domain.calendar.refusals import CalendarNotOpen
from domain.seoul import FIRST_HOUR, SEOUL, in_office_hours, local_day
from store.log import Store
from workflows.calendars import calendars


def may_be_written_to(calendars: Calendars, now: datetime) -> bool:
    """Whether people may be written to; not on a day of which no calendar tells anything."""
    return in_office_hours(now) and is_business_day(calendars, local_day(now))


def next_opening(calendars: Calendars, at: datetime) -> datetime | None:
    """The first moment from then on at which people may be written to; None where no calendar tells."""
    local = at.astimezone(SEOUL)
    if may_be_written_to(calendars, local):
        return at
    day = local.date() + timedelta(days=local.hour >= FIRST_HOUR)
    while day.year in calendars and calendars[day.year].version:
        if is_business_day(calendars, day):
            return datetime.combine(day, time(FIRST_HOUR), SEOUL)
        day += timedelta(days=1)
    return None


def may_write(store: Store, now: datetime) -> bool:
    """Whether people may be written to at this moment, by the calendars as they are."""
    return may_be_written_to(calendars_of(store, local_day(now)), now)


def may_still_write(store: Store, since: datetime) -> bool:
    """Whether it is still that day, and people may be written to: a process that was stopped goes on hours later."""
    now = store.now()
    return local_day(now) == local_day(since) and may_write(store, now)


def calendars_of(store: Store, day: date) -> Calendars:
    """Those by which is told when people may be written to, from that day on."""
    return calendars(store, (day.year, day.year + 1))


def is_business_day(calendars: Calendars, day: date) -> bool:
    """Whether offices are open; not on a day of which no calendar tells anything."""
    try:
        return day_off(calendars, day) is None
    except CalendarNotOpen:
        return False
