"""Widths of columns: no figure and no word is cut, and the page is filled."""

from __future__ import annotations

import pytest

from domain.errors import Lang
from projections.report.columns import LONGEST_WORD, READABLE, SIDES, layout
from projections.report.document import Cell, Column, Table, format_value
from projections.report.letters import clean, lines, printable, printable_drawing, width, words
from tests.projections.report.awkward_documents import LONG, MARKUP, months_chart, same, tasks_table

ROOM = 478.0


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize(
    "table", [tasks_table(30), tasks_table(0), months_chart().table], ids=["tasks", "none", "months"]
)
def test_every_figure_and_date_stands_on_one_line(table: Table, lang: Lang) -> None:
    size, widths = layout(table, lang, ROOM)

    assert sum(widths) == pytest.approx(ROOM)
    for at, column in enumerate(table.columns):
        room = widths[at] / size - SIDES
        for row in (*table.rows, *table.totals):
            text = clean(format_value(row[at].value, column.kind, lang))
            needed = width(text) if column.kind != "text" else max(map(width, text.split()), default=0)
            assert min(needed, LONGEST_WORD if column.kind == "text" else needed) <= room + 1e-6


def test_more_columns_than_fit_make_the_letters_smaller() -> None:
    def wide(count: int) -> Table:
        columns = tuple(Column(str(n), same(f"{n}월"), "krw") for n in range(count))
        return Table("wide", same("넓은 표"), columns, (tuple(Cell(123_456_789) for _ in columns),))

    assert layout(wide(6), "ko", ROOM).size > layout(wide(9), "ko", ROOM).size
    assert sum(layout(wide(40), "ko", ROOM).widths) == pytest.approx(ROOM)


@pytest.mark.parametrize("text", [LONG, MARKUP, "", "한", "a/b/" + "c" * 200, "가" * 100])
@pytest.mark.parametrize("room", [1.0, 5.0, 40.0])
def test_cutting_into_pieces_loses_nothing_and_no_piece_is_too_wide(text: str, room: float) -> None:
    pieces = words(text, room)

    assert "".join(pieces) == text
    assert all(width(piece.rstrip(" ")) <= room or len(piece) <= 2 for piece in pieces)


def test_a_short_word_is_never_cut() -> None:
    assert words("광주광역시와 공공기관의 협업", 8) == ["광주광역시와 ", "공공기관의 ", "협업"]


def test_letters_that_mislead_or_cannot_be_printed_do_not_reach_paper() -> None:
    assert clean("가\u202e나\x07다\ud800 \n 라\u1100\u1161") == "가나다□ 라가"
    assert printable("─😀漢") == "─□漢"
    assert printable_drawing("<svg>\n<text>😀\x07</text>\n</svg>") == "<svg>\n<text>□</text>\n</svg>"


def test_the_name_of_an_agency_is_not_squeezed_by_many_figures_beside_it() -> None:
    long = "Gwangju Information and Culture Industry Promotion Agency"
    columns = (
        Column("who", same("Agency"), "text", 5),
        *(Column(f"{n}", same("Deadlines"), "int") for n in range(9)),
    )
    row = (Cell(long), *(Cell(n) for n in range(9)))

    size, widths = layout(Table("owed", same("By who owed it"), columns, (row,)), "en", ROOM)

    assert lines(long, widths[0] / size - SIDES) <= 3
    assert size >= READABLE
