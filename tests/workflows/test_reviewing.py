"""The monthly review: what each rule finds, and what it leaves alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from domain.calendar.reckoning import Calendars
from domain.calendar.state import CALENDAR
from domain.seoul import SEOUL
from store.accesses import AccessRow
from store.envelope import Actor
from tests.domain.examples import CALENDAR_OPENED, fold
from workflows.reviewing import RULES, Review, make_review

PLANNER = Actor(role="planner")
TUESDAY = datetime(2024, 5, 7, 10, tzinfo=SEOUL)


def row(identity: int, at: datetime = TUESDAY, **changes: Any) -> AccessRow:
    fields: dict[str, Any] = {
        "actor": PLANNER,
        "authn": "asserted",
        "via": "cli",
        "reading": "task.show",
        "tasks": ("2024-07",),
        "agencies": ("gto",),
        "os_user": "kim",
        "host": "desk",
    }
    return AccessRow(id=identity, at=at, known_at=at, **fields | changes)


def review(*rows: AccessRow, calendars: Calendars | None = None) -> Review:
    return make_review("2024-05", rows, calendars or {})


def found(*rows: AccessRow, calendars: Calendars | None = None) -> dict[str, tuple[int, ...]]:
    return {one.rule: one.accesses for one in review(*rows, calendars=calendars).unusual}


def test_an_ordinary_reading_is_counted_and_not_unusual() -> None:
    made = review(row(1), row(2, agencies=("gto", "gjcf")), row(3, actor=Actor(role="inspector")))
    assert made.unusual == ()
    assert made.readings == 3
    assert made.by_reader == (("planner", 2), ("inspector", 1))
    assert made.by_reading == (("task.show", 3),)
    assert made.by_agency == (("gto", 3), ("gjcf", 1))


UNUSUAL = [
    ("unnamed_reader", {"actor": None, "authn": "none"}),
    ("exported", {"exported": True, "purpose": "감사"}),
    ("outside_office_hours", {"at": TUESDAY.replace(hour=8, minute=59)}),
    ("outside_office_hours", {"at": TUESDAY.replace(hour=18)}),
    ("outside_office_hours", {"at": TUESDAY.replace(day=11)}),
    ("no_purpose", {"reading": "subject.show", "subjects": ("1" * 32,)}),
]


@pytest.mark.parametrize(("rule", "changes"), UNUSUAL)
def test_each_rule_finds_what_it_is_for(rule: str, changes: dict[str, Any]) -> None:
    assert found(row(1), row(2, **changes)) == {rule: (2,)}


def test_a_holiday_is_no_office_day_where_a_calendar_tells_of_it() -> None:
    march_first = row(1, datetime(2024, 3, 1, 10, tzinfo=SEOUL))
    calendars = {2024: fold(CALENDAR, (CALENDAR_OPENED,))}
    assert [one.rule for one in make_review("2024-03", [march_first], calendars).unusual] == [
        "outside_office_hours"
    ]
    assert make_review("2024-03", [march_first], {}).unusual == (), "the control"


def many(count: int, at: datetime, first: int = 1, **changes: Any) -> list[AccessRow]:
    return [row(number, at + timedelta(seconds=number), **changes) for number in range(first, first + count)]


def test_far_above_the_readers_own_average_counts_the_ninety_days_before() -> None:
    before = [one for week in (1, 2) for one in many(5, TUESDAY - timedelta(weeks=week), 1000 * week)]
    assert set(found(*before, *many(20, TUESDAY))) == {"far_above_own_average"}
    assert found(*before, *many(19, TUESDAY)) == {}, "so few are never far above"
    usual = [one for week in (1, 2) for one in many(7, TUESDAY - timedelta(weeks=week), 1000 * week)]
    assert found(*usual, *many(20, TUESDAY)) == {}, "not above three times the average"
    assert found(*many(50, TUESDAY)) == {}, "a reader's first day has no average"


def test_many_persons_on_one_day_are_told_and_one_person_many_times_is_not() -> None:
    details: dict[str, Any] = {"reading": "subject.show", "purpose": "연락"}
    persons = [row(number, subjects=(f"{number:032x}",), **details) for number in range(1, 11)]
    assert found(*persons) == {"many_persons": tuple(range(1, 11))}
    assert found(*persons[:9]) == {}
    assert found(*[row(number, subjects=("1" * 32,), **details) for number in range(1, 11)]) == {}


def test_a_month_begins_and_ends_at_midnight_in_seoul() -> None:
    first, last = datetime(2024, 5, 1, tzinfo=SEOUL), datetime(2024, 5, 31, 23, 59, 59, tzinfo=SEOUL)
    second = timedelta(seconds=1)
    made = review(row(1, first), row(2, first - second), row(3, last), row(4, last + second))
    assert made.readings == 2


def test_the_sum_is_over_the_months_readings_and_shows_any_change() -> None:
    rows = [row(1), row(2)]
    assert review(*rows).rows_sha256 == review(*reversed(rows)).rows_sha256
    assert review(*rows, row(3, TUESDAY - timedelta(days=60))).rows_sha256 == review(*rows).rows_sha256
    assert review(row(1), row(2, purpose="other")).rows_sha256 != review(*rows).rows_sha256
    assert review(row(1)).rows_sha256 != review(*rows).rows_sha256


def test_a_sum_that_was_signed_off_before_there_was_another_way_in_is_the_same() -> None:
    before = (
        b'{"actor":{"role":"planner"},"authn":"asserted","reading":"task.show","tasks":["2024-07"],'
        b'"agencies":["gto"],"host":"desk","os_user":"kim","id":1,"at":"%s","known_at":"%s"}\n'
    )
    at = TUESDAY.isoformat().replace("+00:00", "Z").encode()
    assert review(row(1)).rows_sha256 == sha256(before % (at, at)).hexdigest()
    assert review(row(1, via="web")).rows_sha256 != review(row(1)).rows_sha256


def test_every_rule_has_a_sentence_and_a_case_here() -> None:
    tried = {rule for rule, _ in UNUSUAL} | {"far_above_own_average", "many_persons"}
    assert tried == set(RULES)
