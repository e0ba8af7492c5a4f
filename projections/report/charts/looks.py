"""What the charts share: languages, colours, labels, months and alternative texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

from domain.errors import Bilingual, Lang
from projections.report.document import LANGS
from projections.report.tracing import Traced

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
Row = TypeVar("Row")
INK, BLUE = "#1e1e1e", "#1f4e79"
WIDTH = 640  # of the drawing, in px; labels come on top of it


def specs(make: Callable[[Lang], dict[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
    return {lang: {"$schema": _SCHEMA, **make(lang)} for lang in LANGS}


ROWS = 26  # of one drawing; more would have to be drawn smaller to stand on a page


def split_rows(rows: Sequence[Row]) -> list[Sequence[Row]]:
    """Rows for as many drawings as they need, about as many in each."""
    parts = max(1, -(-len(rows) // ROWS))
    size = max(1, -(-len(rows) // parts))
    return [rows[at : at + size] for at in range(0, len(rows), size)] or [rows]


def month(day: date) -> str:
    return f"{day:%Y-%m}"


def months(first: date, last: date) -> list[date]:
    """The last day of each month from one day's to another's, which stands for its own."""
    found, day = [], first.replace(day=1)
    while day <= last:
        following = (day + timedelta(days=31)).replace(day=1)
        found.append(min(following - timedelta(days=1), last))
        day = following
    return found


def label(task: Traced, lang: Lang) -> str:
    assert task.task.title is not None
    return f"{task.number}  {task.task.title.say(lang)}"


def alt(said: Bilingual, parts: Sequence[tuple[Bilingual, str]]) -> Bilingual:
    """What the chart is, and what stands out in it."""
    told = {lang: ", ".join(f"{name.say(lang)} {value}" for name, value in parts) for lang in LANGS}
    return Bilingual(f"{said.ko} {told['ko'] or '없음'}.", f"{said.en} {told['en'] or 'none'}.")


def month_axis(title: str | None) -> dict[str, Any]:
    """An axis of months "2024-03", each shown as its number, with the year at the first and at each January."""
    number = "toNumber(substring(datum.value, 5))"
    year = "'’' + substring(datum.value, 2, 4) + '.'"
    shown = f"(datum.index === 0 || {number} === 1 ? {year} : '') + {number}"
    return {"title": title, "labelAngle": 0, "labelExpr": shown, "grid": False}
