"""The report as HWPX: another library finds it valid, and it holds every figure that the document does."""

from __future__ import annotations

import io
from collections.abc import Iterator
from zipfile import ZIP_STORED, ZipFile

import hwpforge
import pytest
from hwpx import HwpxDocument

from projections.report import phrases
from projections.report.document import Chart, Document, Figures, Table, sections, shown
from projections.report.hwpx import hwpx
from projections.report.letters import clean
from tests.projections.report.documents_of_the_tests import awkward


@pytest.fixture(scope="module")
def report() -> Document:
    return awkward(tasks=16)


@pytest.fixture(scope="module")
def paper(report: Document) -> bytes:
    return hwpx(report, "ko")


@pytest.fixture(scope="module")
def body(paper: bytes) -> str:
    return ZipFile(io.BytesIO(paper)).read("Contents/section0.xml").decode()


def rows(document: Document) -> Iterator[list[list[str]]]:
    """Every table that should stand in the paper, in order."""
    yield [[clean(text) for text in row] for row in phrases.basis(document.provenance, "ko")]
    for _, section in sections(document):
        for block in section.blocks:
            if isinstance(block, Figures):
                yield [
                    [clean(one.label.ko), clean(phrases.spoken(one.value, one.kind, "ko"))]
                    for one in block.figures
                ]
            table = block.table if isinstance(block, Chart) else block
            if isinstance(table, Table) and (table.rows or table.totals):
                heads = [clean(column.label.ko) for column in table.columns]
                yield [heads, *(
                    [clean(shown(cell.value, column.kind, "ko")) for column, cell in zip(table.columns, row, strict=True)]
                    for row in (*table.rows, *table.totals)
                )]  # fmt: skip


def test_another_librarys_validator_finds_nothing(paper: bytes) -> None:
    found = hwpforge.Document.from_bytes(paper).validate()

    assert found["ok"], found
    assert not found["errors"]
    assert not found["warnings"]


def test_that_validator_finds_what_is_wrong(paper: bytes) -> None:  # the control
    broken = io.BytesIO()
    with ZipFile(io.BytesIO(paper)) as old, ZipFile(broken, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            new.writestr(part, data[: len(data) // 2] if part.filename == "Contents/section0.xml" else data)

    with pytest.raises(hwpforge.HwpForgeError):
        hwpforge.Document.from_bytes(broken.getvalue()).validate()


def test_read_again_every_table_holds_what_the_document_does(report: Document, paper: bytes) -> None:
    found = HwpxDocument.open(io.BytesIO(paper))

    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in found.tables]

    assert tables == list(rows(report))


def test_the_other_library_reads_the_same_figures(report: Document, paper: bytes) -> None:
    text = hwpforge.Document.from_bytes(paper).to_md().text

    for block in report.sections[0].blocks:
        if isinstance(block, Figures):
            assert all(phrases.spoken(one.value, one.kind, "ko") in text for one in block.figures)


def test_headings_are_in_the_outline_and_a_task_begins_a_page(report: Document, paper: bytes) -> None:
    found = HwpxDocument.open(io.BytesIO(paper))
    names = {str(style.id): style.name for style in found.styles.values()}

    headings = [
        (names[str(paragraph.style_id_ref)], paragraph.text)
        for paragraph in found.paragraphs
        if names[str(paragraph.style_id_ref)].startswith("개요")
    ]

    assert headings == [(f"개요 {depth}", clean(section.title.ko)) for depth, section in sections(report)]
    breaks = [paragraph.text for paragraph in found.paragraphs if paragraph.element.get("pageBreak") == "1"]
    assert breaks[1:] == [clean(part.title.ko) for part in report.sections[-1].parts]


def test_every_page_says_what_the_report_is_not_yet_where_it_comes_from_and_which_it_is(
    report: Document, body: str
) -> None:
    head = body[body.index("<hp:header ") : body.index("</hp:header>")]
    foot = body[body.index("<hp:footer ") : body.index("</hp:footer>")]

    assert all(banner.ko in head for banner in report.banners)
    assert "2024-12-31 기준 · 기록 12,345건" in foot
    assert 'numType="PAGE"' in foot
    assert 'numType="TOTAL_PAGE"' in foot


def test_tables_go_over_pages_with_their_head_and_pictures_have_words(report: Document, body: str) -> None:
    tables = body.count("<hp:tbl ")

    assert body.count('treatAsChar="0"') == tables
    assert body.count('repeatHeader="1"') == sum(1 for _ in rows(report)) - 1 - sum(
        isinstance(block, Figures) for _, section in sections(report) for block in section.blocks
    )
    alts = [
        block.alt.ko
        for _, section in sections(report)
        for block in section.blocks
        if isinstance(block, Chart)
    ]
    assert all(f"<hp:shapeComment>{alt}</hp:shapeComment>" in body for alt in alts)


def test_no_korean_word_is_parted_at_a_lines_end(paper: bytes) -> None:
    head = ZipFile(io.BytesIO(paper)).read("Contents/header.xml").decode()

    assert 'breakNonLatinWord="KEEP_WORD"' in head
    assert 'breakNonLatinWord="BREAK_WORD"' not in head


def test_the_file_names_the_report_and_its_day_and_nobody_else(paper: bytes) -> None:
    about = HwpxDocument.open(io.BytesIO(paper)).parts.metadata

    assert about is not None
    assert (about.title, about.creator) == ("2024년 시·공공기관 협업과제 연말 보고서", "광주광역시")
    assert about.created_date == about.modified_date == "2024-12-31T00:00:00Z"
    assert not about.lastsaveby
    archive = ZipFile(io.BytesIO(paper))
    first = archive.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", ZIP_STORED)
    assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
