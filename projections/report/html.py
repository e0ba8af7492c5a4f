"""The report as one HTML file that needs nothing else: text, style, font and charts within, no script.

Every figure carries its id (`data-figure`) and the positions of the facts behind it (`data-facts`, "3 7-9").
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape, unescape
from pathlib import Path

import msgspec

from domain.errors import Bilingual, Lang
from projections.report import phrases
from projections.report.columns import least_width
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
    format_value,
    group_items,
)
from projections.report.drawing import drawings
from projections.report.embedding import subset_fonts
from projections.report.letters import clean
from projections.report.recipe import Recipe, encode_recipe

_STYLE = Path(__file__).with_name("page.css")
_DAY = re.compile(r"(?<![\d-])\d{4}-\d\d(?:-\d\d)?(?![\d-])")  # or a task's number
_MONTH = re.compile(r"\d{4}-\d\d")
_FAMILY = '"Pretendard GOV", "Donghaeng Signs", sans-serif'
_NUMBERS = ("int", "krw", "percent", "decimal", "days")
_SKIP = Bilingual("본문으로 건너뛰기", "Skip to the report")
_REMADE = Bilingual(
    "같은 기록을 같은 프로그램으로 다시 만들면 이 파일은 한 바이트까지 같음. donghaeng report verify로 확인하고, "
    "donghaeng report drill로 수치마다 근거가 된 기록을 확인할 수 있음.",
    "Made again from the same facts by the same program, this file comes out the same to the byte: donghaeng report verify "
    "checks it, and donghaeng report drill shows the facts behind each figure.",
)
_NOTE = Bilingual("유의 사항", "Note")
NARROW = 22.0  # em; what fits beside the margins of a narrow screen at a table's size of letters
META = "donghaeng-report"


def html(document: Document, lang: Lang) -> bytes:
    """The whole report in UTF-8, the same bytes from the same document."""
    body = "\n".join(_body(document, lang))
    title = _text(document.title, lang)
    style = _STYLE.read_text(encoding="utf-8") + _banner_of_pages(document, lang)
    recipe = escape(encode_recipe(Recipe.of(document.provenance, lang)))
    head = (
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="{META}" content="{recipe}">\n<title>{title}</title>\n'
        f"<style>\n{_fonts(body + title)}{style}</style>"
    )
    return f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n{head}\n</head>\n<body>\n{body}\n</body>\n</html>\n'.encode()


def ranges(positions: Sequence[int]) -> str:
    """Rising positions in short: "3 7-9"."""
    found, first, last = list[str](), 0, 0
    for one in (*positions, 0):  # which no position is, and ends the last range
        if one == last + 1 and last:
            last = one
            continue
        if last:
            found.append(str(first) if first == last else f"{first}-{last}")
        first = last = one
    return " ".join(found)


def _fonts(said: str, *, bold: bool = True) -> str:
    """The letters that are used, so that they look and measure the same where the font is not installed."""
    return "".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-display: block; '
        f"src: url(data:font/otf;base64,{base64.b64encode(font).decode()}); }}\n"
        for family, weight, font in subset_fonts(said)
        if bold or weight < 700
    )


def _banner_of_pages(document: Document, lang: Lang) -> str:
    """What every printed page says at its head."""
    said = " · ".join(clean(one.say(lang)) for one in document.banners)
    quoted = said.replace("\\", "\\\\").replace('"', '\\"').replace("<", "\\3c ")
    head = f'@top-center {{ content: "{quoted}"; font: 700 8.5pt {_FAMILY}; }}' if said else ""
    return f"@page {{ {head} @bottom-center {{ content: counter(page); font: 8.5pt {_FAMILY}; }} }}\n"


def _drawing(wide: str, narrow: str, label: str) -> str:
    """A picture as wide as it was drawn, so that its letters keep their size; on a narrow screen the one drawn for that.

    Two, of which the style shows one: a browser that prints from a narrow window does not choose anew among a picture's
    sources, and its last pages were lost.
    """
    said = _marks(wide)["aria-label"]
    both = "".join(
        f'<img class="{name}" src="{_picture(drawn)}" alt="{said}" {_size(drawn)}>'
        for name, drawn in (("broad", wide), ("narrow", narrow))
    )
    return f'<div class="wide chart" role="region" tabindex="0" aria-label="{label}">{both}</div>'


def _picture(drawn: str) -> str:
    """As an address, with the letters of its text within."""
    head, rest = drawn.split(">", 1)
    text = "".join(re.findall(r">([^<]+)<", rest))
    whole = f"{head}><style>{_fonts(unescape(text), bold='bold' in rest)}</style>{rest}"
    return f"data:image/svg+xml;base64,{base64.b64encode(whole.encode()).decode()}"


def _size(drawn: str) -> str:
    said = _marks(drawn)
    return f'width="{said["width"]}" height="{said["height"]}"'


def _marks(drawn: str) -> dict[str, str]:
    return dict(re.findall(r'\b(aria-label|width|height)="([^"]*)"', drawn.split(">", 1)[0]))


def _body(document: Document, lang: Lang) -> Iterator[str]:
    yield f'<a class="skip" href="#report">{_text(_SKIP, lang)}</a>'
    if document.banners:
        said = "".join(f"<p>{_text(one, lang)}</p>" for one in document.banners)
        yield f'<aside class="banner" aria-label="{_text(_NOTE, lang)}">{said}</aside>'
    yield f"<header><p>{_text(document.city, lang)}</p><h1>{_text(document.title, lang)}</h1>"
    yield f"<p>{escape(phrases.stamp(document.provenance, lang))}</p></header>"
    yield '<main id="report">'
    for section in document.sections:
        if section.front:
            yield from _section(section, 2, lang)
    yield f'<nav aria-labelledby="contents"><h2 id="contents">{_text(phrases.CONTENTS, lang)}</h2>'
    yield f"{_contents(document.sections, lang)}</nav>"
    *others, last = [section for section in document.sections if not section.front]
    for section in others:
        yield from _section(section, 2, lang)
    yield from _section(last, 2, lang, "".join(_basis(document, lang)))
    yield "</main>"


def _basis(document: Document, lang: Lang) -> Iterator[str]:
    """What the report rests on. It stands within the last section, so that on paper both stay on a page where they fit."""
    yield f"<footer><h2>{_text(phrases.BASIS, lang)}</h2>"
    yield f"<p>{_text(_REMADE, lang)}</p><table><tbody>"
    for what, which in phrases.basis(document.provenance, lang):
        yield f'<tr><th scope="row">{escape(what)}</th><td>{escape(which)}</td></tr>'
    yield "</tbody></table></footer>"


def _contents(found: Sequence[Section], lang: Lang) -> str:
    """Links to sections and their parts, which the tasks of the annex are."""
    entries = (
        f'<li><a href="#{_id(one.id)}">{_text(one.title, lang)}</a>{_contents(one.parts, lang)}</li>'
        for one in found
    )
    return f"<ol>{''.join(entries)}</ol>" if found else ""


def _section(section: Section, level: int, lang: Lang, ending: str = "") -> Iterator[str]:
    """`ending`: what stands under its last part, together with that."""
    names = [name for name in ("own-page", "together") if getattr(section, name.replace("-", "_"))]
    own = f' class="{" ".join(names)}"' if names else ""
    identity = _id(section.id)
    named = f' aria-labelledby="{identity}-title"' if level == 2 else ""  # landmarks are few
    yield f'<section id="{identity}"{named}{own}>'
    yield f'<h{level} id="{identity}-title">{_text(section.title, lang)}</h{level}>'
    for block in group_items(section.blocks):
        yield from _block(block, _text(section.title, lang), lang)
    for part in section.parts[:-1] if ending else section.parts:
        yield from _section(part, min(level + 1, 6), lang)
    if ending and section.parts:
        yield '<div class="together">'
        last = msgspec.structs.replace(
            section.parts[-1], together=False
        )  # where they do not fit, it is what is parted
        yield from _section(last, min(level + 1, 6), lang)
        yield f"{ending}</div>"
    else:
        yield ending
    yield "</section>"


def _block(block: Block | tuple[Text, ...], within: str, lang: Lang) -> Iterator[str]:
    """`within`: the section's title, by which a region is told from others of the same name."""
    match block:
        case tuple():
            items = (
                f"<li{_behind(None, one.facts)}>{_unbroken(_text(one.words, lang))}</li>" for one in block
            )
            yield f"<ul>{''.join(items)}</ul>"
        case Text():
            told = "" if block.role == "told" else f' class="{block.role}"'
            yield f"<p{told}{_behind(None, block.facts)}>{_unbroken(_text(block.words, lang))}</p>"
        case Figures():
            yield f'<dl class="figures">{"".join(_figure(one, lang) for one in block.figures)}</dl>'
        case Table():
            yield from _table(block, within, lang)
        case Chart():
            title = _text(block.title, lang)
            yield f'<figure id="{_id(block.id)}"><figcaption>{title}</figcaption>'
            both = zip(drawings(block, lang), drawings(block, lang, narrow=True), strict=True)
            for number, (wide, narrow) in enumerate(both, start=1):
                yield _drawing(wide, narrow, f"{within}: {title} {number}")
            yield "</figure>"
            yield from _table(block.table, within, lang)


def _figure(figure: Figure, lang: Lang) -> str:
    value = escape(phrases.in_words(figure.value, figure.kind, lang))
    return (
        f"<div><dt>{_text(figure.label, lang)}</dt><dd{_behind(figure.id, figure.facts)}>{value}</dd></div>"
    )


def _table(table: Table, within: str, lang: Lang) -> Iterator[str]:
    """One that is wider than a narrow screen is read there as cards, a row each; its roles stay what they are."""
    caption = _text(table.caption, lang)
    cards = least_width(table, lang) > NARROW
    roles = ' class="cards" role="table"' if cards else ""
    # a region that can be scrolled must be reached by keyboard, and be named
    yield f'<div class="wide" role="region" tabindex="0" aria-label="{within}: {caption}">'
    yield f'<table id="table-{_id(table.id)}"{roles}>'
    yield f"<caption>{caption}</caption><thead{_role('rowgroup', cards)}><tr{_role('row', cards)}>"
    head = _role("columnheader", cards)
    yield from (f'<th scope="col"{head}{_class(one)}>{_head(one, lang)}</th>' for one in table.columns)
    yield f"</tr></thead><tbody{_role('rowgroup', cards)}>"
    if not table.rows:
        yield f'<tr><td colspan="{len(table.columns)}">{_text(phrases.EMPTY, lang)}</td></tr>'
    yield from (_row(row, table.columns, lang, cards=cards) for row in table.rows)
    yield "</tbody>"
    if table.totals:
        rows = "".join(_row(row, table.columns, lang, cards=cards) for row in table.totals)
        yield f"<tfoot{_role('rowgroup', cards)}>{rows}</tfoot>"
    yield "</table></div>"


def _row(row: Iterable[Cell], columns: Sequence[Column], lang: Lang, *, cards: bool) -> str:
    head, *cells = (
        f"{_class(column)}{_label(column, lang) if cards else ''}"
        f"{_behind(cell.figure, cell.facts)}>{_cell(cell, column, lang)}"
        for column, cell in zip(columns, row, strict=True)
    )
    data = _role("cell", cards)
    return (
        f'<tr{_role("row", cards)}><th scope="row"{_role("rowheader", cards)}{head}</th>'
        f"{''.join(f'<td{data}{cell}</td>' for cell in cells)}</tr>"
    )


def _role(name: str, cards: bool) -> str:
    return f' role="{name}"' if cards else ""


def _label(column: Column, lang: Lang) -> str:
    return f' data-label="{_text(column.label, lang)}"'


def _head(column: Column, lang: Lang) -> str:
    """A head that is a month, as 2024-03, is not broken at its hyphen."""
    said = _text(column.label, lang)
    return f'<span class="fixed">{said}</span>' if _MONTH.fullmatch(said) else said


def _cell(cell: Cell, column: Column, lang: Lang) -> str:
    said = escape(clean(format_value(cell.value, column.kind, lang)))
    return _unbroken(said) if column.kind == "text" else said


def _class(column: Column) -> str:
    """Numbers stand on the right; what is short must not be broken."""
    if column.kind in _NUMBERS:
        return ' class="number"'
    return ' class="fixed"' if column.kind == "date" or column.id == "task" else ""


def _behind(figure: str | None, facts: Sequence[int]) -> str:
    named = f' data-figure="{escape(figure)}"' if figure else ""
    return named + (f' data-facts="{ranges(facts)}"' if facts else "")


def _text(words: Bilingual, lang: Lang) -> str:
    return escape(clean(words.say(lang)))


def _unbroken(said: str) -> str:
    """The escaped text with its days and numbers of tasks kept on one line."""
    return _DAY.sub(r'<span class="fixed">\g<0></span>', said)


def _id(identity: str) -> str:
    return identity.replace(".", "-")
