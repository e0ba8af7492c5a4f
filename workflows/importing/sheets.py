"""Reads a table that people filled in, CSV or XLSX, into rows of plain values; what it cannot take it names by cell."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from domain.errors import Refusal, Worded

MOST_ROWS = 5000  # a year has at most 999 tasks
_MOST_BYTES = 20 * 1024 * 1024  # of the file, and of what an XLSX unpacks to five times as many


class Fault(msgspec.Struct, frozen=True):
    """What is wrong in one cell. `row`: as the spreadsheet counts, from 1; `column`: its heading, "" for the whole row."""

    row: int
    column: str
    problem: Worded


class Row(msgspec.Struct, frozen=True):
    """`values`: by heading; text is stripped, empty cells are absent."""

    number: int
    values: dict[str, Any]


class Sheet(msgspec.Struct, frozen=True):
    """`encoding`: of a CSV, as it was found out."""

    rows: list[Row]
    faults: list[Fault]
    encoding: str | None = None


class NotATable(Refusal):
    """The file cannot be read as a table."""

    ko = "파일 {path}을(를) 표로 읽을 수 없습니다: {problem}"
    en = "The file {path} cannot be read as a table: {problem}"


class TooManyRows(Refusal):
    """More rows than a programme can have."""

    ko = "파일 {path}에 행이 너무 많습니다(최대 {most}행). 연도별로 나누어 주십시오."
    en = "The file {path} has too many rows (at most {most}). Split it by year."


class WrongHeadings(Refusal):
    """The first row does not say what the columns are."""

    ko = "첫 행의 열 이름이 맞지 않습니다: {problem} `donghaeng import --template FILE`로 서식을 받을 수 있습니다."
    en = "The headings in the first row do not fit: {problem} Get a form with `donghaeng import --template FILE`."


FORMULA = Worded(
    "수식입니다. 값으로 바꾸어 붙여 넣으십시오.", "it is a formula. Paste its value in its place."
)
MERGED = Worded(
    "병합된 셀입니다. 병합을 풀고 칸마다 적으십시오.",
    "it is a merged cell. Unmerge it and fill in each cell.",
)
ERROR = Worded("오류 값입니다.", "it holds an error value.")


def read_sheet(path: Path, known: Sequence[str], needed: Sequence[str]) -> Sheet:
    """The rows under the headings. Raises NotATable, TooManyRows, WrongHeadings, and OSError where it is not there."""
    if path.stat().st_size > _MOST_BYTES:
        raise NotATable(path=path, problem=Worded("파일이 너무 큽니다.", "it is too large."))
    kind = path.suffix.lower()
    if kind == ".xlsx":
        return _read_xlsx(path, known, needed)
    if kind in (".csv", ".tsv", ".txt"):
        return _read_csv(path, known, needed)
    raise NotATable(path=path, problem=Worded("CSV나 XLSX가 아닙니다.", "it is neither CSV nor XLSX."))


def _read_csv(path: Path, known: Sequence[str], needed: Sequence[str]) -> Sheet:
    text, encoding = _decoded(path)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    faults: list[Fault] = []

    def rows() -> Iterator[tuple[int, Sequence[Any]]]:
        while True:
            number = reader.line_num + 1  # a cell may hold several lines
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                problem = Worded(
                    f"{number}행이 끝나지 않습니다({error}).", f"row {number} does not end ({error})."
                )
                raise NotATable(path=path, problem=problem) from None
            yield number, [FORMULA if cell[:1] in ("=", "@") else cell for cell in cells]

    return Sheet(rows=_rows(path, rows(), known, needed, faults), faults=faults, encoding=encoding)


def _decoded(path: Path) -> tuple[str, str]:
    """Korean spreadsheets save CSV in UTF-8 with a mark, or in CP949 without one."""
    content = path.read_bytes()
    marked = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ["utf-16"] if marked else ["utf-8-sig", "cp949"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    problem = Worded("UTF-8도 CP949도 아닌 글자가 있습니다.", "its text is neither UTF-8 nor CP949.")
    raise NotATable(path=path, problem=problem)


def _read_xlsx(path: Path, known: Sequence[str], needed: Sequence[str]) -> Sheet:
    import openpyxl  # noqa: PLC0415 takes a fifth of a second to load
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        with zipfile.ZipFile(path) as packed:
            size = sum(part.file_size for part in packed.infolist())
        if size > 5 * _MOST_BYTES:
            raise NotATable(path=path, problem=Worded("파일이 너무 큽니다.", "it unpacks to too much."))
        streamed = openpyxl.load_workbook(path, read_only=True)
        try:
            # before it is read whole, which takes fifty times as much memory
            for number, _ in enumerate(streamed.worksheets[0].iter_rows(values_only=True), start=1):
                if number > MOST_ROWS + 1:
                    raise TooManyRows(path=path, most=MOST_ROWS)
        finally:
            streamed.close()
        sheet = openpyxl.load_workbook(path).worksheets[0]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, EOFError) as error:
        problem = Worded(f"XLSX가 아니거나 손상되었습니다({error}).", f"it is no XLSX, or damaged ({error}).")
        raise NotATable(path=path, problem=problem) from None
    faults: list[Fault] = []
    merged = {cell for span in sheet.merged_cells.ranges for row in span.rows for cell in row}

    def rows() -> Iterator[tuple[int, Sequence[Any]]]:
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            yield number, [_value(cell, merged) for cell in cells]

    return Sheet(rows=_rows(path, rows(), known, needed, faults), faults=faults)


def _value(cell: Any, merged: set[tuple[int, int]]) -> Any:
    if (cell.row, cell.column) in merged:
        return MERGED
    if cell.data_type == "f":
        return FORMULA
    if cell.data_type == "e":
        return ERROR
    if isinstance(cell.value, datetime) and cell.value.time() == datetime.min.time():
        return cell.value.date()
    if isinstance(cell.value, float) and cell.value.is_integer():
        return int(cell.value)
    return cell.value


def _rows(
    path: Path,
    rows: Iterable[tuple[int, Sequence[Any]]],
    known: Sequence[str],
    needed: Sequence[str],
    faults: list[Fault],
) -> list[Row]:
    found: list[Row] = []
    headings: list[str] | None = None
    for number, cells in rows:
        if headings is None:
            headings = _headings(cells, known, needed)
            continue
        values: dict[str, Any] = {}
        for place, cell in enumerate(cells):
            value = cell.strip() if isinstance(cell, str) else cell
            if value is None or value == "":
                continue
            heading = headings[place] if place < len(headings) else ""
            if isinstance(value, Worded):
                faults.append(Fault(number, heading, value))
            elif not heading:
                problem = Worded("열 이름이 없는 칸에 값이 있습니다.", "there is a value under no heading.")
                faults.append(Fault(number, "", problem))
            else:
                values[heading] = value
        if values:
            found.append(Row(number, values))
        if len(found) > MOST_ROWS:
            raise TooManyRows(path=path, most=MOST_ROWS)
    if headings is None:
        raise NotATable(path=path, problem=Worded("비어 있습니다.", "it is empty."))
    return found


def _headings(cells: Sequence[Any], known: Sequence[str], needed: Sequence[str]) -> list[str]:
    headings = ["" if cell is None or isinstance(cell, Worded) else str(cell).strip() for cell in cells]
    while headings and not headings[-1]:
        headings.pop()
    named = [heading for heading in headings if heading]
    for ko, en, wrong in (
        ("모르는 열", "unknown columns", [one for one in named if one not in known]),
        ("두 번 나오는 열", "columns that occur twice", [one for one in known if named.count(one) > 1]),
        ("빠진 열", "missing columns", [one for one in needed if one not in named]),
    ):
        if wrong:
            listed = ", ".join(one[:40] for one in dict.fromkeys(wrong))
            raise WrongHeadings(problem=Worded(f"{ko}: {listed}.", f"{en}: {listed}."))
    return headings
