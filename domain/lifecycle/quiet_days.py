"""Days on which a definition has nobody written to: a day or a span, of each year or of one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from pydantic import model_validator

from domain.lifecycle.naming import BothLanguages, OwnName, check_names
from domain.lifecycle.part import Part
from domain.limits import FIRST_YEAR, LAST_YEAR
from domain.refusals import validation_error

MOST_SPANS = 50
LONGEST_SPAN = 31  # days
MOST_QUIET = 60  # days of a year, or reminders would come to nothing
_LEAP = 2000  # a day of each year is one of this, which has a 29 February


class QuietDays(Part):
    """From `first` to `last`, both included; without `last` that day alone. `05-18` is of each year, `2027-10-04` of one.

    A span of each year may go over its end, from 12-30 to 01-02.
    """

    name: OwnName
    label: BothLanguages
    first: str
    last: str | None = None

    @model_validator(mode="after")
    def _can_be(self) -> QuietDays:
        _check_day(self.first, "first")
        if self.last is not None:
            _check_day(self.last, "last")
            if self.is_yearly != _is_yearly(self.last):
                raise validation_error("quiet_two_forms", "last")
            if not self.is_yearly and self.last < self.first:
                raise validation_error("quiet_backwards", "last")
        if self.length > LONGEST_SPAN:
            raise validation_error("quiet_span_too_long", "last", max=LONGEST_SPAN)
        return self

    @property
    def is_yearly(self) -> bool:
        return _is_yearly(self.first)

    @property
    def length(self) -> int:
        """In days."""
        first, last = _day(self.first), _day(self.last or self.first)
        if last < first:  # over the end of the year
            last = last.replace(year=_LEAP + 1) if last != date(_LEAP, 2, 29) else date(_LEAP + 1, 3, 1)
        return (last - first).days + 1

    @property
    def days(self) -> Iterator[date]:
        """Of a span of one year."""
        return (_day(self.first) + timedelta(days=number) for number in range(self.length))

    def covers(self, day: date) -> bool:
        said = str(day)[-len(self.first) :]  # both are written so that the later day is the greater text
        last = self.last or self.first
        return self.first <= said <= last if self.first <= last else said >= self.first or said <= last


def check_quiet_days(spans: Sequence[QuietDays]) -> None:
    """Refuse spans that are not told apart, and a year in which there is hardly a day to write on."""
    check_names([(one.name, one.label) for one in spans], "quiet_days", "name")
    yearly = sum(one.length for one in spans if one.is_yearly)
    of_years: dict[int, int] = {}
    for one in spans:
        for day in () if one.is_yearly else one.days:
            of_years[day.year] = of_years.get(day.year, 0) + 1
    if yearly + max(of_years.values(), default=0) > MOST_QUIET:
        raise validation_error("quiet_too_many", "quiet_days", max=MOST_QUIET)


def _is_yearly(said: str) -> bool:
    return len(said) == len("05-18")


def _check_day(said: str, at: str) -> None:
    try:
        sound = re.fullmatch(r"([0-9]{4}-)?[0-9]{2}-[0-9]{2}", said) is not None
        sound = sound and (_is_yearly(said) or FIRST_YEAR <= _day(said).year <= LAST_YEAR)
        _day(said)
    except ValueError:
        sound = False
    if not sound:
        raise validation_error("quiet_day", at)


def _day(said: str) -> date:
    return date.fromisoformat(f"{_LEAP}-{said}" if _is_yearly(said) else said)
