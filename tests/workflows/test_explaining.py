"""A count told day by day: a span from a day that does not count, and a day that may be off."""

from __future__ import annotations

from datetime import date

from domain.calendar.reckoning import business_days_after, on_or_after
from domain.calendar.state import Calendar
from domain.values import LocalText
from workflows.explaining_counts import count_of, in_lines

KNOWN = {
    2024: Calendar(
        year=2024, version=1, holidays={date(2024, 6, 6): LocalText(ko="현충일", en="Memorial Day")}
    )
}


def test_a_span_names_every_day_and_why_it_does_not_count() -> None:
    assert in_lines(count_of(business_days_after(KNOWN, date(2024, 6, 5), 2), "en"), "en") == [
        "2024-06-05 start (not counted itself)",
        "2024-06-06 (Thu)   – Memorial Day",
        "2024-06-07 (Fri) day 1",
        "2024-06-08 (Sat)   – Saturday",
        "2024-06-09 (Sun)   – Sunday",
        "2024-06-10 (Mon) day 2",
        "→ until the end of 2024-06-10 in Seoul (calendar 2024 version 1)",
    ]


def test_a_day_that_is_off_goes_over_to_the_next_business_day() -> None:
    assert in_lines(count_of(on_or_after(KNOWN, date(2024, 6, 6)), "ko"), "ko") == [
        "2024-06-06 당일(쉬는 날이면 다음 영업일)",
        "2024-06-06 (목)   – 현충일",
        "2024-06-07 (금) 영업일",
        "→ 2024-06-07 24시까지 (2024년 달력 버전 1)",
    ]
    assert (
        in_lines(count_of(on_or_after(KNOWN, date(2024, 6, 5)), "en"), "en")[1]
        == "2024-06-05 (Wed) business day"
    )
