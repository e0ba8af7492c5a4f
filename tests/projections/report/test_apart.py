"""Work in a process of its own: what it makes comes back, and a process that ends early is an error with a name."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from projections.report.drawing import charts, drawings, png
from projections.report.hwpx import write_hwpx
from projections.report.letters import printable_drawing
from projections.report.pdf import typeset
from projections.report.separate_process import NotMadeApart, run_separately
from tests.projections.report.awkward_documents import awkward


def twice(text: str) -> bytes:
    return (text * 2).encode()


def process() -> bytes:
    return str(os.getpid()).encode()


def fails() -> bytes:
    raise ValueError("that is why")


def killed() -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def test_what_it_makes_comes_back_from_another_process() -> None:
    assert run_separately(twice, "가😀") == "가😀가😀".encode()
    assert int(run_separately(process)) != os.getpid()


@pytest.mark.parametrize(("make", "why"), [(fails, "that is why"), (killed, "signal 9")])
def test_a_process_that_ends_early_is_named_with_why(make: object, why: str) -> None:
    with pytest.raises(NotMadeApart, match=why):
        run_separately(make)  # type: ignore[arg-type]


def most(make: Callable[..., object], *given: object) -> bytes:
    """The most memory that this process held at once, in MB, after `make(*given)`."""
    make(*given)
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return str(int(found[1]) // 1024).encode()


def drawn_charts() -> dict[str, list[str]]:
    return {
        chart.id: [printable_drawing(one) for one in drawings(chart, "ko")] for chart in charts(awkward())
    }


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is told by Linux")
def test_no_process_of_a_report_takes_more_than_200_mb() -> None:
    report, drawn = awkward(tasks=30), drawn_charts()
    pictures = {name: [png(one) for one in some] for name, some in drawn.items()}

    assert int(run_separately(most, drawn_charts)) < 200
    assert int(run_separately(most, typeset, report, "ko", drawn)) < 200
    assert int(run_separately(most, write_hwpx, report, "ko", pictures)) < 200


def test_in_one_process_it_would_be_more() -> None:  # the control
    assert int(run_separately(most, all_at_once)) > 200


def all_at_once() -> None:
    report, drawn = awkward(tasks=30), drawn_charts()
    typeset(report, "ko", drawn)
    write_hwpx(report, "ko", {name: [png(one) for one in some] for name, some in drawn.items()})
