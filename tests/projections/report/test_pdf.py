"""The report on paper: tagged, complete, and nothing of it is a command."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import typst

from domain.errors import Lang
from projections.report import phrases
from projections.report.document import (
    Block,
    Cell,
    Chart,
    Column,
    Document,
    Figures,
    Section,
    Table,
    Text,
    format_value,
    sections,
)
from projections.report.letters import FALLBACK, FAMILY, FONTS, printable
from projections.report.pdf import TEMPLATE, pdf, typeset
from tests.projections.report.awkward_documents import MARKUP, awkward, only, same
from tests.projections.report.pdf_structure import Tag, read, structure
from tests.projections.report.two_years import both_years, reported


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
            printable(format_value(cell.value, column.kind, lang))
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
                value = printable(phrases.in_words(one.value, one.kind, "ko"))
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


def parted(*, rows: range, before: range) -> Document:
    """Tables of so many rows at a page's top, and tables after so many paragraphs; each cell names its table."""
    report = only("parted")
    columns = (Column("one", same("하나"), "text"), Column("two", same("둘"), "int"))

    def part(number: int, above: int, many: int) -> Section:
        table = Table(
            f"t{number}",
            same("표"),
            columns,
            tuple((Cell(f"t{number}.{at}"), Cell(at)) for at in range(many)),
        )
        texts = tuple(Text(same("문단")) for _ in range(above))
        return Section(f"s{number}", same(f"{number}"), (*texts, table), own_page=True)

    sizes = [*((0, many) for many in rows), *((above, 40) for above in before)]
    parts = tuple(part(number, above, many) for number, (above, many) in enumerate(sizes))
    return msgspec.structs.replace(report, sections=parts)


def rows_by_page(paper: bytes) -> list[int]:
    """Of each table on each page that has a row of it, how many."""
    found = (Counter(re.findall(r"\bt(\d+)\.\d+", page.extract_text())) for page in read(paper).pages)
    return [many for page in found for many in page.values()]


PARTED = parted(rows=range(26, 64), before=range(12, 30))


def test_no_row_of_a_long_table_stands_alone_on_a_page() -> None:
    counts = rows_by_page(typeset(PARTED, "ko", {}))

    assert sum(counts) == sum(range(26, 64)) + 40 * 18
    assert min(counts) >= 2


def test_without_care_some_row_would(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:  # the control
    careless = re.sub(r"let last = .*", "let last = 0", TEMPLATE.read_text(encoding="utf-8"))
    (tmp_path / "pdf.typ").write_text(careless, encoding="utf-8")
    monkeypatch.setattr("projections.report.pdf.TEMPLATE", tmp_path / "pdf.typ")

    assert min(rows_by_page(typeset(PARTED, "ko", {}))) == 1


def test_two_tasks_of_the_annex_stand_on_a_page() -> None:
    report = reported(both_years())
    annex = next(section for section in report.sections if section.id == "annex")
    # what the report rests on goes with the last section, so that is another one
    last = next(section for section in report.sections if section.id == "corrections")
    pages = [
        page.extract_text() for page in read(typeset(only_sections(report, annex, last), "ko", {})).pages
    ]

    assert max(sum(part.title.ko in page for part in annex.parts) for page in pages[2:]) >= 2


def only_sections(report: Document, *some: Section) -> Document:
    return msgspec.structs.replace(report, sections=some)


def ending(rows: int) -> Document:
    """A report that ends with a table of so many rows, each of which names itself."""
    report = only("ending")
    columns = (Column("one", same("하나"), "text"), Column("two", same("둘"), "int"))
    table = Table("t", same("표"), columns, tuple((Cell(f"t1.{at}"), Cell(at)) for at in range(rows)))
    last = Section("s", same("끝"), (table, Text(same("비고"), role="remark")), together=True)
    first = Section("f", same("처음"), (Text(same("문단")),) * 3, together=True)
    return msgspec.structs.replace(
        report, sections=(Section("a", same("부록"), parts=(first, last), own_page=True),)
    )


def last_page(paper: bytes) -> str:
    return read(paper).pages[-1].extract_text()


ENDINGS = (1, *range(14, 46, 4), 90)


def test_what_the_report_rests_on_stands_on_no_page_of_its_own() -> None:
    for rows in ENDINGS:
        said = last_page(typeset(ending(rows), "ko", {}))
        assert phrases.BASIS.ko in said
        assert "t1." in said or "비고" in said, rows


def test_without_care_it_would(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:  # the control
    careless = re.sub(
        r"\{ ending\(section\) \}", "{ kept(section); basis }", TEMPLATE.read_text(encoding="utf-8")
    )
    (tmp_path / "pdf.typ").write_text(careless, encoding="utf-8")
    monkeypatch.setattr("projections.report.pdf.TEMPLATE", tmp_path / "pdf.typ")

    said = [last_page(typeset(ending(rows), "ko", {})) for rows in ENDINGS]
    assert any("t1." not in one and "비고" not in one for one in said)
