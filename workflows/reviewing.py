"""The monthly review of who read what: figures, and what is unusual, each with the rule that found it. Pure folds."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

import msgspec

from domain.access.decider import first_day, last_day
from domain.calendar.reckoning import Calendars
from domain.errors import Bilingual
from domain.seoul import SEOUL, in_office_hours, local_day
from store.accesses import AccessRow
from store.envelope import spell_actor
from workflows.office_hours import is_business_day

DAYS_BEFORE = 90  # of which a reader's own average is made
_FEWEST, _TIMES = 20, 3
_PERSONS = 10

RULES: Mapping[str, Bilingual] = {
    "unnamed_reader": Bilingual("열람자를 밝히지 않음", "nobody was named"),
    "exported": Bilingual("내보냄", "it was exported"),
    "outside_office_hours": Bilingual("근무시간 외 열람", "read outside office hours"),
    "far_above_own_average": Bilingual(
        f"하루에 {_FEWEST}건 이상이고 본인 평균의 {_TIMES}배를 넘음",
        f"{_FEWEST} or more on one day, and above {_TIMES} time(s) the reader's own average",
    ),
    "many_persons": Bilingual(
        f"하루에 {_PERSONS}명 이상의 개인정보를 열람함",
        f"the details of {_PERSONS} or more persons on one day",
    ),
    "no_purpose": Bilingual("사유 없이 개인정보를 열람함", "personal details read without saying what for"),
}


class Unusual(msgspec.Struct, frozen=True):
    """What a rule found: a reader on a day in Seoul, by the ids of the readings."""

    rule: str
    reader: str
    day: date
    accesses: tuple[int, ...]


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """A month's readings. `by_agency`: whose it was, where it was anybody's; one reading may be of several.

    `rows_sha256`: over the month's readings in the order of their ids, to be signed off with.
    """

    month: str
    readings: int
    by_reader: tuple[tuple[str, int], ...]
    by_reading: tuple[tuple[str, int], ...]
    by_agency: tuple[tuple[str, int], ...]
    unusual: tuple[Unusual, ...]
    rows_sha256: str


def make_review(month: str, rows: Sequence[AccessRow], calendars: Calendars) -> Review:
    """The review of a month. `rows`: its readings, and those of 90 days before, for the averages."""
    first, last = first_day(month), last_day(month)
    in_month = sorted(
        (row for row in rows if first <= local_day(row.known_at) <= last), key=lambda row: row.id
    )
    found = (
        Unusual(rule, reader, day, tuple(row.id for row in some))
        for rule, find in _FINDERS.items()
        for (reader, day), some in _by_day(find(in_month, rows, calendars)).items()
    )
    return Review(
        month=month,
        readings=len(in_month),
        by_reader=_count(reader_of(row) for row in in_month),
        by_reading=_count(row.reading for row in in_month),
        by_agency=_count(agency for row in in_month for agency in row.agencies),
        unusual=tuple(sorted(found, key=lambda one: (one.day, one.reader, one.rule))),
        rows_sha256=rows_sha256(in_month),
    )


def reader_of(row: AccessRow) -> str:
    """The actor as `--as` has it; where nobody was named, the machine's user in parentheses."""
    return f"({row.os_user or '?'}@{row.host or '?'})" if row.actor is None else spell_actor(row.actor)


def rows_sha256(rows: Sequence[AccessRow]) -> str:
    """SHA-256 over the readings, a line of JSON each, in hex.

    What is absent is left out of the lines, and that it was on the command line, so that a field added later changes
    no sum.
    """
    found = hashlib.sha256()
    for row in rows:
        line = msgspec.to_builtins(row)
        if line["via"] == "cli":
            del line["via"]
        found.update(msgspec.json.encode(line) + b"\n")
    return found.hexdigest()


Finder = Callable[[Sequence[AccessRow], Sequence[AccessRow], Calendars], Iterable[AccessRow]]


def _outside_hours(
    in_month: Sequence[AccessRow], rows: Sequence[AccessRow], calendars: Calendars
) -> Iterator[AccessRow]:
    for row in in_month:
        local = row.known_at.astimezone(SEOUL)
        opened = calendars.get(local.year)
        # where no calendar tells of holidays, weekends and hours alone are looked at
        works = is_business_day(calendars, local.date()) if opened and opened.version else local.weekday() < 5
        if not (works and in_office_hours(local)):
            yield row


def _far_above(
    in_month: Sequence[AccessRow], rows: Sequence[AccessRow], calendars: Calendars
) -> Iterator[AccessRow]:
    """Above the average of the reader's other days on which they read anything; a first day has none to be above."""
    days: dict[str, Counter[date]] = defaultdict(Counter)
    for row in rows:
        days[reader_of(row)][local_day(row.known_at)] += 1
    for row in in_month:
        mine, day = days[reader_of(row)], local_day(row.known_at)
        count, others = mine[day], len(mine) - 1
        if count >= _FEWEST and others and count * others > _TIMES * (mine.total() - count):
            yield row


def _many_persons(
    in_month: Sequence[AccessRow], rows: Sequence[AccessRow], calendars: Calendars
) -> Iterator[AccessRow]:
    for some in _by_day(row for row in in_month if row.subjects).values():
        if len({subject for row in some for subject in row.subjects}) >= _PERSONS:
            yield from some


_FINDERS: Mapping[str, Finder] = {
    "unnamed_reader": lambda in_month, rows, calendars: (row for row in in_month if row.actor is None),
    "exported": lambda in_month, rows, calendars: (row for row in in_month if row.exported),
    "outside_office_hours": _outside_hours,
    "far_above_own_average": _far_above,
    "many_persons": _many_persons,
    "no_purpose": lambda in_month, rows, calendars: (
        row for row in in_month if row.reading == "subject.show" and row.purpose is None
    ),
}


def since(month: str) -> date:
    """From which day in Seoul readings are needed for the month's review."""
    return first_day(month) - timedelta(days=DAYS_BEFORE)


def _by_day(rows: Iterable[AccessRow]) -> dict[tuple[str, date], list[AccessRow]]:
    found: dict[tuple[str, date], list[AccessRow]] = defaultdict(list)
    for row in rows:
        found[reader_of(row), local_day(row.known_at)].append(row)
    return found


def _count(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """The most frequent first, then by name."""
    return tuple(sorted(Counter(names).items(), key=lambda one: (-one[1], one[0])))
