"""Quarters of the year, named 2024-Q1: what a progress report is of."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from trail.bilingual import Bilingual

_DAY = timedelta(days=1)


def quarter_of(day: date) -> str:
    """The quarter that the day lies in."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def quarter_label(quarter: str) -> Bilingual:
    """As people read it: 2024년 1분기; in English by its name."""
    return Bilingual(f"{quarter[:4]}년 {quarter[-1]}분기", quarter)


def first_day(quarter: str) -> date:
    """Of the quarter of this name."""
    return date(int(quarter[:4]), 3 * int(quarter[-1]) - 2, 1)


@lru_cache(maxsize=1000)  # asked of each report that is folded
def last_day(quarter: str) -> date:
    """Of the quarter of this name."""
    return quarter_end(first_day(quarter))


def quarter_end(day: date) -> date:
    """The last day of the quarter that the day lies in."""
    month = (day.month - 1) // 3 * 3 + 3
    return date(day.year + month // 12, month % 12 + 1, 1) - _DAY


@lru_cache(maxsize=10_000)
def quarter_over(day: date) -> str:
    """The last quarter that was over before the day."""
    return quarter_of(first_day(quarter_of(day)) - _DAY)
