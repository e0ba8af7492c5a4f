"""How late each task began and reported."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from domain.errors import Bilingual, Lang
from projections.report.charts.looks import BLUE, INK, WIDTH, alt, label, specs, split_rows
from projections.report.document import Chart, Table, Text
from projections.report.report_data import ReportData, absent, days_off
from projections.report.tracing import Traced

_KINDS = {"start": Bilingual("착수", "Start"), "final_report": Bilingual("결과보고", "Final report")}


def slippage_chart(m: ReportData, table: Table) -> tuple[Chart | Text | Table, ...]:
    """How many business days after its day each task began, and reported. `table`: the dates that it is drawn from."""
    data = []
    for task in m.tasks:
        cells = [days_off(m, task, kind) for kind in _KINDS]
        data += [(task, number, one.value) for number, one in enumerate(cells) if one.value is not None]
    if not data:
        none = absent(
            "착수하거나 결과보고한 과제가 없어 지연을 그리지 않음.",
            "No task has begun or reported, so there is no slippage to draw.",
        )
        return (table, none)

    worst = sorted(
        ((days, task.number) for task, number, days in data if number and isinstance(days, int) and days > 0),
        key=lambda pair: (-pair[0], pair[1]),
    )[:3]
    said = alt(
        Bilingual(
            "과제별 착수와 결과보고의 지연을 영업일로 나타낸 점 도표. 보고가 가장 늦은 과제:",
            "A dot plot of each task's delay at the start and at the final report, in business days. Latest reports:",
        ),
        [(Bilingual(number, number), str(days)) for days, number in worst],
    )
    first, *rest = (specs(partial(_spec, tasks, data)) for tasks in split_rows(m.tasks))
    title = Bilingual("계획 대비 지연", "Slippage against the plan")
    return (Chart("chart.slippage", title, said, first, table, tuple(rest)),)


def _spec(tasks: Sequence[Traced], data: Sequence[tuple[Traced, int, Any]], lang: Lang) -> dict[str, Any]:
    """`tasks`: those of this drawing; `data`: of all: task, which of the kinds, business days."""
    names = [name.say(lang) for name in _KINDS.values()]
    numbers = {task.number for task in tasks}
    values = [
        {"task": label(task, lang), "what": names[number], "days": days}
        for task, number, days in data
        if task.number in numbers
    ]
    days_of_all = [0, *(days for *_, days in data)]
    x = {
        "field": "days",
        "type": "quantitative",
        "title": Bilingual("기한 뒤 영업일(0: 기한일)", "Business days after the due day (0: on it)").say(
            lang
        ),
        "scale": {"padding": 14, "domain": [min(days_of_all), max(*days_of_all, 1)]},
        "axis": {"tickMinStep": 1, "format": "d", "orient": "top"},
    }
    y = {
        "field": "task",
        "type": "nominal",
        "title": None,
        "scale": {"domain": [label(task, lang) for task in tasks]},
        "axis": {"grid": True},
    }
    legend = {"title": None, "orient": "bottom", "symbolSize": 90}
    return {
        "data": {"values": values},
        "width": WIDTH - 220,
        "height": {"step": 22},
        "layer": [
            {
                "data": {"values": [{"zero": 0}]},
                "mark": {"type": "rule", "color": INK, "strokeWidth": 1.5},
                "encoding": {"x": {"field": "zero", "type": "quantitative"}},
            },
            {
                "mark": {"type": "point", "filled": False, "strokeWidth": 2, "opacity": 1},
                "encoding": {
                    "x": x,
                    "y": y,
                    "shape": {
                        "field": "what",
                        "type": "nominal",
                        "scale": {"domain": names, "range": ["circle", "triangle-up"]},
                        "legend": legend,
                    },
                    "color": {
                        "field": "what",
                        "type": "nominal",
                        "scale": {"domain": names, "range": ["#7a7a7a", BLUE]},
                        "legend": legend,
                    },
                    "size": {"value": 90},
                },
            },
        ],
    }
