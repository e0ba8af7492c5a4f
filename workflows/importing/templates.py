"""The form to fill in, as CSV or XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from domain.errors import Bilingual
from workflows.importing.sheets import NotATable
from workflows.importing.year_forms import FORMS, TASKS, Form

TEXT = "@"  # else a spreadsheet makes a date of 2027-01
_ROWS = 200


def template(path: Path, *, whole_year: bool = False) -> bytes:
    """The file's bytes, by its ending. The CSV begins with the mark by which spreadsheets know UTF-8. Raises NotATable.

    `whole_year`: a workbook with a sheet for each table of a year, not the tasks' alone.
    """
    if whole_year and path.suffix.lower() != ".xlsx":
        problem = Bilingual("한 해의 서식은 .xlsx로 만듭니다.", "the form of a whole year is made as .xlsx.")
        raise NotATable(path=path, problem=problem)
    return make_form(path, FORMS if whole_year else (TASKS,))


def make_form(path: Path, forms: Sequence[Form]) -> bytes:
    """A form of these tables; as CSV of one. Raises NotATable."""
    kind = path.suffix.lower()
    if kind == ".csv":
        (one,) = forms
        out = io.StringIO(newline="")
        csv.writer(out).writerow(one.headings)
        return out.getvalue().encode("utf-8-sig")
    if kind == ".xlsx":
        return _xlsx(forms)
    raise NotATable(
        path=path, problem=Bilingual("서식은 .csv나 .xlsx로 만듭니다.", "a form is made as .csv or .xlsx.")
    )


def _xlsx(forms: Sequence[Form]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 takes a fifth of a second to load

    book = Workbook()
    book.remove(book.worksheets[0])
    for one in forms:
        _add_form(book.create_sheet(one.title), one)
    help_sheet = book.create_sheet("설명")
    help_sheet.append(["열", "뜻", "Meaning"])
    for one in forms:
        for heading, meaning in one.meaning.items():
            help_sheet.append([heading, meaning.ko, meaning.en])
    help_sheet.column_dimensions["B"].width = help_sheet.column_dimensions["C"].width = 60
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _add_form(sheet: Any, form: Form) -> None:
    """Headings over empty rows, all of them text."""
    from openpyxl.styles import Font  # noqa: PLC0415

    sheet.append(list(form.headings))
    for cell in sheet[1]:
        cell.font = Font(bold=cell.value in form.needed)
        column = sheet.column_dimensions[cell.column_letter]
        column.width = 18
        column.number_format = TEXT
    # some spreadsheets ask the cell and not the column, so the rows that most forms need have it too
    for row in sheet.iter_rows(min_row=1, max_row=_ROWS, max_col=len(form.headings)):
        for cell in row:
            cell.number_format = TEXT
    sheet.freeze_panes = "A2"
