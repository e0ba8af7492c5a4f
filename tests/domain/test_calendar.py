"""Business calendars: what may be changed, and how days are counted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.aggregate import DecisionContext
from domain.calendar import commands as c
from domain.calendar import facts
from domain.calendar.decider import AGGREGATE as CALENDAR
from domain.calendar.facts import Holiday
from domain.calendar.reckoning import (
    business_day,
    business_days_after,
    business_days_left,
    day_off,
    end_of,
    on_or_after,
)
from domain.calendar.refusals import (
    AlreadyClosed,
    AnotherYear,
    CalendarNotOpen,
    CalendarOpenAlready,
    DayIsPast,
    NoHoliday,
)
from domain.calendar.state import Calendar
from domain.quarters import quarter_end
from domain.values import LocalText

NAME = LocalText(ko="국군의 날", en="Armed Forces Day")
TODAY = datetime(2024, 9, 3, 3, tzinfo=UTC)
CHUSEOK = [date(2024, 9, 16), date(2024, 9, 17), date(2024, 9, 18)]
HOLIDAYS = tuple(Holiday(day=day, name=LocalText(ko="추석")) for day in CHUSEOK)
OPENED = facts.CalendarOpened(year=2024, holidays=HOLIDAYS, source="holidays 0.109")
DAY = date(2024, 10, 1)
PROCLAIMED = facts.DayProclaimed(day=DAY, name=NAME)


def calendar(*told: Any) -> Calendar:
    state = CALENDAR.initial
    for fact in told:
        state = CALENDAR.evolve(state, fact, TODAY, 1)
    return state


def when(command: Any, *told: Any) -> Any:
    return CALENDAR.decide(command, calendar(*told), DecisionContext(TODAY))


def test_a_year_is_opened_once_with_its_days_in_order() -> None:
    command = c.OpenCalendar(year=2024, holidays=HOLIDAYS[::-1], source="holidays 0.109")
    assert when(command) == (OPENED,)
    with pytest.raises(CalendarOpenAlready):
        when(command, OPENED)
    with pytest.raises(AnotherYear):
        when(c.OpenCalendar(year=2025, holidays=HOLIDAYS, source="x"))


def test_a_day_to_come_is_proclaimed_and_withdrawn() -> None:
    assert when(c.Proclaim(day=DAY, title=NAME), OPENED) == (PROCLAIMED,)
    assert when(c.WithdrawDay(day=DAY), OPENED, PROCLAIMED) == (facts.DayWithdrawn(day=DAY),)
    assert calendar(OPENED, PROCLAIMED, facts.DayWithdrawn(day=DAY)).holidays == calendar(OPENED).holidays
    assert calendar(OPENED, PROCLAIMED).version == 2


@pytest.mark.parametrize(
    ("command", "told", "refusal"),
    [
        (c.Proclaim(day=DAY, title=NAME), (), CalendarNotOpen),
        (c.Proclaim(day=DAY, title=NAME), (OPENED, PROCLAIMED), AlreadyClosed),
        (c.Proclaim(day=date(2024, 9, 17), title=NAME), (OPENED,), AlreadyClosed),
        (c.Proclaim(day=date(2024, 10, 5), title=NAME), (OPENED,), AlreadyClosed),
        (c.Proclaim(day=date(2024, 9, 2), title=NAME), (OPENED,), DayIsPast),
        (c.Proclaim(day=date(2024, 9, 3), title=NAME), (OPENED,), DayIsPast),
        (c.WithdrawDay(day=DAY), (OPENED,), NoHoliday),
        (c.WithdrawDay(day=date(2024, 3, 1)), (OPENED,), DayIsPast),
    ],
)
def test_what_a_calendar_does_not_allow_is_refused_by_name(
    command: Any, told: Any, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        when(command, *told)


def test_today_is_seouls_and_not_greenwichs() -> None:
    """At 20:00 UTC it is the next day in Seoul already."""
    late = DecisionContext(datetime(2024, 9, 30, 20, tzinfo=UTC))
    with pytest.raises(DayIsPast):
        CALENDAR.decide(c.Proclaim(day=DAY, title=NAME), calendar(OPENED), late)


def test_the_days_are_counted_as_the_law_counts_them_and_say_why() -> None:
    """Within three business days of Friday 13 September 2024, over Chuseok."""
    reckoned = business_days_after({2024: calendar(OPENED)}, date(2024, 9, 13), 3)
    assert reckoned.counted == (date(2024, 9, 19), date(2024, 9, 20), date(2024, 9, 23))
    assert [(one.day.day, one.name.ko) for one in reckoned.skipped] == [
        (14, "토요일"),
        (15, "일요일"),
        (16, "추석"),
        (17, "추석"),
        (18, "추석"),
        (21, "토요일"),
        (22, "일요일"),
    ]
    assert (reckoned.due, reckoned.calendars) == (date(2024, 9, 23), ((2024, 1),))


def test_a_proclaimed_day_moves_what_is_counted_over_it() -> None:
    before = business_days_after({2024: calendar(OPENED)}, date(2024, 9, 27), 3)
    after = business_days_after({2024: calendar(OPENED, PROCLAIMED)}, date(2024, 9, 27), 3)
    assert (before.due, after.due) == (date(2024, 10, 2), date(2024, 10, 3))
    assert (before.calendars, after.calendars) == (((2024, 1),), ((2024, 2),))


def test_a_count_over_new_year_names_both_calendars_and_needs_both() -> None:
    next_year = calendar(
        facts.CalendarOpened(
            year=2025, holidays=(Holiday(day=date(2025, 1, 1), name=LocalText(ko="신정")),), source="x"
        )
    )
    reckoned = business_days_after({2024: calendar(OPENED), 2025: next_year}, date(2024, 12, 30), 2)
    assert (reckoned.due, reckoned.calendars) == (date(2025, 1, 2), ((2024, 1), (2025, 1)))
    with pytest.raises(CalendarNotOpen):
        business_days_after({2024: calendar(OPENED)}, date(2024, 12, 30), 2)
    with pytest.raises(CalendarNotOpen):
        business_days_after({2024: calendar(OPENED), 2025: Calendar()}, date(2024, 12, 30), 2)


def test_an_end_on_a_day_off_is_the_next_business_day() -> None:
    known = {2024: calendar(OPENED)}
    assert on_or_after(known, date(2024, 9, 14)).due == date(2024, 9, 19)
    assert on_or_after(known, date(2024, 9, 13)).due == date(2024, 9, 13)
    assert on_or_after(known, date(2024, 9, 14)).start == date(2024, 9, 14)


def test_a_quarter_ends_where_it_ends_and_a_day_at_midnight_in_seoul() -> None:
    assert [quarter_end(date(2024, month, 10)) for month in (1, 3, 4, 12)] == [
        date(2024, 3, 31),
        date(2024, 3, 31),
        date(2024, 6, 30),
        date(2024, 12, 31),
    ]
    assert end_of(date(2024, 9, 23)) == datetime(2024, 9, 23, 15, tzinfo=UTC)


DAYS = st.dates(date(2024, 1, 15), date(2024, 11, 1))
SETS = st.frozensets(DAYS, max_size=20)


@given(DAYS, st.integers(1, 20), SETS)
def test_counted_there_and_back_again(start: date, count: int, off: frozenset[date]) -> None:
    opened = facts.CalendarOpened(
        year=2024, holidays=tuple(Holiday(day=day, name=NAME) for day in sorted(off)), source="x"
    )
    known = {2024: calendar(opened)}
    reckoned = business_days_after(known, start, count)
    days = [start + timedelta(days=number) for number in range(1, (reckoned.due - start).days + 1)]
    assert sorted([*reckoned.counted, *(one.day for one in reckoned.skipped)]) == days
    assert len(reckoned.counted) == count
    assert [day for day in days if day_off(known, day) is None] == list(reckoned.counted)
    if day_off(known, start) is None:
        assert business_day(known, reckoned.due, -count) == start
    assert business_days_left(known, start, reckoned.due) == count
    assert business_days_left(known, reckoned.due, start) == -count
