"""A workbook's sheets, written from the top down: what a cell holds, how wide a column is, how a sheet is printed."""

from __future__ import annotations

from datetime import date
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from domain.errors import Bilingual, Lang
from projections.report import phrases
from projections.report.document import Cell, Column, Kind, Table, Value, format_value
from projections.report.letters import clean, lines
from projections.report.native_charts import native_chart
from projections.report.sheet_columns import EM, Columns
from projections.report.sheet_pages import GAP, ROW, ROW_PIXELS, Rows, lay_out_pages
from projections.report.sheet_values import (
    for_margin,
    head_look,
    indent_look,
    number_format,
    number_of,
    sheet_name,
    shorten,
)

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # what a spreadsheet may take for the start of one
MARGIN = "&8&K000000"  # of a margin; the colour ends the size, or digits after it would be read as more of it
LINED = {"bottom": 1, "bottom_color": "#B8B8B8"}
CHART_COLUMNS = 10  # that a chart of 640 pixels takes
ACROSS = 6  # columns that a paragraph goes over


class Book:
    """What all sheets share: formats, names, and what every page says."""

    def __init__(self, workbook: Workbook, lang: Lang, title: str, banners: list[str], stamp: str) -> None:
        self.workbook, self.lang, self.title, self.banners, self.stamp = workbook, lang, title, banners, stamp
        self.sheets: list[Sheet] = []
        self._tables = 0
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def next_table(self) -> int:
        self._tables += 1
        return self._tables

    def said(self, words: Bilingual) -> str:
        return clean(words.say(self.lang))

    def format(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format({"valign": "top", **properties})
        return self._formats[key]

    def sheet(self, name: str, title: str) -> Sheet:
        used = {sheet.name.casefold() for sheet in self.sheets}
        allowed = sheet_name(name)
        names = (allowed, *(f"{allowed} ({n})" for n in range(2, 100)))
        sheet = Sheet(self, next(name for name in names if name.casefold() not in used), title)
        self.sheets.append(sheet)
        return sheet


class Sheet:
    """One sheet and the row that is written next."""

    def __init__(self, book: Book, name: str, title: str) -> None:
        self.book, self.name = book, name
        self.page: Worksheet = book.workbook.add_worksheet(name)
        self.page.set_default_row(ROW)
        self.row = 0
        self.columns = Columns()
        self.heads: list[tuple[int, int, int]] = []  # of each table: head's row, last row, columns
        self.wrapped: list[tuple[int, int, str]] = []  # row, column, text that may take several lines
        self.merged: set[int] = set()  # rows whose height is set already
        self.rows = Rows()
        self.beside = 0  # columns that charts take beside tables
        self._set_height(0, 26)
        self._text(0, title, bold=True, font_size=16)
        self.row = 1
        for banner in book.banners:
            for at in range(ACROSS):
                self._text(at, "" if at else banner, bold=True, bg_color="#E4E4E4")
            self.row += 1
        self.top = self.row
        self.gap()

    def gap(self) -> None:
        self._set_height(self.row, GAP)
        self.row += 1

    def heading(self, text: str, depth: int) -> None:
        self.rows.begin_section(self.row)
        self._set_height(self.row, 21)
        self._text(0, text, bold=True, font_size=13 if depth == 2 else 11)
        self.row += 1

    def paragraph(self, text: str, *, soft: bool = False, tight: bool = False) -> None:
        """`tight`: nothing is left free below it, as between items of a list."""
        look = {"text_wrap": True, **({"font_color": "#5A5A5A"} if soft else {})}
        self.merged.add(self.row)
        self.page.merge_range(self.row, 0, self.row, ACROSS - 1, "", self.book.format(**look))
        self._text(0, text, **look)
        # a merged cell's height is not found by the program that opens it
        self._set_height(self.row, ROW * lines(text, 10 * ACROSS / EM))
        self.row += 1
        if not tight:
            self.gap()

    def link(self, text: str, to: str) -> None:
        self.rows.fill(self.row)
        self.page.write_url(self.row, 0, f"internal:'{to}'!A1", None, shorten(text))
        self.row += 1

    def pair(self, label: str, value: Value, kind: Kind) -> None:
        self.rows.add_figures()
        self._text(0, label, **LINED, text_wrap=True)
        self._value(1, value, kind, unit=True, wrap=False, align="left")
        if kind not in ("text", "date") and value is not None:
            self.columns.hold(1, phrases.in_words(value, kind, self.book.lang))
        self.row += 1

    def table(self, table: Table, chart: str | None = None, alt: str = "") -> None:
        """`chart`: the title of a chart that is drawn beside it; `alt`: what that shows."""
        first = self.row
        self._text(0, self.book.said(table.caption), bold=True)
        self.row += 1
        if not table.rows and not table.totals:
            self._text(0, phrases.EMPTY.say(self.book.lang), font_color="#5A5A5A")
            self.row += 1
            self.gap()
            return
        head = self.row
        for at, column in enumerate(table.columns):
            self._text(at, self.book.said(column.label), **head_look(at, column))
            self._widen(at, column, table)
        self.row += 1
        for cells in table.rows:
            self._cells(table, cells, **LINED)
        for cells in table.totals:
            self._cells(table, cells, bold=True, top=1)
        self.heads.append((head, self.row - 1, len(table.columns)))
        self.rows.add_table(first, self.row, len(table.totals))
        if table.rows:
            self._add_filter(head, table)
        if chart is not None:
            self._chart(first, head, table, chart, alt)
        self.rows.add_figures()
        self.gap()

    def _add_filter(self, head: int, table: Table) -> None:
        """A table that can be sorted and filtered, several on one sheet; not where two of its heads are called the same."""
        heads = [self.book.said(column.label) for column in table.columns]
        if not all(heads) or len({one.casefold() for one in heads}) < len(heads):
            return
        columns = [
            {"header": name, "header_format": self.book.format(**head_look(at, column))}
            for at, (name, column) in enumerate(zip(heads, table.columns, strict=True))
        ]
        options = {"columns": columns, "style": None, "name": f"table_{self.book.next_table()}"}
        self.page.add_table(head, 0, head + len(table.rows), len(heads) - 1, options)

    def _chart(self, first: int, head: int, table: Table, title: str, alt: str) -> None:
        heads = [self.book.said(column.label) for column in table.columns]
        drawn = native_chart(self.book.workbook, self.name, table, head, title, heads)
        if drawn is None:
            return
        chart, high = drawn
        at = len(table.columns) + 1
        self.beside = max(self.beside, at + CHART_COLUMNS)
        self.page.insert_chart(head, at, chart, {"description": alt, "object_position": 2})
        self.rows.keep(first, head + high // ROW_PIXELS + 1)
        self.row = max(self.row, head + high // ROW_PIXELS + 1)

    def finish(self) -> None:
        """Widths, what stays in sight, and how it is printed."""
        across = max(ACROSS, self.beside, *(count for _, _, count in self.heads), 1)
        self.columns.narrow(across)
        for at, wide in self.columns.widths.items():
            self.page.set_column(at, at, wide)
        counts: dict[int, int] = {}
        # not every program finds the height of a row when it opens the file
        for row, at, text in self.wrapped:
            counts[row] = max(counts.get(row, 1), self.columns.lines(at, text))
        for row, count in counts.items():
            self._set_height(row, min(ROW * count, 400))
        frozen = self.top
        if len(self.heads) == 1 and self.heads[0][0] < 9:
            frozen = self.heads[0][0] + 1
        self.page.freeze_panes(frozen, 0)
        self.page.set_landscape()
        self.page.set_paper(9)  # A4
        lay_out_pages(
            self.page,
            self.columns.points(across),
            self.rows.parting(),
            frozen,
            [one[:2] for one in self.heads],
        )
        self.page.print_area(0, 0, self.rows.count - 1, across - 1)
        self.page.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        self.page.set_header(
            f"&L{MARGIN}{for_margin(self.book.title, 90)}&R&B{MARGIN}{for_margin(' / '.join(self.book.banners), 130)}"
        )
        self.page.set_footer(f"&L{MARGIN}{for_margin(self.book.stamp, 150)}&R{MARGIN}&P / &N")

    def _set_height(self, row: int, points: float) -> None:
        self.page.set_row(row, points)
        self.rows.heights[row] = points

    def _cells(self, table: Table, cells: tuple[Cell, ...], **look: Any) -> None:
        for at, (column, cell) in enumerate(zip(table.columns, cells, strict=True)):
            self._value(at, cell.value, column.kind, **indent_look(at, column), **look)
        self.row += 1

    def _widen(self, at: int, column: Column, table: Table) -> None:
        cells = [row[at].value for row in (*table.rows, *table.totals)]
        texts = [clean(format_value(value, column.kind, self.book.lang)) for value in cells]
        more = 3.5 if indent_look(at, column) else 2.5
        self.columns.widen(at, self.book.said(column.label), texts, column.kind, more)

    def _value(
        self, at: int, value: Value, kind: Kind, *, unit: bool = False, wrap: bool = True, **look: Any
    ) -> None:
        self.rows.fill(self.row)
        look = {"align": {"text": "left", "date": "center"}.get(kind, "right")} | look
        if type(value) is date and value >= date(1900, 3, 1):
            self.page.write_datetime(self.row, at, value, self.book.format(num_format="yyyy-mm-dd", **look))
            return
        number = None if isinstance(value, (Bilingual, date)) or value is None else number_of(value, kind)
        if number is None:
            self._text(
                at,
                clean(format_value(value, kind, self.book.lang)),
                **look,
                **({"text_wrap": True} if wrap else {}),
            )
            return
        form = self.book.format(
            num_format=number_format(number, kind, self.book.lang if unit else None), **look
        )
        self.page.write_number(
            self.row, at, float(number / 100) if kind == "percent" else float(number), form
        )

    def _text(self, at: int, text: str, **look: Any) -> None:
        """Always text: marked so that it stays text when somebody edits the cell."""
        self.rows.fill(self.row)
        mark = {"quote_prefix": True} if text.lstrip().startswith(FORMULA) else {}
        self.page.write_string(self.row, at, shorten(text), self.book.format(**look, **mark))
        if look.get("text_wrap") and self.row not in self.merged:
            self.wrapped.append((self.row, at, text))
