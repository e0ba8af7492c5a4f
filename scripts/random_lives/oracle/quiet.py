"""On which days the city keeps quiet, and that nothing is armed, put together or sent on them."""

from __future__ import annotations

from datetime import date

from scripts.random_lives.oracle.cases import Fact, Finding, Record, day_of, seoul_day
from scripts.random_lives.oracle.life import Life

_WRITING = ("notice.due", "message.composed", "message.attempted")


def judge_quiet(life: Life) -> list[Finding]:
    return [
        Finding("quiet", fact.stream, day.isoformat(), f"{fact.kind} on a quiet day.", fact.position)
        for fact in life.facts
        if fact.kind in _WRITING and is_quiet(life, day := seoul_day(fact.known), fact.position)
    ]


def is_quiet(life: Life, day: date, position: int) -> bool:
    """By the facts before that position: the years beside the day's, while open, each by its definition's newest version."""
    return any(
        _covers(span, day)
        for year in (day.year - 1, day.year, day.year + 1)
        for span in _spans(life, year, day, position)
    )


def _spans(life: Life, year: int, day: date, position: int) -> list[Record]:
    told = [one for one in life.streams.get(f"programme/{year}", []) if one.position < position]
    opened = next((one for one in told if one.kind == "programme.opened"), None)
    if opened is None or any(one.kind == "programme.closed" for one in told):
        return []
    name = str(opened.data.get("definition") or "").partition("/")[0]
    versions = [
        one.data["version"]
        for one in life.streams.get(f"definition/{name}", [])
        if one.position < position and one.kind == "definition.adopted" and _holds(one, year, day)
    ]
    return life.definitions[f"{name}/{max(versions)}"].quiet_days if versions else []


def _holds(adopted: Fact, year: int, day: date) -> bool:
    """Whether it is in force for that year on that day."""
    years = adopted.data.get("programmes") or (year,)
    first = adopted.data.get("from_day")
    return year in years and (first is None or day_of(first) <= day)


def _covers(span: Record, day: date) -> bool:
    first = str(span["first"])
    last = str(span.get("last", first))
    if len(first) > len("05-18"):
        return day_of(first) <= day <= day_of(last)
    said = f"{day:%m-%d}"
    return first <= said <= last if first <= last else said >= first or said <= last
