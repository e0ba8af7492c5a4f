"""Deadlines that a city's definition counts in months, or by a law's days: set, explained, told, moved by a proclaimed day."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from store.log import Store
from tests.scripts.conftest import Cli, document
from tests.scripts.test_deadline import folded, listed, running

__all__ = ["running"]

WHY = ("--as", "planner", "--reason", "시범 사업")
OWN = """
name = "donghaeng-2024"
version = 9
extends = "donghaeng-2024/1"

[[deadlines]]
kind = "final_report"
who = "agency"
stage = "in_progress"
condition = "normal"
start = "plan_end"
within = {within}
ladder = "agency"
basis = {{ ko = "운영지침", en = "the guideline" }}
"""
MONTHS = OWN.format(within='3\nunit = "months"')  # of the plan's end on 30 September: the last of the year


def move(cli: Cli, store: Store, path: Path, text: str) -> Any:
    """Adopt it and have the task under way live by it; its open deadline of the final report."""
    path.write_text(text, encoding="utf-8")
    assert cli("definition", "adopt", str(path), *WHY).exit_code == 0
    moved = cli("definition", "migrate", "--to", "donghaeng-2024/9", "--apply", *WHY)
    assert moved.exit_code == 0, moved.output
    folded(store)
    (one,) = document(cli("deadline", "explain", "2024-06", "final_report", "--json"))["deadlines"]
    return one


def test_three_months_are_set_and_explained_as_they_were_counted(
    running: Cli, store: Store, tmp_path: Path
) -> None:
    one = move(running, store, tmp_path / "months.toml", MONTHS)
    told = ("start", "within", "unit", "first_day", "roll", "law", "due", "length")
    assert [one[name] for name in told] == [
        "2024-09-30", 3, "months", False, "next", None, "2024-12-31", "3 months"
    ]  # fmt: skip
    assert listed(running)[-1] == "final_report 2024-12-31"
    said = running("deadline", "explain", "2024-06", "final_report", "--lang", "ko").output
    assert "2024-09-30 시작(첫날은 산입하지 않음): 3개월" in said
    assert "2024-12-31 (화) 말일" in said
    shown = running("definition", "show", "donghaeng-2024/9", "--lang", "ko").output
    assert "계획 종료일 + 3개월" in re.sub(r"\s+", " ", shown)
    diff = running("definition", "diff", "donghaeng-2024/1", "donghaeng-2024/9", "--lang", "ko").output
    assert "기간: 10영업일 → 3개월" in diff


def test_a_proclaimed_day_moves_the_end_of_months(running: Cli, store: Store, tmp_path: Path) -> None:
    move(running, store, tmp_path / "months.toml", MONTHS)
    proclaim = ("calendar", "proclaim", "2024-12-31", "--name", "임시공휴일", *WHY, "--json")
    preview = document(running(*proclaim, "--preview"))
    assert [(one["kind"], one["from"], one["to"]) for one in preview["moved"]] == [
        ("final_report", "2024-12-31", "2025-01-02")
    ]
    assert running(*proclaim).exit_code == 0
    folded(store)
    assert listed(running)[-1] == "final_report 2025-01-02"


@pytest.mark.parametrize(
    ("roll", "due", "told"),
    [("previous", "2024-11-29", ["11-30 Saturday"]), ("none", "2024-11-30", []), ("next", "2024-12-02", ["11-30 Saturday", "12-01 Sunday"])],
)  # fmt: skip
def test_an_end_on_a_saturday_moves_as_the_definition_says_and_nobody_is_told_on_it(
    running: Cli, store: Store, tmp_path: Path, roll: str, due: str, told: list[str]
) -> None:
    text = OWN.format(within=f'61\nunit = "calendar_days"\nroll = "{roll}"')
    one = move(running, store, tmp_path / "days.toml", text)
    assert one["due"] == due
    assert [f"{day['day'][5:]} {day['why']}" for day in one["days"] if day["why"]] == told
    (fact, *_) = [one for one in reversed(store.read("task/2024-06")) if one.kind == "task.deadlines_set"]
    (set_,) = [one for one in fact.fact.deadlines if one.kind == "final_report"]
    reminded = {rung.days: str(rung.on) for rung in set_.rungs}
    assert reminded[0] == {"previous": "2024-11-29", "none": "2024-11-29", "next": "2024-12-02"}[roll]


def test_by_a_law_the_first_day_counts_and_the_law_is_named(
    running: Cli, store: Store, tmp_path: Path
) -> None:
    one = move(running, store, tmp_path / "law.toml", OWN.format(within='7\nlaw = "civil_petitions"'))
    assert (one["first_day"], one["due"], one["days"][0]["day"]) == (True, "2024-10-10", "2024-09-30")
    said = running("deadline", "explain", "2024-06", "final_report", "--lang", "ko").output
    assert "민원 처리에 관한 법률 제19조" in said
    assert "시작(첫날 산입)" in said


@pytest.mark.parametrize(
    ("within", "field"),
    [
        ('12\nunit = "months"', "within"),
        ('51\nunit = "weeks"', "within"),
        ("231", "within"),
        ('3\nunit = "years"', "unit"),
        ('3\nroll = "previous"', "roll"),
        ('3\nunit = "weeks"\nlaw = "civil_act"\nroll = "none"', "roll"),
        ('3\nunit = "weeks"\nlaw = "civil_petitions"\nfirst_day = false', "first_day"),
        ('5\nlaw = "civil_petitions"', "within"),
        ('3\nlaw = "hammurabi"', "law"),
    ],
)
def test_a_period_that_cannot_be_counted_is_refused_by_its_entry(
    cli: Cli, tmp_path: Path, within: str, field: str
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(OWN.format(within=within), encoding="utf-8")
    refused = cli("definition", "check", str(path), "--json")
    error = document(refused)["error"]
    assert (refused.exit_code, error["name"]) == (1, "BadInput")
    assert f"deadlines[final_report].{field}" in error["message"]
