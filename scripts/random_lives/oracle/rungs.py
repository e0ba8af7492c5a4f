"""When each rung of each deadline could be armed, by the counts and the hours in which the clockwork ran."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from scripts.random_lives.oracle import shapes
from scripts.random_lives.oracle.calendars import NotOpenError
from scripts.random_lives.oracle.cases import SEOUL, Fact, day_of, midnight, seoul_day
from scripts.random_lives.oracle.counts import begins
from scripts.random_lives.oracle.life import COUNT, Life, Span
from scripts.random_lives.oracle.quiet import is_quiet

Key = tuple[str, str, str, date, int]  # task, deadline, item, due day, rung
MARGIN = timedelta(minutes=30)  # of running in office hours: so much is enough to arm what is due


@dataclass(frozen=True)
class Opening:
    """A rung of a deadline that was open from one count to the next. `begun`: the deadline's first day."""

    key: Key
    on: date
    begun: date
    span: Span
    since: Fact


def openings(life: Life) -> dict[Key, list[Opening]]:
    found: dict[Key, list[Opening]] = {}
    for name, facts in life.tasks.items():
        counts = [fact for fact in facts if fact.kind == COUNT]
        begun: dict[tuple[str, str, date], date] = {}
        for index, count in enumerate(counts):
            ended = counts[index + 1].known if index + 1 < len(counts) else life.until
            begun = _list_begun(life, count, begun)
            for one in _list_opened(name, count, begun, (count.known, ended)):
                found.setdefault(one.key, []).append(one)
    return found


def _list_begun(
    life: Life, count: Fact, before: dict[tuple[str, str, date], date]
) -> dict[tuple[str, str, date], date]:
    """What is counted again and is the same has begun before; what is new begins now."""
    new = date.fromisoformat(begins(life, count))
    deadlines = count.data.get("deadlines") or ()
    keys = [(one["kind"], one.get("item") or "", day_of(one["due"])) for one in deadlines]
    return {key: before.get(key, new) for key in keys}


def _list_opened(
    name: str, count: Fact, begun: dict[tuple[str, str, date], date], span: Span
) -> Iterator[Opening]:
    for one in count.data.get("deadlines") or ():
        kind, item, due = one["kind"], one.get("item") or "", day_of(one["due"])
        for days, on in shapes.rungs(one).items():
            if on is not None:
                yield Opening((name, kind, item, due, days), on, begun[kind, item, due], span, count)


def is_office_hour(life: Life, at: datetime, position: int) -> bool:
    local = at.astimezone(SEOUL)
    if not time(9) <= local.time() < time(18) or is_quiet(life, local.date(), position):
        return False
    try:
        return life.calendars.before(position).is_business_day(local.date())
    except NotOpenError:
        return False


def is_written_to(life: Life, day: date) -> bool:
    """Whether people are written to in the day's office hours, all through."""
    at, end = midnight(day) + timedelta(hours=9), midnight(day) + timedelta(hours=18)
    return is_office_hour(life, at, life.position_at(at)) and not is_quiet(life, day, life.position_at(end))


def first_chance(life: Life, opening: Opening) -> date | None:
    """The first day on which the clockwork ran long enough in office hours to arm the rung."""
    if opening.on < opening.begun:
        return None
    begin, end = opening.span
    day = max(opening.on, seoul_day(begin))
    while day <= seoul_day(min(end, life.until)):
        at = midnight(day) + timedelta(hours=9)
        if is_written_to(life, day) and ran(
            life, max(begin, at), min(end, midnight(day) + timedelta(hours=18))
        ):
            return day
        day += timedelta(days=1)
    return None


def ran(life: Life, begin: datetime, end: datetime) -> bool:
    """Whether the clockwork ran for a while between the two moments."""
    at = begin
    for away_from, away_to in sorted(life.away):
        if away_to <= at or away_from >= end:
            continue
        if away_from - at >= MARGIN:
            return True
        at = max(at, away_to)
    return end - at >= MARGIN
