"""The stages of each task from day to day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from domain.errors import Lang
from domain.task.stages import Condition, Stage
from projections.report.charts.looks import INK, WIDTH, alt, label, specs
from projections.report.document import Chart, Table, Text, Words
from projections.report.material import Material, absent, cell, column
from projections.report.tracing import Standing, Traced

_BANDS = (  # of the timeline: label, fill; each lighter or darker than its neighbours
    ("proposed", "제안", "Proposed", "#ffffff"),
    ("approved", "승인", "Approved", "#c9d6e3"),
    ("in_progress", "추진", "In progress", "#5b87b2"),
    ("rated", "결과보고·시민평가", "Reported, rated", "#123a5f"),
)
_SUSPENDED = Words("일시 중지", "Suspended")  # no band but a broken line, which no grey is taken for
_ENDS = {
    Stage.EVALUATED: "diamond",
    Stage.DISCONTINUED: "cross",
    Stage.REJECTED: "cross",
    Stage.WITHDRAWN: "cross",
    Stage.CARRIED_OVER: "triangle-right",
}


def _band(stage: Stage, condition: Condition) -> str:
    if condition is Condition.SUSPENDED:
        return "suspended"
    if condition in (Condition.REPORTED, Condition.RATED):
        return "rated"
    return stage.value


class _Span(msgspec.Struct, frozen=True):
    task: Traced
    band: str
    on: date
    until: date


def timeline_chart(m: Material) -> Chart | Text:
    """Each task's stages from day to day, and how it ended."""
    spans, ends = _spans(m), [(t, t.standings[-1]) for t in m.tasks if not t.task.stage.is_open]
    if not spans and not ends:
        return absent("아직 하루를 넘긴 단계가 없다.", "No stage has lasted for a day yet.")
    counts = {stage: sum(one.stage is stage for _, one in ends) for stage in _ENDS}
    said = alt(
        (
            "과제마다 단계를 날짜에 따라 띠로 나타낸 도표. 끝난 과제:",
            "Bars of each task's stages from day to day. How tasks ended:",
        ),
        [(Words(s.say("ko"), s.say("en")), str(count)) for s, count in counts.items() if count],
    )
    drawn = specs(lambda lang: _spec(m, spans, ends, lang))
    return Chart("chart.timeline", Words("단계의 흐름", "Timeline of stages"), said, drawn, _stages_table(m))


def _spans(m: Material) -> list[_Span]:
    found = []
    for task in m.tasks:
        ends = [*(one.on for one in task.standings[1:]), m.as_of]
        for one, until in zip(task.standings, ends, strict=True):
            if one.stage.is_open and until > one.on:
                found.append(_Span(task, _band(one.stage, one.condition), one.on, until))
    return found


def _spec(
    m: Material, spans: Sequence[_Span], ends: Sequence[tuple[Traced, Standing]], lang: Lang
) -> dict[str, Any]:
    names = {band: (ko if lang == "ko" else en) for band, ko, en, _ in _BANDS}
    names["suspended"] = _SUSPENDED.say(lang)
    used = [(names[band], fill) for band, _, _, fill in _BANDS if any(one.band == band for one in spans)]
    closed = [stage for stage in _ENDS if any(one.stage is stage for _, one in ends)]
    y = {"field": "task", "type": "nominal", "title": None, "sort": [label(task, lang) for task in m.tasks]}
    # labels grow downwards: the padding is the second line's
    axis = {
        "tickCount": "month",
        "labelExpr": _month(m, lang),
        "labelPadding": 16,
        "grid": True,
        "orient": "top",
    }
    x = {"type": "temporal", "scale": {"type": "utc"}, "title": None, "axis": axis}
    legend = {
        "title": None,
        "orient": "bottom",
        "symbolStrokeColor": INK,
        "symbolType": "square",
        "columns": 5,
    }
    fill = {
        "field": "stage",
        "type": "nominal",
        "scale": {"domain": [name for name, _ in used], "range": [one for _, one in used]},
        "legend": legend,
    }
    shape = {
        "field": "end",
        "type": "nominal",
        "scale": {"domain": [s.say(lang) for s in closed], "range": [_ENDS[s] for s in closed]},
        "legend": {"title": None, "orient": "bottom"},
    }

    def spanned(*, suspended: bool) -> dict[str, Any]:
        values = [
            {
                "task": label(one.task, lang),
                "stage": names[one.band],
                "from": f"{one.on}",
                "to": f"{one.until}",
            }
            for one in spans
            if (one.band == "suspended") is suspended
        ]
        return {"data": {"values": values}}

    place = {"x": {"field": "from", **x}, "x2": {"field": "to"}, "y": y}
    bands: dict[str, Any] = {
        **spanned(suspended=False),
        "mark": {"type": "bar", "height": 13, "stroke": INK, "strokeWidth": 0.7},
        "encoding": {**place, "fill": fill},
    }
    broken = {
        "field": "stage",
        "type": "nominal",
        "scale": {"domain": [names["suspended"]], "range": [[3, 2]]},
        "legend": {
            "title": None,
            "orient": "bottom",
            "symbolStrokeColor": INK,
            "symbolStrokeWidth": 3,
        },
    }
    suspended: dict[str, Any] = {
        **spanned(suspended=True),
        "mark": {"type": "rule", "color": INK, "strokeWidth": 3},
        "encoding": {**place, "strokeDash": broken},
    }
    points = [
        {"task": label(task, lang), "end": one.stage.say(lang), "on": f"{one.on}"} for task, one in ends
    ]
    ended: dict[str, Any] = {
        "data": {"values": points},
        "mark": {"type": "point", "filled": True, "size": 90, "color": INK, "opacity": 1},
        "encoding": {"x": {"field": "on", **x}, "y": y, "shape": shape},
    }
    layers = [bands, suspended, ended]
    # a layer without data has no scale, and a drawing with one has no size
    drawn = [layer for layer in layers if layer["data"]["values"]]
    return {"width": WIDTH - 220, "height": {"step": 22}, "layer": drawn}


def _month(m: Material, lang: Lang) -> str:
    """How a month is written: the first one, and those of another year than the report's, with their year below."""
    month = f"utcFormat(datum.value, '{'%-m월' if lang == 'ko' else '%b'}')"
    of_year = f"datum.index === 0 || utcyear(datum.value) !== {m.gathered.year}"
    return f"{of_year} ? [{month}, utcFormat(datum.value, '%Y')] : {month}"


_STEPS = (  # of the table: the first day on which a task stood so
    ("proposed", "제안", "Proposed", lambda one: one.stage is Stage.PROPOSED),
    ("approved", "승인", "Approved", lambda one: one.stage is Stage.APPROVED),
    ("started", "추진", "In progress", lambda one: one.stage is Stage.IN_PROGRESS),
    ("reported", "결과보고", "Reported", lambda one: one.condition is Condition.REPORTED),
    ("closed", "마침", "Ended", lambda one: not one.stage.is_open),
)


def _stages_table(m: Material) -> Table:
    rows = []
    for task in m.tasks:
        found = [next(filter(stood, task.standings), None) for *_, stood in _STEPS]
        stage = Words(task.task.stage.say("ko"), task.task.stage.say("en"))
        days = (cell(one.on, [one.position]) if one else cell(None) for one in found)
        rows.append((cell(task.number), *days, cell(stage, [task.standings[-1].position])))
    return Table(
        "chart.timeline.data",
        Words("단계가 시작된 날", "The day on which each stage began"),
        (
            column("task", "과제", "Task", weight=2),
            *(column(step, ko, en, "date", 2) for step, ko, en, _ in _STEPS),
            column("stage", "현재 단계", "Stage now", weight=2),
        ),
        tuple(rows),
    )
