"""The cells of an XLSX, as they stand in it: what Excel opens is read, since nothing of its looks is looked at.

Read by parts and rows as a stream (ECMA-376, SpreadsheetML), never more than the limits below: of styles only the
number formats matter, since they alone tell a date from a number. What is not there, or not XML, is named.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path, PurePosixPath
from typing import IO, Any
from xml.parsers import expat

import msgspec

MOST_BYTES = 100 * 1024 * 1024  # of a part, unpacked
MOST_CELLS = 200_000  # that hold something
MOST_STRINGS = 200_000
MOST_MERGES = 2_000
LONGEST = 32_767  # letters in a cell, as in Excel
MOST_SHEETS = 100
MOST_COLUMNS = 16_384  # as in Excel
_CHUNK = 64 * 1024
_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})  # built-in formats
_NO_LETTERS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_PLACE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


class Unreadable(Exception):
    """The file is no workbook, or a damaged one. `ko`, `en`: what is wrong and what to do."""

    def __init__(self, ko: str, en: str) -> None:
        super().__init__(en)
        self.ko, self.en = ko, en


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


class Page(msgspec.Struct, frozen=True):
    name: str
    visible: bool
    part: str


class Workbook:
    """Pages by name, read when asked for. `epoch`: the day of number 0, for serial numbers. Raises Unreadable, TooMuch."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            beginning = file.read(8)
        if beginning == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            raise Unreadable(
                "암호가 걸렸거나 옛 형식(.xls)입니다. 암호를 풀고 XLSX로 다시 저장하십시오.",
                "it has a password or the old format (.xls). Save it as XLSX without a password.",
            )
        with _damage_named():
            self._packed = zipfile.ZipFile(path)
        self.epoch = date(1899, 12, 30)
        self.pages = self._pages()
        self._strings: list[str] | None = None
        self._dates: frozenset[int] | None = None

    def close(self) -> None:
        self._packed.close()

    def cells(self, page: Page, most_rows: int) -> Cells:
        """What stands on the page. Raises TooMuch where more than `most_rows` rows hold something."""
        if self._strings is None or self._dates is None:
            self._strings, self._dates = self._shared_strings(), self._date_styles()
        reading = _Reading(self._strings, self._dates, self.epoch, most_rows)
        self._parse(page.part, reading.start, reading.end, reading.text)
        return Cells(rows=reading.rows, merged=tuple(reading.merged), hidden=frozenset(reading.hidden))

    def _pages(self) -> list[Page]:
        found: list[tuple[str, bool, str]] = []

        def start(tag: str, given: Mapping[str, str]) -> None:
            if tag == "sheet" and len(found) < MOST_SHEETS:
                found.append(
                    (given.get("name", ""), given.get("state", "visible") == "visible", given.get("id", ""))
                )
            elif tag == "workbookPr" and given.get("date1904", "0") in ("1", "true"):
                self.epoch = date(1904, 1, 1)

        main = self._related("", "_rels/.rels", "officeDocument").get("", "xl/workbook.xml")
        self._parse(main, start)
        folder = PurePosixPath(main)
        parts = self._related(str(folder.parent), f"{folder.parent}/_rels/{folder.name}.rels", "")
        self._main = parts
        return [Page(name, visible, parts[which]) for name, visible, which in found if which in parts]

    def _related(self, folder: str, part: str, kind: str) -> dict[str, str]:
        """Parts by their ids, and by "" the one of this kind."""
        found: dict[str, str] = {}

        def start(tag: str, given: Mapping[str, str]) -> None:
            if tag != "Relationship" or given.get("TargetMode") == "External":
                return
            target = given.get("Target", "")
            whole = target.lstrip("/") if target.startswith("/") else str(PurePosixPath(folder, target))
            found[given.get("Id", "")] = whole
            last = given.get("Type", "").rpartition("/")[2]
            found.setdefault(f"type:{last}", whole)
            if kind and last == kind:
                found[""] = whole

        if part in self._packed.NameToInfo:
            self._parse(part, start)
        return found

    def _shared_strings(self) -> list[str]:
        part = self._main.get("type:sharedStrings")
        if part is None or part not in self._packed.NameToInfo:
            return []
        strings: list[str] = []
        pieces: list[str] = []
        inside: list[str] = []

        def start(tag: str, given: Mapping[str, str]) -> None:
            inside.append(tag)
            if tag == "si":
                pieces.clear()

        def end(tag: str) -> None:
            inside.pop()
            if tag == "si":
                if len(strings) >= MOST_STRINGS:
                    raise TooMuch
                strings.append(_unescaped("".join(pieces)))

        def text(piece: str) -> None:
            if inside[-1] == "t" and "rPh" not in inside:  # how it is read aloud does not belong to it
                _add(pieces, piece)

        self._parse(part, start, end, text)
        return strings

    def _date_styles(self) -> frozenset[int]:
        part = self._main.get("type:styles")
        if part is None or part not in self._packed.NameToInfo:
            return frozenset()
        own: dict[str, bool] = {}
        styles: list[bool] = []
        inside: list[str] = []

        def start(tag: str, given: Mapping[str, str]) -> None:
            if tag == "numFmt":
                code = _NO_LETTERS.sub("", given.get("formatCode", "")).lower()
                own[given.get("numFmtId", "")] = (
                    any(letter in code for letter in "ymdhs") and "general" not in code
                )
            elif tag == "xf" and inside[-1:] == ["cellXfs"]:
                code = given.get("numFmtId", "0")
                styles.append(own[code] if code in own else code.isdecimal() and int(code) in _DATES)
            inside.append(tag)

        self._parse(part, start, lambda tag: inside.pop())
        return frozenset(number for number, dated in enumerate(styles) if dated)

    def _parse(
        self,
        part: str,
        start: Callable[[str, Mapping[str, str]], None],
        end: Callable[[str], object] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        with _damage_named():
            if self._packed.getinfo(part).file_size > MOST_BYTES:
                raise TooMuch
            with self._packed.open(part) as file:
                _feed(file, start, end, text)


_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    ValueError,
    LookupError,
    ArithmeticError,
    RuntimeError,  # a password, or a way of packing that zipfile has not
)


@contextmanager
def _damage_named() -> Iterator[None]:
    """Whatever a damaged file makes zip and XML say, as one refusal."""
    try:
        yield
    except _DAMAGE as error:
        detail = f"{error!s:.80}"
        raise Unreadable(
            f"XLSX가 아니거나 손상되었습니다({detail}). 엑셀에서 열어 다시 저장하거나 CSV로 저장하십시오.",
            f"it is no XLSX, or damaged ({detail}). Open and save it again in a spreadsheet, or save it as CSV.",
        ) from None


def _feed(
    file: IO[bytes],
    start: Callable[[str, Mapping[str, str]], None],
    end: Callable[[str], object] | None,
    text: Callable[[str], None] | None,
) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise ValueError("it declares a document type, as no spreadsheet does")

    def local(name: str) -> str:
        return name.rpartition(":")[2]

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda tag, given: start(
        local(tag), {local(name): value for name, value in given.items()}
    )
    if end is not None:
        parser.EndElementHandler = lambda tag: end(local(tag))
    if text is not None:
        parser.CharacterDataHandler = text
    while chunk := file.read(_CHUNK):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)


class _Reading:
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
            _add(self._pieces, piece)

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
        return _unescaped(text)

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


def _add(pieces: list[str], piece: str) -> None:
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


def _unescaped(text: str) -> str:
    """_x000D_ and the like, as Excel writes letters that XML has not."""
    return (
        re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
    )
