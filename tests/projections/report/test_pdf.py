"""The report on paper: tagged, complete, and nothing of it is a command."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import typst

from domain.errors import Lang
from projections.report import phrases
from projections.report.document import Block, Chart, Document, Figures, Table, sections, shown
from projections.report.letters import FALLBACK, FAMILY, FONTS, printable
from projections.report.pdf import pdf
from tests.projections.report.documents_of_the_tests import MARKUP, awkward, only
from tests.projections.report.pdf_of_the_tests import Tag, read, structure


@pytest.fixture(scope="module")
def report() -> Document:
    return awkward(tasks=16)


@pytest.fixture(scope="module")
def paper(report: Document) -> bytes:
    return pdf(report, "ko")


@pytest.fixture(scope="module")
def tags(paper: bytes) -> Tag:
    return structure(paper)


def blocks(document: Document) -> Iterator[Block]:
    for _, section in sections(document):
        yield from section.blocks


def tables(document: Document) -> Iterator[Table]:
    """Those that stand on paper as tables: in order, those of charts too, none that is empty."""
    for block in blocks(document):
        table = block.table if isinstance(block, Chart) else block
        if isinstance(table, Table) and (table.rows or table.totals):
            yield table


def cells(table: Table, lang: Lang) -> list[list[str]]:
    heads = [printable(column.label.say(lang)) for column in table.columns]
    rows = [
        [
            printable(shown(cell.value, column.kind, lang))
            for column, cell in zip(table.columns, row, strict=True)
        ]
        for row in (*table.rows, *table.totals)
    ]
    return [heads, *rows]


def rows_of(table: Tag) -> list[list[str]]:
    return [[cell.text.strip() for cell in row.parts if isinstance(cell, Tag)] for row in table.all("TR")]


def test_every_cell_of_every_table_is_read_out_as_the_document_has_it(report: Document, tags: Tag) -> None:
    assert [rows_of(table) for table in tags.all("Table")] == [cells(table, "ko") for table in tables(report)]


def test_in_english_too(report: Document) -> None:
    small = awkward(tasks=2)

    found = structure(pdf(small, "en"))

    assert [rows_of(table) for table in found.all("Table")] == [cells(table, "en") for table in tables(small)]


def test_every_figure_that_stands_alone_is_read_out_with_its_unit(report: Document, tags: Tag) -> None:
    said = tags.text

    for block in blocks(report):
        if isinstance(block, Figures):
            for one in block.figures:
                value = printable(phrases.spoken(one.value, one.kind, "ko"))
                assert f"{printable(one.label.ko)}{value}" in said, one.id


def test_sections_are_headings_in_order_and_bookmarks(report: Document, tags: Tag, paper: bytes) -> None:
    wanted = [(f"H{depth}", printable(section.title.ko)) for depth, section in sections(report)]

    def headings(tag: Tag) -> Iterator[tuple[str, str]]:
        if tag.kind in ("H1", "H2", "H3"):
            yield tag.kind, tag.text
        for part in tag.parts:
            if isinstance(part, Tag):
                yield from headings(part)

    assert list(headings(tags)) == [("H1", "차례"), *wanted]
    marks = [mark for mark in read(paper).outline if not isinstance(mark, list)]
    assert [mark.title for mark in marks] == [printable(section.title.ko) for section in report.sections]


def test_a_chart_is_one_picture_with_its_words(report: Document, tags: Tag) -> None:
    charts = [block for block in blocks(report) if isinstance(block, Chart)]

    assert [figure.alt for figure in tags.all("Figure")] == [chart.alt.ko for chart in charts]


def test_it_claims_pdf_ua_and_has_what_that_needs(paper: bytes) -> None:
    reader = read(paper)
    root = reader.root_object

    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "ko"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "2024년 시·공공기관 협업과제 연말 보고서"
    assert all(page.get("/Tabs") == "/S" for page in reader.pages if "/Annots" in page)


def test_its_fonts_are_within(paper: bytes) -> None:
    fonts = {
        str(font.get_object()["/BaseFont"]): font.get_object()["/DescendantFonts"][0].get_object()[
            "/FontDescriptor"
        ]
        for page in read(paper).pages
        for font in page["/Resources"].get("/Font", {}).values()
    }

    assert {name.split("+")[1].split("-")[0] for name in fonts} <= {
        FAMILY.replace(" ", ""),
        FALLBACK.replace(" ", ""),
    }
    assert all({"/FontFile2", "/FontFile3"} & descriptor.keys() for descriptor in fonts.values())


def test_every_page_says_what_the_report_is_not_yet(report: Document, paper: bytes) -> None:
    for page in read(paper).pages:
        said = page.extract_text()
        assert all(banner.ko in said for banner in report.banners)

    finished = pdf(awkward(tasks=1, running=False), "ko")
    assert not any(
        banner.ko in page.extract_text() for page in read(finished).pages for banner in report.banners
    )


def test_every_page_says_where_it_comes_from_and_which_it_is(paper: bytes) -> None:
    pages = read(paper).pages

    for number, page in enumerate(pages, start=1):
        said = page.extract_text()
        assert "2024-12-31 기준 · 기록 12,345건" in said
        assert f"{number} / {len(pages)}" in said


def test_each_task_of_the_annex_begins_a_page(report: Document, paper: bytes) -> None:
    annex = report.sections[-1]
    pages = [page.extract_text().replace("\n", " ") for page in read(paper).pages][2:]

    for part in annex.parts:
        number = printable(part.title.ko).split(" ")[0]
        # under the two banners and the running head the first thing on some page is the task's title
        assert any(page.split("광주광역시", 1)[1].strip().startswith(number) for page in pages), number


def test_signs_of_markup_in_a_title_are_only_letters() -> None:
    heads = structure(pdf(only(MARKUP), "ko")).all("H1")

    assert heads[1].text == MARKUP


def test_as_markup_the_same_title_would_be_carried_out() -> None:  # the control
    with pytest.raises(typst.TypstError, match="panicked"):
        typst.compile(MARKUP.encode())


def test_a_letter_that_the_font_has_not_is_shown_as_a_box() -> None:
    heads = structure(pdf(only("가😀나\x07다\u202e라"), "ko")).all("H1")

    assert heads[1].text == "가□나다라"


def test_the_letter_itself_would_be_refused() -> None:  # the control
    page = '#set document(title: "t")\n#set text(font: "Pretendard GOV", fallback: false)\n😀'
    with pytest.raises(typst.TypstError, match="could not be displayed"):
        typst.compile(
            page.encode(), font_paths=[str(FONTS)], ignore_system_fonts=True, pdf_standards=["ua-1"]
        )
