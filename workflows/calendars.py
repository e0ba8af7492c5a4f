"""Business calendars: opened from the list of Korean public holidays, and read back for counting days."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from importlib.metadata import version
from typing import TYPE_CHECKING

from domain.calendar.facts import Holiday
from domain.calendar.reckoning import Calendars
from domain.calendar.state import CALENDAR
from domain.errors import Refusal
from domain.streams import calendar_stream, identity_of
from domain.values import CalendarVersion, LocalText
from projections.slices import AsOf, of_stream
from store.log import Store
from store.recorded import fold_state

if TYPE_CHECKING:
    from domain.calendar.commands import OpenCalendar


class NotListed(Refusal):
    """A day was to be left out that the list does not hold."""

    ko = "{day}은(는) {year}년 공휴일 목록에 없어 뺄 것이 없습니다."
    en = "{day} is not on the list of {year}'s public holidays, so there is nothing to leave out."


def opening(year: int, without: Collection[date] = (), *, provisional: bool = False) -> OpenCalendar:
    """The command that records the year's public holidays, substitute ones included, as the library knows them now.

    `without`: days on the list that are not to be recorded, e.g. as they were not yet known. `provisional`: by rule.
    Raises NotListed.
    """
    from holidays import country_holidays  # noqa: PLC0415 takes half a second to load

    from domain.calendar.commands import OpenCalendar  # noqa: PLC0415 - who counts days opens no calendar

    korean = country_holidays("KR", years=year, language="ko")
    english = country_holidays("KR", years=year, language="en_US")
    for day in without:
        if day not in korean:
            raise NotListed(day=day, year=year)
    listed = tuple(
        Holiday(day=day, name=LocalText(ko=korean[day], en=english.get(day)))
        for day in sorted(korean)
        if day.year == year and day not in without
    )
    return OpenCalendar(
        year=year, holidays=listed, source=f"holidays {version('holidays')}", provisional=provisional
    )


def calendars_at(store: Store, versions: Iterable[CalendarVersion]) -> Calendars:
    """The calendars as they were at these versions."""
    wanted = {one.year: one.version for one in versions}
    streams = store.load([calendar_stream(year) for year in wanted]).streams if wanted else {}
    return {
        year: fold_state(CALENDAR, streams[calendar_stream(year)][:count]) for year, count in wanted.items()
    }


def calendars_until(store: Store, years: Iterable[int], position: int) -> Calendars:
    """The calendars of these years as they were at a position of the log."""
    streams = store.load([calendar_stream(year) for year in sorted(set(years))]).streams
    return {
        int(identity_of(name)): fold_state(CALENDAR, [one for one in facts if one.position <= position])
        for name, facts in streams.items()
    }


def calendars(store: Store, years: Iterable[int], at: AsOf | None = None) -> Calendars:
    """The calendars of these years as they are now, or at a slice of the log; what is not open is at version 0."""
    wanted = sorted(set(years))
    streams = store.load([calendar_stream(year) for year in wanted]).streams if wanted else {}
    return {year: fold_state(CALENDAR, of_stream(streams[calendar_stream(year)], at)) for year in wanted}
