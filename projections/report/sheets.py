"""A workbook's sheets, written from the top down: what a cell holds, how wide a column is, how a sheet is printed."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from domain.errors import Lang
from projections.report import phrases
from projections.report.document import Cell, Column, Kind, Table, Value, Words, shown
from projections.report.letters import clean, lines, width

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # what a spreadsheet may take for the start of one
LONGEST = 16_000  # letters; a cell holds 32,767 units, and some letters are two
EXACT = 10**15  # a cell's number has 15 digits; longer ones stay text
SMALL = "&8&K000000"  # of a margin; the colour ends the size, or digits after it would be read as more of it
LINED = {"bottom": 1, "bottom_color": "#B8B8B8"}
EM = 1.9  # column units in one em
NARROWEST, WIDEST, ACROSS = 9.0, 60.0, 6  # of a column, in its units; how many columns a paragraph goes over


class Book:
    """What all sheets share: formats, names, and what every page says."""

    def __init__(self, workbook: Workbook, lang: Lang, title: str, banners: list[str], stamp: str) -> None:
        self.workbook, self.lang, self.title, self.banners, self.stamp = workbook, lang, title, banners, stamp
        self.sheets: list[Sheet] = []
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def said(self, words: Words) -> str:
        return clean(words.say(self.lang))

    def format(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format({"valign": "top", **properties})
        return self._formats[key]

    def sheet(self, name: str, title: str) -> Sheet:
        used = {sheet.name.casefold() for sheet in self.sheets}
        allowed = re.sub(r"[\[\]:*?/\\']", " ", name).strip()[:27] or "·"
        names = (allowed, *(f"{allowed} ({n})" for n in range(2, 100)))
        sheet = Sheet(self, next(name for name in names if name.casefold() not in used), title)
        self.sheets.append(sheet)
        return sheet


class Sheet:
    """One sheet and the row that is written next."""

    def __init__(self, book: Book, name: str, title: str) -> None:
        self.book, self.name = book, name
        self.page: Worksheet = book.workbook.add_worksheet(name)
        self.row = 0
        self.widths: dict[int, float] = {0: 18.0, 1: 14.0}
        self.heads: list[
            tuple[int, int, int]
        ] = []  # of each table: its head's row, its last row, its columns
        self.wrapped: list[tuple[int, int, str]] = []  # row, column, text that may take several lines
        self.merged: set[int] = set()  # rows whose height is set already
        self.page.set_row(0, 26)
        self._text(0, title, bold=True, font_size=16)
        self.row = 1
        for banner in book.banners:
            for at in range(ACROSS):
                self._text(at, "" if at else banner, bold=True, bg_color="#E4E4E4")
            self.row += 1
        self.top = self.row
        self.gap()

    def gap(self) -> None:
        self.row += 1

    def heading(self, text: str, depth: int) -> None:
        self.page.set_row(self.row, 21)
        self._text(0, text, bold=True, font_size=13 if depth == 2 else 11)
        self.row += 1

    def paragraph(self, text: str, *, soft: bool = False) -> None:
        look = {"text_wrap": True, **({"font_color": "#5A5A5A"} if soft else {})}
        self.merged.add(self.row)
        self.page.merge_range(self.row, 0, self.row, ACROSS - 1, "", self.book.format(**look))
        self._text(0, text, **look)
        # a merged cell's height is not found by the program that opens it
        self.page.set_row(self.row, 15 * lines(text, 10 * ACROSS / EM))
        self.row += 2

    def link(self, text: str, to: str) -> None:
        self.page.write_url(self.row, 0, f"internal:'{to}'!A1", None, _cut(text))
        self.row += 1

    def pair(self, label: str, value: Value, kind: Kind) -> None:
        self._text(0, label, **LINED, text_wrap=True)
        self._value(1, value, kind, unit=True, wrap=False, align="left")
        if kind not in ("text", "date") and value is not None:
            said = phrases.spoken(value, kind, self.book.lang)
            self.widths[1] = max(self.widths[1], min(width(said) * EM + 2, WIDEST))
        self.row += 1

    def table(self, table: Table) -> None:
        self._text(0, self.book.said(table.caption), bold=True)
        self.row += 1
        if not table.rows and not table.totals:
            self._text(0, phrases.EMPTY.say(self.book.lang), font_color="#5A5A5A")
            self.row += 2
            return
        head = self.row
        for at, column in enumerate(table.columns):
            align = {"text": "left", "date": "center"}.get(column.kind, "right")
            look = {
                "bold": True,
                "bg_color": "#E4E4E4",
                "top": 2,
                "bottom": 1,
                "text_wrap": True,
                "align": align,
            }
            self._text(at, self.book.said(column.label), **look)
            self._widen(at, column, table)
        self.row += 1
        for cells in table.rows:
            self._cells(table, cells, **LINED)
        for cells in table.totals:
            self._cells(table, cells, bold=True, top=1)
        self.heads.append((head, self.row - 1, len(table.columns)))
        self.gap()

    def finish(self) -> None:
        """Widths, what stays in sight, and how it is printed."""
        for at, wide in self.widths.items():
            self.page.set_column(at, at, wide)
        counts: dict[int, int] = {}
        # not every program finds the height of a row when it opens the file
        for row, at, text in self.wrapped:
            room = (self.widths.get(at, NARROWEST) - 1) / EM
            counts[row] = max(counts.get(row, 1), lines(text, room))
        for row, count in counts.items():
            self.page.set_row(row, min(15.0 * count, 400))
        frozen = self.top
        if len(self.heads) == 1 and self.heads[0][0] < 9:
            head, last, count = self.heads[0]
            frozen = head + 1
            self.page.autofilter(head, 0, last, count - 1)
        self.page.freeze_panes(frozen, 0)
        self.page.repeat_rows(0, frozen - 1)
        self.page.set_landscape()
        self.page.set_paper(9)  # A4
        self.page.fit_to_pages(1, 0)
        self.page.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        self.page.set_header(
            f"&L{SMALL}{_in_margin(self.book.title, 90)}&R&B{SMALL}{_in_margin(' / '.join(self.book.banners), 130)}"
        )
        self.page.set_footer(f"&L{SMALL}{_in_margin(self.book.stamp, 150)}&R{SMALL}&P / &N")

    def _cells(self, table: Table, cells: tuple[Cell, ...], **look: Any) -> None:
        for at, (column, cell) in enumerate(zip(table.columns, cells, strict=True)):
            self._value(at, cell.value, column.kind, **look)
        self.row += 1

    def _widen(self, at: int, column: Column, table: Table) -> None:
        kind, lang = column.kind, self.book.lang
        texts = [clean(shown(cells[at].value, kind, lang)) for cells in (*table.rows, *table.totals)]
        head = max((width(word) for word in self.book.said(column.label).split()), default=1.0)
        needed = max([head, *map(width, texts)]) * EM + 2.5
        self.widths[at] = max(self.widths.get(at, NARROWEST), min(needed, WIDEST))

    def _value(
        self, at: int, value: Value, kind: Kind, *, unit: bool = False, wrap: bool = True, **look: Any
    ) -> None:
        look = {"align": {"text": "left", "date": "center"}.get(kind, "right")} | look
        if type(value) is date and value >= date(1900, 3, 1):
            self.page.write_datetime(self.row, at, value, self.book.format(num_format="yyyy-mm-dd", **look))
            return
        number = None if isinstance(value, (Words, date)) or value is None else _number(value, kind)
        if number is None:
            self._text(
                at, clean(shown(value, kind, self.book.lang)), **look, **({"text_wrap": True} if wrap else {})
            )
            return
        form = self.book.format(num_format=_form(number, kind, self.book.lang if unit else None), **look)
        self.page.write_number(
            self.row, at, float(number / 100) if kind == "percent" else float(number), form
        )

    def _text(self, at: int, text: str, **look: Any) -> None:
        """Always text: marked so that it stays text when somebody edits the cell."""
        mark = {"quote_prefix": True} if text.lstrip().startswith(FORMULA) else {}
        self.page.write_string(self.row, at, _cut(text), self.book.format(**look, **mark))
        if look.get("text_wrap") and self.row not in self.merged:
            self.wrapped.append((self.row, at, text))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _number(value: int | str, kind: Kind) -> Decimal | None:
    """What a cell can hold as a number; None for texts and for what would lose digits."""
    if kind in ("text", "date") or isinstance(value, bool):
        return None
    if isinstance(value, str) and not re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", value):
        return None
    number = Decimal(value)
    return number if len(number.as_tuple().digits) <= 15 and abs(number) < EXACT else None


def _form(number: Decimal, kind: Kind, lang: Lang | None) -> str:
    """Excel's format that shows it as the other formats do. `lang`: with the unit in that language."""
    exponent = number.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    digits = "0" + ("." + "0" * places if places else "")
    if kind == "percent":
        return digits + "%"
    if kind == "decimal":
        return digits
    if lang is None:
        return "#,##0"
    units = {
        ("krw", "ko"): '#,##0"원"',
        ("krw", "en"): '"KRW "#,##0',
        ("days", "ko"): '#,##0"일"',
        ("days", "en"): '#,##0" days"',
    }
    return units.get((kind, lang), "#,##0")


def _in_margin(text: str, longest: int) -> str:
    """For a page's margin, where & starts a command; the whole margin holds 255 letters."""
    short = text if len(text) <= longest else text[: longest - 1] + "…"
    return short.replace("&", "&&")
