"""The mean progress of each area from month to month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from domain.errors import Lang
from projections.programme_summary import NOT_STARTED
from projections.report.charts.looks import BLUE, INK, alt, month, month_axis, months, specs
from projections.report.document import Chart, Table, Text, Words
from projections.report.material import Material, absent, cell, column, mean
from projections.report.tracing import Traced


def progress_chart(m: Material) -> Chart | Text:
    """The mean progress of begun tasks at each month's end, as then known, an area a panel."""
    year = m.gathered.year
    last = min(m.as_of, date(year + 1, 3, 31))
    known = [s.known for task in m.tasks for s in task.standings if s.stage not in NOT_STARTED]
    if not known:
        return absent(
            "아직 추진 중인 과제가 없어 진척률의 흐름이 없다.",
            "Work on no task has begun, so there is no progress to draw.",
        )
    ends = months(min(known), last)
    areas = [a for a in m.gathered.programme.areas if any(t.task.area == a for t in m.tasks)]
    areas += sorted({task.task.area for task in m.tasks} - {*areas})
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
        Words("월말 기준 분야별 평균 진척률", "Mean progress by area at each month's end"),
        (column("month", "월", "Month", weight=2), *(_area_column(m, area) for area in areas)),
        tuple(rows),
    )

    def spec(lang: Lang) -> dict[str, Any]:
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
                        "title": "평균 진척률(%)" if lang == "ko" else "Mean progress (%)",
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

    final = [(m.area(area), value) for end, area, value in values if end == ends[-1] and value is not None]
    said = alt(
        ("월말 기준 분야별 평균 진척률의 꺾은선.", "Lines of the mean progress by area at each month's end."),
        [(name, f"{value}%") for name, value in final],
    )
    return Chart(
        "chart.progress",
        Words("분야별 진척률의 흐름", "Progress over the year by area"),
        said,
        specs(spec),
        table,
    )


def _area_column(m: Material, area: str) -> Any:
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
    return mean(percents), facts
