"""What changed, field by field, as people read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rich.console import Console

from domain.errors import Bilingual
from projections.inspection.changes import Change
from projections.inspection.words import in_words, path_in_words
from projections.labels import Areas
from scripts.cli.run import Run
from scripts.cli.tables import say_nothing


def say_changes(
    run: Run, changes: Sequence[Change], text: Callable[[Any], str], areas: Areas, out: Console
) -> None:
    """A line a field under a title. `text`: how a free text is read, where it may be gone."""
    out.print(run.words("달라진 것", "what changed"), style="bold")
    say_fields(run, changes, text, areas, out)
    if not changes:
        say_nothing(out, run.lang, Bilingual("달라진 것이 없습니다.", "Nothing changed."))


def say_fields(
    run: Run, changes: Sequence[Change], text: Callable[[Any], str], areas: Areas, out: Console
) -> None:
    for change in changes:
        before, after = (
            in_words(value, run.lang, text, change.path[-1], areas) for value in (change.before, change.after)
        )
        out.print(
            f"  {path_in_words(change.path, run.lang)}: {before} → {after}", markup=False, soft_wrap=True
        )
