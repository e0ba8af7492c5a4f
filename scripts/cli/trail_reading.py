"""`trail search`: what stands in the trail, looked up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from domain.english import many
from domain.errors import Lang
from domain.seoul import SEOUL
from projections.trail.leaves import Tick
from projections.trail.searching import Filters
from scripts.cli.run import Run, command
from scripts.cli.shown import recorded, say_below
from scripts.cli.trail_options import agencies_of, filtered, tasks_of
from store.log import Store
from workflows.trail_completeness import Complete
from workflows.trail_filters import position
from workflows.trail_reading import COUNTED, MOST, Entry, Page, compared_now, page

Limit = Annotated[int, typer.Option(min=1, max=MOST, help="Entries a page.")]
Before = Annotated[
    int | None, typer.Option(metavar="POSITION", help="Only what was recorded before this one.")
]
Compare = Annotated[
    bool, typer.Option("--compare", help="First compare every entry with its fact, half a minute a million.")
]


def add(trails: typer.Typer) -> None:
    @command(trails, "search")
    @filtered
    def search(
        run: Run, filters: Filters, limit: Limit = 50, before: Before = None, compare: Compare = False
    ) -> None:
        """Find entries of the trail by all that is given, the newest first (감사 이력 검색)."""
        if before is not None:
            position("--before", before)
        with run.engine() as engine:
            run.may_read(engine, "trail", agencies_of(filters), tasks=tasks_of(filters))
            with comparing(run, engine.store) as tick:
                compared = compared_now(engine.store, tick) if compare else None
            found = page(engine.store, filters, run.lang, before=before, limit=limit, compared=compared)
        run.show(found, lambda out: say_page(run, found, out))


def say_page(run: Run, found: Page, out: Console) -> None:
    say_entries(found.entries, out, run.lang)
    if not found.entries:
        out.print(run.words("찾은 기록이 없습니다.", "Nothing was found."))
    elif found.matches is not None:
        out.print(_counted(run, found.matches), style="dim")
    if found.before is not None:
        out.print(
            run.words(f"이어 보기: --before {found.before}", f"More: --before {found.before}"), style="dim"
        )
    if found.lag:
        say_lag(run, found.lag, out)
    say_complete(run, found.complete, out)


def _counted(run: Run, matches: int) -> str:
    if matches >= COUNTED:
        return run.words(f"해당 기록 {matches:,}건 이상", f"{matches:,} matches or more")
    return run.words(f"해당 기록 {matches:,}건", many(matches, "match", "matches"))


def say_complete(run: Run, complete: Complete, out: Console) -> None:
    """Up to where nothing is missing, and by which check; louder where something was changed."""
    out.print(complete.words.say(run.lang), style="dim", soft_wrap=True, markup=False)
    if (warning := complete.warning) is not None:
        out.print(warning.say(run.lang), style="bold red", soft_wrap=True, markup=False)


@contextmanager
def comparing(run: Run, store: Store) -> Iterator[Tick]:
    """A bar while entries are compared with the facts, where one is looked at."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    hidden = run.as_json or not run.err.is_terminal
    with Progress(*columns, console=run.err, transient=True, disable=hidden) as bar:
        shown = bar.add_task(
            run.words("기록과 대조", "comparing with the facts"), total=store.head().position
        )
        yield lambda count: bar.update(shown, advance=count)


def say_lag(run: Run, lag: int, out: Console) -> None:
    """An inspector must not take what is not there yet for what never was."""
    out.print(
        run.words(
            f"최근 기록 {lag}건은 아직 검색되지 않습니다. `donghaeng up`이 실행 중인지 확인하십시오.",
            f"The last {many(lag, 'fact')} cannot be found yet. See that `donghaeng up` is running.",
        ),
        style="yellow",
        soft_wrap=True,
    )


def say_entries(entries: Sequence[Entry], out: Console, lang: Lang) -> None:
    """A line each: position, when it became known in Seoul, of which stream, and what happened; when it was recorded where
    that is another time.
    """
    beside, below = recorded(entries, lang)
    for one, when in zip(entries, beside, strict=True):
        head = f"{one.position:>7}  {one.known_at.astimezone(SEOUL):%Y-%m-%d %H:%M}  {one.stream}  "
        line = Text(head, style="dim").append(one.sentence, style="default").append(when, style="yellow")
        out.print(line, soft_wrap=True)
    say_below(out, below)
