"""The report as a workbook, read again by another library: every figure is a number, every text stays one."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zipfile import ZipFile

import msgspec
import openpyxl
import pytest
import xlsxwriter
from msgspec.structs import replace
from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook

from domain.errors import Bilingual, Lang
from projections.report.document import LANGS, Cell, Chart, Column, Document, Table, Value, sections
from projections.report.letters import clean
from projections.report.sheet_columns import Columns
from projections.report.sheet_pages import HIGH, ROW, Parting, Rows, find_breaks, keep_whole
from projections.report.sheet_values import sheet_name
from projections.report.xlsx import xlsx
from tests.projections.report.awkward_documents import FORMULAS, awkward, tasks_table


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
    return clean(cell.value.ko) if isinstance(cell.value, Bilingual) else cell.value


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

    assert [pairs[name].data_type for name in ("기준일", "대상 기록 수", "프로그램 버전")] == ["d", "n", "s"]


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
        assert page.page_setup.orientation == "landscape"
        assert page.print_area
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
        Bilingual("큰 수", "Big"),
        (Column("n", Bilingual("수", "n"), "krw"),),
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
    alike = tuple(replace(whole.sections[0], title=Bilingual(title, title)) for title in titles)

    names = openpyxl.load_workbook(io.BytesIO(xlsx(replace(whole, sections=alike), "ko"))).sheetnames

    assert len({name.casefold() for name in names}) == len(names) == 6
    assert all(len(name) <= 31 for name in names)


def test_every_table_can_be_filtered_and_charts_stand_beside_what_they_are_drawn_from(
    report: Document, book: Workbook
) -> None:
    shown = [table for charts in (False, True) for table in tables(report, charts=charts) if table.rows]
    assert sum(len(page.tables) for page in book) == len(shown)
    assert all(one.autoFilter is not None for page in book for one in page.tables.values())
    raw = ZipFile(io.BytesIO(xlsx(report, "ko")))
    drawn = [name for name in raw.namelist() if name.startswith("xl/charts/chart")]
    assert len(drawn) == sum(isinstance(block, Chart) for _, s in sections(report) for block in s.blocks)
    assert all("그림 자료".encode() in raw.read(name) for name in drawn), "from the sheet's own cells"


def test_names_of_sheets_have_no_doubled_spaces_and_the_file_says_what_it_is(
    report: Document, book: Workbook
) -> None:
    named = msgspec.structs.replace(
        report,
        sections=(
            msgspec.structs.replace(report.sections[0], title=Bilingual("부록: 과제별 / 경과", "A: b / c")),
        ),
    )
    assert openpyxl.load_workbook(io.BytesIO(xlsx(named, "ko"))).sheetnames[1] == "부록 과제별 경과"
    assert (book.properties.subject, book.properties.category) == ("2024", "결산 보고서")


def test_what_fits_on_a_page_is_not_parted_and_what_does_not_goes_on() -> None:
    heights = [100.0] * 10
    three = Parting(heights, whole=[(0, 3), (3, 6), (6, 10)])
    assert find_breaks(three, 450.0, 0) == [3, 6]
    assert find_breaks(three, 650.0, 0) == [6]
    assert find_breaks(three, 450.0, 1) == [3, 6, 9], (
        "a row stands at the head of each, so the last does not fit"
    )
    assert find_breaks(Parting(heights, sections=[(0, 1), (1, 5), (5, 10)]), 450.0, 0) == [4, 8], (
        "most of a page is not left free for what is under a heading"
    )
    assert find_breaks(Parting([900.0, 900.0]), 450.0, 0) == [1], "a row that is higher than a page has one"


def pages_of(page: Any) -> list[range]:
    """The rows of each page of a sheet that another library has read, from 1."""
    ends = [one.id for one in page.row_breaks.brk]
    return [range(a + 1, b + 1) for a, b in pairwise([0, *ends, page.max_row])]


def stands_alone(page: Any) -> list[int]:
    """Rows of tables that are a page's only row of theirs, and heads below which there are less than two."""
    found = []
    for one in page.tables.values():
        _, head, _, last = range_boundaries(one.ref)
        total = page.cell(last + 1, 1).value in ("합계", "Total")
        rows = range(head + 1, last + 1 + total)
        for rows_of_page in pages_of(page):
            here = [row for row in rows if row in rows_of_page]
            if len(here) == 1 and len(rows) > 1:
                found += here
            if head in rows_of_page and len(here) < min(2, len(rows)):
                found.append(head)
            if total and rows[-1] in here and len(here) < 2:
                found.append(rows[-1])
    return found


def written(document: Document, lang: Lang) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(xlsx(document, lang)))


def of_rows(count: int) -> Document:
    """A report of tables one after the other, of so many rows and more."""
    whole = awkward(tasks=0)
    tables = tuple(replace(tasks_table(number), id=f"t{number}") for number in range(count, count + 40, 7))
    return replace(whole, sections=(replace(whole.sections[0], blocks=tables, parts=()),))


SIZES = (1, 4, 7, 22, 25, 28, 31)


@pytest.mark.parametrize("lang", LANGS)
def test_no_head_no_row_and_no_total_stands_alone_on_a_page(lang: Lang) -> None:
    for count in SIZES:
        book = written(of_rows(count), lang)
        assert {page.title: stands_alone(page) for page in book} == {page.title: [] for page in book}
        assert all(page.row_breaks.brk for page in book.worksheets[1:])


def test_without_care_some_would(monkeypatch: pytest.MonkeyPatch) -> None:  # the control
    monkeypatch.setattr("projections.report.sheet_pages._place", lambda parting, first, end, room: end)
    assert any(stands_alone(page) for count in SIZES for page in written(of_rows(count), "en"))


@pytest.mark.parametrize("tasks", [2, 60])
def test_every_row_is_as_high_as_was_reckoned_and_every_page_has_room_for_its_rows(tasks: int) -> None:
    book = written(awkward(tasks=tasks), "en")
    for page in book:
        assert page.sheet_format.customHeight, "else a program that opens it finds heights of its own"
        assert not page.sheet_properties.pageSetUpPr.fitToPage, "what is fitted to a page loses its breaks"
        heights = {row: page.row_dimensions[row].height or ROW for row in range(1, page.max_row + 1)}
        first, last = (int(one.strip("$:")) for one in page.print_title_rows.split(":"))
        repeated = sum(heights[row] for row in range(first, last + 1))
        for number, rows in enumerate(pages_of(page)):
            used = sum(heights[row] for row in rows) + (repeated if number and rows[0] > last else 0)
            assert used * (page.page_setup.scale or 100) / 100 <= 172 / 25.4 * 72 or len(rows) == 1


@pytest.mark.parametrize("lang", LANGS)
def test_the_head_of_a_long_table_stands_on_each_of_its_pages_where_no_other_page_comes_after_it(
    lang: Lang,
) -> None:
    document = of_rows(3)
    blocks = (*document.sections[0].blocks[:1], replace(tasks_table(90), id="long"))
    short_first = replace(document, sections=(replace(document.sections[0], blocks=blocks, parts=()),))
    page = next(one for one in written(short_first, lang) if one.row_breaks.brk)
    head = int(page.print_title_rows.split("$")[-1])
    heads = {table.ref.partition(":")[0].strip("ABCDEFGH") for table in page.tables.values()}
    assert str(head) == max(heads, key=int)
    assert len(pages_of(page)) > 2


def test_the_control_of_two_long_tables_neither_heads_the_others_pages() -> None:
    document = of_rows(3)
    blocks = tuple(replace(tasks_table(90), id=f"long{number}") for number in range(2))
    both = replace(document, sections=(replace(document.sections[0], blocks=blocks, parts=()),))
    page = next(one for one in written(both, "en") if one.row_breaks.brk)
    assert page.print_title_rows.startswith("$1:"), "the sheet's own head"


def test_texts_of_a_wide_sheet_take_more_lines_before_its_letters_get_small() -> None:
    columns = Columns()
    said = ["가" * 40] * 3 + ["1" * 20] * 3
    for at, one in enumerate(said):
        columns.widen(at, "head", [one], "text" if at < 3 else "krw", 2.5)
    before = dict(columns.widths)
    columns.narrow(6)

    assert [columns.widths[at] < before[at] for at in range(6)] == [True] * 3 + [False] * 3
    assert [columns.lines(at, one) > 1 for at, one in enumerate(said)] == [True] * 3 + [False] * 3
    few = Columns()
    few.widen(0, "head", ["가" * 20], "text", 2.5)
    wide = dict(few.widths)
    few.narrow(2)
    assert few.widths == wide, "the control: what is not wide stays as it is"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Milestones and seasonal phases", "Milestones and seasonal"),
        ("Returned, suspended and changed tasks, and why", "Returned, suspended and"),
        ("Annex: task by task", "Annex task by task"),
        ("a" * 40, "a" * 27),
        ("/", "·"),
    ],
)
def test_a_sheets_name_ends_with_a_whole_word_where_it_has_them(title: str, name: str) -> None:
    assert sheet_name(title) == name


def test_a_heading_stays_with_the_table_that_it_introduces() -> None:
    def with_figures(figures: bool) -> list[int]:
        rows = Rows()
        rows.fill(9)
        rows.begin_section(10)
        if figures:
            rows.add_figures()
        rows.add_table(13, 33, 1)
        return find_breaks(rows.parting(), 25 * ROW, 1)

    assert with_figures(False) == [10], "with the words below it"
    assert with_figures(True) == [13], "the control: below figures the table goes alone"


def test_rows_below_the_last_one_that_is_written_are_on_no_page() -> None:
    rows = Rows()
    rows.add_table(0, 5, 0)
    rows.heights[7] = 9.0
    assert len(rows.parting().heights) == 5
    book = written(awkward(tasks=2), "en")
    for page in book:
        assert all(any(cell.value for row in rows for cell in page[row]) for rows in pages_of(page))


@pytest.mark.parametrize(("rows", "scale"), [(28, 100), (29, 97), (31, 91), (40, 100)])
def test_letters_are_a_little_smaller_where_that_keeps_a_table_whole(rows: int, scale: int) -> None:
    parting = Parting([ROW] * 60, whole=[(10, 10 + rows)])
    found = keep_whole(parting, 100, 2)

    assert found == scale, "what is far too long is parted at the size that all has"
    assert (find_breaks(parting, HIGH * 100 / found, 2)[:1] == [10]) == (rows < 40)
