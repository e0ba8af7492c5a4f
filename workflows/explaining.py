"""A count of business days, day by day, in words."""

from __future__ import annotations

from datetime import date

import msgspec

from domain.calendar.reckoning import Reckoned
from domain.errors import Lang

_WEEKDAYS = {"ko": "월화수목금토일", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}


class CountedDay(msgspec.Struct, frozen=True):
    """One day of a count. `number`: its place among the business days, None where it is skipped; `why`: why it is."""

    day: date
    weekday: str
    number: int | None
    why: str | None


def day_by_day(reckoned: Reckoned, lang: Lang) -> list[CountedDay]:
    """Every day after the start, up to and including the last one counted."""
    numbers = {day: number for number, day in enumerate(reckoned.counted, start=1)}
    reasons = {one.day: one.name.say(lang) for one in reckoned.skipped}
    return [
        CountedDay(day, _WEEKDAYS[lang][day.weekday()], numbers.get(day), reasons.get(day))
        for day in sorted([*numbers, *reasons])
    ]


def in_lines(reckoned: Reckoned, lang: Lang) -> list[str]:
    """The count for people: the start, each day, and where the days off come from."""
    korean = lang == "ko"
    days = day_by_day(reckoned, lang)
    # not a span, but the day, or the next one on which offices are open
    itself = reckoned.start in (one.day for one in days)
    if itself:
        first = "당일(쉬는 날이면 다음 영업일)" if korean else "the day itself, or the next business day"
    else:
        first = "시작(첫날은 세지 않음)" if korean else "start (not counted itself)"
    lines = [f"{reckoned.start} {first}"]
    for one in days:
        if one.number is None:
            lines.append(f"{one.day} ({one.weekday})   – {one.why}")
        elif itself:
            lines.append(f"{one.day} ({one.weekday}) {'영업일' if korean else 'business day'}")
        elif korean:
            lines.append(f"{one.day} ({one.weekday}) {one.number:>2}일째")
        else:
            lines.append(f"{one.day} ({one.weekday}) day {one.number}")
    versions = ", ".join(
        f"{year}년 달력 {version}판" if korean else f"calendar {year} version {version}"
        for year, version in reckoned.calendars
    )
    end = (
        f"→ {reckoned.due} 24시까지 ({versions})"
        if korean
        else f"→ until the end of {reckoned.due} in Seoul ({versions})"
    )
    return [*lines, end]
