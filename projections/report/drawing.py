"""Charts drawn as SVG: the same bytes from the same chart, wherever and after whatever else they are drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from domain.errors import Lang
from projections.report.charts.narrow import make_narrow
from projections.report.document import Chart, Document, sections
from projections.report.separate_process import run_separately

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


def drawings(chart: Chart, lang: Lang, *, narrow: bool = False) -> list[str]:
    """Each as one `<svg>` element, with its text as text in the shipped font, named by the alternative text."""
    specs, found = _specs(chart, lang, narrow=narrow), []
    for number, spec in enumerate(specs, start=1):
        if spec not in _DRAWN:
            _keep([spec], [_draw_svg(spec)])
        said = chart.alt.say(lang) + (f" ({number}/{len(specs)})" if len(specs) > 1 else "")
        name = chart.id if number == 1 else f"{chart.id}.{number}"
        found.append(_add_alternative_text(said, _number_ids(name, _DRAWN[spec])))
    return found


def png(drawn: str) -> bytes:
    """A drawing as a picture, with twice as many pixels each way."""
    import vl_convert  # noqa: PLC0415 - a browser's engine takes a while to load

    _register_fonts()
    return vl_convert.svg_to_png(drawn, scale=2)


def draw(document: Document, lang: Lang, *, narrow: bool = False) -> None:
    """Draw all charts at once in a process of its own, to be taken by `svg` for every format: the engine takes 100 MB.

    `narrow`: also as they stand on a narrow screen.
    """
    kinds = (False, True) if narrow else (False,)
    specs = [
        spec for chart in charts(document) for kind in kinds for spec in _specs(chart, lang, narrow=kind)
    ]
    missing = [spec for spec in specs if spec not in _DRAWN]
    if missing:
        _keep(missing, msgspec.json.decode(run_separately(_draw_all, missing), type=list[str]))


_DRAWN: dict[bytes, str] = {}
_MOST = 64


def _keep(specs: list[bytes], drawings: list[str]) -> None:
    """Remember drawings; of a report's, in either language, none is made twice for its formats."""
    if len(_DRAWN) + len(specs) > _MOST:
        _DRAWN.clear()
    _DRAWN.update(zip(specs, drawings, strict=True))


def _specs(chart: Chart, lang: Lang, *, narrow: bool) -> list[bytes]:
    found = [spec[lang] for spec in (chart.spec, *chart.rest)]
    return [msgspec.json.encode(make_narrow(one) if narrow else one) for one in found]


def _draw_all(specs: list[bytes]) -> bytes:
    return msgspec.json.encode([_draw_svg(spec) for spec in specs])


def _draw_svg(spec: bytes) -> str:
    import vl_convert  # noqa: PLC0415

    _register_fonts()
    return vl_convert.vegalite_to_svg(msgspec.json.decode(spec), vl_version=_VEGA_LITE, config=_CONFIG)


@cache
def _register_fonts() -> None:
    import vl_convert  # noqa: PLC0415

    vl_convert.register_font_directory(str(FONTS))


def _number_ids(chart: str, drawn: str) -> str:
    """The drawing with its own ids counted from 1 and unique on a page; the engine counts on over all it ever drew."""
    found = list(dict.fromkeys(re.findall(r'\bid="([^"]+)"', drawn)))
    for number, identity in enumerate(found, start=1):
        own = f"{chart.replace('.', '-')}-{number}"
        drawn = re.sub(
            rf'(?<=id="){re.escape(identity)}(?=")|(?<=#){re.escape(identity)}(?=[)"])', own, drawn
        )
    return drawn


def _add_alternative_text(alt: str, drawn: str) -> str:
    """One picture to a screen reader, with the alternative text; its parts would be read as loose numbers."""
    bare = re.sub(r' (?:role|aria-label|aria-roledescription|aria-hidden)="[^"]*"', "", drawn)
    said = _escape(alt)
    return bare.replace("<svg ", f'<svg role="img" aria-label="{said}" ', 1)


def _escape(text: str) -> str:
    for letter, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(letter, name)
    return text
