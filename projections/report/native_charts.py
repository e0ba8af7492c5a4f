"""A workbook's own charts, drawn by the program that opens it from the table beside them."""

from __future__ import annotations

from datetime import date
from typing import Any

from xlsxwriter import Workbook

from projections.report.document import Column, Table

WIDE, LEAST_HIGH, ROW_HIGH = 640, 260, 20  # pixels
_NUMBERS = ("int", "krw", "percent", "decimal", "days")
_DOTS = {"line": {"none": True}, "marker": {"type": "automatic", "size": 6}}
_FEW = 3  # series that stand beside each other; more are put end to end


def native_chart(
    workbook: Workbook, sheet: str, table: Table, head: int, title: str, heads: list[str]
) -> tuple[Any, int] | None:
    """The chart of the table whose head is in this row of the sheet, and its height in pixels; None of what has no figures."""
    numbers = [at for at, one in enumerate(table.columns) if one.kind in _NUMBERS]
    days = [] if numbers else [at for at, one in enumerate(table.columns) if one.kind == "date"]
    if not table.rows or not (numbers or days):
        return None
    chart = workbook.add_chart(_kind(table.columns, numbers))
    first, last = head + 1, head + len(table.rows)
    for at in numbers or days:
        places = {"categories": [sheet, first, 0, last, 0], "values": [sheet, first, at, last, at]}
        chart.add_series({"name": heads[at], **places, **(_DOTS if days else {})})
    upright = _is_upright(table.columns, numbers)
    high = LEAST_HIGH if upright else max(LEAST_HIGH, ROW_HIGH * len(table.rows) + 120)
    chart.set_title({"name": title, "name_font": {"size": 11}, "overlay": False})
    chart.set_legend({"position": "bottom"})
    # as the rows stand; names beside the drawing also where a bar goes below nothing
    chart.set_y_axis(_axis(table, days) if upright else {"reverse": True, "label_position": "low"})
    chart.set_size({"width": WIDE, "height": high})
    return chart, high


def _axis(table: Table, days: list[int]) -> dict[str, Any]:
    if not days:
        return {"num_format": "0%"}
    return {"num_format": "yyyy-mm-dd", "min": _first_day(table, days)}


def _first_day(table: Table, days: list[int]) -> int:
    """The earliest day of the table, as a spreadsheet counts days."""
    found = [value for row in table.rows for at in days if isinstance(value := row[at].value, date)]
    return (min(found, default=date(2000, 1, 1)) - date(1899, 12, 30)).days


def _is_upright(columns: tuple[Column, ...], numbers: list[int]) -> bool:
    return columns[0].id == "month" or not numbers


def _kind(columns: tuple[Column, ...], numbers: list[int]) -> dict[str, str]:
    if _is_upright(columns, numbers):
        return {"type": "line"}
    return {"type": "bar", "subtype": "stacked"} if len(numbers) > _FEW else {"type": "bar"}
