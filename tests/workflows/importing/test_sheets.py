"""Workbooks and CSV as people have them: read where there is one meaning, refused by every fault where not."""

from __future__ import annotations

import itertools
import tracemalloc
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.styles import PatternFill

from domain.errors import Refusal
from tests.workflows.importing.books import FORM, PLANNED, ROW, Seen, book, changed, text
from workflows.importing import cells, sheets, workbook
from workflows.importing.sheets import NotATable, TooManyRows
from workflows.importing.tables import WrongHeadings

STYLES, PAGE = "xl/styles.xml", "xl/worksheets/sheet1.xml"
HEAD = ",".join(FORM)
LINE = ",".join(ROW)
FILLS: dict[str, tuple[bytes, bytes]] = {
    "an empty fill": (b"</fills>", b"<fill/></fills>"),
    "an extension list": (
        b'<patternFill patternType="gray125"/>',
        b'<patternFill patternType="gray125"><extLst><ext uri="x"/></extLst></patternFill>',
    ),
    "no styles that make sense": (b"<fonts", b"<nonsense/><fonts"),
}


@pytest.mark.parametrize("how", FILLS)
def test_a_workbook_that_excel_opens_is_read_whatever_its_looks(tmp_path: Path, how: str) -> None:
    was, becomes = FILLS[how]
    path = changed(book(tmp_path / "a.xlsx", ROW), {STYLES: lambda part: part.replace(was, becomes)})

    assert [one.task for one in Seen(path).given] == ["2027-01"]


def test_the_library_that_read_them_before_does_not_read_all_of_them(tmp_path: Path) -> None:  # the control
    path = changed(
        book(tmp_path / "a.xlsx", ROW), {STYLES: lambda part: part.replace(*FILLS["an empty fill"])}
    )

    with pytest.raises(TypeError):
        openpyxl.load_workbook(path)


def test_a_workbook_cut_anywhere_or_with_any_byte_changed_is_read_or_refused(tmp_path: Path) -> None:
    whole = book(tmp_path / "a.xlsx", ROW).read_bytes()
    path = tmp_path / "b.xlsx"
    seen = {"read": 0, "refused": 0}
    cuts = [whole[:place] for place in range(0, len(whole), 97)]
    turned = [
        whole[:place] + bytes([whole[place] ^ 0x5A]) + whole[place + 1 :]
        for place in range(0, len(whole), 61)
    ]
    for content in (*cuts, *turned):
        path.write_bytes(content)
        try:
            Seen(path)
        except Refusal:
            seen["refused"] += 1
        else:
            seen["read"] += 1
    assert seen["refused"] > len(cuts) // 2
    assert seen["read"] > 0


@pytest.mark.parametrize(
    ("part", "becomes"),
    [
        (PAGE, lambda part: part[: len(part) // 2]),
        (PAGE, lambda part: part.replace(b'r="2"', b'r="zwei"')),
        (PAGE, lambda part: part.replace(b'r="A2"', b'r="XFE2"')),
        (PAGE, lambda part: b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>' + part),
        (
            PAGE,
            lambda part: part.replace(
                b"<sheetData>", b'<mergeCells><mergeCell ref="nowhere"/></mergeCells><sheetData>'
            ),
        ),
        (STYLES, lambda part: b"<"),
        ("xl/workbook.xml", lambda part: b""),
        ("xl/workbook.xml", lambda part: part.replace(b"<sheet ", b"<other ")),
    ],
)
def test_a_broken_part_is_refused_with_what_to_do(tmp_path: Path, part: str, becomes: Any) -> None:
    with pytest.raises(NotATable) as refused:
        Seen(changed(book(tmp_path / "a.xlsx", ROW), {part: becomes}))
    assert refused.value.say("ko") != refused.value.say("en")


def test_a_workbook_with_a_password_is_named_as_one(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    with pytest.raises(NotATable, match="password"):
        Seen(tmp_path / "a.xlsx")


def test_blank_rows_that_only_have_a_look_do_not_count(tmp_path: Path) -> None:
    def paint(page: Any) -> None:
        for row in range(3, sheets.MOST_ROWS + 1100):
            page.cell(row, 1).fill = PatternFill("solid", "FFFF00")

    assert Seen(book(tmp_path / "a.xlsx", ROW, then=paint)).rows == 1


def test_more_rows_cells_or_merges_than_a_sheet_of_tasks_has_are_refused_before_they_are_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [ROW] * (sheets.MOST_ROWS + 1)
    with pytest.raises(TooManyRows):
        Seen(book(tmp_path / "a.xlsx", *rows))
    for module, limit, most in (
        (cells, "MOST_CELLS", 7),
        (cells, "MOST_MERGES", 0),
        (workbook, "MOST_BYTES", 900),
    ):
        path = book(tmp_path / "b.xlsx", ROW, then=lambda page: page.merge_cells("B9:C9"))
        with monkeypatch.context() as patched:
            patched.setattr(module, limit, most)
            with pytest.raises(TooManyRows):
                Seen(path)


def test_a_cell_that_unpacks_to_millions_of_letters_is_refused_while_it_is_read(tmp_path: Path) -> None:
    long = b"x" * 20_000_000
    path = changed(
        book(tmp_path / "a.xlsx", ROW), {PAGE: lambda part: part.replace(b"2027-01", b"2027-01" + long)}
    )
    assert path.stat().st_size < 100_000
    tracemalloc.start()
    try:
        with pytest.raises(TooManyRows):
            Seen(path)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < len(long) / 4


def test_a_merge_over_the_whole_sheet_takes_no_memory(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ROW, then=lambda page: page.merge_cells("F1:G2"))
    path = changed(path, {PAGE: lambda part: part.replace(b'ref="F1:G2"', b'ref="F1:XFD1048576"')})

    assert Seen(path).faults == []


def test_a_hidden_first_sheet_is_passed_over_and_that_is_said(tmp_path: Path) -> None:
    made = Workbook()
    made.active.title = "숨김"  # type: ignore[union-attr]
    for page, number in ((made.active, "2027-09"), (made.create_sheet("과제"), "2027-05")):
        page.append(list(FORM))  # type: ignore[union-attr]
        page.append([number, *ROW[1:]])  # type: ignore[union-attr]
    made.worksheets[0].sheet_state = "hidden"
    made.active = 1
    made.save(tmp_path / "a.xlsx")
    seen = Seen(tmp_path / "a.xlsx")

    assert [one.task for one in seen.given] == ["2027-05"]
    assert seen.remarks == [(0, "")]
    assert "과제" in seen.said[0]
    assert "숨김" in seen.said[0]

    made.worksheets[0].sheet_state = "visible"
    made.save(tmp_path / "b.xlsx")
    with pytest.raises(NotATable, match="several sheets"):
        Seen(tmp_path / "b.xlsx")


def test_a_cover_before_the_table_is_passed_over(tmp_path: Path) -> None:
    made = Workbook()
    made.active["A1"] = "표지"  # type: ignore[index]
    page = made.create_sheet("과제")
    page.append(list(FORM))
    page.append(list(ROW))
    made.save(tmp_path / "a.xlsx")

    assert [one.task for one in Seen(tmp_path / "a.xlsx").given] == ["2027-01"]


@pytest.mark.parametrize(
    "lead",
    [
        "광주\n관광공사",
        "㈜광주관광공사",
        "(주) 광주관광공사",
        "광주관광공사\u200b",
        "광주 관광공사",
        "광주\u00a0관광공사",
        "ＧＴＯ",
    ],
)
def test_an_agency_is_known_however_its_name_is_written(tmp_path: Path, lead: str) -> None:
    assert [one.lead for one in Seen(book(tmp_path / "a.xlsx", (*ROW[:2], lead, ROW[3]))).given] == ["gto"]


@pytest.mark.parametrize(
    "heading", ["과제\u00a0번호", "과제 번호", "과제\n번호", "\ufeff과제번호", "과제번호\u200b"]
)
def test_a_heading_is_known_however_it_is_written(tmp_path: Path, heading: str) -> None:
    assert len(Seen(book(tmp_path / "a.xlsx", ROW, headings=(heading, *FORM[1:]))).given) == 1


def test_a_number_that_became_a_date_or_a_serial_number_is_read_back_and_told(tmp_path: Path) -> None:
    def turn(page: Any) -> None:
        page["A2"], page["A2"].number_format = date(2027, 1, 1), "mmm-yy"
        page["A3"] = 46419

    seen = Seen(book(tmp_path / "a.xlsx", ROW, ROW, then=turn))
    assert [one.task for one in seen.given] == ["2027-01", "2027-02"]
    assert seen.remarks == [(2, "과제번호"), (3, "과제번호")]

    seen = Seen(text(tmp_path / "a.csv", HEAD, LINE.replace("2027-01", "Jan-27"), encoding="cp949"))
    assert [one.task for one in seen.given] == ["2027-01"]
    assert seen.remarks == [(2, "과제번호")]


def test_a_workbook_that_counts_days_from_1904_is_read_by_its_own_count(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ("", *ROW[1:]), then=lambda page: page.__setitem__("A2", 46388 - 1462))
    path = changed(
        path, {"xl/workbook.xml": lambda part: part.replace(b"<workbookPr/>", b'<workbookPr date1904="1"/>')}
    )

    assert [one.task for one in Seen(path).given] == ["2027-01"]


def test_titles_sums_remarks_and_numbering_around_the_table_are_left_out_and_told(tmp_path: Path) -> None:
    path = text(
        tmp_path / "a.csv",
        "2027년 동행 과제 목록,,,,",
        "(단위: 원),,,,",
        f"연번,{HEAD}",
        f"1,{LINE}",
        "소계,,,,1건",
        f"2,{LINE.replace('-01', '-02')}",
        "3,,,,",
        ",합 계,,=COUNTA(A4:A6),",
        ",,,,",
        f"연번,{HEAD}",
        "※ 세부 계획은 따로 붙임,,,,",
    )
    seen = Seen(path)

    assert [one.task for one in seen.given] == ["2027-01", "2027-02"]
    assert seen.faults == []
    assert [row for row, _ in seen.remarks] == [1, 2, 5, 8, 10, 11]


def test_an_entry_whose_title_is_like_a_sum_is_still_one(tmp_path: Path) -> None:
    seen = Seen(text(tmp_path / "a.csv", HEAD, "2027-01,관광,gto,계", "2027-02,관광,gto,※ 시범"))

    assert [one.title.ko for one in seen.given] == ["계", "※ 시범"]


def test_another_unit_above_the_table_is_a_fault_of_every_amount(tmp_path: Path) -> None:
    row = (*ROW, "2027-03-02", "2027-12-31", "120,000")
    path = book(tmp_path / "a.xlsx", PLANNED, row, headings=("(단위: 천원)",))

    assert Seen(path, proposing=True).faults == [(3, "예산(원)")]


@pytest.mark.parametrize(("line", "sign"), [("sep=;", ";"), ("SEP=|", "|"), ('"sep=\t"', "\t")])
def test_a_line_that_says_what_parts_the_cells_is_obeyed_and_is_no_row(
    tmp_path: Path, line: str, sign: str
) -> None:
    seen = Seen(text(tmp_path / "a.csv", line, HEAD.replace(",", sign), LINE.replace(",", sign), f"x{sign}"))

    assert [one.task for one in seen.given] == ["2027-01"]
    assert {row for row, _ in seen.faults} == {3}


def test_a_value_kept_as_text_in_a_csv_is_its_text(tmp_path: Path) -> None:
    assert [one.task for one in Seen(text(tmp_path / "a.csv", HEAD, '"=""2027-01""",관광,gto,가')).given] == [
        "2027-01"
    ]


def test_a_letter_lost_in_cp949_is_found_in_a_name_and_pointed_at_in_a_title(tmp_path: Path) -> None:
    path = text(tmp_path / "a.csv", HEAD, "2027-01,문화?여가환경 조성,gto,문화?여가 시험,", encoding="cp949")
    seen = Seen(path)

    assert [one.area for one in seen.given] == ["culture"]
    assert seen.remarks == [(2, "과제명"), (2, "분야")]
    assert Seen(text(tmp_path / "b.csv", HEAD, "2027-01,관광,gto,문화?여가 시험")).remarks == []


def test_every_fault_of_a_row_comes_at_once(tmp_path: Path) -> None:
    def spoil(page: Any) -> None:
        page["D2"] = "=1+1"

    row = ("24-1", "없는 분야", "없는 기관", "", "2027. 3. 2.(월)", "2027-02-30", "4.7억")
    seen = Seen(book(tmp_path / "a.xlsx", row, headings=PLANNED, then=spoil), proposing=True)

    assert seen.faults == sorted((2, heading) for heading in PLANNED)
    long = ("2027-01", "관광", "gto", "가" * 201, "미정", "2027-12-31", "1")
    seen = Seen(book(tmp_path / "b.xlsx", long, headings=PLANNED), proposing=True)
    assert seen.faults == [(2, "과제명"), (2, "시작일")]


def test_dates_and_money_as_officials_write_them_make_a_proposal(tmp_path: Path) -> None:
    row = (*ROW, "2027. 3. 2.(화)", date(2027, 12, 31), "1억 2천만원")
    (proposal,) = Seen(book(tmp_path / "a.xlsx", row, headings=PLANNED), proposing=True).given

    assert (proposal.plan.start, proposal.plan.end) == (date(2027, 3, 2), date(2027, 12, 31))
    assert proposal.plan.budget_krw == 120_000_000


def test_a_hidden_row_is_read_and_that_is_said(tmp_path: Path) -> None:
    def hide(page: Any) -> None:
        page.row_dimensions[3].hidden = True

    seen = Seen(book(tmp_path / "a.xlsx", ROW, ("2027-02", *ROW[1:]), then=hide))
    assert (len(seen.given), seen.remarks) == (2, [(3, "")])


def test_headings_that_do_not_fit_are_named_with_their_row(tmp_path: Path) -> None:
    path = text(tmp_path / "a.csv", "2027년 목록", "과제번호,분야,주관 기관,비고", LINE)
    with pytest.raises(WrongHeadings, match=r"row 2.*비고"):
        Seen(path)


def test_a_program_that_shares_strings_and_one_that_writes_them_in_place_are_read_alike(
    tmp_path: Path,
) -> None:
    import xlsxwriter  # noqa: PLC0415

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as made:
        page = made.add_worksheet()
        for number, row in enumerate((FORM, ROW)):
            page.write_row(number, 0, row)
        page.write_rich_string(1, 3, made.add_format({"bold": True}), "시범", " 과제 1")
    book(tmp_path / "b.xlsx", ROW)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as packed:
        assert "xl/sharedStrings.xml" in packed.namelist()
    assert Seen(tmp_path / "a.xlsx").given == Seen(tmp_path / "b.xlsx").given


def test_every_cell_is_read_as_the_other_library_reads_it(tmp_path: Path) -> None:
    values: list[Any] = [
        "글",
        1,
        -1.5,
        0.1,
        True,
        date(2027, 3, 2),
        " 빈칸 ",
        "<&>",
        120_000_000,
        "𠮷",
    ]
    beyond = (-1.5, 0.1, 120_000_000)  # no days: the other library makes a time or an error of them
    formats = ["General", "yyyy-mm-dd", "@", '0"년"', "#,##0", 'yyyy"년" m"월"']

    def fill(page: Any) -> None:
        cells = [
            one for one in itertools.product(values, formats) if one[0] not in beyond or "y" not in one[1]
        ]
        for number, (value, form) in enumerate(cells, start=3):
            page.cell(number, 1, value).number_format = form

    path = book(tmp_path / "a.xlsx", ROW, then=fill)
    ours = workbook.Workbook(path)
    cells = ours.cells(ours.pages[0], 5000).rows
    ours.close()
    theirs = openpyxl.load_workbook(path).active
    for row in theirs.iter_rows(min_row=1, max_col=4):  # type: ignore[union-attr]
        for cell in row:
            value = cell.value.date() if hasattr(cell.value, "date") else cell.value
            assert cells[cell.row].get(cell.column) == value
