"""Delays by agency, drawn over the year and told by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from domain.errors import Bilingual, Lang
from projections.report.charts.looks import BLUE, INK, WIDTH, alt, month, months, specs, split_rows
from projections.report.document import Cell, Chart, Table
from projections.report.report_data import ReportData, cell, column


def overdue_chart(m: ReportData, cells: Mapping[tuple[str, str], Cell], agencies: Sequence[str]) -> Chart:
    """Business days of delay by who owed it and the month it was due in. `cells`: by both, those with any delay."""
    days = [date.fromisoformat(f"{when}-01") for _, when in cells]
    spans = [month(end) for end in months(min(days), max(days))]
    rows = tuple(
        (cell(m.agency(agency)), *(cells.get((agency, span), cell(0)) for span in spans))
        for agency in agencies
    )
    table = Table(
        "chart.overdue.data",
        Bilingual("기한이 속한 달별 지연(영업일)", "Delay by the month of the due day (business days)"),
        (
            column("agency", "기관", "Agency", weight=5),
            *(column(span, span, span, "days", 2) for span in spans),
        ),
        rows,
    )
    totals = {
        agency: sum(_whole(cells[agency, span]) for span in spans if (agency, span) in cells)
        for agency in agencies
    }
    top = sorted(totals.items(), key=lambda pair: (-pair[1], pair[0]))[:3]
    said = alt(
        Bilingual(
            "기관별 지연을 막대로 나타낸 도표. 가장 큰 지연(영업일):",
            "Bars of the delay by who owed it. The largest, in business days:",
        ),
        [(m.agency(who), f"{days:,}") for who, days in top],
    )
    first, *rest = (
        specs(partial(_spec, m, some, totals))
        for some in split_rows([who for who in agencies if totals[who]])
    )
    title = Bilingual("기관별 지연", "Delay by who owed it")
    return Chart("chart.overdue", title, said, first, table, tuple(rest))


def _spec(m: ReportData, agencies: Sequence[str], totals: Mapping[str, int], lang: Lang) -> dict[str, Any]:
    """`agencies`: those of this drawing; `totals`: of all."""
    y = {
        "field": "agency",
        "type": "nominal",
        "title": None,
        "scale": {"domain": [m.agency(agency).say(lang) for agency in agencies]},
    }
    x = {
        "field": "days",
        "type": "quantitative",
        "title": Bilingual("지연(영업일)", "Delay (business days)").say(lang),
        "scale": {"domain": [0, max(totals.values())]},
        "axis": {"tickMinStep": 1, "format": "d", "orient": "top"},
    }
    return {
        "data": {"values": [{"agency": m.agency(one).say(lang), "days": totals[one]} for one in agencies]},
        "width": WIDTH - 220,
        "height": {"step": 22},
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": {"type": "bar", "height": 13, "color": BLUE}},
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 11, "color": INK},
                "encoding": {"text": {"field": "days", "type": "quantitative", "format": ",d"}},
            },
        ],
    }


def _whole(one: Cell) -> int:
    return one.value if isinstance(one.value, int) else 0
