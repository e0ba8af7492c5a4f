"""The report as a workbook, read again by another library: every figure is a number, every text stays one."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
import xlsxwriter
from msgspec.structs import replace
from openpyxl.workbook import Workbook

from projections.report.document import Cell, Chart, Column, Document, Table, Value, Words, sections
from projections.report.letters import clean
from projections.report.xlsx import xlsx
from tests.projections.report.documents_of_the_tests import FORMULAS, awkward


@pytest.fixture(scope="module")
def report() -> Document:
    return awkward(tasks=30)


@pytest.fixture(scope="module")
def book(report: Document) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(xlsx(report, "ko")))


def tables(document: Document, *, charts: bool) -> Iterator[Table]:
    for _, section in sections(document):
        for block in section.blocks:
            if isinstance(block, Chart) and charts:
                yield block.table
            elif isinstance(block, Table) and not charts and (block.rows or block.totals):
                yield block


def read_again(cell: Any, kind: str) -> Value:
    """What a cell holds, as the document would hold it."""
    value = cell.value
    if isinstance(value, datetime):
        return value.date()
    if kind == "percent" and isinstance(value, int | float):
        places = len(cell.number_format.rstrip("%").partition(".")[2])
        return f"{Decimal(repr(value)) * 100:.{places}f}"
    if kind == "decimal" and isinstance(value, int | float):
        places = len(cell.number_format.partition(".")[2])
        return f"{Decimal(repr(value)):.{places}f}"
    return value


def wanted(cell: Cell) -> Value:
    if cell.value is None:
        return "–"
    return clean(cell.value.ko) if isinstance(cell.value, Words) else cell.value


def found(book: Workbook, table: Table, names: list[str]) -> list[list[Value]] | None:
    """The rows under the caption and the head of this table, on any of these sheets."""
    heads = [clean(column.label.ko) for column in table.columns]
    count = len(table.rows) + len(table.totals)
    first = wanted(table.rows[0][0])
    for name in names:
        page = book[name]
        for row in page.iter_rows(min_col=1, max_col=len(heads)):
            at = row[0].row
            if [cell.value for cell in row] == heads and read_again(
                page.cell(at + 1, 1), table.columns[0].kind
            ) == first:
                return [
                    [
                        read_again(page.cell(at + n, c), column.kind)
                        for c, column in enumerate(table.columns, start=1)
                    ]
                    for n in range(1, count + 1)
                ]
    return None


@pytest.mark.parametrize("charts", [False, True], ids=["tables of sections", "data of charts"])
def test_every_cell_of_every_table_is_what_the_document_has(
    report: Document, book: Workbook, *, charts: bool
) -> None:
    names = book.sheetnames[-1:] if charts else book.sheetnames[1:-1]

    for table in tables(report, charts=charts):
        rows = [[wanted(cell) for cell in row] for row in (*table.rows, *table.totals)]
        assert found(book, table, names) == rows, table.id


def test_figures_are_numbers_and_days_are_dates(book: Workbook) -> None:
    page = book["2. 네 분야와 과제"]
    head = next(row for row in page.iter_rows() if row[0].value == "과제")
    row = [page.cell(head[0].row + 2, column) for column in range(1, 9)]

    assert [cell.data_type for cell in row] == ["s", "s", "s", "n", "n", "n", "d", "n"]
    assert [row[3].number_format, row[4].number_format, row[6].number_format] == [
        "#,##0",
        "0.0%",
        "yyyy-mm-dd",
    ]


def test_figures_that_stand_alone_are_numbers_with_their_unit_in_the_format(book: Workbook) -> None:
    page = book["1. 요약"]
    pairs = {row[0].value: row[1] for row in page.iter_rows(max_col=2) if row[1].value is not None}

    assert pairs["협업과제"].value == 30
    assert pairs["예산"].value == 574_074_068_850
    assert pairs["예산"].number_format == '#,##0"원"'
    assert pairs["예산 집행률"].value == pytest.approx(0.828)
    assert pairs["평균 지연"].value == "–"


def test_the_cover_tells_the_day_and_how_many_facts_as_a_date_and_numbers(book: Workbook) -> None:
    page = book.worksheets[0]
    pairs = {row[0].value: row[1] for row in page.iter_rows(max_col=2) if row[1].value is not None}

    assert [pairs[name].data_type for name in ("기준일", "본 기록의 수", "프로그램 판")] == ["d", "n", "s"]


def test_nothing_is_a_formula_and_what_looks_like_one_is_marked_as_text(book: Workbook) -> None:
    looks = [
        cell
        for page in book
        for row in page.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@"))
    ]

    assert {cell.value.split(" ")[0] for cell in looks} >= {
        "=1+1",
        "+82-62",
        "-1+2",
        "@SUM(A1)",
        '=HYPERLINK("x","y")',
    }
    assert all(cell.quotePrefix for cell in looks)
    raw = ZipFile(io.BytesIO(xlsx(awkward(), "ko")))
    assert not any(b"<f>" in raw.read(name) for name in raw.namelist())


def test_written_as_usual_the_same_texts_would_be_formulas() -> None:  # the control
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet()
        for row, text in enumerate(FORMULAS):
            page.write(row, 0, text)

    raw = ZipFile(made)
    assert raw.read("xl/worksheets/sheet1.xml").count(b"<f>") == 2


def test_there_is_a_sheet_a_section_one_for_charts_and_a_cover_that_leads_to_them(
    report: Document, book: Workbook
) -> None:
    titles = [section.title.ko for section in report.sections]

    assert book.sheetnames == ["표지", *titles, "그림 자료"]
    links = [cell.hyperlink.location for row in book["표지"].iter_rows() for cell in row if cell.hyperlink]
    assert links == [f"'{title}'!A1" for title in [*titles, "그림 자료"]]


def test_every_sheet_says_what_the_report_is_not_yet_and_can_be_printed(
    report: Document, book: Workbook
) -> None:
    for page in book:
        first = [row[0].value for row in page.iter_rows(max_row=4, max_col=1)]
        assert {banner.ko for banner in report.banners} <= set(first)
        assert "잠정 보고서" in page.oddHeader.right.text
        assert page.freeze_panes is not None
        assert page.print_title_rows is not None
        assert (page.page_setup.orientation, page.page_setup.fitToHeight) == ("landscape", 0)
        assert "2024-12-31 기준" in page.oddFooter.left.text
    assert book.properties.created == datetime(2024, 12, 31)


def test_columns_are_as_wide_as_their_figures(book: Workbook) -> None:
    page = book["2. 네 분야와 과제"]

    widths = {
        at: group.width for group in page.column_dimensions.values() for at in range(group.min, group.max + 1)
    }
    assert widths[4] > len("574,074,068,850")
    assert widths[2] <= 61


def test_a_number_that_would_lose_digits_stays_text() -> None:
    value = 1234567890123456789
    table = Table(
        "big",
        Words("큰 수", "Big"),
        (Column("n", Words("수", "n"), "krw"),),
        ((Cell(value),), (Cell(date(1800, 1, 1)),)),
    )
    whole = awkward(tasks=0)
    section = replace(whole.sections[0], blocks=(table,), parts=())
    book = openpyxl.load_workbook(io.BytesIO(xlsx(replace(whole, sections=(section,)), "ko")))

    values = [cell.value for row in book["1. 요약"].iter_rows() for cell in row]
    assert "1,234,567,890,123,456,789" in values
    assert "1800-01-01" in values


def test_names_of_sheets_are_short_allowed_and_different() -> None:
    whole = awkward(tasks=0)
    titles = ["a/b:c*[d]?'e\\" * 6, "a/b:c*[d]?'e\\" * 7, "'", "표지"]
    alike = tuple(replace(whole.sections[0], title=Words(title, title)) for title in titles)

    names = openpyxl.load_workbook(io.BytesIO(xlsx(replace(whole, sections=alike), "ko"))).sheetnames

    assert len({name.casefold() for name in names}) == len(names) == 6
    assert all(len(name) <= 31 for name in names)
