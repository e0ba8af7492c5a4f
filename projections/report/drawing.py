"""Charts drawn as SVG: the same bytes from the same chart, wherever and after whatever else they are drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from domain.errors import Lang
from projections.report.apart import apart
from projections.report.document import Chart, Document, sections

FONTS = Path(__file__).parent / "fonts"
FAMILY = "Pretendard GOV"
# where the shipped font is not installed, a page still finds a Korean one; a list without quotes, as SVG attributes want
FAMILIES = (
    f"{FAMILY}, Donghaeng Signs, Pretendard, Noto Sans KR, Malgun Gothic, Apple SD Gothic Neo, sans-serif"
)
_VEGA_LITE = "v6.1"
_CONFIG: dict[str, Any] = {
    "font": FAMILIES,
    "background": "white",
    "view": {"stroke": "#8a8a8a"},
    "axis": {
        "labelFontSize": 11,
        "titleFontSize": 11,
        "labelColor": "#1e1e1e",
        "titleColor": "#1e1e1e",
        "titleFontWeight": "normal",
        "gridColor": "#dcdcdc",
        "labelLimit": 360,
    },
    "header": {"labelFontSize": 12, "labelFontWeight": "bold", "labelColor": "#1e1e1e"},
    "legend": {"labelFontSize": 11, "titleFontSize": 11, "labelColor": "#1e1e1e", "labelLimit": 320},
}


def charts(document: Document) -> Iterator[Chart]:
    """Those of a report, in the order of reading."""
    for _, section in sections(document):
        yield from (block for block in section.blocks if isinstance(block, Chart))


def svg(chart: Chart, lang: Lang) -> str:
    """The chart as one `<svg>` element, with its text as text in the shipped font, named by title and alternative."""
    spec = _bytes(chart, lang)
    if spec not in _DRAWN:
        _keep([spec], [_drawn(spec)])
    return _named(chart, lang, _numbered(chart.id, _DRAWN[spec]))


def png(drawn: str) -> bytes:
    """A drawing as a picture, with twice as many pixels each way."""
    import vl_convert  # noqa: PLC0415 - a browser's engine takes a while to load

    _fonts_registered()
    return vl_convert.svg_to_png(drawn, scale=2)


def draw(document: Document, lang: Lang) -> None:
    """Draw all charts at once in a process of its own, to be taken by `svg` for every format: the engine takes 100 MB."""
    specs = [_bytes(chart, lang) for chart in charts(document)]
    missing = [spec for spec in specs if spec not in _DRAWN]
    if missing:
        _keep(missing, msgspec.json.decode(apart(_all_drawn, missing), type=list[str]))


_DRAWN: dict[bytes, str] = {}
_MOST = 32


def _keep(specs: list[bytes], drawings: list[str]) -> None:
    """Remember drawings; of a report's four, in either language, none is made twice for its formats."""
    if len(_DRAWN) + len(specs) > _MOST:
        _DRAWN.clear()
    _DRAWN.update(zip(specs, drawings, strict=True))


def _bytes(chart: Chart, lang: Lang) -> bytes:
    return msgspec.json.encode(chart.spec[lang])


def _all_drawn(specs: list[bytes]) -> bytes:
    return msgspec.json.encode([_drawn(spec) for spec in specs])


def _drawn(spec: bytes) -> str:
    import vl_convert  # noqa: PLC0415

    _fonts_registered()
    return vl_convert.vegalite_to_svg(msgspec.json.decode(spec), vl_version=_VEGA_LITE, config=_CONFIG)


@cache
def _fonts_registered() -> None:
    import vl_convert  # noqa: PLC0415

    vl_convert.register_font_directory(str(FONTS))


def _numbered(chart: str, drawn: str) -> str:
    """The drawing with its own ids counted from 1 and unique on a page; the engine counts on over all it ever drew."""
    found = list(dict.fromkeys(re.findall(r'\bid="([^"]+)"', drawn)))
    for number, identity in enumerate(found, start=1):
        own = f"{chart.replace('.', '-')}-{number}"
        drawn = re.sub(
            rf'(?<=id="){re.escape(identity)}(?=")|(?<=#){re.escape(identity)}(?=[)"])', own, drawn
        )
    return drawn


def _named(chart: Chart, lang: Lang, drawn: str) -> str:
    """One picture to a screen reader, with the alternative text; its parts would be read as loose numbers."""
    bare = re.sub(r' (?:role|aria-label|aria-roledescription|aria-hidden)="[^"]*"', "", drawn)
    said = _escaped(chart.alt.say(lang))
    return bare.replace("<svg ", f'<svg role="img" aria-label="{said}" ', 1)


def _escaped(text: str) -> str:
    for letter, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(letter, name)
    return text
