"""The stages of each task from day to day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import msgspec

from domain.errors import Bilingual, Lang
from domain.task.stages import Condition, Stage
from projections.report.charts.looks import INK, WIDTH, alt, label, specs, split_rows
from projections.report.document import Chart, Table, Text
from projections.report.report_data import ReportData, absent, cell, column
from projections.report.tracing import StageSpan, Traced

_BANDS = (  # of the timeline: label, fill; each lighter or darker than its neighbours
    ("proposed", "제안", "Proposed", "#ffffff"),
    ("approved", "승인", "Approved", "#c9d6e3"),
    ("in_progress", "추진", "In progress", "#5b87b2"),
    ("rated", "결과보고·시민평가", "Reported, rated", "#123a5f"),
)
_SUSPENDED = Bilingual("일시 중지", "Suspended")  # no band but a broken line, which no grey is taken for
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


def timeline_chart(m: ReportData) -> Chart | Text:
    """Each task's stages from day to day, and how it ended."""
    spans, ends = _spans(m), [(t, t.standings[-1]) for t in m.tasks if not t.task.stage.is_open]
    if not spans and not ends:
        return absent("하루를 넘긴 단계가 없음.", "No stage has lasted for a day yet.")
    counts = {stage: sum(one.stage is stage for _, one in ends) for stage in _ENDS}
    said = alt(
        Bilingual(
            "과제마다 단계를 날짜에 따라 띠로 나타낸 도표. 끝난 과제:",
            "Bars of each task's stages from day to day. How tasks ended:",
        ),
        [(Bilingual(s.say("ko"), s.say("en")), str(count)) for s, count in counts.items() if count],
    )
    first, *rest = (specs(partial(_spec, m, tasks, spans, ends)) for tasks in split_rows(m.tasks))
    title = Bilingual("단계별 추진 경과", "Timeline of stages")
    return Chart("chart.timeline", title, said, first, _stages_table(m), tuple(rest))


def _spans(m: ReportData) -> list[_Span]:
    found = []
    for task in m.tasks:
        ends = [*(one.on for one in task.standings[1:]), m.as_of]
        for one, until in zip(task.standings, ends, strict=True):
            if one.stage.is_open and until > one.on:
                found.append(_Span(task, _band(one.stage, one.condition), one.on, until))
    return found


def _spec(
    m: ReportData,
    tasks: Sequence[Traced],
    of_all: Sequence[_Span],
    ended_of_all: Sequence[tuple[Traced, StageSpan]],
    lang: Lang,
) -> dict[str, Any]:
    """`tasks`: those of this drawing; the days and signs are those of all drawings."""
    numbers = {task.number for task in tasks}
    spans = [one for one in of_all if one.task.number in numbers]
    ends = [one for one in ended_of_all if one[0].number in numbers]
    names = {band: Bilingual(ko, en).say(lang) for band, ko, en, _ in _BANDS}
    names["suspended"] = _SUSPENDED.say(lang)
    y = {
        "field": "task",
        "type": "nominal",
        "title": None,
        "scale": {"domain": [label(task, lang) for task in tasks]},
    }
    # labels grow downwards: the padding is the second line's
    axis = {
        "tickCount": "month",
        "labelExpr": _month(m, lang),
        "labelPadding": 16,
        "grid": True,
        "orient": "top",
    }
    days = [day for one in of_all for day in (one.on, one.until)] + [one.on for _, one in ended_of_all]
    whole = [f"{min(days)}", f"{max(days)}"]
    x = {"type": "temporal", "scale": {"type": "utc", "domain": whole}, "title": None, "axis": axis}
    values = [(one.band == "suspended", _as_row(one, names, lang)) for one in spans]
    place = {"x": {"field": "from", **x}, "x2": {"field": "to"}, "y": y}
    bands: dict[str, Any] = {
        "data": {"values": [one for broken, one in values if not broken]},
        "mark": {"type": "bar", "height": 13, "stroke": INK, "strokeWidth": 0.7},
        "encoding": {**place, "fill": _fill(spans, names)},
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
        "data": {"values": [one for broken, one in values if broken]},
        "mark": {"type": "rule", "color": INK, "strokeWidth": 3},
        "encoding": {**place, "strokeDash": broken},
    }
    points = [
        {"task": label(task, lang), "end": one.stage.say(lang), "on": f"{one.on}"} for task, one in ends
    ]
    ended: dict[str, Any] = {
        "data": {"values": points},
        "mark": {"type": "point", "filled": True, "size": 90, "color": INK, "opacity": 1},
        "encoding": {"x": {"field": "on", **x}, "y": y, "shape": _shape(ends, lang)},
    }
    layers = [bands, suspended, ended]
    # a layer without data has no scale, and a drawing with one has no size
    drawn = [layer for layer in layers if layer["data"]["values"]]
    return {"width": WIDTH - 220, "height": {"step": 22}, "layer": drawn}


def _fill(spans: Sequence[_Span], names: Mapping[str, str]) -> dict[str, Any]:
    """The bands that there are."""
    there = {one.band for one in spans}
    used = [(names[band], fill) for band, _, _, fill in _BANDS if band in there]
    return {
        "field": "stage",
        "type": "nominal",
        "scale": {"domain": [name for name, _ in used], "range": [fill for _, fill in used]},
        "legend": {
            "title": None,
            "orient": "bottom",
            "symbolStrokeColor": INK,
            "symbolType": "square",
            "columns": 5,
        },
    }


def _shape(ends: Sequence[tuple[Traced, StageSpan]], lang: Lang) -> dict[str, Any]:
    """The ends that there are."""
    there = {one.stage for _, one in ends}
    closed = [stage for stage in _ENDS if stage in there]
    return {
        "field": "end",
        "type": "nominal",
        "scale": {"domain": [one.say(lang) for one in closed], "range": [_ENDS[one] for one in closed]},
        "legend": {"title": None, "orient": "bottom"},
    }


def _as_row(one: _Span, names: Mapping[str, str], lang: Lang) -> dict[str, str]:
    return {
        "task": label(one.task, lang),
        "stage": names[one.band],
        "from": f"{one.on}",
        "to": f"{one.until}",
    }


def _month(m: ReportData, lang: Lang) -> str:
    """How a month is written: the first one, and those of another year than the report's, with their year below."""
    month = f"utcFormat(datum.value, '{'%-m월' if lang == 'ko' else '%b'}')"
    of_year = f"datum.index === 0 || utcyear(datum.value) !== {m.gathered.year}"
    return f"{of_year} ? [{month}, utcFormat(datum.value, '%Y')] : {month}"


_STEPS = (  # of the table: the first day on which a task stood so
    ("proposed", "제안", "Proposed", lambda one: one.stage is Stage.PROPOSED),
    ("approved", "승인", "Approved", lambda one: one.stage is Stage.APPROVED),
    ("started", "추진", "In progress", lambda one: one.stage is Stage.IN_PROGRESS),
    ("reported", "결과보고", "Reported", lambda one: one.condition is Condition.REPORTED),
    ("closed", "종료", "Ended", lambda one: not one.stage.is_open),
)


def _stages_table(m: ReportData) -> Table:
    rows = []
    for task in m.tasks:
        found = [next(filter(stood, task.standings), None) for *_, stood in _STEPS]
        stage = Bilingual(task.task.stage.say("ko"), task.task.stage.say("en"))
        days = (cell(one.on, [one.position]) if one else cell(None) for one in found)
        rows.append((cell(task.number), *days, cell(stage, [task.standings[-1].position])))
    return Table(
        "chart.timeline.data",
        Bilingual("단계별 시작일", "The day on which each stage began"),
        (
            column("task", "과제", "Task", weight=2),
            *(column(step, ko, en, "date", 2) for step, ko, en, _ in _STEPS),
            column("stage", "현재 단계", "Stage now", weight=2),
        ),
        tuple(rows),
    )
