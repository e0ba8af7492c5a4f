"""Reads a table that people filled in, CSV or XLSX, into rows of plain values; what it cannot take it names by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from domain.errors import Bilingual, Refusal
from trail.files import MOST_BYTES, read_foreign
from workflows.importing.cell_meanings import EPOCH
from workflows.importing.cells import Cells, ErrorValue, Formula, Span, TooMuch
from workflows.importing.folding import tidy
from workflows.importing.separated import read_separated
from workflows.importing.tables import Table, find_headings, headings_in, is_heading
from workflows.importing.workbook import Page, Unreadable, Workbook

MOST_ROWS = 5000  # a year has at most 999 tasks
_BESIDE = 100  # rows that are no tasks: titles, headings, sums, notes


class Fault(msgspec.Struct, frozen=True):
    """What is wrong in one cell. `row`: as the spreadsheet counts, from 1; `column`: its heading, "" for the whole row.

    `sheet`: its name in a workbook of several tables.
    """

    row: int
    column: str
    problem: Bilingual
    sheet: str = ""


class Remark(msgspec.Struct, frozen=True):
    """What was read otherwise than it stands, or not read. `row`: 0 for the whole file."""

    row: int
    column: str
    words: Bilingual
    sheet: str = ""


class Row(msgspec.Struct, frozen=True):
    """`values`: by heading; text is tidied, empty cells are absent. `spoiled`: columns whose fault is named already."""

    number: int
    values: dict[str, Any]
    spoiled: frozenset[str] = frozenset()


class Sheet(msgspec.Struct, frozen=True):
    """`encoding`: of a CSV, as it was found out. `epoch`: day 0 of serial numbers. `unit`: of money, as told above."""

    rows: list[Row]
    faults: list[Fault]
    remarks: list[Remark]
    encoding: str | None = None
    epoch: date = EPOCH
    unit: str | None = None


class NotATable(Refusal):
    """The file cannot be read as a table."""

    ko = "파일 {path}을(를) 표로 읽을 수 없습니다: {problem}"
    en = "The file {path} cannot be read as a table: {problem}"


class TooManyRows(Refusal):
    """More rows than a programme can have."""

    ko = "파일 {path}에 행이 너무 많습니다(최대 {most}행). 연도별로 나누어 주십시오."
    en = "The file {path} has too many rows (at most {most}). Split it by year."


FORMULA = Bilingual(
    "수식입니다. 값으로 바꾸어 붙여 넣으십시오.", "it is a formula. Paste its value in its place."
)
MERGED = Bilingual(
    "병합된 셀입니다. 병합을 풀고 칸마다 적으십시오.",
    "it is a merged cell. Unmerge it and fill in each cell.",
)
ERROR = Bilingual("오류 값입니다.", "it holds an error value.")


def read_sheet(path: Path, known: Sequence[str], needed: Sequence[str]) -> Sheet:
    """The rows under the headings. Raises NotATable, TooManyRows, WrongHeadings, and OSError where it is not there."""
    if path.stat().st_size > MOST_BYTES:
        raise NotATable(path=path, problem=Bilingual("파일이 너무 큽니다.", "it is too large."))
    kind = path.suffix.lower()
    try:
        if kind == ".xlsx":
            return _read_xlsx(path, known, needed)
        if kind in (".csv", ".tsv", ".txt"):
            return _read_csv(path, known, needed)
    except Unreadable as error:
        raise NotATable(path=path, problem=Bilingual(error.ko, error.en)) from None
    except TooMuch:
        raise TooManyRows(path=path, most=MOST_ROWS) from None
    raise NotATable(
        path=path,
        problem=Bilingual(
            "CSV나 XLSX가 아닙니다. 그중 하나로 저장하십시오.",
            "it is neither CSV nor XLSX. Save it as one of them.",
        ),
    )


def read_book(path: Path, forms: Mapping[str, tuple[Sequence[str], Sequence[str]]]) -> dict[str, Sheet]:
    """The visible sheets of a workbook that are one of several tables, each by its title. `forms`: known and needed headings.

    Raises NotATable, TooManyRows, WrongHeadings, and OSError where it is not there.
    """
    if path.stat().st_size > MOST_BYTES:
        raise NotATable(path=path, problem=Bilingual("파일이 너무 큽니다.", "it is too large."))
    found: dict[str, Sheet] = {}
    try:
        book = Workbook(path)
        try:
            pages = [(page, book.cells(page, MOST_ROWS + _BESIDE)) for page in book.pages if page.visible]
        finally:
            book.close()
    except Unreadable as error:
        raise NotATable(path=path, problem=Bilingual(error.ko, error.en)) from None
    except TooMuch:
        raise TooManyRows(path=path, most=MOST_ROWS) from None
    for page, cells in pages:
        for title, (known, needed) in forms.items():
            if not find_headings(cells.rows, known, needed):
                continue
            if title in found:
                ko = f"‘{title}’ 표가 있는 시트가 여럿입니다(‘{page.name:.30}’). 하나만 남기십시오."
                en = f"several sheets hold the table “{title}” (“{page.name:.30}”). Leave one of them."
                raise NotATable(path=path, problem=Bilingual(ko, en))
            found[title] = _sheet(path, cells, headings_in(cells.rows, known, needed), book.epoch)
            break
    return found


def _read_csv(path: Path, known: Sequence[str], needed: Sequence[str]) -> Sheet:
    read = read_separated(read_foreign(path), MOST_ROWS + _BESIDE, is_heading(known))
    if not read.rows:
        raise NotATable(path=path, problem=Bilingual("비어 있습니다.", "it is empty."))
    table = headings_in(read.rows, known, needed)
    sheet = _sheet(path, Cells(rows=read.rows, merged=(), hidden=frozenset()), table, EPOCH)
    return msgspec.structs.replace(sheet, encoding=read.encoding)


def _read_xlsx(path: Path, known: Sequence[str], needed: Sequence[str]) -> Sheet:
    book = Workbook(path)
    try:
        seen = [page for page in book.pages if page.visible]
        pages = [(page, book.cells(page, MOST_ROWS + _BESIDE)) for page in seen]
    finally:
        book.close()
    pages = [(page, cells) for page, cells in pages if cells.rows]
    if not pages:
        raise NotATable(path=path, problem=Bilingual("비어 있습니다.", "it is empty."))
    page, cells = _the_one(path, pages, known, needed)
    sheet = _sheet(path, cells, headings_in(cells.rows, known, needed), book.epoch)
    if len(book.pages) > 1:
        beside = ", ".join(f"‘{one.name:.30}’" for one in book.pages if one is not page)
        words = Bilingual(
            f"시트 ‘{page.name}’을(를) 읽었습니다. 읽지 않은 시트: {beside:.200}.",
            f"the sheet “{page.name}” was read, not {beside:.200}.",
        )
        sheet.remarks.insert(0, Remark(0, "", words))
    return sheet


def _the_one(
    path: Path, pages: Sequence[tuple[Page, Cells]], known: Sequence[str], needed: Sequence[str]
) -> tuple[Page, Cells]:
    """The visible page with the table; the first one where none has it, so that its headings are named."""
    fitting = [(page, cells) for page, cells in pages if find_headings(cells.rows, known, needed)]
    if len(fitting) > 1:
        names = ", ".join(f"‘{page.name:.30}’" for page, _ in fitting[:10])
        raise NotATable(
            path=path,
            problem=Bilingual(
                f"과제 표가 있는 시트가 여럿입니다({names}). 가져올 시트만 남기거나 나머지를 숨기십시오.",
                f"several sheets hold a table of tasks ({names}). Leave the one to import, or hide the others.",
            ),
        )
    return (fitting or pages)[0]


def _sheet(path: Path, cells: Cells, table: Table, epoch: date) -> Sheet:
    found = Sheet(rows=[], faults=[], remarks=list(map(_remark, table.remarks)), epoch=epoch, unit=table.unit)
    for number in sorted(cells.rows):
        if number <= table.row:
            continue
        held = cells.rows[number]
        if why := table.skips(held):
            found.remarks.append(Remark(number, "", why))
            continue
        row, faults = _row(
            number, held, table, [one for one in cells.merged if one.top <= number <= one.bottom]
        )
        if row is not None:
            found.rows.append(row)
            found.faults.extend(faults)
            if number in cells.hidden:
                words = Bilingual("숨긴 행인데 읽었습니다.", "it is hidden, and was read.")
                found.remarks.append(Remark(number, "", words))
        if len(found.rows) > MOST_ROWS:
            raise TooManyRows(path=path, most=MOST_ROWS)
    return found


def _remark(told: tuple[int, Bilingual]) -> Remark:
    return Remark(told[0], "", told[1])


def _row(
    number: int, held: Mapping[int, Any], table: Table, merged: Sequence[Span]
) -> tuple[Row | None, list[Fault]]:
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for column in sorted(held.keys() - table.ignored):
        heading, value = table.headings.get(column, ""), _plain(held[column])
        if isinstance(value, Bilingual):
            faults.append(Fault(number, heading, value))
        elif column not in table.headings:
            problem = Bilingual("열 이름이 없는 칸에 값이 있습니다.", "there is a value under no heading.")
            faults.append(Fault(number, "", problem))
        elif value != "":
            values[heading] = value
    if not values and not faults:
        return None, []
    for column, heading in table.headings.items():
        if any(span.holds(number, column) for span in merged):
            values.pop(heading, None)
            faults = [one for one in faults if one.column != heading] + [Fault(number, heading, MERGED)]
    return Row(number, values, frozenset(one.column for one in faults if one.column)), faults


def _plain(cell: Any) -> Any:
    match cell:
        case Formula():
            return FORMULA
        case ErrorValue():
            return ERROR
        case str():
            return tidy(cell)
        case datetime() if cell.time() == datetime.min.time():
            return cell.date()
    return cell
