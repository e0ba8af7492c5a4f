"""The report as HWPX: another library finds it valid, and it holds every figure that the document does."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from zipfile import ZIP_STORED, ZipFile

import hwpforge
import pytest
from hwpx import HwpxDocument

from projections.report import phrases
from projections.report.document import Chart, Document, Figures, Table, format_value, sections
from projections.report.hwpx import hwpx
from projections.report.hwpx_contents import HP
from projections.report.letters import clean
from projections.report.pdf import pdf
from tests.projections.report.awkward_documents import awkward
from tests.projections.report.pdf_structure import structure
from tests.projections.report.two_years import both_years, reported


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
    """Every table that should stand in the paper, in order; what it rests on is the last."""
    for _, section in sections(document):
        for block in section.blocks:
            if isinstance(block, Figures):
                yield [
                    [clean(one.label.ko), clean(phrases.in_words(one.value, one.kind, "ko"))]
                    for one in block.figures
                ]
            table = block.table if isinstance(block, Chart) else block
            if isinstance(table, Table) and (table.rows or table.totals):
                heads = [clean(column.label.ko) for column in table.columns]
                yield [heads, *(
                    [clean(format_value(cell.value, column.kind, "ko")) for column, cell in zip(table.columns, row, strict=True)]
                    for row in (*table.rows, *table.totals)
                )]  # fmt: skip
    yield [[clean(text) for text in row] for row in phrases.basis(document.provenance, "ko")]


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
            assert all(phrases.in_words(one.value, one.kind, "ko") in text for one in block.figures)


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
    tasks = [clean(part.title.ko) for part in report.sections[-1].parts]
    assert breaks == ["차례", clean(report.sections[0].title.ko), *tasks]


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


def test_it_has_contents_and_a_folder_can_show_what_is_in_it(paper: bytes) -> None:
    """The contents name sections and their parts; the preview is the first page, as words and as a picture."""
    made = ZipFile(io.BytesIO(paper))
    said = [paragraph.text.strip() for paragraph in HwpxDocument.open(io.BytesIO(paper)).paragraphs]
    listed = said[said.index("차례") + 1 :]
    assert listed[:3] == ["1. 요약", "1.1 지난해와 비교", "2. 네 분야와 과제"]
    assert made.read("Preview/PrvText.txt").decode().startswith("2024년 시·공공기관 협업과제 연말 보고서")
    picture = made.read("Preview/PrvImage.png")
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20]) > 400, "not the white dot of an empty preview"


def test_each_line_of_the_contents_has_a_field_for_the_page_of_its_heading(
    report: Document, body: str
) -> None:
    section = HwpxDocument.open(io.BytesIO(hwpx(report, "ko"))).sections[0].element
    headings = {one.get("id"): "".join(one.itertext()).strip() for one in section.iter(f"{HP}p")}
    fields = [one for one in section.iter(f"{HP}fieldBegin") if one.get("type") == "CROSSREF"]
    named = [re.search(r"\?#(\d+);5;", "".join(one.itertext())) for one in fields]

    wanted = [clean(one.title.ko) for depth, one in sections(report) if depth <= 2]
    assert [headings[one[1]] for one in named if one] == wanted
    ends = [one.get("beginIDRef") for one in section.iter(f"{HP}fieldEnd")]
    assert set(ends) >= {one.get("id") for one in fields}
    assert body.count("<hp:tab ") >= len(wanted)


def test_on_paper_of_both_kinds_the_same_is_said() -> None:
    """What HWPX says stands in the PDF too, letter by letter but for spaces and the signs of lists."""
    document = reported(both_years())
    made = HwpxDocument.open(io.BytesIO(hwpx(document, "ko")))
    told = [paragraph.text for paragraph in made.paragraphs]
    told += [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    there = "".join(structure(pdf(document, "ko")).text.split())
    missing = [
        text
        for text in told
        if not text.startswith("그림: ") and "".join(text.lstrip("○※ ").split()) not in there
    ]
    assert missing == []


def test_contents_have_what_the_paper_of_the_other_kind_lists() -> None:
    """The first page is one line: its parts stand on the page before the contents."""
    document = reported(both_years())
    made = HwpxDocument.open(io.BytesIO(hwpx(document, "ko")))
    said = [paragraph.text.strip() for paragraph in made.paragraphs]
    listed = said[said.index(phrases.CONTENTS.ko) + 1 :]
    front, second = document.sections[:2]
    assert listed[:2] == [front.title.ko, second.title.ko]
    outline = next(page for page in structure(pdf(document, "ko")).all("TOC"))
    assert front.title.ko in outline.text
    assert all(part.title.ko not in outline.text for part in front.parts)
