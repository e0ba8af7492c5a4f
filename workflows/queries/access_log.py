"""How the log of readings and refusals stands, as inspectors are told: its gaps, and what was sealed of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from domain.access.commands import AcknowledgeGap, ExamineRow
from domain.access.facts import Differing
from domain.errors import DonghaengError, Lang
from projections.inspection.watched import Gap, Kind, Watched
from store.log import Store
from store.watched import Pruning
from trail.errors import NotTrusted
from trail.sources import Folder
from workflows.queries.inquiry import Inquiry
from workflows.trail.watched import (
    WORDS,
    acknowledging,
    examining,
    in_words,
    load_access_log_status,
    read_sealed_here,
    remarks,
)

Kept = Callable[[], bytes]  # reads a checkpoint of that log that somebody kept


class GapRead(msgspec.Struct, frozen=True):
    """So many of a kind, the first of them by position, of strays by their rows' ids; `said`: all that in words."""

    kind: Kind
    meaning: str
    count: int
    first: tuple[int, ...]
    said: str


class LogStands(msgspec.Struct, frozen=True, kw_only=True):
    """How the log of readings and refusals stands: see `projections.inspection.watched.Watched`.

    `problem`: why it could not be held against what was sealed of it; `remarks`: what else there is to say, in words.
    """

    entries: int
    sealed: int | None
    unsealed: int
    unsealed_since: datetime | None
    adopted: int
    pruned: int
    prunings: tuple[Pruning, ...]
    problem: str | None
    gaps: list[GapRead]
    acknowledged: list[GapRead]
    remarks: list[str]


def acknowledging_gap(
    inquiry: Inquiry, first: int, last: int, note: str, trail_folder: Path
) -> AcknowledgeGap:
    """The command that says of a gap in the log that it was looked into. Raises NotAGap."""
    inquiry.authorise("access")
    watched, _ = look(inquiry.store, trail_folder)
    return acknowledging(watched, first, last, note)


def examining_row(
    inquiry: Inquiry, what: Differing, number: int, note: str, trail_folder: Path
) -> ExamineRow:
    """The command that says of a row that is not what was written down that it was looked into, as it is now."""
    inquiry.authorise("access")
    watched, _ = look(inquiry.store, trail_folder)
    return examining(inquiry.store, watched, what, number, note)


def look(store: Store, trail_folder: Path, kept: Kept | None = None) -> tuple[Watched, DonghaengError | None]:
    """How the whole log stands now; and why it could not be held against what was sealed of it."""
    problem: DonghaengError | None = None
    given = None if kept is None else kept()
    try:
        sealed = read_sealed_here(Folder(trail_folder), given)
        return load_access_log_status(store, None if sealed is None else sealed.tiles), None
    except NotTrusted as error:  # the entries are compared with their rows all the same
        problem = error
    return load_access_log_status(store, None), problem


def entries_under(trail_folder: Path, kept: bytes) -> int:
    """How many entries are under a checkpoint that somebody kept, which the log goes on from. Raises NotTrusted, BadPolicy."""
    sealed = read_sealed_here(Folder(trail_folder), kept)
    assert sealed is not None
    assert sealed.since is not None
    return sealed.since


def stands(watched: Watched, problem: DonghaengError | None, lang: Lang) -> LogStands:
    """The same as a document; `problem`: why it could not be held against what was sealed."""
    return LogStands(
        entries=watched.entries,
        sealed=watched.sealed,
        unsealed=watched.unsealed,
        unsealed_since=watched.unsealed_since,
        adopted=watched.adopted,
        pruned=watched.pruned,
        prunings=watched.prunings,
        problem=None if problem is None else problem.say(lang),
        gaps=[_gap(one, lang) for one in watched.gaps],
        acknowledged=[_gap(one, lang) for one in watched.acknowledged],
        remarks=[one.say(lang) for one in remarks(watched)],
    )


def _gap(one: Gap, lang: Lang) -> GapRead:
    return GapRead(one.kind, WORDS[one.kind].say(lang), one.count, one.first, in_words(one, lang))
