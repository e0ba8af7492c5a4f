"""The report as HWPX, for 한글: headings, tables whose heads are repeated, pictures with their words, a foot on every page."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing

from hwpx import HwpxDocument

from domain.errors import Lang
from projections.report import phrases, recipe
from projections.report.apart import apart
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
    Words,
    shown,
)
from projections.report.drawing import charts, png, svg
from projections.report.hwpx_parts import BROADER, Paper, stable
from projections.report.letters import clean, printable_drawing

ROOM = 478.0  # points between the margins
RIGHT = ("int", "krw", "percent", "decimal", "days")


def hwpx(document: Document, lang: Lang) -> bytes:
    """The whole report. The day it stands for is its date; no clock is asked."""
    drawn = {chart.id: png(printable_drawing(svg(chart, lang))) for chart in charts(document)}
    return apart(written, document, lang, drawn)


def written(document: Document, lang: Lang, drawn: Mapping[str, bytes]) -> bytes:
    """The same with the charts drawn already, as PNG by their ids. Checking what it wrote takes 100 MB."""
    with closing(HwpxDocument.new()) as made:
        paper = Paper(made)
        _front(paper, document, lang)
        for at, section in enumerate(document.sections):
            _section(paper, section, 1, lang, drawn, new_page=at == 0 or section.own_page)
        keyword = recipe.written(recipe.Recipe.of(document.provenance, lang))
        paper.finish(_said(document.title, lang), _said(document.city, lang), document.made, keyword)
        return stable(made.to_bytes())


def _said(words: Words, lang: Lang) -> str:
    return clean(words.say(lang))


def _front(paper: Paper, document: Document, lang: Lang) -> None:
    title, city = _said(document.title, lang), _said(document.city, lang)
    banners = [_said(banner, lang) for banner in document.banners]
    paper.margins([*banners, f"{title} · {city}"], clean(phrases.stamp(document.provenance, lang)))
    paper.line(city, size=14, before=120)
    paper.line(title, size=22, bold=True, before=10)
    paper.line(document.made.isoformat(), size=12, before=10)
    for banner in banners:
        paper.line(banner, size=12, bold=True, before=6)
    paper.line(phrases.BASIS.say(lang), size=11, bold=True, before=150, after=4)
    paper.rows(
        [(clean(what), clean(which)) for what, which in phrases.basis(document.provenance, lang)],
        (3.0, 7.0),
        8.5,
    )


def _section(
    paper: Paper, section: Section, depth: int, lang: Lang, drawn: Mapping[str, bytes], *, new_page: bool
) -> None:
    paper.heading(_said(section.title, lang), depth, new_page=new_page)
    for block in section.blocks:
        _block(paper, block, lang, drawn)
    for part in section.parts:
        _section(paper, part, depth + 1, lang, drawn, new_page=part.own_page)


def _block(paper: Paper, block: Block, lang: Lang, drawn: Mapping[str, bytes]) -> None:
    match block:
        case Text():
            mark = "※ " if block.role == "remark" else ""
            told = block.role == "told"
            paper.line(
                mark + _said(block.words, lang), size=10 if told else 9, soft=not told, before=3, after=3
            )
        case Figures():
            pairs = [
                (_said(one.label, lang), clean(phrases.spoken(one.value, one.kind, lang)))
                for one in block.figures
            ]
            paper.rows(pairs, (4.0, 6.0), 10)
        case Table():
            _table(paper, block, lang)
        case Chart():
            paper.line(
                f"{phrases.CHART.say(lang)}: {_said(block.title, lang)}",
                size=9,
                bold=True,
                before=8,
                together=True,
            )
            paper.picture(drawn[block.id], _said(block.alt, lang), ROOM)
            _table(paper, block.table, lang)


def _table(paper: Paper, table: Table, lang: Lang) -> None:
    paper.line(_said(table.caption, lang), size=9, bold=True, before=8, after=2, together=True)
    if not table.rows and not table.totals:
        paper.line(phrases.EMPTY.say(lang), size=9, soft=True, after=6)
        return
    size, widths = layout(table, lang, ROOM / BROADER)

    def row(cells: tuple[Cell, ...]) -> list[str]:
        return [
            clean(shown(cell.value, column.kind, lang))
            for column, cell in zip(table.columns, cells, strict=True)
        ]

    paper.table(
        [_said(column.label, lang) for column in table.columns],
        [row(cells) for cells in table.rows],
        [row(cells) for cells in table.totals],
        widths=[width * BROADER for width in widths],
        right=[column.kind in RIGHT for column in table.columns],
        size=size,
    )
