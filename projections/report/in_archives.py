"""What stands in a report's XLSX or HWPX, place by place, so that a difference can be named: the cell, the text, the part."""

from __future__ import annotations

import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from html import unescape
from typing import Any
from zipfile import BadZipFile, ZipFile

from domain.errors import Bilingual

_LARGEST = 256 << 20  # bytes of all parts unpacked; more is no report of ours
_INTACT, _DAMAGED = Bilingual("온전함", "intact"), Bilingual("손상됨", "damaged")
UNREADABLE = (
    BadZipFile,
    KeyError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    zlib.error,
)
Part = tuple[str, str | Bilingual]


def xlsx_parts(content: bytes) -> Iterator[Part]:
    """Whether each part can be read; every cell by its sheet and place; then the parts' sums."""
    yield from _within(content, _cells)


def hwpx_parts(content: bytes) -> Iterator[Part]:
    """The same with the texts in the order of reading."""
    yield from _within(content, _texts)


def _within(content: bytes, values: Any) -> Iterator[Part]:
    parts: dict[str, bytes] = {}
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            sound = sum(one.file_size for one in archive.infolist()) <= _LARGEST
            yield "ZIP", _INTACT if sound else _DAMAGED
            for name in archive.namelist() if sound else ():
                try:
                    parts[name] = archive.read(name)
                except UNREADABLE:
                    yield name, _DAMAGED
                    return
                yield name, _INTACT
    except UNREADABLE:
        yield "ZIP", _DAMAGED
        return
    yield from values(content, parts)
    for name, part in parts.items():
        yield name, f"SHA-256 {hashlib.sha256(part).hexdigest()}"


def _cells(content: bytes, parts: dict[str, bytes]) -> Iterator[Part]:
    import openpyxl  # noqa: PLC0415 - it takes a fifth of a second to load

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        for sheet in book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value not in (None, ""):
                        yield f"{sheet.title} {cell.coordinate}", str(cell.value)
    except Exception:  # what somebody made of it may fail anywhere in that library
        yield "xl/workbook.xml", _DAMAGED


def _texts(content: bytes, parts: dict[str, bytes]) -> Iterator[Part]:
    for name in sorted(name for name in parts if re.fullmatch(r"Contents/section\d+\.xml", name)):
        found = re.findall(r"<hp:t>([^<]*)</hp:t>", parts[name].decode("utf-8", "replace"))
        for number, text in enumerate(found, start=1):
            yield f"{name} {number}", unescape(text)
