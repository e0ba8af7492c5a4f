"""What stands in a report's HTML or JSON, place by place, so that a difference can be named: the figure, then what else is said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from typing import Any

import msgspec

from trail.json_bytes import BROKEN

Part = tuple[str, str]

_FIGURE = re.compile(r'data-figure="([^"]*)"(?: data-facts="([^"]*)")?>([^<]*)<')
_PIECE = re.compile(r"<([^<>]*)>([^<>]*)")
_PLACE = re.compile(r'(section|table|figure) id="([^"]*)"')
_FACTS = re.compile(r'\bdata-facts="([^"]*)"')


def html_parts(content: bytes) -> Iterator[Part]:
    """The figures in their order, each with the facts behind it; then all texts by the part of the page they stand in."""
    whole = content.decode("utf-8", "replace")
    for identity, facts, value in _FIGURE.findall(whole):
        yield identity, unescape(value)
        yield f"{identity} facts", facts
    section = place = "head"
    numbers: Counter[str] = Counter()
    for tag, text in _PIECE.findall(whole[max(0, whole.find("<body")) :]):
        if named := _PLACE.match(tag):
            place = named[2]
            section = place if named[1] == "section" else section
        elif tag in ("/table", "/figure"):
            place = section
        elif tag == "footer":
            section = place = tag
        if text.strip() or "data-facts" in tag:
            numbers[place] += 1
            yield f"{place} {numbers[place]}", unescape(text)
            yield f"{place} {numbers[place]} facts", "".join(_FACTS.findall(tag))


def json_parts(content: bytes) -> Iterator[Part]:
    """The figures first, each with the facts behind it; then everything else by its path."""
    try:
        whole = msgspec.json.decode(content)
        for identity, figure in whole.pop("figures", {}).items():
            yield identity, str(figure["value"])
            yield f"{identity} facts", " ".join(map(str, figure["facts"]))
    except (*BROKEN, AttributeError, KeyError, TypeError):
        return
    yield from _leaves("", whole)


def _leaves(path: str, value: Any) -> Iterator[Part]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(f"{path}.{name}" if path else name, inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _leaves(f"{path}[{number}]", inner)
    else:
        yield path, str(value)
