"""A count of business days, day by day, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

import msgspec

from domain.calendar.reckoning import Reckoned
from domain.errors import Bilingual, Lang

_ITSELF = Bilingual("당일(쉬는 날이면 다음 영업일)", "the day itself, or the next business day")
_COUNTED = Bilingual("시작(첫날 산입)", "start (counted itself)")
_NOT_COUNTED = Bilingual("시작(첫날은 산입하지 않음)", "start (not counted itself)")
_WEEKDAYS = {"ko": "월화수목금토일", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}


class CountedDay(msgspec.Struct, frozen=True):
    """One day of a count. `number`: its place among the business days, None where it is skipped or they are not counted;
    `why`: why it is skipped.
    """

    day: date
    weekday: str
    number: int | None
    why: str | None


class Count(msgspec.Struct, frozen=True):
    """A count as a document. `calendars`: by year, the version that was looked at. `length`: of the period in words, where it
    is none of business days; `first_day`: whether that counts.
    """

    start: date
    due: date
    days: list[CountedDay]
    calendars: Mapping[int, int]
    length: str | None = None
    first_day: bool = False
    counted_from: str | None = None


def count_of(reckoned: Reckoned, lang: Lang) -> Count:
    return Count(reckoned.start, reckoned.due, day_by_day(reckoned, lang), dict(reckoned.calendars))


def day_by_day(reckoned: Reckoned, lang: Lang) -> list[CountedDay]:
    """Every day after the start, up to and including the last one counted."""
    numbers: dict[date, int | None]
    if reckoned.ends is None:
        numbers = {day: number for number, day in enumerate(reckoned.counted, start=1)}
    else:
        numbers = {reckoned.due: None}
    reasons = {one.day: one.name.say(lang) for one in reckoned.skipped}
    return [
        CountedDay(day, _WEEKDAYS[lang][day.weekday()], numbers.get(day), reasons.get(day))
        for day in sorted([*numbers, *reasons])
    ]


class CountedDays(Protocol):
    """What has been counted day by day, e.g. a Count."""

    @property
    def start(self) -> date: ...
    @property
    def due(self) -> date: ...
    @property
    def days(self) -> list[CountedDay]: ...
    @property
    def length(self) -> str | None: ...
    @property
    def first_day(self) -> bool: ...
    @property
    def counted_from(self) -> str | None: ...
    @property
    def calendars(self) -> Mapping[int, int]: ...


def in_lines(count: CountedDays, lang: Lang) -> list[str]:
    """The count for people: the start, each day, and where the days off come from."""
    korean = lang == "ko"
    # not a span, but the day, or the next one on which offices are open
    itself = count.length is None and count.start in (one.day for one in count.days)
    first = (_ITSELF if itself else _COUNTED if count.first_day else _NOT_COUNTED).say(lang)
    of = "" if count.counted_from is None else f" ({count.counted_from})"
    lines = [f"{count.start}{of} {first}" + ("" if count.length is None else f": {count.length}")]
    lines += [f"{one.day} ({one.weekday}) {_of_day(one, lang, itself=itself)}" for one in count.days]
    versions = ", ".join(
        f"{year}년 달력 버전 {version}" if korean else f"calendar {year} version {version}"
        for year, version in count.calendars.items()
    )
    until = f"{count.due} 24시까지" if korean else f"until the end of {count.due} in Seoul"
    return [*lines, f"→ {until} ({versions})" if versions else f"→ {until}"]


def _of_day(one: CountedDay, lang: Lang, *, itself: bool) -> str:
    """Why the day is not counted, or as which one. `itself`: the day that is counted from is counted too."""
    if one.number is None and one.why is None:
        return "말일" if lang == "ko" else "the last day"
    if one.number is None:
        return f"  – {one.why}"
    if itself:
        return "영업일" if lang == "ko" else "business day"
    return f"{one.number:>2}일째" if lang == "ko" else f"day {one.number}"
