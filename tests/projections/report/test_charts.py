"""The charts as drawn: labels have room, and what looks alike is the same."""

from __future__ import annotations

import re
from functools import cache

from projections.report.drawing import charts, svg
from tests.projections.report.years_of_the_tests import both_years, reported


@cache
def drawn(identity: str) -> str:
    return next(svg(one, "ko") for one in charts(reported(both_years())) if one.id == identity)


def test_a_label_over_the_highest_point_stands_clear_of_the_frame() -> None:
    labels = re.findall(r'<g class="mark-text role-mark .*?</g>', drawn("chart.progress"))
    assert any(">100</text>" in one for one in labels)
    for baseline, size in re.findall(
        r"translate\([\d.]+,(-?[\d.]+)\).*?font-size=\"(\d+)px\"", "".join(labels)
    ):
        assert float(baseline) - float(size) >= 6  # px below the frame's upper edge, which is at 0
