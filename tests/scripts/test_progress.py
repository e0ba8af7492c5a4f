"""One bar for all long jobs: where a person looks on, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress, ProgressColumn, TimeRemainingColumn

from scripts.cli.progress import TimeLeft, progress, ticking
from scripts.cli.run import Run
from tests.conftest import top


def looked_at(work: Callable[[Run], None], *, terminal: bool = True, as_json: bool = False) -> str:
    run, seen = Run(as_json=as_json, lang="en"), StringIO()
    run.err = Console(file=seen, force_terminal=terminal, width=100)
    work(run)
    return seen.getvalue()


def half(run: Run) -> None:
    with progress(run, "가져오기", "out/[/x].csv", lambda: "2024-03-07") as told:
        told(5, 10)


def ticked(run: Run) -> None:
    found: list[int] = []
    with ticking(run, "확인", "checking", lambda: found[0] if found else None) as tick:
        tick(2)
        found.append(8)
        tick(2)


def test_it_says_how_far_it_is_and_takes_a_name_as_it_is() -> None:
    seen = looked_at(half)
    assert "out/[/x].csv" in seen, "a path is no markup"
    assert "50%" in seen
    assert "2024-03-07" in seen
    assert "50%" in looked_at(ticked), "of what was found out on the way"


@pytest.mark.parametrize("work", [half, ticked])
def test_nobody_who_reads_json_or_a_file_sees_it(work: Callable[[Run], None]) -> None:
    assert looked_at(work, terminal=False) == ""
    assert looked_at(work, as_json=True) == ""
    assert looked_at(work) != "", "the control"


# of a simulated year, as a terminal showed it: seconds, and how much of all was done then
WATCHED = [
    *(
        (4, 0),
        (22, 1),
        (27, 3),
        (34, 5),
        (44, 6),
        (50, 6),
        (59, 12),
        (90, 12),
        (96, 32),
        (110, 32),
        (119, 36),
    ),
    *((185, 60), (200, 60), (227, 86), (240, 86), (253, 100)),
]


def lefts(column: ProgressColumn) -> list[str]:
    """The time left that is shown at each of these moments."""
    now = [0.0]
    bar = Progress(column, console=Console(file=StringIO()), get_time=lambda: now[0])
    task = bar.add_task("", total=100)
    shown = []
    for seconds, done in WATCHED:
        now[0] = float(seconds)
        bar.update(task, completed=done)
        shown.append(str(column.render(bar.tasks[0])))
    return shown


def seconds_of(shown: list[str]) -> list[int]:
    return [int(one.split(":")[0]) * 60 + int(one.split(":")[1]) for one in shown if "-" not in one]


def test_the_time_left_is_told_once_something_can_be_and_falls() -> None:
    shown = lefts(TimeLeft())
    assert shown[:3] == ["-:--"] * 3, "of the first pieces nothing is foretold"
    assert shown[3:] == [
        *("10:46", "11:30", "11:24", "7:13", "6:42", "3:24", "3:10", "3:32"),
        *("2:04", "1:49", "0:37", "0:24", "0:00"),
    ]
    assert all(later <= before + 60 for before, later in pairwise(seconds_of(shown)))


def test_a_piece_that_takes_longer_than_all_of_it_should_leaves_a_second() -> None:
    now = [0.0]
    bar = Progress(column := TimeLeft(), console=Console(file=StringIO()), get_time=lambda: now[0])
    task = bar.add_task("", total=100)
    now[0] = 10.0
    bar.update(task, completed=50)
    assert str(column.render(bar.tasks[0])) == "0:10"
    now[0] = 60.0
    assert str(column.render(bar.tasks[0])) == "0:01"


def test_by_the_last_pieces_alone_it_leaps() -> None:
    """The control: what stood there before."""
    told = seconds_of(lefts(TimeRemainingColumn(compact=True)))
    assert any(later > before + 60 for before, later in pairwise(told)) or len(told) < len(WATCHED) - 3


def test_no_command_has_one_of_its_own() -> None:
    own = Path(top() / "scripts" / "cli").glob("*.py")
    assert [one.name for one in own if re.search(r"rich\.progress", one.read_text("utf-8"))] == [
        "progress.py"
    ]
