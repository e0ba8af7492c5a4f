"""The city's own days and hours. Korea has had no summer time since 1988, so the offset is fixed."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from domain.errors import Lang

SEOUL = timezone(timedelta(hours=9), "Asia/Seoul")


def local_day(at: datetime) -> date:
    """The date on a Seoul calendar at this moment (aware datetime)."""
    return at.astimezone(SEOUL).date()


class Moment:
    """A moment for the details of an error, as a clock in Seoul shows it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def say(self, lang: Lang) -> str:
        return f"{self.at.astimezone(SEOUL):%Y-%m-%d %H:%M}"
