"""The cells of a CSV, as Korean spreadsheets save it: in UTF-8 with a mark, or in CP949 without one."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from workflows.importing.cells import Formula, TooMuch
from workflows.importing.workbook import Unreadable

_SEP = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_AS_TEXT = re.compile(r'="([^"=]*)"')  # how a value is kept from becoming a number
_MOST_CELLS = 1_000_000  # empty ones too: all that a sheet of people holds, many times
_LINES, _LONGEST_LINE = 30, 10_000  # among which the headings are looked for, and in how much of each


class Separated(msgspec.Struct, frozen=True):
    """`rows`: by number as a spreadsheet shows them, only those that hold something; each by column from 1."""

    rows: Mapping[int, Mapping[int, Any]]
    encoding: str


def read_separated(content: bytes, most_rows: int, is_heading: Callable[[str], bool]) -> Separated:
    """The cells. A line `sep=;` says how they are parted; a spreadsheet does not show it. Raises Unreadable, TooMuch."""
    text, encoding = _decode(content)
    first, _, rest = text.partition("\n")
    if told := _SEP.fullmatch(first.strip("\r")):
        delimiter, text = told[1], rest
    else:
        delimiter = _delimiter(
            [line[:_LONGEST_LINE] for line in text.split("\n", _LINES)[:_LINES]], is_heading
        )
    if max(text.count(delimiter), text.count("\n")) > _MOST_CELLS:
        raise TooMuch
    rows: dict[int, Mapping[int, Any]] = {}
    for number, cells in enumerate(_lines(text, delimiter), start=1):
        held = {place: _value(cell) for place, cell in enumerate(cells, start=1) if cell.strip()}
        if held:
            if len(rows) >= most_rows:
                raise TooMuch
            rows[number] = held
    return Separated(rows, encoding)


def _lines(text: str, delimiter: str) -> Iterator[list[str]]:
    number = 1
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield cells
            number += 1
    except csv.Error as error:
        raise Unreadable(
            f"{number}행이 끝나지 않습니다({error}).", f"row {number} does not end ({error})."
        ) from None


def _delimiter(lines: Sequence[str], is_heading: Callable[[str], bool]) -> str:
    def headings(sign: str) -> int:
        return max(sum(is_heading(cell.strip('"\r')) for cell in line.split(sign)) for line in lines)

    return max(",;\t|", key=lambda sign: (headings(sign), lines[0].count(sign)))


def _value(cell: str) -> Any:
    cell = cell.strip()
    if kept := _AS_TEXT.fullmatch(cell):
        return kept[1]
    return Formula() if cell[:1] in ("=", "@") else cell


def _decode(content: bytes) -> tuple[str, str]:
    marked = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ["utf-16"] if marked else ["utf-8-sig", "cp949"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    raise Unreadable(
        "UTF-8도 CP949도 아닌 글자가 있습니다. 엑셀에서 ‘CSV UTF-8’로 다시 저장하십시오.",
        "its text is neither UTF-8 nor CP949. Save it again as “CSV UTF-8”.",
    )
