"""What a letter is made of: paragraphs and items, from which its text and its HTML part are made, word for word the same."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

import msgspec

from domain.errors import Lang

_INK, _FAINT, _ALARM, _RULE = "#1a1a1a", "#595959", "#b00020", "#d0d0d0"
_FONT = "font-family:'Malgun Gothic','Apple SD Gothic Neo',sans-serif"
# Korean breaks between words; what has no blanks, such as an address, anywhere
_WRAPS = "word-break:keep-all;overflow-wrap:anywhere"


class Row(msgspec.Struct, frozen=True):
    """A labelled value of an item. `link`: whether the value is an address to open; `alarm`: whether it is late."""

    label: str
    value: str
    link: bool = False
    alarm: bool = False


class Item(msgspec.Struct, frozen=True):
    heading: str
    rows: tuple[Row, ...]


class Paragraph(msgspec.Struct, frozen=True):
    """`faint`: what is not for everybody; `lines`: below each other."""

    lines: tuple[str, ...]
    faint: bool = False


Piece = Item | Paragraph


def as_text(pieces: Sequence[Piece]) -> str:
    return "\n\n".join("\n".join(_lines_of(one)) for one in pieces) + "\n"


def _lines_of(piece: Piece) -> Iterator[str]:
    if isinstance(piece, Paragraph):
        yield from piece.lines
        return
    yield piece.heading
    for row in piece.rows:
        yield f"  {row.label}: {row.value}"


def as_html(pieces: Sequence[Piece], title: str, lang: Lang) -> str:
    """A page with its styles inline, without anything that is loaded from elsewhere; one column, on a phone too."""
    body = "".join(_html_of(one) for one in pieces)
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)}</title></head>"
        f'<body style="margin:0;background:#ffffff;color:{_INK};{_FONT};font-size:16px;line-height:1.6">'
        f'<div style="max-width:600px;margin:0 auto;padding:16px;{_WRAPS}">{body}</div></body></html>\n'
    )


def _html_of(piece: Piece) -> str:
    if isinstance(piece, Paragraph):
        said = "<br>".join(html.escape(one) for one in piece.lines)
        look = f"color:{_FAINT};font-size:14px" if piece.faint else f"color:{_INK}"
        return f'<p style="margin:0 0 16px;{look}">{said}</p>'
    rows = "".join(_html_of_row(one) for one in piece.rows)
    return (
        f'<h2 style="margin:24px 0 8px;padding-top:16px;border-top:1px solid {_RULE};font-size:17px">'
        f"{html.escape(piece.heading)}</h2>"
        f'<table role="presentation" style="border-collapse:collapse;margin:0 0 16px">{rows}</table>'
    )


def _html_of_row(row: Row) -> str:
    said = html.escape(row.value)
    if row.link:
        said = f'<a href="{said}" style="color:#0b57d0">{said}</a>'
    look = f"color:{_ALARM};font-weight:bold" if row.alarm else f"color:{_INK}"
    return (
        f'<tr><td style="padding:2px 12px 2px 0;vertical-align:top;white-space:nowrap;color:{_FAINT}">'
        f"{html.escape(row.label)}:</td>"
        f'<td style="padding:2px 0;vertical-align:top;{look}">{said}</td></tr>'
    )
