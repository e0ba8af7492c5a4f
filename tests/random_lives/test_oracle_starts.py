"""The oracle on days of a city's own: each day counted by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.random_lives.lives_by_hand import PLAN, Log

SINCE, PLACE = "01-08 09:00", {"stage": "in_progress", "condition": "normal"}


def lived(
    rule: dict[str, Any], *steps: tuple[str, str, dict[str, str]], away: tuple[str, str] | None = None
) -> dict[str, str]:
    """What is due of a task in progress since 8 January, of a plan to 29 November."""
    content = {
        "name": "own",
        "version": 1,
        "ladders": [{"name": "none", "rungs": []}],
        "deadlines": [
            {"kind": "final_report", "who": "agency", "start": "plan_end", "within": 10, "ladder": "none"}
            | PLACE,
            {"kind": "own", "who": "agency", "ladder": "none"} | PLACE | rule,
        ],
    }
    log = Log()
    for year in (2023, 2024, 2025):
        log.add(f"calendar/{year}", "calendar.opened", "01-02 08:00", year=year, holidays=[])
    log.add("definition/own", "definition.adopted", "01-02 08:00", content=json.dumps(content))
    log.task("proposed", "01-02 09:00", plan=PLAN, lead="welfare", title="과제", definition="own/1")
    log.task("approved", "01-03 09:00")
    log.task("started", SINCE, on="2024-01-08")
    told = [(at, step, form) for at, step, form in steps]
    if away is not None:
        told += [(away[0], "suspended", {}), (away[1], "resumed", {})]
    for at, step, form in sorted(told, key=lambda one: one[0]):
        if step in ("suspended", "resumed"):
            log.task(step, at)
            continue
        filled = [{"field": name, "type": "date", "value": day} for name, day in form.items()]
        log.task(
            "step_taken",
            at,
            definition="own/1",
            step=step,
            from_place="in_progress",
            to_place="in_progress",
            form=filled,
        )
    return {name: due for name, due in log.due().items() if name.startswith("own")}


ANSWERED = ("03-06 10:00", "answered", {})
CALLED = ("03-04 10:00", "called", {"held_on": "2024-05-10"})
BY = {"met_by": "steps.answered"}


def test_from_a_step_and_from_what_its_form_says() -> None:
    assert lived({"start": "steps.called", "within": 5}) == {}
    assert lived({"start": "steps.called", "within": 5}, CALLED) == {"own": "2024-03-11"}
    before = {"start": "steps.called.held_on", "within": 3, "before": True}
    assert lived(before, CALLED) == {"own": "2024-05-07"}
    assert lived(before | BY, CALLED, ANSWERED) == {}


def test_a_step_fulfils_what_began_before_it() -> None:
    rule = {"start": "steps.called", "within": 5} | BY
    assert lived(rule, CALLED, ANSWERED) == {}
    assert lived(rule, ("03-01 10:00", "answered", {}), CALLED) == {"own": "2024-03-11"}


def test_before_another_deadline() -> None:
    rule = {"start": "deadlines.final_report", "within": 10, "before": True}
    assert lived(rule) == {"own": "2024-11-29"}


@pytest.mark.parametrize(
    ("start", "within", "first", "count"),
    [
        ("month_end", 5, "own 2024-M01 2024-02-07", 11),
        ("month_start", 5, "own 2024-M02 2024-02-07", 10),
        ("quarter_start", 1, "own 2024-Q2 2024-04-01", 3),
        ("half_year_start", 10, "own 2024-H2 2024-07-12", 1),
        ("half_year_end", 3, "own 2024-H1 2024-07-03", 2),
        ("12-15", 0, "own 2024-Y 2024-12-16", 1),
    ],
)
def test_what_recurs_is_due_of_each_part_that_begins_within_the_plan(
    start: str, within: int, first: str, count: int
) -> None:
    due = [f"{name} {day}" for name, day in lived({"start": start, "within": within} | BY).items()]
    assert (due[0], len(due)) == (first, count)


def test_a_step_stands_for_its_part_and_those_before() -> None:
    rule = {"start": "month_end", "within": 5}
    assert next(iter(lived(rule | BY, ("10-31 10:00", "answered", {})))) == "own 2024-M10"
    of = {"met_by": "steps.answered.as_of"}
    told = ("10-20 10:00", "answered", {"as_of": "2024-10-31"})
    assert next(iter(lived(rule | of, told))) == "own 2024-M11"


def test_what_fell_into_a_suspension_is_not_due() -> None:
    due = lived({"start": "month_end", "within": 5} | BY, away=("02-20 10:00", "05-02 10:00"))
    assert list(due)[:3] == ["own 2024-M01", "own 2024-M05", "own 2024-M06"]


def test_a_day_of_the_year_without_a_step_is_the_next_one() -> None:
    assert lived({"start": "01-05", "within": 0}) == {"own": "2025-01-06"}
    assert lived({"start": "01-08", "within": 0}) == {"own": "2024-01-08"}
