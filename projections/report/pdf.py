"""The report as PDF: tagged (PDF/UA-1), its fonts within, the same bytes from the same document.

Python decides what is said and how wide a column is; `pdf.typ` lays it out. It gets everything as one JSON value, never as
markup, so that no title can be a command.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import typst

from domain.errors import Lang
from projections.report import phrases, recipe
from projections.report.columns import SIDES, layout
from projections.report.document import (
    Block,
    Chart,
    Document,
    Figure,
    Figures,
    Section,
    Table,
    Text,
    format_value,
    group_items,
    sections,
    without_facts,
)
from projections.report.drawing import charts, drawings
from projections.report.letters import (
    FALLBACK,
    FAMILY,
    FONTS,
    describe_letter,
    lines,
    printable,
    printable_drawing,
    width,
    words,
)
from projections.report.separate_process import run_separately
from projections.report.unshown import list_unprintable

TEMPLATE = Path(__file__).with_name("pdf.typ")
ROOM = 478.0  # points between the margins of an A4 page, as in the template
TALLEST = 560.0  # points of height for a chart and its title on one page
CAPTION = 30.0  # points of a table's caption with the room round it
CARD = 99.0  # points across the narrowest card of a figure, one of four in a row
LINE = 40.0  # em; no word of a paragraph is cut that is shorter
RIGHT = ("int", "krw", "percent", "decimal", "days")

Node = dict[str, Any]
Drawn = Mapping[str, list[str]]  # the drawings of each chart, as SVG


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def pdf(document: Document, lang: Lang) -> bytes:
    """The whole report. The day it stands for is its date; no clock is asked."""
    drawn = {
        chart.id: [printable_drawing(one) for one in drawings(chart, lang)] for chart in charts(document)
    }
    return run_separately(typeset, without_facts(document), lang, drawn)


def typeset(document: Document, lang: Lang, drawn: Drawn) -> bytes:
    """The same with the charts drawn already, by their ids. The typesetter keeps about 100 MB for a next time."""
    said = msgspec.json.encode(_template_data(document, lang, drawn)).decode()
    return typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"report": said},
        pdf_standards=["ua-1"],
    )


def first_page(document: Document, lang: Lang) -> bytes:
    """The report's first page as a small PNG, for a preview."""
    return run_separately(_draw_first_page, without_facts(document), lang)


def _draw_first_page(document: Document, lang: Lang) -> bytes:
    front = tuple(section for section in document.sections if section.front)
    said = _template_data(msgspec.structs.replace(document, sections=front), lang, {})
    drawn: Any = typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="png",
        ppi=60,
        sys_inputs={"report": msgspec.json.encode(said).decode()},
    )
    first: bytes = drawn[0] if isinstance(drawn, list) else drawn
    return first


def _template_data(document: Document, lang: Lang, drawn: Drawn) -> Node:
    made = document.provenance
    return {
        "lang": lang,
        "font": [FAMILY, FALLBACK],
        "recipe": recipe.encode_recipe(recipe.Recipe.of(made, lang)),
        "title": printable(document.title.say(lang)),
        "city": printable(document.city.say(lang)),
        "date": [made.as_of.year, made.as_of.month, made.as_of.day],
        "banners": [printable(banner.say(lang)) for banner in document.banners],
        "stamp": printable(phrases.stamp(made, lang)),
        "basis": [[words(printable(text), 24) for text in row] for row in _basis(document, lang)],
        "phrases": {
            "contents": phrases.CONTENTS.say(lang),
            "table": phrases.TABLE.say(lang),
            "chart": phrases.CHART.say(lang),
            "basis": phrases.BASIS.say(lang),
            "empty": phrases.EMPTY.say(lang),
        },
        "sections": [
            {
                "level": depth,
                "title": printable(section.title.say(lang)),
                "own_page": section.own_page,
                "together": section.together,
                "front": section.front,
                "blocks": [
                    node for block in group_items(section.blocks) for node in _block(block, lang, drawn)
                ],
            }
            for depth, section in _with_front(document)
        ],
    }


def _with_front(document: Document) -> Iterator[tuple[int, Section]]:
    """Every section with its depth; the parts of the first page stand there too."""
    front = False
    for depth, section in sections(document):
        front = section.front or (front and depth > 1)
        yield depth, msgspec.structs.replace(section, front=front)


def _basis(document: Document, lang: Lang) -> list[tuple[str, str]]:
    """What the report rests on, and which letters are not to be seen in this file."""
    rows = phrases.basis(document.provenance, lang)
    if missing := list_unprintable(document, lang):
        rows.append((phrases.NOT_SHOWN.say(lang), ", ".join(map(describe_letter, missing))))
    return rows


def _block(block: Block | tuple[Text, ...], lang: Lang, drawn: Drawn) -> Iterator[Node]:
    match block:
        case tuple():
            items = [words(printable(one.words.say(lang)), LINE) for one in block]
            yield {"is": "items", "items": items}
        case Text():
            yield {"is": "text", "role": block.role, "words": words(printable(block.words.say(lang)), LINE)}
        case Figures():
            yield {
                "is": "figures",
                "figures": [_figure(one, lang) for one in block.figures],
            }
        case Table():
            yield _table(block, lang)
        case Chart():
            many = len(drawn[block.id])
            for number, svg in enumerate(drawn[block.id], start=1):
                part = f" ({number}/{many})" if many > 1 else ""
                yield {
                    "is": "chart",
                    "title": printable(block.title.say(lang)) + part,
                    "alt": printable(block.alt.say(lang)) + part,
                    "svg": svg,
                    "width": _fitting(svg),
                }
            yield _table(block.table, lang)


def _figure(one: Figure, lang: Lang) -> Node:
    value = printable(phrases.in_words(one.value, one.kind, lang))
    short = width(value) <= CARD / 14
    return {
        "label": words(printable(one.label.say(lang)), CARD / 8),
        "value": words(value, CARD / (14 if short else 10)),
        "short": short,
    }


def _table(table: Table, lang: Lang) -> Node:
    size, widths = layout(table, lang, ROOM)
    rooms = [width / size - SIDES for width in widths]

    def row(texts: Iterable[str]) -> list[list[str]]:
        return [words(text, room) for text, room in zip(texts, rooms, strict=True)]

    rows, totals = (
        [
            [
                printable(format_value(cell.value, column.kind, lang))
                for column, cell in zip(table.columns, cells, strict=True)
            ]
            for cells in group
        ]
        for group in (table.rows, table.totals)
    )
    return {
        "is": "table",
        "caption": printable(table.caption.say(lang)),
        "size": size,
        "widths": widths,
        "head": row(printable(column.label.say(lang)) for column in table.columns),
        "right": [column.kind in RIGHT for column in table.columns],
        "high": _height([*rows, *totals], rooms, size),
        "beginning": CAPTION + _height([*rows, *totals][:2], rooms, size),
        # A row goes to the next page as a whole, unless it could fill one.
        "tall": any(len(text) > 400 for texts in rows for text in texts),
        "rows": [row(texts) for texts in rows],
        "totals": [row(texts) for texts in totals],
    }


def _height(rows: list[list[str]], rooms: list[float], size: float) -> float:
    """About how high these rows are with a head of two lines, in points."""
    counts = [max(lines(text, room) for text, room in zip(texts, rooms, strict=True)) for texts in rows]
    return size * (sum(1.55 * count + 0.45 for count in counts) + 5)


def _fitting(drawn: str) -> float:
    """The width on paper, in points: as drawn (a pixel is 0.75 points), smaller where it would leave the page."""
    found = dict(re.findall(r'\b(width|height)="([0-9.]+)"', drawn[: drawn.index(">")]))
    wide, high = float(found["width"]), float(found["height"])
    return min(0.75 * wide, ROOM, TALLEST * wide / high)
