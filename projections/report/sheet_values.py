"""What a cell of a workbook holds of a value, and how a program shows it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from domain.errors import Lang
from projections.report.document import Column, Kind

EXACT = 10**15  # a cell's number has 15 digits; longer ones stay text
LONGEST = 16_000  # letters; a cell holds 32,767 units, and some letters are two

LONGEST_NAME = 27  # letters of a sheet's name, with room for a number behind it


def shorten(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def sheet_name(name: str) -> str:
    """The name with what a sheet may be called, and no half word where a whole one is left."""
    allowed = " ".join(re.sub(r"[\[\]:*?/\\']", " ", name).split())
    if len(allowed) > LONGEST_NAME:
        end = allowed.rfind(" ", LONGEST_NAME // 2, LONGEST_NAME + 1)
        allowed = allowed[: LONGEST_NAME if end < 0 else end].rstrip(" ,·")
    return allowed or "·"


def number_of(value: int | str, kind: Kind) -> Decimal | None:
    """What a cell can hold as a number; None for texts and for what would lose digits."""
    if kind in ("text", "date") or isinstance(value, bool):
        return None
    if isinstance(value, str) and not re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", value):
        return None
    number = Decimal(value)
    return number if len(number.as_tuple().digits) <= 15 and abs(number) < EXACT else None


def number_format(number: Decimal, kind: Kind, lang: Lang | None) -> str:
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


def for_margin(text: str, longest: int) -> str:
    """For a page's margin, where & starts a command; the whole margin holds 255 letters."""
    short = text if len(text) <= longest else text[: longest - 1] + "…"
    return short.replace("&", "&&")


def indent_look(at: int, column: Column) -> dict[str, Any]:
    """A text is kept from the figures that may stand on its left."""
    return {"indent": 1} if at and column.kind == "text" else {}


def head_look(at: int, column: Column) -> dict[str, Any]:
    align = {"text": "left", "date": "center"}.get(column.kind, "right")
    look = {"bold": True, "bg_color": "#E4E4E4", "top": 2, "bottom": 1, "text_wrap": True, "align": align}
    return look | indent_look(at, column)
