"""How late each task began and reported."""

from __future__ import annotations

from typing import Any

from domain.errors import Lang
from projections.report.charts.looks import BLUE, INK, WIDTH, alt, label, specs
from projections.report.document import Chart, Table, Text, Words
from projections.report.material import Material, absent, cell, column, days_off


def slippage_chart(m: Material) -> Chart | Text:
    """How many business days after its day each task began, and reported."""
    kinds = (
        ("start", "착수", "Start"),
        ("final_report", "최종 보고", "Final report"),
    )
    rows, data = [], []
    for task in m.tasks:
        cells = [days_off(m, task, kind) for kind, _, _ in kinds]
        rows.append((cell(task.number), *cells))
        data += [(task, number, one.value) for number, one in enumerate(cells) if one.value is not None]
    if not data:
        return absent(
            "아직 착수하거나 최종 보고한 과제가 없어 지연을 그리지 않았다.",
            "No task has begun or reported, so there is no slippage to draw.",
        )
    table = Table(
        "chart.slippage.data",
        Words("기한보다 늦은 영업일(음수는 앞당김)", "Business days after the due day (negative: before)"),
        (
            column("task", "과제", "Task", weight=2),
            column("start", "착수", "Start", "days", 2),
            column("final-report", "최종 보고", "Final report", "days", 2),
        ),
        tuple(rows),
    )

    def spec(lang: Lang) -> dict[str, Any]:
        names = [(ko if lang == "ko" else en) for _, ko, en in kinds]
        values = [
            {"task": label(task, lang), "what": names[number], "days": days} for task, number, days in data
        ]
        x = {
            "field": "days",
            "type": "quantitative",
            "title": "기한 뒤 영업일(0: 기한일)"
            if lang == "ko"
            else "Business days after the due day (0: on it)",
            "scale": {"padding": 14},
            "axis": {"tickMinStep": 1, "format": "d", "orient": "top"},
        }
        y = {
            "field": "task",
            "type": "nominal",
            "title": None,
            "sort": [label(task, lang) for task in m.tasks],
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

    worst = sorted(
        ((days, task.number) for task, number, days in data if number and isinstance(days, int) and days > 0),
        key=lambda pair: (-pair[0], pair[1]),
    )[:3]
    said = alt(
        (
            "과제별 착수와 최종 보고의 지연을 영업일로 나타낸 점 도표. 보고가 가장 늦은 과제:",
            "A dot plot of each task's delay at the start and at the final report, in business days. Latest reports:",
        ),
        [(Words(number, number), str(days)) for days, number in worst],
    )
    return Chart(
        "chart.slippage",
        Words("계획 대비 지연", "Slippage against the plan"),
        said,
        specs(spec),
        table,
    )
