"""Days off in Korea beside Saturdays and Sundays, 2022 to 2033, written down by hand.

Sources: 관공서의 공휴일에 관한 규정 with the substitute holidays (대체공휴일) of each year's rules: from 2022
on New Year's Day and Memorial Day have none, children's day, the national days, lunar new year and Chuseok
have; from May 2023 on Buddha's birthday and Christmas have too. Where laws changed or are not sure, the day
is doubtful and judged by nobody.
"""

from __future__ import annotations

from datetime import date, timedelta

# Lunar new year's day, Buddha's birthday, Chuseok.
LUNAR = {
    2022: ("02-01", "05-08", "09-10"),
    2023: ("01-22", "05-27", "09-29"),
    2024: ("02-10", "05-15", "09-17"),
    2025: ("01-29", "05-05", "10-06"),
    2026: ("02-17", "05-24", "09-25"),
    2027: ("02-07", "05-13", "09-15"),
    2028: ("01-27", "05-02", "10-03"),
    2029: ("02-13", "05-20", "09-22"),
    2030: ("02-03", "05-09", "09-12"),
    2031: ("01-23", "05-28", "10-01"),
    2032: ("02-11", "05-16", "09-19"),
    2033: ("01-31", "05-06", "09-08"),
}

# Elections and days proclaimed: in a calendar or not, by when it was opened.
TEMPORARY = frozenset(
    {
        date(2022, 3, 9),
        date(2022, 6, 1),
        date(2023, 10, 2),
        date(2024, 4, 10),
        date(2024, 10, 1),
        date(2025, 1, 27),
        date(2025, 6, 3),
        date(2026, 6, 3),
        date(2028, 4, 12),
        date(2030, 3, 27),
        date(2030, 6, 12),
        date(2032, 4, 14),
    }
)

# Labour Day and Constitution Day, whose laws changed in 2026, are doubtful throughout, with the days after them.
DOUBTFUL = frozenset(
    {date(year, 5, day) for year in range(2022, 2034) for day in (1, 2, 3)}
    | {date(year, 7, day) for year in range(2022, 2034) for day in (17, 18, 19)}
)


def statutory(year: int) -> set[date] | None:
    """The weekdays off by law; None for a year that nobody wrote down."""
    if year not in LUNAR:
        return None
    new_year, buddha, chuseok = (date.fromisoformat(f"{year}-{text}") for text in LUNAR[year])
    last_of_feast = {day: max(_around(feast)) for feast in (new_year, chuseok) for day in _around(feast)}
    singles = [date(year, 3, 1), date(year, 5, 5), date(year, 8, 15), date(year, 10, 3), date(year, 10, 9)]
    if year >= 2023:
        singles += [buddha, date(year, 12, 25)]
    plain = {date(year, 1, 1), date(year, 6, 6), buddha, date(year, 12, 25)}
    off = plain | last_of_feast.keys() | set(singles)
    all_days = [*last_of_feast, *singles]
    twice = {day for day in all_days if all_days.count(day) > 1}
    # The feasts' days have a substitute where they fall on a Sunday or on another day off.
    _add_substitutes(off, last_of_feast, twice, 6)
    # The others have one where they fall on a Saturday, a Sunday or on another day off.
    _add_substitutes(off, {day: day for day in singles if day not in last_of_feast}, twice, 5)
    return {day for day in off if day.weekday() < 5}


def _add_substitutes(off: set[date], days: dict[date, date], twice: set[date], weekday: int) -> None:
    """`days`: each with the day after which its substitute is sought; `weekday`: from which one on it is due, 0 is Monday."""
    for day, after in sorted(days.items()):
        if day.weekday() >= weekday or day in twice:
            off.add(_next_free(after, off))


def _around(day: date) -> list[date]:
    return [day - timedelta(days=1), day, day + timedelta(days=1)]


def _next_free(day: date, off: set[date]) -> date:
    while day.weekday() >= 5 or day in off:
        day += timedelta(days=1)
    return day
