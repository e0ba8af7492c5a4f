"""The city's own days and hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from domain.errors import Lang
from trail.korean_time import SEOUL

__all__ = ["FIRST_HOUR", "LAST_HOUR", "SEOUL", "Moment", "in_office_hours", "local_day", "midnight"]

_AHEAD = SEOUL.utcoffset(None)
FIRST_HOUR, LAST_HOUR = 9, 18  # of an office: from the one until the other begins


def local_day(at: datetime) -> date:
    """The date on a Seoul calendar at this moment (aware datetime)."""
    if at.tzinfo is UTC:  # as facts and the database have it: half the time, and each fact is asked
        return (at + _AHEAD).date()
    return at.astimezone(SEOUL).date()


def in_office_hours(at: datetime) -> bool:
    """Whether offices work at this hour, whatever the day is."""
    return FIRST_HOUR <= at.astimezone(SEOUL).hour < LAST_HOUR


def midnight(day: date) -> datetime:
    """The moment in Seoul at which the day begins."""
    return datetime.combine(day, time(), SEOUL)


class Moment:
    """A moment for the details of an error, as a clock in Seoul shows it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def say(self, lang: Lang) -> str:
        return f"{self.at.astimezone(SEOUL):%Y-%m-%d %H:%M}"
