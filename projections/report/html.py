"""The report as one HTML file that needs nothing else: text, style, font and charts within, no script.

Every figure carries its id (`data-figure`) and the positions of the facts behind it (`data-facts`, "3 7-9").
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path

from domain.errors import Lang
from projections.report import phrases
from projections.report.document import (
    Block,
    Cell,
    Chart,
    Column,
    Document,
    Figure,
    Figures,
    Section,
    Table,
    Text,
    Words,
    shown,
)
from projections.report.drawing import svg
from projections.report.embedding import embedded_fonts
from projections.report.letters import clean
from projections.report.recipe import Recipe, written

_STYLE = Path(__file__).with_name("page.css")
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_MONTH = re.compile(r"\d{4}-\d\d")
_FAMILY = '"Pretendard GOV", "Donghaeng Signs", sans-serif'
_NUMBERS = ("int", "krw", "percent", "decimal", "days")
_SKIP = Words("본문으로 건너뛰기", "Skip to the report")
_REMADE = Words(
    "같은 기록을 같은 프로그램으로 다시 만들면 이 파일은 한 바이트까지 같다. donghaeng report verify가 확인하고, "
    "donghaeng report drill이 수치마다 근거가 된 기록을 보인다.",
    "Made again from the same facts by the same program, this file comes out the same to the byte: donghaeng report verify "
    "checks it, and donghaeng report drill shows the facts behind each figure.",
)
META = "donghaeng-report"


def html(document: Document, lang: Lang) -> bytes:
    """The whole report in UTF-8, the same bytes from the same document."""
    body = "\n".join(_body(document, lang))
    title = _text(document.title, lang)
    style = _STYLE.read_text(encoding="utf-8") + _banner_of_pages(document, lang)
    recipe = escape(written(Recipe.of(document.provenance, lang)))
    head = (
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="{META}" content="{recipe}">\n<title>{title}</title>\n'
        f"<style>\n{_fonts(body + title)}{style}</style>"
    )
    return f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n{head}\n</head>\n<body>\n{body}\n</body>\n</html>\n'.encode()


def ranges(positions: Sequence[int]) -> str:
    """Rising positions in short: "3 7-9"."""
    found: list[list[int]] = []
    for one in positions:
        if found and one == found[-1][1] + 1:
            found[-1][1] = one
        else:
            found.append([one, one])
    return " ".join(str(first) if first == last else f"{first}-{last}" for first, last in found)


def _fonts(said: str) -> str:
    """The letters that the report uses, so that it looks and measures the same where the font is not installed."""
    return "".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-display: block; '
        f"src: url(data:font/otf;base64,{base64.b64encode(font).decode()}); }}\n"
        for family, weight, font in embedded_fonts(said)
    )


def _banner_of_pages(document: Document, lang: Lang) -> str:
    """What every printed page says at its head."""
    said = " · ".join(clean(one.say(lang)) for one in document.banners)
    quoted = said.replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\3c ")
    head = f'@top-center {{ content: "{quoted}"; font: 700 8.5pt {_FAMILY}; }}' if said else ""
    return f"@page {{ {head} @bottom-center {{ content: counter(page); font: 8.5pt {_FAMILY}; }} }}\n"


def _body(document: Document, lang: Lang) -> Iterator[str]:
    yield f'<a class="skip" href="#report">{_text(_SKIP, lang)}</a>'
    if document.banners:
        said = "".join(f"<p>{_text(one, lang)}</p>" for one in document.banners)
        yield f'<div class="banner" role="note">{said}</div>'
    yield f"<header><p>{_text(document.city, lang)}</p><h1>{_text(document.title, lang)}</h1>"
    yield f"<p>{escape(phrases.stamp(document.provenance, lang))}</p></header>"
    yield '<main id="report">'
    yield f'<nav aria-labelledby="contents"><h2 id="contents">{_text(phrases.CONTENTS, lang)}</h2><ol>'
    yield from (
        f'<li><a href="#{_id(one.id)}">{_text(one.title, lang)}</a></li>' for one in document.sections
    )
    yield "</ol></nav>"
    for section in document.sections:
        yield from _section(section, 2, lang)
    yield f"</main>\n<footer><h2>{_text(phrases.BASIS, lang)}</h2>"
    yield f"<p>{_text(_REMADE, lang)}</p><table><tbody>"
    for what, which in phrases.basis(document.provenance, lang):
        yield f'<tr><th scope="row">{escape(what)}</th><td>{escape(which)}</td></tr>'
    yield "</tbody></table></footer>"


def _section(section: Section, level: int, lang: Lang) -> Iterator[str]:
    own = ' class="own-page"' if section.own_page else ""
    identity = _id(section.id)
    yield f'<section id="{identity}" aria-labelledby="{identity}-title"{own}>'
    yield f'<h{level} id="{identity}-title">{_text(section.title, lang)}</h{level}>'
    for block in section.blocks:
        yield from _block(block, lang)
    for part in section.parts:
        yield from _section(part, min(level + 1, 6), lang)
    yield "</section>"


def _block(block: Block, lang: Lang) -> Iterator[str]:
    match block:
        case Text():
            told = "" if block.role == "told" else f' class="{block.role}"'
            yield f"<p{told}{_behind(None, block.facts)}>{_unbroken(_text(block.words, lang))}</p>"
        case Figures():
            yield f'<dl class="figures">{"".join(_figure(one, lang) for one in block.figures)}</dl>'
        case Table():
            yield from _table(block, lang)
        case Chart():
            title = _text(block.title, lang)
            yield f'<figure id="{_id(block.id)}"><figcaption>{title}</figcaption>{svg(block, lang)}</figure>'
            yield from _table(block.table, lang)


def _figure(figure: Figure, lang: Lang) -> str:
    value = escape(phrases.spoken(figure.value, figure.kind, lang))
    return (
        f"<div><dt>{_text(figure.label, lang)}</dt><dd{_behind(figure.id, figure.facts)}>{value}</dd></div>"
    )


def _table(table: Table, lang: Lang) -> Iterator[str]:
    caption = _text(table.caption, lang)
    # a region that can be scrolled must be reached by keyboard, and be named
    yield f'<div class="wide" role="region" tabindex="0" aria-label="{caption}"><table id="table-{_id(table.id)}">'
    yield f"<caption>{caption}</caption><thead><tr>"
    yield from (f'<th scope="col"{_class(one)}>{_head(one, lang)}</th>' for one in table.columns)
    yield "</tr></thead><tbody>"
    if not table.rows:
        yield f'<tr><td colspan="{len(table.columns)}">{_text(phrases.EMPTY, lang)}</td></tr>'
    yield from (_row(row, table.columns, lang) for row in table.rows)
    yield "</tbody>"
    if table.totals:
        yield f"<tfoot>{''.join(_row(row, table.columns, lang) for row in table.totals)}</tfoot>"
    yield "</table></div>"


def _row(row: Iterable[Cell], columns: Sequence[Column], lang: Lang) -> str:
    head, *cells = (
        f"{_class(column)}{_behind(cell.figure, cell.facts)}>{_cell(cell, column, lang)}"
        for column, cell in zip(columns, row, strict=True)
    )
    return f'<tr><th scope="row"{head}</th>{"".join(f"<td{cell}</td>" for cell in cells)}</tr>'


def _head(column: Column, lang: Lang) -> str:
    """A head that is a month, as 2024-03, is not broken at its hyphen."""
    said = _text(column.label, lang)
    return f'<span class="fixed">{said}</span>' if _MONTH.fullmatch(said) else said


def _cell(cell: Cell, column: Column, lang: Lang) -> str:
    said = escape(clean(shown(cell.value, column.kind, lang)))
    return _unbroken(said) if column.kind == "text" else said


def _class(column: Column) -> str:
    """Numbers stand on the right; what is short must not be broken."""
    if column.kind in _NUMBERS:
        return ' class="number"'
    return ' class="fixed"' if column.kind == "date" or column.id == "task" else ""


def _behind(figure: str | None, facts: Sequence[int]) -> str:
    named = f' data-figure="{escape(figure)}"' if figure else ""
    return named + (f' data-facts="{ranges(facts)}"' if facts else "")


def _text(words: Words, lang: Lang) -> str:
    return escape(clean(words.say(lang)))


def _unbroken(said: str) -> str:
    """The escaped text with its days kept on one line."""
    return _DAY.sub(r'<span class="fixed">\g<0></span>', said)


def _id(identity: str) -> str:
    return identity.replace(".", "-")
