"""Periods of days, weeks and months: by the laws' own examples, and against another library's reckoning."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import periods
from domain.calendar.facts import CalendarOpened, Holiday
from domain.calendar.periods import LAWS, UNITS, count_period, describe_length
from domain.calendar.reckoning import Calendars
from domain.calendar.refusals import CalendarNotOpen
from domain.calendar.state import Calendar, evolve
from domain.values import Counting, LocalText, Roll, Unit

OFF = {date(2024, 4, 10), date(2024, 5, 6), date(2024, 5, 15), date(2024, 6, 6), date(2024, 12, 25)}
DAY = timedelta(days=1)


def calendars(off: Iterable[date], years: Iterable[int] = range(2023, 2027)) -> Calendars:
    """Those of the years, with these days off."""
    made = {}
    for year in years:
        listed = tuple(Holiday(day=day, name=LocalText(ko="휴일")) for day in sorted(off) if day.year == year)
        fact = CalendarOpened(year=year, holidays=listed, source="test")
        made[year] = evolve(Calendar(), fact, datetime(2023, 1, 2, tzinfo=UTC), 1)
    return made


OPEN = calendars(OFF)


def is_open(day: date) -> bool:
    return day.weekday() < 5 and day not in OFF


@pytest.mark.parametrize(
    ("start", "count", "by", "due"),
    [
        # the day after counts first: a month from the last of February is the whole of March
        ("2024-02-29", 1, Counting(unit="months", roll="none"), "2024-03-31"),
        # no 31st of February: the month's last day (art. 160)
        ("2024-01-30", 1, Counting(unit="months"), "2024-02-29"),
        ("2023-01-30", 1, Counting(unit="months"), "2023-02-28"),
        ("2024-01-31", 1, Counting(unit="months", first_day=True), "2024-02-29"),
        ("2024-11-15", 2, Counting(unit="months"), "2025-01-15"),
        ("2024-03-08", 10, Counting(unit="calendar_days"), "2024-03-18"),
        ("2024-03-08", 10, Counting(unit="calendar_days", first_day=True, roll="none"), "2024-03-17"),
        ("2024-05-03", 1, Counting(unit="weeks"), "2024-05-10"),
        # it ends on Buddha's birthday (art. 161)
        ("2024-05-01", 2, Counting(unit="weeks"), "2024-05-16"),
        ("2024-05-01", 2, Counting(unit="weeks", roll="previous"), "2024-05-14"),
        ("2024-05-01", 2, Counting(unit="weeks", roll="none"), "2024-05-15"),
        # the first day counts, Saturdays and holidays do not (Civil Petitions Treatment Act)
        ("2024-03-07", 7, Counting(first_day=True), "2024-03-15"),
        ("2024-03-09", 6, Counting(first_day=True), "2024-03-18"),
        ("2024-03-07", 7, None, "2024-03-18"),
        ("2024-05-04", 0, None, "2024-05-07"),
        ("2024-05-04", 0, Counting(unit="months", roll="previous"), "2024-05-03"),
        ("2024-05-04", 0, Counting(unit="months", roll="none"), "2024-05-04"),
    ],
)
def test_a_period_ends_as_the_law_says(start: str, count: int, by: Counting | None, due: str) -> None:
    assert str(count_period(OPEN, date.fromisoformat(start), count, by).due) == due


def end_by_another_library(start: date, count: int, unit: Unit, *, first_day: bool) -> date:
    """The last day of a period that is not of business days, before it is moved."""
    first = start if first_day else start + relativedelta(days=1)
    match unit:
        case "calendar_days":
            return first + relativedelta(days=count - 1)
        case "weeks":
            return first + relativedelta(weeks=count, days=-1)
    corresponding = first + relativedelta(months=count)
    return corresponding if corresponding.day != first.day else corresponding + relativedelta(days=-1)


STARTS = st.dates(date(2024, 1, 1), date(2025, 1, 31))
CALENDAR_UNITS: st.SearchStrategy[Unit] = st.sampled_from(("calendar_days", "weeks", "months"))
ROLLS: st.SearchStrategy[Roll] = st.sampled_from(("next", "previous", "none"))


@given(start=STARTS, unit=CALENDAR_UNITS, roll=ROLLS, first_day=st.booleans(), data=st.data())
def test_days_weeks_and_months_end_where_another_library_says(
    start: date, unit: Unit, roll: Roll, first_day: bool, data: st.DataObject
) -> None:
    count = data.draw(st.integers(1, UNITS[unit].longest))
    reckoned = count_period(OPEN, start, count, Counting(unit=unit, first_day=first_day, roll=roll))
    end = end_by_another_library(start, count, unit, first_day=first_day)
    assert (reckoned.start, reckoned.ends) == (start, end)
    wanted = end
    while roll != "none" and not is_open(wanted):
        wanted += DAY if roll == "next" else -DAY
    assert reckoned.due == wanted
    passed = {one.day for one in reckoned.skipped}
    assert passed == {end + number * DAY for number in range((wanted - end).days)} | {
        end - number * DAY for number in range((end - wanted).days)
    }
    assert all(not is_open(day) for day in passed)


@given(start=STARTS, count=st.integers(1, 120), first_day=st.booleans())
def test_business_days_are_counted_with_the_first_day_where_that_is_said(
    start: date, count: int, first_day: bool
) -> None:
    reckoned = count_period(OPEN, start, count, Counting(first_day=first_day))
    days = [start + number * DAY for number in range(0 if first_day else 1, (reckoned.due - start).days + 1)]
    assert [day for day in days if is_open(day)] == list(reckoned.counted)
    assert (len(reckoned.counted), reckoned.start) == (count, start)


def test_a_day_off_is_not_known_where_no_calendar_tells_and_is_not_asked_for_where_nothing_moves() -> None:
    known = calendars(OFF, [2024])
    for roll in ("next", "previous"):
        with pytest.raises(CalendarNotOpen):
            count_period(known, date(2024, 12, 30), 1, Counting(unit="weeks", roll=roll))  # type: ignore[arg-type]
    by = Counting(unit="weeks", roll="none")
    assert count_period(known, date(2024, 12, 30), 1, by).calendars == ()


def test_a_period_reads_as_it_is_counted() -> None:
    assert describe_length(20).ko == "20영업일"
    assert describe_length(1).en == "1 business day"
    assert describe_length(2, Counting(unit="months", roll="previous", first_day=True)).ko == (
        "2개월, 첫날 산입, 말일이 쉬는 날이면 앞 영업일"
    )
    assert describe_length(3, Counting(unit="weeks", roll="none")).en == "3 weeks, not moved by a day off"


def test_laws_say_whether_the_first_day_counts() -> None:
    assert {name: law.first_day for name, law in LAWS.items()} == {
        "civil_act": False,
        "civil_petitions": True,
    }


def without_clamping(first: date, months: int) -> date:
    """Of months that have no such day, the first of the next one would be taken for it."""
    at = date(first.year + (first.month - 1 + months) // 12, (first.month - 1 + months) % 12 + 1, 1)
    return at + (first.day - 2) * DAY


def test_the_control_a_month_without_such_a_day_would_run_into_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fault: Callable[[date, int], date] = without_clamping
    monkeypatch.setattr(periods, "_day_before_corresponding", fault)
    by = Counting(unit="months", roll="none")
    assert count_period(OPEN, date(2024, 1, 30), 1, by).due != date(2024, 2, 29)
