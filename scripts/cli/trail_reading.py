"""`trail search`: what stands in the trail, looked up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from domain.errors import Bilingual, Lang
from domain.seoul import SEOUL
from projections.inspection.searching import Filters
from scripts.cli.printing import recording_times, say_below
from scripts.cli.progress import ticking
from scripts.cli.run import Run, command
from scripts.cli.tables import say_nothing
from scripts.cli.trail_options import with_filter_options
from store.log import Store
from trail.english import many
from workflows.queries.trail import search_trail
from workflows.trail.completeness import Complete
from workflows.trail.reading import COUNTED, MOST, Page, TrailEntry

if TYPE_CHECKING:
    from trail.leaves import Tick

Limit = Annotated[int, typer.Option(min=1, max=MOST, help="Entries a page. = 한 쪽에 보일 건수.")]
Before = Annotated[
    int | None,
    typer.Option(
        metavar="POSITION", help="Only what was recorded before this one. = 이것보다 먼저 기록된 것만."
    ),
]
Compare = Annotated[
    bool,
    typer.Option(
        "--compare",
        help="First compare every entry with its fact, half a minute a million. "
        "= 먼저 모든 항목을 기록과 대조합니다. 백만 건에 30초쯤 걸립니다.",
    ),
]


def add(trails: typer.Typer) -> None:
    @command(trails, "search")
    @with_filter_options
    def search(
        run: Run, filters: Filters, limit: Limit = 50, before: Before = None, compare: Compare = False
    ) -> None:
        """Find entries of the trail by all that is given, the newest first (감사 이력 검색).

        = 준 조건을 모두 만족하는 감사 이력을 최근 것부터 찾습니다.
        """
        with run.asking() as inquiry, comparing(run, inquiry.store) as tick:
            found = search_trail(inquiry, filters, before=before, limit=limit, compare=compare, tick=tick)
        run.show(found, lambda out: say_page(run, found, out))


def say_page(run: Run, found: Page, out: Console) -> None:
    say_entries(found.entries, out, run.lang, found.people)
    if not found.entries:
        say_nothing(out, run.lang, Bilingual("찾은 기록이 없습니다.", "Nothing was found."))
    elif found.matches is not None:
        out.print(_describe_count(run, found.matches), style="dim")
    if found.before is not None:
        out.print(
            run.words(f"이어 보기: --before {found.before}", f"More: --before {found.before}"), style="dim"
        )
    if found.lag:
        say_lag(run, found.lag, out)
    say_complete(run, found.complete, out)


def _describe_count(run: Run, matches: int) -> str:
    if matches >= COUNTED:
        return run.words(f"해당 기록 {matches:,}건 이상", f"{matches:,} match(es) or more")
    return run.words(f"해당 기록 {matches:,}건", many(matches, "match", "matches"))


def say_complete(run: Run, complete: Complete, out: Console) -> None:
    """Up to where nothing is missing, and by which check; louder where something was changed."""
    out.print(complete.words.say(run.lang), style="dim", soft_wrap=True, markup=False)
    if (warning := complete.warning) is not None:
        out.print(warning.say(run.lang), style="bold red", soft_wrap=True, markup=False)


def comparing(run: Run, store: Store) -> AbstractContextManager[Tick]:
    """While entries are compared with the facts."""
    total = store.head().position
    return ticking(run, "기록과 대조", "comparing with the facts", lambda: total)


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


def say_entries(
    entries: Sequence[TrailEntry], out: Console, lang: Lang, people: Mapping[str, str] = {}
) -> None:
    """A line each: position, when it became known in Seoul, of which stream, and what happened; when it was recorded where
    that is another time. `people`: names by id: who acted stands behind what happened.
    """
    beside, below = recording_times(entries, lang)
    for one, when in zip(entries, beside, strict=True):
        head = f"{one.position:>7}  {one.known_at.astimezone(SEOUL):%Y-%m-%d %H:%M}  {one.stream}  "
        name = people.get(one.subject or "")
        who = "" if name is None else f"  [{name}]"
        line = (
            Text(head, style="dim").append(one.sentence + who, style="default").append(when, style="yellow")
        )
        out.print(line, soft_wrap=True)
    say_below(out, below)
