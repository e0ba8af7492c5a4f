"""The report as a workbook: a sheet a section, one of what the charts show; real numbers and dates, and no formula."""

from __future__ import annotations

import io
from datetime import datetime, time
from typing import Any

import xlsxwriter

from domain.errors import Lang
from projections.report import phrases, recipe
from projections.report.document import (
    Block,
    Chart,
    Document,
    Figures,
    Kind,
    Section,
    Table,
    Text,
    Value,
    sections,
)
from projections.report.letters import clean
from projections.report.sheets import Book, Sheet


def xlsx(document: Document, lang: Lang) -> bytes:
    """The whole report. The day it stands for is its date; no clock is asked."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, options()) as workbook:
        title = clean(document.title.say(lang))
        workbook.set_properties(
            {
                "title": title,
                "subject": f"{document.year}",
                "author": clean(document.city.say(lang)),
                "company": clean(document.city.say(lang)),
                "category": phrases.REPORT.say(lang),
                "keywords": recipe.encode_recipe(recipe.Recipe.of(document.provenance, lang)),
                "created": datetime.combine(document.made, time()),
            }
        )
        running = [clean(banner.say(lang)) for banner in document.banners]
        book = Book(workbook, lang, title, running, clean(phrases.stamp(document.provenance, lang)))
        cover = book.sheet(phrases.COVER.say(lang), title)
        names = [(_sheet(book, section), section) for section in document.sections]
        charts = _charts(book, document)
        _cover(cover, document, [(sheet.name, book.said(section.title)) for sheet, section in names], charts)
        for sheet in book.sheets:
            sheet.finish()
    return made.getvalue()


def options() -> dict[str, Any]:
    """Text is written as text and nothing is guessed from it; no file is written beside the workbook.

    Anew for each workbook: the library puts marks of its own into them, by which the next one would come out otherwise.
    """
    return {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "default_format_properties": {"font_name": "맑은 고딕", "font_size": 10},
    }


def _sheet(book: Book, section: Section) -> Sheet:
    sheet = book.sheet(book.said(section.title), book.said(section.title))
    for block in section.blocks:
        _block(book, sheet, block)
    for part in section.parts:
        _part(book, sheet, part, 2)
    return sheet


def _part(book: Book, sheet: Sheet, section: Section, depth: int) -> None:
    sheet.heading(book.said(section.title), depth)
    for block in section.blocks:
        _block(book, sheet, block)
    for part in section.parts:
        _part(book, sheet, part, depth + 1)


def _block(book: Book, sheet: Sheet, block: Block) -> None:
    match block:
        case Text():
            mark = {"item": "○ ", "remark": "※ "}.get(block.role, "")
            sheet.paragraph(
                mark + book.said(block.words),
                soft=block.role not in ("told", "item"),
                tight=block.role == "item",
            )
        case Figures():
            for one in block.figures:
                sheet.pair(book.said(one.label), one.value, one.kind)
            sheet.gap()
        case Table():
            sheet.table(block)
        case Chart():
            sheet.link(
                f"{phrases.CHART.say(book.lang)}: {book.said(block.title)}", phrases.CHART_DATA.say(book.lang)
            )
            sheet.paragraph(book.said(block.alt), soft=True)


def _charts(book: Book, document: Document) -> str | None:
    charts = [
        block for _, section in sections(document) for block in section.blocks if isinstance(block, Chart)
    ]
    if not charts:
        return None
    name = phrases.CHART_DATA.say(book.lang)
    sheet = book.sheet(name, name)
    for chart in charts:
        sheet.heading(book.said(chart.title), 2)
        sheet.paragraph(book.said(chart.alt), soft=True)
        sheet.table(chart.table, book.said(chart.title), book.said(chart.alt))
    return name


def _cover(sheet: Sheet, document: Document, names: list[tuple[str, str]], charts: str | None) -> None:
    lang = sheet.book.lang
    sheet.paragraph(sheet.book.said(document.city))
    sheet.heading(phrases.CONTENTS.say(lang), 2)
    for name, title in [*names, *([(charts, charts)] if charts else [])]:
        sheet.link(title, name)
    sheet.gap()
    sheet.heading(phrases.BASIS.say(lang), 2)
    made = document.provenance
    figures: tuple[tuple[Value, Kind], ...] = (
        (made.as_of, "date"),
        (made.position, "int"),
        (made.sealed, "int"),
    )
    for number, (what, which) in enumerate(phrases.basis(made, lang)):
        value, kind = figures[number] if number < len(figures) else (None, "text")
        sheet.pair(what, *((which, "text") if value is None else (value, kind)))
