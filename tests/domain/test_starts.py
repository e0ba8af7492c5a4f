"""From what a definition's deadlines may be counted and what fulfils them: what is refused by its entry, and the words for it."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar.periods import UNITS, count_period, describe_length
from domain.errors import BadInput
from domain.lifecycle.content import check_content, content_of, parse_content
from domain.lifecycle.flaws import find_flaws
from domain.lifecycle.model import Definition
from domain.lifecycle.starts import LONGEST_IN, STARTS, read_start
from domain.task.deadline_kinds import describe_deadline
from domain.values import Counting, Unit
from domain.year_parts import HALF_YEAR, MONTH, QUARTER, YEAR, find_part, part_of
from tests.domain.test_periods import OFF, OPEN, calendars
from workflows.definitions.templates import templates

DAY = timedelta(days=1)
BOTH = {"ko": "지침", "en": "guideline"}
DATE = {"field": "held_on", "label": {"ko": "날", "en": "day"}, "type": "date"}
SUM = {"field": "amount", "label": {"ko": "금액", "en": "amount"}, "type": "krw"}


def step(name: str, *by: str, **more: Any) -> dict[str, Any]:
    label = {"ko": f"{name} 절차", "en": f"the step {name}"}
    return {"step": name, "label": label, "by": list(by), "from": ["in_progress"]} | more


CALLED, HANDED = step("called", "planner", form=[DATE, SUM]), step("handed_in", "officer", form=[DATE, SUM])
SENT = step("sent", "planner", **{"from": ["proposed"]})


def deadline(start: str, within: int, kind: str = "papers", **more: Any) -> dict[str, Any]:
    of = {"who": "agency", "stage": "in_progress", "condition": "normal", "basis": BOTH}
    return {"kind": kind, "start": start, "within": within} | of | more


def content(*deadlines: dict[str, Any], steps: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    said = deepcopy(json.loads(content_of(templates()["donghaeng-2024/1"])))
    said |= {"name": "own", "steps": [CALLED, HANDED, SENT, *steps]}
    said["deadlines"].extend(deadlines)
    return said


def own(*deadlines: dict[str, Any]) -> Definition:
    return check_content(content(*deadlines))


BY = {"met_by": "steps.handed_in"}
SOUND = [
    deadline("month_end", 5, **BY),
    deadline("month_end", 28, unit="calendar_days", met_by="steps.handed_in.held_on"),
    deadline("quarter_start", 50, **BY),
    deadline("half_year_end", 6, unit="months", **BY),
    deadline("12-15", 0, **BY),
    deadline("02-28", 0, unit="calendar_days", roll="previous"),
    deadline("steps.called", 10, **BY),
    deadline("steps.called.held_on", 3, before=True, **BY),
    deadline("deadlines.final_report", 10, before=True, **BY),
    deadline("plan_end", 2, unit="months", before=True, **BY),
]


@pytest.mark.parametrize("said", SOUND, ids=lambda said: said["start"])
def test_what_is_said_is_sound_and_is_read_again_as_it_was_stored(said: dict[str, Any]) -> None:
    definition = own(said)
    assert parse_content(content_of(definition)) == definition
    assert find_flaws(definition) == []


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "nothing that there is": (content(deadline("month_ends", 5, **BY)), "start", "nothing is counted from"),
    "30 February": (content(deadline("02-30", 0, **BY)), "start", "not every year has a day 02-30"),
    "a leap day": (content(deadline("02-29", 0, **BY)), "start", "not every year has a day 02-29"),
    "the thirteenth month": (content(deadline("13-01", 0, **BY)), "start", "13-01"),
    "days after a day of the year": (content(deadline("12-15", 3, **BY)), "within", "within has to be 0"),
    "the zeroth day": (content(deadline("month_start", 0, **BY)), "within", "1 to 15"),
    "the fortieth business day of a month": (content(deadline("month_end", 40, **BY)), "within", "1 to 15"),
    "the fifth week of a month": (
        content(deadline("month_end", 5, unit="weeks", **BY)),
        "within",
        "1 to 4",
    ),
    "no such step": (content(deadline("steps.other", 3)), "start", "no step “other”"),
    "no such field": (content(deadline("steps.called.day", 3)), "start", "no field “day”"),
    "no date": (content(deadline("steps.called.amount", 3)), "start", "of the type krw"),
    "no such deadline": (content(deadline("deadlines.other", 3, before=True)), "start", "“other”"),
    "a deadline of another place": (
        content(deadline("deadlines.decision", 3, before=True)),
        "start",
        "in the same stage and condition",
    ),
    "itself": (
        content(deadline("deadlines.papers", 3, before=True)),
        "start",
        "papers → papers",
    ),
    "a circle": (
        content(
            deadline("deadlines.draft", 3, before=True),
            deadline("deadlines.papers", 3, kind="draft", before=True),
        ),
        "start",
        "papers → draft → papers",
    ),
    "more than a year before": (
        content(
            deadline("deadlines.draft", 6, unit="months", before=True),
            deadline("deadlines.final_report", 6, kind="draft", unit="months", before=True),
        ),
        "start",
        "more than a year before",
    ),
    "after another deadline": (content(deadline("deadlines.final_report", 3)), "before", "before = true"),
    "before what nobody knows ahead": (
        content(deadline("steps.called", 3, before=True)),
        "before",
        "not known ahead",
    ),
    "nothing before": (content(deadline("plan_end", 0, before=True)), "within", "1 or more"),
    "before by a law": (
        content(deadline("plan_end", 9, before=True, law="civil_act")),
        "law",
        "counted back",
    ),
    "before with its first day": (
        content(deadline("plan_end", 9, before=True, first_day=True)),
        "first_day",
        "counted back",
    ),
    "nothing that fulfils it": (content(deadline("month_end", 5)), "met_by", "say what fulfils it"),
    "a command that fulfils it": (
        content(deadline("month_end", 5, met_by="task.start")),
        "met_by",
        "is no step",
    ),
    "no such step fulfils it": (
        content(deadline("month_end", 5, met_by="steps.other")),
        "met_by",
        "no step “other”",
    ),
    "a step of another place": (
        content(deadline("month_end", 5, met_by="steps.sent")),
        "met_by",
        "is not taken while",
    ),
    "a field that is no date": (
        content(deadline("month_end", 5, met_by="steps.handed_in.amount")),
        "met_by",
        "of the type krw",
    ),
    "of when, of what does not recur": (
        content(deadline("plan_end", 5, met_by="steps.handed_in.held_on")),
        "met_by",
        "does not recur",
    ),
    "each milestone by a step": (content(deadline("milestone_due", 5, **BY)), "met_by", "met by reports"),
}


def refuse(said: dict[str, Any]) -> BadInput:
    with pytest.raises(BadInput) as caught:
        check_content(said)
    assert caught.value.say("ko") != caught.value.say("en")
    return caught.value


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_is_refused_by_its_entry(what: str) -> None:
    said, field, words = WRONG[what]
    refused = refuse(said)
    assert refused.details["field"] == f"deadlines[papers].{field}", refused.say("en")
    assert words in refused.say("en")


def test_what_the_program_knows_is_met_by_what_it_knows() -> None:
    said = content()
    (report,) = (one for one in said["deadlines"] if one["kind"] == "final_report")
    report |= BY
    refused = refuse(said)
    assert refused.details["field"] == "deadlines[final_report].met_by"


def problems(*deadlines: dict[str, Any], steps: tuple[dict[str, Any], ...] = ()) -> list[str]:
    return [one.say("en") for one in find_flaws(check_content(content(*deadlines, steps=steps)))]


def test_a_deadline_that_who_owes_it_cannot_fulfil_is_a_flaw() -> None:
    (found,) = problems(deadline("month_end", 5, met_by="steps.called"))
    assert found.startswith("deadlines[papers]: who owes it may not take the step that fulfils it")
    assert problems(deadline("month_end", 5, who="city", met_by="steps.called")) == []


def test_what_is_counted_from_a_step_that_only_comes_later_is_a_flaw() -> None:
    later = {"stage": "proposed"} | {"kind": "papers", "who": "agency"}
    (found,) = problems(deadline("steps.called", 5, **later))
    assert found.startswith("deadlines[papers]: no task comes to stand there after the step called")
    assert problems(deadline("steps.sent", 5, **later)) == []


@pytest.mark.parametrize(
    ("start", "ko", "en"),
    [
        ("month_end", "매월 말일", "each month's end"),
        ("12-15", "매년 12월 15일", "12-15 of each year"),
        ("steps.called", "‘called 절차’ 절차를 진행한 날", "the day of the step “the step called”"),
        (
            "steps.called.held_on",
            "‘called 절차’ 절차에 적은 날",
            "what the step “the step called” says for “day”",
        ),
        ("deadlines.final_report", "결과보고 기한일", "the day on which the final report is due"),
    ],
)
def test_a_start_is_told_in_words(start: str, ko: str, en: str) -> None:
    said = read_start(start).describe(own(deadline("steps.called", 1)).labels)
    assert (said.ko, said.en) == (ko, en)


@pytest.mark.parametrize(
    ("item", "ko", "en"),
    [
        ("2024-M03", "2024년 3월 papers", "papers for March 2024"),
        ("2024-Q3", "2024년 3분기 papers", "papers for 2024-Q3"),
        ("2024-H2", "2024년 하반기 papers", "papers for 2024-H2"),
        ("2024-Y", "2024년 papers", "papers for 2024"),
        ("2024-M13", "papers 2024-M13", "papers 2024-M13"),
    ],
)
def test_a_part_of_the_year_is_told_as_people_say_it(item: str, ko: str, en: str) -> None:
    said = describe_deadline("papers", item, None)
    assert (said.ko, said.en) == (ko, en)


@given(
    day=st.dates(date(2000, 1, 1), date(2100, 12, 31)),
    months=st.sampled_from((MONTH, QUARTER, HALF_YEAR, YEAR)),
)
def test_parts_of_the_year_lie_one_behind_the_other(day: date, months: int) -> None:
    part = part_of(day, months)
    assert part.first <= day <= part.last
    assert (part.first.day, (part.last + DAY).day) == (1, 1)
    assert relativedelta(part.last + DAY, part.first) in (
        relativedelta(months=months),
        relativedelta(years=1),
    )
    assert (part.after.first, part.before.last) == (part.last + DAY, part.first - DAY)
    assert find_part(part.name) == part


def test_every_part_has_the_days_that_may_be_asked_for() -> None:
    """Also where a fortnight of feasts, and every Monday, is off."""
    feasts = {date(2025, month, day) for month in range(1, 13) for day in (3, 6, 7)}
    known = calendars(OFF | feasts, range(2022, 2030))
    for word, start in STARTS.items():
        for unit, most in LONGEST_IN.get(start.months or 0, {}).items():
            if start.months is None or word == "quarter_end":
                continue
            for year in (2023, 2024, 2025):
                part = part_of(date(year, 2, 1), start.months)
                due = count_period(
                    known, part.first, most, Counting(unit=unit, first_day=True, roll="none")
                ).due
                assert part.first <= due <= part.last, (word, unit, part)


CALENDAR_UNITS = st.sampled_from([unit for unit in UNITS if unit != "business_days"])


@given(
    start=st.dates(date(2024, 2, 1), date(2025, 12, 31)),
    unit=CALENDAR_UNITS,
    count=st.integers(1, 10),
)
def test_a_span_before_a_day_is_what_another_library_takes_off_it(
    start: date, unit: Unit, count: int
) -> None:
    wanted = start - (
        relativedelta(days=count) if unit == "calendar_days" else relativedelta(**{unit: count})
    )
    assert count_period(OPEN, start, count, Counting(unit=unit, roll="none", backward=True)).due == wanted


@given(start=st.dates(date(2024, 2, 1), date(2025, 12, 31)), count=st.integers(1, 60))
def test_so_many_business_days_before_are_as_many_after(start: date, count: int) -> None:
    back = count_period(OPEN, start, count, Counting(backward=True))
    there = count_period(OPEN, back.due, count).due
    open_days = [day for day in (start - DAY * n for n in range(15)) if day.weekday() < 5 and day not in OFF]
    assert there == open_days[0] or (start not in open_days and there > start - DAY)
    assert len(back.counted) == count


def test_a_span_before_a_day_ends_before_a_day_off() -> None:
    rule = own(deadline("plan_end", 10, before=True, unit="calendar_days")).rule("papers")
    assert rule is not None
    assert rule.counting == Counting(unit="calendar_days", roll="previous", backward=True)
    assert (
        describe_length(10, rule.counting).en
        == "10 days before, on a day off moved to the business day before"
    )
    assert count_period(OPEN, date(2024, 5, 15), 10, rule.counting).due == date(2024, 5, 3)


def test_the_first_day_of_a_part_counts() -> None:
    """Civil Act, art. 157: a period that begins at midnight."""
    for more, first in (({}, True), ({"first_day": False}, False)):
        rule = own(deadline("month_start", 5, **BY, **more)).rule("papers")
        assert rule is not None
        assert (rule.counting or Counting()).first_day is first


def test_old_definitions_say_nothing_of_it() -> None:
    for one in templates().values():
        for rule in one.deadlines:
            assert (rule.counted_from.is_told, rule.fulfilling, rule.before) == (False, None, False)
            assert rule.counting is None or not rule.counting.backward


def test_a_field_that_is_misspelt_is_named_and_not_the_one_that_is_missing_then() -> None:
    misspelt = deadline("plan_end", 5)
    misspelt["witin"] = misspelt.pop("within")
    with pytest.raises(BadInput) as refused:
        own(misspelt)
    assert str(refused.value.details["field"]).endswith("witin")
    without = deadline("plan_end", 5)
    del without["within"]
    with pytest.raises(BadInput) as refused:
        own(without)
    assert str(refused.value.details["field"]).endswith("within"), "the control: nothing else stands there"
