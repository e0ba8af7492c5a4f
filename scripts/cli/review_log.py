"""How the log of readings and refusals stands, as `access review` tells it: its gaps, and what was sealed of it."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from domain.english import many
from domain.errors import DonghaengError
from projections.trail.errors import NotTrusted
from projections.trail.sources import Folder
from projections.trail.tiles import Tiles
from projections.trail.watched import Watched
from scripts.cli.run import Run
from workers.bootstrap import Engine
from workers.sealing.place import trail_folder
from workflows.trail_watched import WORDS, in_words, remarks, sealed_here, watched_of


def look(engine: Engine) -> tuple[Watched, DonghaengError | None]:
    """How the whole log of readings and refusals stands; and why it could not be held against what was sealed of it."""
    problem: DonghaengError | None = None
    tiles: Tiles | None = None
    try:
        tiles = sealed_here(Folder(trail_folder(engine.data)))
        return watched_of(engine.store, tiles), None
    except (
        NotTrusted
    ) as error:  # tiles that do not fit: the entries are compared with their rows all the same
        problem = error
    return watched_of(engine.store, None), problem


def told(run: Run, watched: Watched, problem: DonghaengError | None) -> dict[str, Any]:
    """`sealed`: null where nothing is sealed on this machine; `gaps`: positions in the log, of strays their rows' ids."""
    return {
        "entries": watched.entries,
        "sealed": watched.sealed,
        "unsealed": watched.unsealed,
        "unsealed_since": watched.unsealed_since,
        "adopted": watched.adopted,
        "pruned": watched.pruned,
        "prunings": watched.prunings,
        "problem": None if problem is None else problem.say(run.lang),
        "gaps": [
            {
                "kind": one.kind,
                "meaning": WORDS[one.kind].say(run.lang),
                "count": one.count,
                "first": one.first,
            }
            for one in watched.gaps
        ],
    }


def say(run: Run, watched: Watched, problem: DonghaengError | None, out: Console) -> None:
    def line(text: str, style: str | None = None) -> None:
        out.print(text, style=style, soft_wrap=True, markup=False, highlight=False)

    sealed = watched.sealed or 0
    line(
        run.words(
            f"열람·거부 기록 전체 {watched.entries}건, 봉인 {sealed}건",
            f"log of readings and refusals: {many(watched.entries, 'entry', 'entries')} in all, {sealed} sealed",
        ),
        "bold",
    )
    if problem is not None:
        line(f"  {problem.say(run.lang)}", "red")
    elif watched.sealed is None:
        line(
            run.words(
                "  이 기계에 봉인된 것이 없어 봉인과는 비교하지 못했습니다. 봉인하는 기계에서 실행하십시오.",
                "  nothing is sealed on this machine, so that it was not compared with seals; run this where the log is sealed",
            ),
            "yellow",
        )
    for gap in watched.gaps:
        line(f"  {in_words(gap, run.lang)}", "red")
    if not watched.gaps and problem is None:
        line(run.words("  빠진 것이 없습니다.", "  no gaps"))
    for said in remarks(watched):
        line(f"  {said.say(run.lang)}")
