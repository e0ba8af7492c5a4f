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
from datetime import date
from pathlib import Path, PurePosixPath
from typing import IO
from xml.parsers import expat

import msgspec

from workflows.importing.cells import Cells, Reading, TooMuch, add_piece, unescape

MOST_BYTES = 100 * 1024 * 1024  # of a part, unpacked
MOST_STRINGS = 200_000
MOST_SHEETS = 100
_CHUNK = 64 * 1024
_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})  # built-in formats
_NO_LETTERS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


class Unreadable(Exception):
    """The file is no workbook, or a damaged one. `ko`, `en`: what is wrong and what to do."""

    def __init__(self, ko: str, en: str) -> None:
        super().__init__(en)
        self.ko, self.en = ko, en


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
        with _name_damage():
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
            self._strings, self._dates = self._read_shared_strings(), self._date_styles()
        reading = Reading(self._strings, self._dates, self.epoch, most_rows)
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

        main = self._find_related("", "_rels/.rels", "officeDocument").get("", "xl/workbook.xml")
        self._parse(main, start)
        folder = PurePosixPath(main)
        parts = self._find_related(str(folder.parent), f"{folder.parent}/_rels/{folder.name}.rels", "")
        self._main = parts
        return [Page(name, visible, parts[which]) for name, visible, which in found if which in parts]

    def _find_related(self, folder: str, part: str, kind: str) -> dict[str, str]:
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

    def _read_shared_strings(self) -> list[str]:
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
                strings.append(unescape("".join(pieces)))

        def text(piece: str) -> None:
            if inside[-1] == "t" and "rPh" not in inside:  # how it is read aloud does not belong to it
                add_piece(pieces, piece)

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
        with _name_damage():
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
def _name_damage() -> Iterator[None]:
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
