"""Parts of the year by which something is due again and again, named 2024-M03, 2024-Q1, 2024-H1 and 2024-Y."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from trail.bilingual import Bilingual

MONTH, QUARTER, HALF_YEAR, YEAR = 1, 3, 6, 12  # how many months each has
_LETTERS = {MONTH: "M", QUARTER: "Q", HALF_YEAR: "H", YEAR: "Y"}
_NAME = re.compile(r"([0-9]{4})-(?:M(0[1-9]|1[0-2])|Q([1-4])|H([12])|Y)")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAY = timedelta(days=1)


class YearPart(NamedTuple):
    """The `number`-th of the parts of `months` months that the year has, from 1 on."""

    year: int
    months: int
    number: int

    @property
    def name(self) -> str:
        number = {MONTH: f"{self.number:02}", YEAR: ""}.get(self.months, str(self.number))
        return f"{self.year:04}-{_LETTERS[self.months]}{number}"

    @property
    def first(self) -> date:
        return date(self.year, (self.number - 1) * self.months + 1, 1)

    @property
    def last(self) -> date:
        return self.after.first - _DAY

    @property
    def after(self) -> YearPart:
        """The next one."""
        over = self.number * self.months == YEAR
        return YearPart(self.year + over, self.months, 1 if over else self.number + 1)

    @property
    def before(self) -> YearPart:
        return part_of(self.first - _DAY, self.months)

    @property
    def label(self) -> Bilingual:
        """As people read it: 2024년 3월, 2024년 1분기, 2024년 상반기, 2024년."""
        year = f"{self.year}년"
        match self.months:
            case 1:
                return Bilingual(f"{year} {self.number}월", f"{_MONTHS[self.number - 1]} {self.year}")
            case 3:
                return Bilingual(f"{year} {self.number}분기", self.name)
            case 6:
                return Bilingual(f"{year} {'상하'[self.number - 1]}반기", self.name)
        return Bilingual(year, str(self.year))


def part_of(day: date, months: int) -> YearPart:
    """The part of so many months that the day lies in."""
    return YearPart(day.year, months, (day.month - 1) // months + 1)


def find_part(name: str | None) -> YearPart | None:
    """The part that an item names; None where it is no such name."""
    found = _NAME.fullmatch(name or "")
    if found is None:
        return None
    for months, number in zip((MONTH, QUARTER, HALF_YEAR), found.groups()[1:], strict=True):
        if number is not None:
            return YearPart(int(found[1]), months, int(number))
    return YearPart(int(found[1]), YEAR, 1)
