"""Judges what people were refused: a refusal says what is so."""

from __future__ import annotations

from scripts.random_lives.oracle.cases import Finding, Record, moment, seoul_day
from scripts.random_lives.oracle.life import Life


def judge_refusals(life: Life) -> list[Finding]:
    """That a year's calendar is not open is said only where it is not."""
    return [
        Finding(
            "refusal",
            one["do"],
            seoul_day(moment(one["at"])).isoformat(),
            f"It was refused since the calendar of {one['details']['year']} is not open; it is.",
        )
        for one in life.case.refused
        if one["name"] == "CalendarNotOpen" and _is_open(life, one)
    ]


def _is_open(life: Life, refused: Record) -> bool:
    return int(refused["details"]["year"]) in life.calendars.before(refused["position"] + 1).years
