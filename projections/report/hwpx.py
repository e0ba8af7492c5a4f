"""The report as HWPX, for 한글: headings, tables whose heads are repeated, pictures with their words, a foot on every page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing

from hwpx import HwpxDocument

from domain.errors import Bilingual, Lang
from projections.report import phrases, recipe
from projections.report.columns import layout
from projections.report.document import (
    Block,
    Cell,
    Chart,
    Document,
    Figures,
    Section,
    Table,
    Text,
    format_value,
    sections,
    without_facts,
)
from projections.report.drawing import charts, drawings, png
from projections.report.hwpx_parts import BROADER, ROOM, Paper, stable
from projections.report.letters import clean, printable_drawing
from projections.report.pdf import first_page
from projections.report.separate_process import run_separately

PREVIEW = 1000  # letters that a folder's preview holds
Drawn = Mapping[str, list[bytes]]  # the drawings of each chart, as PNG
RIGHT = ("int", "krw", "percent", "decimal", "days")


def hwpx(document: Document, lang: Lang) -> bytes:
    """The whole report. The day it stands for is its date; no clock is asked."""
    drawn = {
        chart.id: [png(printable_drawing(one)) for one in drawings(chart, lang)] for chart in charts(document)
    }
    alone = without_facts(document)
    return run_separately(write_hwpx, alone, lang, drawn, first_page(alone, lang))


def write_hwpx(document: Document, lang: Lang, drawn: Drawn, preview: bytes = b"") -> bytes:
    """The same with the charts drawn already, as PNG by their ids. Checking what it wrote takes 100 MB.

    `preview`: a PNG of the first page, which a folder shows in place of the file.
    """
    with closing(HwpxDocument.new()) as made:
        paper = Paper(made)
        _front(paper, document, lang)
        front = [section for section in document.sections if section.front]
        others = [section for section in document.sections if not section.front]
        for section in front:
            _section(paper, section, 1, lang, drawn, new_page=False)
        _contents(paper, document, lang)
        for at, section in enumerate(others):
            _section(paper, section, 1, lang, drawn, new_page=at == 0 or section.own_page)
        _basis(paper, document, lang)
        keyword = recipe.encode_recipe(recipe.Recipe.of(document.provenance, lang))
        title, city = _clean_words(document.title, lang), _clean_words(document.city, lang)
        paper.finish(title, city, document.made, keyword)
        paper.preview("\r\n".join(_preview(document, lang))[:PREVIEW], preview)
        return stable(made.to_bytes())


def _clean_words(words: Bilingual, lang: Lang) -> str:
    return clean(words.say(lang))


def _front(paper: Paper, document: Document, lang: Lang) -> None:
    title, city = _clean_words(document.title, lang), _clean_words(document.city, lang)
    banners = [_clean_words(banner, lang) for banner in document.banners]
    paper.margins([*banners, f"{title} · {city}"], clean(phrases.stamp(document.provenance, lang)))
    paper.line(city, size=12)
    paper.line(title, size=20, bold=True, before=6)
    paper.line(document.made.isoformat(), size=11, before=4, after=4)


def _contents(paper: Paper, document: Document, lang: Lang) -> None:
    """What there is, to the depth of tasks, on a page of its own. What stands on the first page needs no line of its own."""
    paper.line(phrases.CONTENTS.say(lang), size=14, bold=True, after=6, new_page=True)
    for top in document.sections:
        _line_of_contents(paper, top, 1, lang)
        for part in () if top.front else top.parts:
            _line_of_contents(paper, part, 2, lang)


def _line_of_contents(paper: Paper, section: Section, depth: int, lang: Lang) -> None:
    paper.line(
        "    " * (depth - 1) + _clean_words(section.title, lang),
        size=10,
        bold=depth == 1,
        before=4 if depth == 1 else 1,
        of=section.id,
    )


def _preview(document: Document, lang: Lang) -> Iterator[str]:
    """The first page's words."""
    yield _clean_words(document.title, lang)
    yield _clean_words(document.city, lang)
    yield from (_clean_words(banner, lang) for banner in document.banners)
    for _, section in sections(document):
        yield _clean_words(section.title, lang)
        yield from (_clean_words(one.words, lang) for one in section.blocks if isinstance(one, Text))


def _basis(paper: Paper, document: Document, lang: Lang) -> None:
    paper.line(phrases.BASIS.say(lang), size=11, bold=True, before=30, after=4, together=True)
    paper.rows(
        [(clean(what), clean(which)) for what, which in phrases.basis(document.provenance, lang)],
        (3.0, 7.0),
        8.5,
    )


def _section(paper: Paper, section: Section, depth: int, lang: Lang, drawn: Drawn, *, new_page: bool) -> None:
    paper.heading(_clean_words(section.title, lang), depth, new_page=new_page, identity=section.id)
    for block in section.blocks:
        _block(paper, block, lang, drawn)
    for part in section.parts:
        _section(paper, part, depth + 1, lang, drawn, new_page=part.own_page)


def _block(paper: Paper, block: Block, lang: Lang, drawn: Drawn) -> None:
    match block:
        case Text():
            mark = {"remark": "※ ", "item": "○ "}.get(block.role, "")
            told = block.role in ("told", "item")
            paper.line(
                mark + _clean_words(block.words, lang),
                size=10 if told else 9,
                soft=not told,
                before=3,
                after=3,
            )
        case Figures():
            pairs = [
                (_clean_words(one.label, lang), clean(phrases.in_words(one.value, one.kind, lang)))
                for one in block.figures
            ]
            paper.rows(pairs, (4.0, 6.0), 10)
        case Table():
            _table(paper, block, lang)
        case Chart():
            many = len(drawn[block.id])
            for number, picture in enumerate(drawn[block.id], start=1):
                part = f" ({number}/{many})" if many > 1 else ""
                title = f"{phrases.CHART.say(lang)}: {_clean_words(block.title, lang)}{part}"
                paper.line(title, size=9, bold=True, before=8, together=True)
                paper.picture(picture, _clean_words(block.alt, lang) + part, ROOM)
            _table(paper, block.table, lang)


def _table(paper: Paper, table: Table, lang: Lang) -> None:
    paper.line(_clean_words(table.caption, lang), size=9, bold=True, before=8, after=2, together=True)
    if not table.rows and not table.totals:
        paper.line(phrases.EMPTY.say(lang), size=9, soft=True, after=6)
        return
    size, widths = layout(table, lang, ROOM / BROADER)

    def row(cells: tuple[Cell, ...]) -> list[str]:
        return [
            clean(format_value(cell.value, column.kind, lang))
            for column, cell in zip(table.columns, cells, strict=True)
        ]

    paper.table(
        [_clean_words(column.label, lang) for column in table.columns],
        [row(cells) for cells in table.rows],
        [row(cells) for cells in table.totals],
        widths=[width * BROADER for width in widths],
        right=[column.kind in RIGHT for column in table.columns],
        size=size,
    )
