"""How far a long job has come, for who looks on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import ceil

from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskProgressColumn, TextColumn
from rich.text import Text

from scripts.cli.run import Run

Told = Callable[[int, int | None], None]
Tick = Callable[[int], None]
_LEAST = 0.05  # of all: before that nothing is foretold


class TimeLeft(ProgressColumn):
    """By what all so far took on average, counted down from the last piece on.

    Pieces are unequal, days of a year and facts of a log alike: by the last ones alone it leaps from a minute to an hour and
    back, and is not known at all while one takes long.
    """

    def __init__(self) -> None:
        super().__init__()
        self._done, self._then = (
            0.0,
            0.0,
        )  # how much was done at the last look at which more was, and after how long

    def render(self, task: Task) -> Text:
        """`m:ss`, or hours before it; dashes while too little is done to tell."""
        elapsed = task.elapsed or 0.0
        if task.completed != self._done:
            self._done, self._then = task.completed, elapsed
        if task.total is None or not elapsed or task.completed < task.total * _LEAST:
            return Text("-:--", style="progress.remaining")
        left = task.total - task.completed
        seconds = ceil(self._then * left / task.completed - (elapsed - self._then))
        return Text(_clock(max(seconds, 1) if left else 0), style="progress.remaining")


def _clock(seconds: int) -> str:
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


@contextmanager
def progress(
    run: Run,
    ko: str,
    en: str,
    beside: Callable[[], str] = lambda: "",
    clock: Callable[[], float] | None = None,
) -> Iterator[Told]:
    """One bar on stderr, gone afterwards; none where nobody looks on, or reads JSON.

    Yields `told(done, of)`; `of`: None while nobody knows. `beside`: what stands behind it at each look; `clock`: in seconds.
    """
    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(show_speed=True),
        TimeLeft(),
        TextColumn("{task.fields[beside]}", markup=False),
        console=run.err,
        transient=True,
        disable=run.as_json or not run.err.is_terminal,
        get_time=clock,
    ) as bar:
        task = bar.add_task(run.words(ko, en), total=None, beside="")
        yield lambda done, of: bar.update(task, completed=done, total=of or None, beside=beside())


@contextmanager
def ticking(run: Run, ko: str, en: str, total: Callable[[], int | None]) -> Iterator[Tick]:
    """The same for who says how many more are done. `total`: asked each time, since it may be found out on the way."""
    done = 0

    with progress(run, ko, en) as told:

        def tick(count: int) -> None:
            nonlocal done
            done += count
            told(done, total())

        yield tick
