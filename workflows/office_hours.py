"""When people are written to: on business days from nine to six, in Seoul, and on none that the city keeps quiet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from domain.calendar.reckoning import Calendars, day_off
from domain.calendar.refusals import CalendarNotOpen
from domain.programme.state import PROGRAMME, Programme, ProgrammeStage
from domain.seoul import FIRST_HOUR, SEOUL, in_office_hours, local_day
from domain.streams import identity_of, programme_stream
from store.log import Store
from store.recorded import fold_state
from workflows.calendars import calendars

IsQuiet = Callable[[date], bool]


def never_quiet(_: date) -> bool:
    """Where no definition is known that has quiet days."""
    return False


def may_be_written_to(calendars: Calendars, now: datetime, is_quiet: IsQuiet = never_quiet) -> bool:
    """Whether people may be written to; not on a day of which no calendar tells anything."""
    return in_office_hours(now) and _may_write_on(calendars, local_day(now), is_quiet)


def next_opening(calendars: Calendars, at: datetime, is_quiet: IsQuiet = never_quiet) -> datetime | None:
    """The first moment from then on at which people may be written to; None where no calendar tells."""
    local = at.astimezone(SEOUL)
    if may_be_written_to(calendars, local, is_quiet):
        return at
    day = local.date() + timedelta(days=local.hour >= FIRST_HOUR)
    while day.year in calendars and calendars[day.year].version:
        if _may_write_on(calendars, day, is_quiet):
            return datetime.combine(day, time(FIRST_HOUR), SEOUL)
        day += timedelta(days=1)
    return None


def _may_write_on(calendars: Calendars, day: date, is_quiet: IsQuiet) -> bool:
    return is_business_day(calendars, day) and not is_quiet(day)


def may_write(store: Store, now: datetime) -> bool:
    """Whether people may be written to at this moment, by the calendars and definitions as they are."""
    if not in_office_hours(now):  # without looking anything up: most moments are outside
        return False
    return may_be_written_to(calendars_of(store, local_day(now)), now, quiet_days_of(store))


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


def quiet_days_of(store: Store) -> IsQuiet:
    """Whether a day is quiet: by the definition of any year that is open about then, in its newest version that may be taken.

    A day is the city's and no task's: what a new version says of it holds before the first task is moved to it.
    """

    def is_quiet(day: date) -> bool:
        streams = store.load([programme_stream(day.year + number) for number in (-1, 0, 1)]).streams
        years = {int(identity_of(name)): fold_state(PROGRAMME, facts) for name, facts in streams.items()}
        return any(_is_quiet_in(store, year, programme, day) for year, programme in years.items())

    return is_quiet


def _is_quiet_in(store: Store, year: int, programme: Programme, day: date) -> bool:
    if programme.stage is not ProgrammeStage.OPEN or programme.definition is None:
        return False
    from workflows.definitions.adopted import definitions_of  # noqa: PLC0415 - who only reads loads no definitions

    newest = definitions_of(store).find_newest(programme.definition, day, year)
    return newest is not None and newest.is_quiet(day)
