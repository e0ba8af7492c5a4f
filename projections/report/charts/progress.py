"""The mean progress of each area from month to month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from domain.errors import Bilingual, Lang
from projections.programme_summary import NOT_STARTED
from projections.report.charts.looks import BLUE, INK, alt, month, month_axis, months, specs
from projections.report.document import Chart, Table, Text
from projections.report.report_data import ReportData, absent, cell, column, mean_of
from projections.report.tracing import Traced


def progress_chart(m: ReportData) -> Chart | Text:
    """The mean progress of begun tasks at each month's end, as then known, an area a panel."""
    year = m.gathered.year
    last = min(m.as_of, date(year + 1, 3, 31))
    known = [s.known for task in m.tasks for s in task.standings if s.stage not in NOT_STARTED]
    if not known:
        return absent(
            "추진 중인 과제가 없어 진척률 추이를 그리지 않음.",
            "Work on no task has begun, so there is no progress to draw.",
        )
    ends = months(min(known), last)
    areas = _areas(m)
    rows, values = [], []
    for end in ends:
        row = [cell(month(end))]
        for area in areas:
            value, facts = _progress_at([t for t in m.tasks if t.task.area == area], end)
            row.append(cell(value, facts, f"progress.{area}.{month(end)}"))
            values.append((end, area, value))
        rows.append(tuple(row))
    table = Table(
        "chart.progress.data",
        Bilingual("월말 기준 분야별 평균 진척률", "Mean progress by area at each month's end"),
        (column("month", "월", "Month", weight=2), *(_area_column(m, area) for area in areas)),
        tuple(rows),
    )

    final = [(m.area(area), value) for end, area, value in values if end == ends[-1] and value is not None]
    said = alt(
        Bilingual(
            "월말 기준 분야별 평균 진척률의 꺾은선.",
            "Lines of the mean progress by area at each month's end.",
        ),
        [(name, f"{value}%") for name, value in final],
    )
    return Chart(
        "chart.progress",
        Bilingual("분야별 진척률 추이", "Progress over the year by area"),
        said,
        specs(partial(_spec, m, ends, areas, values)),
        table,
    )


def _spec(
    m: ReportData,
    ends: Sequence[date],
    areas: Sequence[str],
    values: Sequence[tuple[date, str, str | None]],
    lang: Lang,
) -> dict[str, Any]:
    data = [
        {"month": month(end), "area": m.area(area).say(lang), "percent": float(value)}
        for end, area, value in values
        if value is not None
    ]
    order = [m.area(area).say(lang) for area in areas]
    labels = {"align": "center", "baseline": "bottom", "dy": -7, "fontSize": 10, "color": INK}
    return {
        "data": {"values": data},
        "facet": {
            "field": "area",
            "type": "nominal",
            "title": None,
            "sort": order,
            "header": {"labelOrient": "top", "labelAnchor": "start"},
        },
        "columns": 2,
        "spacing": 24,
        "spec": {
            "width": 300,
            "height": 145,
            "encoding": {
                "x": {
                    "field": "month",
                    "type": "ordinal",
                    "sort": [month(end) for end in ends],
                    "axis": month_axis(None),
                },
                "y": {
                    "field": "percent",
                    "type": "quantitative",
                    "scale": {"domain": [0, 130]},  # room for a label over 100
                    "title": Bilingual("평균 진척률(%)", "Mean progress (%)").say(lang),
                    "axis": {"values": [0, 25, 50, 75, 100]},
                },
            },
            "layer": [
                {"mark": {"type": "line", "color": BLUE, "strokeWidth": 2, "interpolate": "step-after"}},
                {"mark": {"type": "point", "color": BLUE, "filled": True, "size": 30}},
                {
                    "transform": [
                        {
                            "window": [{"op": "lag", "field": "percent", "as": "before"}],
                            "groupby": ["area"],
                        },
                        {"filter": "datum.before === null || datum.before !== datum.percent"},
                    ],
                    "mark": {"type": "text", **labels},
                    "encoding": {"text": {"field": "percent", "type": "quantitative", "format": ".0f"}},
                },
            ],
        },
        "resolve": {"axis": {"x": "independent"}},
    }


def _areas(m: ReportData) -> list[str]:
    """Those that have tasks: in the programme's order, and what it does not name after them."""
    had = {task.task.area for task in m.tasks}
    named = [area for area in m.gathered.programme.areas if area in had]
    return [*named, *sorted(had - {*named})]


def _area_column(m: ReportData, area: str) -> Any:
    name = m.area(area)
    return column(area, name.ko, name.en, "percent", 2)


def _progress_at(tasks: Sequence[Traced], day: date) -> tuple[str | None, list[int]]:
    """Over tasks whose work had begun by then, as then known; and the facts that say so."""
    percents, facts = [], []
    for task in tasks:
        stood = [one for one in task.standings if one.known <= day]
        if not stood or stood[-1].stage in NOT_STARTED:
            continue
        told = [one for one in task.progress if one.known <= day]
        percents.append(told[-1].percent if told else 0)
        facts.append(told[-1].position if told else stood[-1].position)
    return mean_of(percents), facts
