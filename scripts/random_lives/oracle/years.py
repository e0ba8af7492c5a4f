"""Judges which calendars are open, and the days in them."""

from __future__ import annotations

from datetime import date, datetime

from scripts.random_lives.oracle import shapes
from scripts.random_lives.oracle.cases import Fact, Finding, midnight, seoul_day
from scripts.random_lives.oracle.due import list_needed_years
from scripts.random_lives.oracle.holidays import DOUBTFUL, TEMPORARY, statutory
from scripts.random_lives.oracle.life import Life
from scripts.random_lives.oracle.tasks import OPEN_STAGES
from scripts.random_lives.oracle.transitions import open_programmes


def judge_years(life: Life) -> list[Finding]:
    findings = []
    for at in life.rests():
        position = life.position_at(at)
        for year in sorted(years_needed(life, position, at) - set(life.calendars.before(position).years)):
            text = f"The calendar of {year} is needed and should have been opened by rule."
            findings.append(Finding("calendar_left", f"calendar/{year}", seoul_day(at).isoformat(), text))
    for fact in life.facts:
        if fact.kind == "calendar.opened":
            findings += [
                Finding("calendar", fact.stream, seoul_day(fact.known).isoformat(), text, fact.position)
                for text in _judge_opened(life, fact)
            ]
    return findings


def years_needed(life: Life, position: int, at: datetime) -> set[int]:
    """The years that an open task needs, and while a programme is open those up to the coming one; none that is over."""
    year = seoul_day(at).year
    years = {year - 1, year, year + 1} if open_programmes(life, position) else set()
    for name in life.tasks:
        task, definition = life.task_before(name, position), life.definition_of(name, position)
        if definition and (task.stage in OPEN_STAGES or task.waits):
            years |= set(list_needed_years(task))
    return {year for year in years if at < midnight(date(year + 1, 3, 1))}


def _judge_opened(life: Life, fact: Fact) -> list[str]:
    year, provisional = int(fact.data["year"]), bool(fact.data.get("provisional"))
    texts = []
    if fact.role == "system":
        if not provisional:
            texts.append(f"The calendar of {year} was opened by rule and is not provisional.")
        if year not in years_needed(life, fact.position, fact.known):
            texts.append(f"The calendar of {year} was opened by rule and nothing needs it.")
        if year in life.calendars.before(fact.position).years:
            texts.append(f"The calendar of {year} was opened by rule and was open.")
    return texts + _judge_days(life, fact, year)


def _judge_days(life: Life, fact: Fact, year: int) -> list[str]:
    own = statutory(year)
    if own is None:
        return []
    told = {day for day in shapes.holidays(fact.data) if day.weekday() < 5}
    before = life.calendars.before(fact.position).years.get(year, frozenset())
    open_to_doubt = DOUBTFUL | TEMPORARY | _list_moved(life, fact) | before
    missing = own - told - open_to_doubt if fact.role == "system" else set()
    texts = [f"{day} is a day off by law and is not in the calendar." for day in sorted(missing)]
    more = told - own - open_to_doubt
    return texts + [f"{day} is in the calendar and is no day off by law." for day in sorted(more)]


def _list_moved(life: Life, fact: Fact) -> set[date]:
    """Days proclaimed or withdrawn before: they stay so."""
    return {
        date.fromisoformat(str(one.data["day"])[:10])
        for one in life.calendars.facts
        if one.kind != "calendar.opened" and one.position < fact.position
    }
