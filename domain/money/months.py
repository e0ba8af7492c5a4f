"""Months as money is counted by: of which year they are, and until when they take entries."""

from __future__ import annotations

from datetime import date


def year_of_month(month: str) -> int:
    return int(month[:4])


def closes_on(month: str, day: int) -> date:
    """The last day in Seoul on which a month takes entries: that day of the next one."""
    year, number = int(month[:4]), int(month[5:])
    return date(year + 1, 1, day) if number == 12 else date(year, number + 1, day)
