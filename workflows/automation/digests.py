"""Which notices go into a message on a day: what presses, and with it what waits; all of it once a week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from domain.calendar.reckoning import Calendars, business_day, day_off
from domain.calendar.refusals import CalendarNotOpen
from domain.channels import SYSTEMS
from projections.notices import NoticeRow
from store.log import Store
from workflows.calendars import calendars


class DigestDay(NamedTuple):
    """A day as messages are put together on it. `due_by`: what is due by then presses; `week_begins`: the first business
    day of its week, which takes along all that waited until then.
    """

    day: date
    due_by: date
    week_begins: date

    def sends(self, row: NoticeRow) -> bool:
        """Whether the notice goes by itself; else it waits for one that does."""
        return (
            row.channel in SYSTEMS
            or row.is_told_at_once
            or row.due <= self.due_by
            or row.on <= self.week_begins
            or row.late
        )

    def choose(self, rows: Sequence[NoticeRow], written: int) -> Sequence[NoticeRow]:
        """Those of a recipient's notices by one channel that go now. `written`: messages to them today.

        A system takes what there is as soon as there is something. A person gets a second message on a day for nothing but
        what is due on it.
        """
        if rows and rows[0].channel in SYSTEMS:
            return rows
        if written:
            return [row for row in rows if row.due == self.day]
        return rows if any(self.sends(row) for row in rows) else ()


def digest_day(store: Store, day: date) -> DigestDay:
    """By the calendars as they are; where none tells which the next business day is, or the week's first, nothing waits."""
    monday = day - timedelta(days=day.weekday())  # the week may have begun in the year before
    known = calendars(store, sorted({monday.year, day.year, day.year + 1}))
    return DigestDay(day, _next_business_day(known, day), _first_business_day(known, day))


def _next_business_day(known: Calendars, day: date) -> date:
    try:
        return business_day(known, day, 1)
    except CalendarNotOpen:
        return date.max


def _first_business_day(known: Calendars, day: date) -> date:
    """Of the week, up to the day itself."""
    before = (day - timedelta(days=number) for number in range(day.weekday(), 0, -1))
    try:
        return next((one for one in before if day_off(known, one) is None), day)
    except CalendarNotOpen:
        return date.max
