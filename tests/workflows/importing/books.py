"""Sheets made by hand, as people's spreadsheets save them, and what is read of them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from domain.errors import Bilingual
from workflows.importing.folding import Directory
from workflows.importing.sheets import Fault, Remark, read_sheet
from workflows.importing.task_rows import HEADINGS, NEEDED, Names, read_rows

FORM = ("과제번호", "분야", "주관기관", "과제명")
PLANNED = (*FORM, "시작일", "종료일", "예산(원)")
ROW = ("2027-01", "관광", "광주관광공사", "시범 과제 1")
NAMES = Names(
    areas=Directory(
        [("tour", "tour"), ("관광", "tour"), ("culture", "culture"), ("문화‧여가환경 조성", "culture")]
    ),
    agencies=Directory([("gto", "gto"), ("광주관광공사", "gto"), ("gjcf", "gjcf"), ("광주문화재단", "gjcf")]),
)


class Seen:
    """What came of a sheet: its commands, and what was said of it by place."""

    def __init__(self, path: Path, *, proposing: bool = False) -> None:
        sheet = read_sheet(path, HEADINGS, NEEDED)
        read = read_rows(sheet, NAMES, proposing=proposing)
        self.rows = len(sheet.rows)
        self.given: list[Any] = [one.command for one in read.given]
        self.faults = sorted((one.row, one.column) for one in [*sheet.faults, *read.faults])
        self.remarks = sorted((one.row, one.column) for one in [*sheet.remarks, *read.remarks])
        self.said = [_both(one) for one in [*sheet.faults, *read.faults, *sheet.remarks, *read.remarks]]


def _both(one: Fault | Remark) -> str:
    words: Bilingual = one.words if isinstance(one, Remark) else one.problem
    return f"{words.say('ko')} {words.say('en')}"


def book(
    path: Path, *rows: Any, then: Callable[[Any], object] = lambda page: None, headings: Any = FORM
) -> Path:
    made = Workbook()
    page = made.active
    assert page is not None
    for row in (headings, *rows):
        page.append(list(row))
    then(page)
    made.save(path)
    return path


def changed(path: Path, parts: Mapping[str, Callable[[bytes], bytes]]) -> Path:
    """The workbook with some of its parts written otherwise, as other programs write them."""
    with zipfile.ZipFile(path) as packed:
        held = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in held.items():
            packed.writestr(name, parts.get(name, lambda same: same)(content))
    return path


def text(path: Path, *lines: str, encoding: str = "utf-8-sig") -> Path:
    path.write_bytes("\r\n".join([*lines, ""]).encode(encoding))
    return path
