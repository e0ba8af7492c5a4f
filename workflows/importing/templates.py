"""The form to fill in, as CSV or XLSX."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from domain.errors import Worded
from workflows.importing.sheets import NotATable
from workflows.importing.task_rows import HEADINGS, MEANING, NEEDED

TEXT = "@"  # else a spreadsheet makes a date of 2027-01
_ROWS = 200


def template(path: Path) -> bytes:
    """The file's bytes, by its ending. The CSV begins with the mark by which spreadsheets know UTF-8. Raises NotATable."""
    kind = path.suffix.lower()
    if kind == ".csv":
        out = io.StringIO(newline="")
        csv.writer(out).writerow(HEADINGS)
        return out.getvalue().encode("utf-8-sig")
    if kind == ".xlsx":
        return _xlsx()
    raise NotATable(
        path=path, problem=Worded("서식은 .csv나 .xlsx로 만듭니다.", "a form is made as .csv or .xlsx.")
    )


def _xlsx() -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 takes a fifth of a second to load
    from openpyxl.styles import Font  # noqa: PLC0415

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "과제"
    sheet.append(list(HEADINGS))
    for cell in sheet[1]:
        cell.font = Font(bold=cell.value in NEEDED)
        column = sheet.column_dimensions[cell.column_letter]
        column.width = 18
        column.number_format = TEXT
    # some spreadsheets ask the cell and not the column, so the rows that most forms need have it too
    for row in sheet.iter_rows(min_row=1, max_row=_ROWS, max_col=len(HEADINGS)):
        for cell in row:
            cell.number_format = TEXT
    sheet.freeze_panes = "A2"
    help_sheet = book.create_sheet("설명")
    help_sheet.append(["열", "뜻", "Meaning"])
    for heading, meaning in MEANING.items():
        help_sheet.append([heading, meaning.ko, meaning.en])
    help_sheet.column_dimensions["B"].width = help_sheet.column_dimensions["C"].width = 60
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
