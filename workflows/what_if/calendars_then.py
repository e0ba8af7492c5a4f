"""The business calendars as they were at any position of the log, each year's folded once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable

from domain.calendar.reckoning import Calendars
from domain.calendar.refusals import CalendarNotOpen
from domain.calendar.state import CALENDAR, Calendar
from domain.streams import calendar_stream
from domain.values import CalendarVersion
from store.log import Store


class CalendarsThen:
    """`instead`: calendars that take the place of the real ones, at every position."""

    def __init__(self, store: Store, instead: Calendars | None = None) -> None:
        self._store, self._instead = store, instead or {}
        self._known: dict[int, tuple[list[int], list[Calendar]]] = {}

    def at(
        self, years: Iterable[int], position: int, recorded: Collection[CalendarVersion] = ()
    ) -> Calendars:
        """Of these years, behind the fact at the position; where versions are recorded, those.

        Raises CalendarNotOpen where the log does not hold a recorded version: it is an imported part of a history.
        """
        found = {year: self._then(year, position) for year in years}
        found |= {one.year: self._version(one) for one in recorded}
        return {**found, **{year: self._instead[year] for year in found if year in self._instead}}

    def _then(self, year: int, position: int) -> Calendar:
        positions, calendars = self._versions(year)
        return calendars[bisect_right(positions, position)]

    def _version(self, recorded: CalendarVersion) -> Calendar:
        calendars = self._versions(recorded.year)[1]
        if recorded.version >= len(calendars):
            raise CalendarNotOpen(year=recorded.year)
        return calendars[recorded.version]

    def _versions(self, year: int) -> tuple[list[int], list[Calendar]]:
        """The positions of a year's facts, and its calendars: before any of them, then after each."""
        if year not in self._known:
            positions, calendars = [], [CALENDAR.initial]
            for one in self._store.read(calendar_stream(year)):
                positions.append(one.position)
                calendars.append(CALENDAR.evolve(calendars[-1], one.fact, one.effective_at, one.version))
            self._known[year] = positions, calendars
        return self._known[year]
