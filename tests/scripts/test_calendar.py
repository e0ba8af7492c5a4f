"""`donghaeng calendar` and `deadline compute`, as a planner and as a citizen type them."""

from __future__ import annotations

import pytest

from store.log import Store
from tests.scripts.conftest import Cli, document

PLANNER = ("--as", "planner", "--json")


@pytest.fixture
def opened(cli: Cli) -> Cli:
    assert cli("calendar", "open", "2124", *PLANNER).exit_code == 2
    assert cli("calendar", "open", "2030", *PLANNER).exit_code == 0
    return cli


def name(cli: Cli, *words: str) -> str:
    return str(document(cli(*words, "--json"))["error"]["name"])


def test_a_year_is_opened_with_its_public_holidays_substitutes_included(cli: Cli) -> None:
    without = ("--without", "2024-10-01")
    assert document(cli("calendar", "open", "2024", *without, *PLANNER))["kinds"] == ["calendar.opened"]
    shown = document(cli("calendar", "show", "2024", "--json"))
    days = {one["day"]: one["name"]["ko"] for one in shown["holidays"]}
    assert shown["source"] == "holidays 0.109"
    assert days["2024-05-06"] == "어린이날 대체 휴일"
    assert "2024-10-01" not in days
    assert "2024-10-03" in cli("calendar", "show", "2024").output
    assert name(cli, "calendar", "open", "2024", "--as", "planner") == "CalendarOpenAlready"
    assert name(cli, "calendar", "open", "2025", "--without", "2025-01-02", "--as", "planner") == "NotListed"


def test_a_day_is_proclaimed_and_withdrawn_with_a_reason(opened: Cli, store: Store) -> None:
    given = ("calendar", "proclaim", "2030-10-01", "--name", "국군의 날", "--as", "planner")
    assert name(opened, *given) == "ReasonNeeded"
    seen = document(opened(*given, "--preview", "--json"))
    assert (seen["preview"], seen["moved"]) == (True, [])
    assert store.head().position == 1
    assert document(opened(*given, "--reason", "국무회의 의결", "--json"))["moved"] == []
    assert document(opened("calendar", "show", "2030", "--json"))["version"] == 2
    assert name(opened, *given, "--reason", "다시") == "AlreadyClosed"
    assert opened("calendar", "withdraw", "2030-10-01", "--reason", "취소", *PLANNER).exit_code == 0
    assert [one.kind for one in store.read("calendar/2030")][1:] == [
        "calendar.day_proclaimed",
        "calendar.day_withdrawn",
    ]
    assert store.head().position == 3


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("calendar", "show", "2031"), "CalendarNotOpen"),
        (
            ("calendar", "proclaim", "2031-10-01", "--name", "x", "--reason", "x", "--as", "planner"),
            "CalendarNotOpen",
        ),
        (
            ("calendar", "proclaim", "2031-10-01", "--name", "x", "--preview", "--as", "planner"),
            "CalendarNotOpen",
        ),
        (
            ("calendar", "proclaim", "2024-10-01", "--name", "x", "--preview", "--as", "planner"),
            "CalendarNotOpen",
        ),
        (
            ("calendar", "proclaim", "2030-10-05", "--name", "x", "--preview", "--as", "planner"),
            "AlreadyClosed",
        ),
        (("calendar", "withdraw", "2030-07-01", "--preview", "--as", "planner"), "NoHoliday"),
        (("calendar", "withdraw", "2030-07-01", "--reason", "x", "--as", "planner"), "NoHoliday"),
        (("calendar", "open", "2031", "--as", "inspector"), "NotPermitted"),
        (("deadline", "compute", "--from", "2029-12-28", "--business-days", "3"), "CalendarNotOpen"),
        (("deadline", "compute", "--from", "2030-01-02", "--business-days", "3000"), "BadInput"),
        (("deadline", "compute", "--from", "9999-12-31", "--business-days", "3"), "BadInput"),
        (("deadline", "compute", "--from", "1999-12-31", "--business-days", "3"), "BadInput"),
    ],
)
def test_what_cannot_be_is_refused_by_name(opened: Cli, words: tuple[str, ...], error: str) -> None:
    assert name(opened, *words) == error


def test_business_days_are_counted_before_ones_eyes(cli: Cli) -> None:
    assert cli("calendar", "open", "2024", *PLANNER).exit_code == 0
    given = ("deadline", "compute", "--from", "2024-09-27", "--business-days", "3")
    counted = document(cli(*given, "--json"))
    assert counted["due"] == "2024-10-04"
    assert [day["why"] for day in counted["days"]] == [
        "Saturday",
        "Sunday",
        None,
        "Armed Forces Day",
        None,
        "National Foundation Day",
        None,
    ]
    told = cli(*given, "--lang", "ko").output
    assert "2024-10-01 (화)   – 국군의 날" in told
    assert "2024-10-04 (금)  3일째" in told
    assert "2024년 달력 버전 1" in told
