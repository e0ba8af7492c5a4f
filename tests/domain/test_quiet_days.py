"""Days on which nobody is written to: each year's or one year's, a day or a span, and no more than reminders can bear."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from domain.errors import BadInput
from domain.lifecycle.content import check_content
from domain.lifecycle.model import Definition
from workflows.definitions.templates import templates

LABEL = {"ko": "축제", "en": "festival"}


def defined(*spans: dict[str, Any]) -> Definition:
    known = templates()["donghaeng-2024/3"].model_dump(mode="json", by_alias=True, exclude_unset=True)
    named = [
        {"name": f"q{number}", "label": {"ko": f"축제 {number}", "en": f"festival {number}"}, **one}
        for number, one in enumerate(spans)
    ]
    return check_content(known | {"name": "own", "version": 1, "quiet_days": named})


@pytest.mark.parametrize(
    ("span", "inside", "outside"),
    [
        ({"first": "05-18"}, ["2024-05-18", "2031-05-18"], ["2024-05-17", "2024-05-19"]),
        ({"first": "10-06", "last": "10-08"}, ["2027-10-06", "2027-10-08"], ["2027-10-05", "2027-10-09"]),
        (
            {"first": "2027-10-06", "last": "2027-10-08"},
            ["2027-10-06", "2027-10-07", "2027-10-08"],
            ["2026-10-07", "2028-10-07", "2027-10-09"],
        ),
        ({"first": "12-30", "last": "01-02"}, ["2027-12-31", "2028-01-02"], ["2027-12-29", "2028-01-03"]),
        ({"first": "02-28", "last": "03-01"}, ["2024-02-29", "2027-03-01"], ["2027-02-27", "2024-03-02"]),
        ({"first": "2027-12-31", "last": "2028-01-01"}, ["2028-01-01"], ["2027-12-30", "2028-01-02"]),
    ],
)
def test_a_span_covers_its_first_and_last_day(
    span: dict[str, str], inside: list[str], outside: list[str]
) -> None:
    by = defined(span)
    assert [one for one in inside if not by.is_quiet(date.fromisoformat(one))] == []
    assert [one for one in outside if by.is_quiet(date.fromisoformat(one))] == []


@pytest.mark.parametrize("first", ["12-20", "02-01", "02-29", "2027-02-20"])
@pytest.mark.parametrize("more", [0, 1, 13, 30])
def test_as_many_days_are_quiet_as_the_span_is_long(first: str, more: int) -> None:
    began = date.fromisoformat(first if len(first) > 5 else f"2028-{first}")  # a leap year
    last = str(began + timedelta(more))[-len(first) :]
    by = defined({"first": first, "last": last})
    days = [began + timedelta(number) for number in range(-3, 40)]
    found = [one for one in days if by.is_quiet(one)]
    assert found == [began + timedelta(number) for number in range(more + 1)]


@pytest.mark.parametrize(
    ("spans", "entry", "en"),
    [
        ([{"first": "02-30"}], "quiet_days[q0].first", "no day"),
        ([{"first": "5-18"}], "quiet_days[q0].first", "no day"),
        ([{"first": "2027-1-1"}], "quiet_days[q0].first", "no day"),
        ([{"first": "1999-01-01"}], "quiet_days[q0].first", "no day"),
        ([{"first": "０５-18"}], "quiet_days[q0].first", "no day"),
        ([{"first": "05-18", "last": "2027-05-20"}], "quiet_days[q0].last", "one form"),
        ([{"first": "2027-05-20", "last": "2027-05-18"}], "quiet_days[q0].last", "before first"),
        ([{"first": "05-18", "last": "06-30"}], "quiet_days[q0].last", "at most 31"),
        ([{"first": "05-18", "last": "05-17"}], "quiet_days[q0].last", "at most 31"),
        (
            [{"first": "01-01", "last": "01-31"}, {"first": "2027-03-01", "last": "2027-03-31"}],
            "quiet_days",
            "at most 60",
        ),
        ([{"first": "05-18", "label": {"ko": "축제"}}], "quiet_days[q0].label.en", "missing"),
        (
            [{"first": "05-18", "label": LABEL}, {"first": "05-19", "label": LABEL}],
            "quiet_days[q1].label.ko",
            "Name it otherwise",
        ),
    ],
)
def test_what_is_no_span_of_days_is_refused_by_its_entry(
    spans: list[dict[str, Any]], entry: str, en: str
) -> None:
    with pytest.raises(BadInput) as caught:
        defined(*spans)
    assert caught.value.details["field"] == entry
    assert en in caught.value.say("en")
