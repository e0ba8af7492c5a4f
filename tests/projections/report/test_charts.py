"""The charts as drawn: labels have room, and what looks alike is the same."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from projections.report.drawing import charts, drawings
from tests.projections.report.two_years import both_years, reported


@cache
def drawn(identity: str) -> str:
    return next(drawings(one, "ko")[0] for one in charts(reported(both_years())) if one.id == identity)


def test_a_label_over_the_highest_point_stands_clear_of_the_frame() -> None:
    labels = re.findall(r'<g class="mark-text role-mark .*?</g>', drawn("chart.progress"))
    assert any(">100</text>" in one for one in labels)
    for baseline, size in re.findall(
        r"translate\([\d.]+,(-?[\d.]+)\).*?font-size=\"(\d+)px\"", "".join(labels)
    ):
        assert float(baseline) - float(size) >= 6  # px below the frame's upper edge, which is at 0


def test_a_suspended_task_is_drawn_as_no_other_stage_also_in_grey() -> None:
    """Its bar is a broken line; the fills of all stages differ by lightness."""
    timeline = drawn("chart.timeline")
    dashed = re.findall(r'<(line|path)[^>]*stroke-dasharray="3,2"', timeline)
    assert sorted(dashed) == ["line", "path"], "the bar, and its sign in the legend"
    bars = re.findall(r'<g class="mark-rect role-mark .*?</g>', timeline)
    fills = sorted(_lightness(one) for one in {*re.findall(r'fill="#(\w{6})"', "".join(bars))})
    assert len(fills) == 4
    assert all(other - one > 30 for one, other in pairwise(fills))


def _lightness(color: str) -> float:
    red, green, blue = bytes.fromhex(color)
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_months_of_the_next_year_carry_their_year() -> None:
    timeline = drawn("chart.timeline")
    dated = re.findall(r"<tspan>(\d+월)</tspan><tspan[^>]*>(\d{4})</tspan>", timeline)
    assert dated == [("3월", "2024"), ("1월", "2025"), ("2월", "2025")]
    assert ">4월</text>" in timeline  # the control: of the report's own year


def test_on_a_narrow_screen_a_chart_is_drawn_anew_with_letters_of_the_same_size() -> None:
    for chart in charts(reported(both_years())):
        wide, narrow = drawings(chart, "ko")[0], drawings(chart, "ko", narrow=True)[0]
        assert _width(narrow) <= 358 < _width(wide)
        sizes = [set(re.findall(r'font-size="(\d+)px"', one)) for one in (wide, narrow)]
        assert sizes[0] == sizes[1], chart.id


def _width(drawn: str) -> float:
    found = re.search(r' width="([\d.]+)"', drawn)
    assert found is not None
    return float(found[1])
