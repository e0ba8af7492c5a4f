"""The cells of a page of a workbook, as its rows come by: what stands in each, and what it came by (ECMA-376, SpreadsheetML)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

MOST_CELLS = 200_000  # that hold something
MOST_MERGES = 2_000
LONGEST = 32_767  # letters in a cell, as in Excel
MOST_COLUMNS = 16_384  # as in Excel
_PLACE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


class TooMuch(Exception):
    """There is more in it than a sheet of tasks can have."""


class Formula(msgspec.Struct, frozen=True):
    """A cell that is reckoned."""


class ErrorValue(msgspec.Struct, frozen=True):
    """A cell such as #REF!."""


class Span(msgspec.Struct, frozen=True):
    """Cells made one; rows and columns from 1, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right


class Cells(msgspec.Struct, frozen=True):
    """`rows`: by number, only those that hold something; each by column from 1. `hidden`: rows that are not shown."""

    rows: Mapping[int, Mapping[int, Any]]
    merged: tuple[Span, ...]
    hidden: frozenset[int]


class Reading:
    """A page while it is read: where it stands, and what it came by."""

    def __init__(self, strings: list[str], dates: frozenset[int], epoch: date, most_rows: int) -> None:
        self._strings, self._dates, self._epoch, self._most_rows = strings, dates, epoch, most_rows
        self.rows: dict[int, dict[int, Any]] = {}
        self.merged: list[Span] = []
        self.hidden: set[int] = set()
        self._row = self._column = self._count = 0
        self._kind = self._style = ""
        self._formula = False
        self._pieces: list[str] = []
        self._inside: list[str] = []

    def start(self, tag: str, given: Mapping[str, str]) -> None:
        self._inside.append(tag)
        if tag == "row":
            self._row = int(given.get("r", self._row + 1))
            self._column = 0
            if given.get("hidden", "0") in ("1", "true"):
                self.hidden.add(self._row)
        elif tag == "c":
            place = _PLACE.fullmatch(given.get("r", ""))
            self._column = _column(place[1]) if place else self._column + 1
            if self._column > MOST_COLUMNS:
                raise ValueError("a cell lies beyond the last column")
            self._kind, self._style, self._formula = given.get("t", "n"), given.get("s", ""), False
            self._pieces.clear()
        elif tag == "f":
            self._formula = True
        elif tag == "mergeCell":
            if len(self.merged) >= MOST_MERGES:
                raise TooMuch
            self.merged.append(_span(given.get("ref", "")))

    def text(self, piece: str) -> None:
        inside = self._inside
        if inside[-1] == "v" or (inside[-1] == "t" and "is" in inside and "rPh" not in inside):
            add_piece(self._pieces, piece)

    def end(self, tag: str) -> None:
        self._inside.pop()
        if tag != "c":
            return
        value = self._value("".join(self._pieces))
        if value is None or (isinstance(value, str) and not value.strip()):
            return
        self._count += 1
        if (self._row not in self.rows and len(self.rows) >= self._most_rows) or self._count > MOST_CELLS:
            raise TooMuch
        self.rows.setdefault(self._row, {})[self._column] = value

    def _value(self, text: str) -> Any:
        if self._formula:
            return Formula()
        match self._kind:
            case "e":
                return ErrorValue()
            case "s":
                return self._strings[int(text)] if text and int(text) < len(self._strings) else None
            case "b":
                return text == "1"
            case "n":
                return self._number(text)
            case "d":
                return datetime.fromisoformat(text)
        return unescape(text)

    def _number(self, text: str) -> Any:
        if not text.strip():
            return None
        number = float(text)
        if self._style.isdecimal() and int(self._style) in self._dates and 0 <= number < 2_958_466:
            if number < 61 and self._epoch.year == 1899:
                number += 1  # Excel counts 29 February 1900, which never was
            moment = datetime.combine(self._epoch, time.min) + timedelta(days=number)
            moment = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
            return moment.date() if moment.time() == time.min else moment
        return int(number) if number.is_integer() and abs(number) < 10**15 else number


def add_piece(pieces: list[str], piece: str) -> None:
    """A piece more of a cell's text, of which the parser gives some thousands of letters at a time. Raises TooMuch."""
    pieces.append(piece)
    count = len(pieces)
    if count & (count - 1) == 0 and sum(map(len, pieces)) > LONGEST:
        raise TooMuch


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _span(text: str) -> Span:
    first, _, last = text.partition(":")
    ends = [_PLACE.fullmatch(end) for end in (first, last or first)]
    if ends[0] is None or ends[1] is None:
        raise ValueError(f"{text:.20} is no range")
    return Span(int(ends[0][2]), _column(ends[0][1]), int(ends[1][2]), _column(ends[1][1]))


def unescape(text: str) -> str:
    """_x000D_ and the like, as Excel writes letters that XML has not."""
    return (
        re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
    )
