"""Delays by agency and month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from domain.errors import Lang
from projections.report.charts.looks import INK, alt, month, month_axis, months, specs
from projections.report.document import Cell, Chart, Table, Words, shown
from projections.report.material import Material, cell, column


def overdue_chart(m: Material, cells: Mapping[tuple[str, str], Cell], agencies: Sequence[str]) -> Chart:
    """Business days of delay by who owed it and the month it was due in. `cells`: by both, those with any delay."""
    days = [date.fromisoformat(f"{when}-01") for _, when in cells]
    spans = [month(end) for end in months(min(days), max(days))]
    rows = tuple(
        (cell(m.agency(agency)), *(cells.get((agency, span), cell(0)) for span in spans))
        for agency in agencies
    )
    table = Table(
        "chart.overdue.data",
        Words("기한이 든 달별 지연(영업일)", "Delay by the month of the due day (business days)"),
        (
            column("agency", "기관", "Agency", weight=5),
            *(column(span, span, span, "days", 2) for span in spans),
        ),
        rows,
    )
    most = max((one.value for one in cells.values() if isinstance(one.value, int)), default=1)

    def spec(lang: Lang) -> dict[str, Any]:
        values = [
            {"agency": m.agency(agency).say(lang), "month": span, "days": one.value}
            for agency in agencies
            for span in spans
            if (one := cells.get((agency, span), cell(0)))
        ]
        order = [m.agency(agency).say(lang) for agency in agencies]
        return {
            "data": {"values": values},
            "width": {"step": 46},
            "height": {"step": 24},
            "encoding": {
                "x": {
                    "field": "month",
                    "type": "ordinal",
                    "sort": spans,
                    "axis": {
                        **month_axis("기한이 든 달" if lang == "ko" else "Month of the due day"),
                        "orient": "top",
                    },
                },
                "y": {"field": "agency", "type": "nominal", "title": None, "sort": order},
            },
            "layer": [
                {
                    "mark": {"type": "rect", "stroke": "#b4b4b4"},
                    "encoding": {
                        "color": {
                            "field": "days",
                            "type": "quantitative",
                            "title": "지연(영업일)" if lang == "ko" else "Delay (business days)",
                            "scale": {
                                "domain": [0, most],
                                "range": ["#ffffff", "#0b2a4a"],
                                "interpolate": "rgb",
                            },
                            "legend": {"orient": "bottom", "gradientLength": 200},
                        }
                    },
                },
                {
                    "transform": [{"filter": "datum.days > 0"}],
                    "mark": {"type": "text", "fontSize": 11},
                    "encoding": {
                        "text": {"field": "days", "type": "quantitative", "format": "d"},
                        "color": {
                            "condition": {"test": f"datum.days > {most} * 0.45", "value": "white"},
                            "value": INK,
                        },
                    },
                },
            ],
        }

    top = sorted(cells.items(), key=lambda pair: (-_whole(pair[1]), pair[0]))[:3]
    said = alt(
        (
            "기관과 달별 지연을 밝기와 숫자로 나타낸 표. 가장 큰 지연(영업일):",
            "A grid of delays by agency and month, by lightness and number. The largest, in business days:",
        ),
        [
            (
                Words(f"{m.agency(who).ko} {when}", f"{m.agency(who).en} {when}"),
                shown(one.value, "days", "en"),
            )
            for (who, when), one in top
        ],
    )
    return Chart(
        "chart.overdue",
        Words("기관·달별 지연", "Delay by agency and month"),
        said,
        specs(spec),
        table,
    )


def _whole(one: Cell) -> int:
    return one.value if isinstance(one.value, int) else 0
