"""A year's report from the store: as of a day or as all is known, and once more from what a file says of itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from domain.errors import Refusal
from domain.seoul import local_day
from projections.code_version import code_version
from projections.report.composing import Made, compose
from projections.report.document import Document
from projections.report.gathering import Gathered, gather
from projections.slices import AsOf, AsOfMoments, end_of, facts_of, resolve_known_as_of
from store.log import Store
from store.recorded import RecordedFact
from trail.leaf import leaf_of
from trail.tree import leaf_hash

_TREE = Path(__file__).parents[2]
_EVERY = 500
ReportProgress = Callable[[int, int], None]


class NotYetKnown(Refusal):
    """`as_of`: a day that has not come; `today`: by the store's clock."""

    ko = "기준일 {as_of}은(는) 아직 오지 않았습니다(오늘 {today}). 오늘까지의 날을 지정하십시오."
    en = "The day {as_of} has not come yet (today is {today}). Give a day until today."


def report(
    store: Store,
    year: int,
    as_of: date | None = None,
    position: int | None = None,
    told: ReportProgress = lambda *_: None,
) -> tuple[Document, Gathered]:
    """The report, and what it was made from. `position`: nothing after this fact; `told(position, of)`: how far it is.

    Raises YearWithoutFacts, NothingKnownThen, NotYetKnown.
    """
    made = Made(program(), lock_digest(), store.simulated, as_of, log_of(store))
    if as_of is not None and position is None and as_of > (today := local_day(store.now())):
        raise NotYetKnown(as_of=as_of, today=today)
    found = resolve_known_as_of(store, AsOfMoments(as_of=None if as_of is None else end_of(as_of)))
    last = found.last if position is None else min(position, found.last)
    gathered = gather(_report_progress(facts_of(store, AsOf(last)), last, told), year)
    return compose(gathered, store.texts(gathered.text_refs()), made), gathered


def _report_progress(
    facts: Iterator[RecordedFact[Any]], last: int, told: ReportProgress
) -> Iterator[RecordedFact[Any]]:
    for recorded in facts:
        if recorded.position % _EVERY == 0 or recorded.position == last:
            told(recorded.position, last)
        yield recorded


def log_of(store: Store) -> str:
    """The first fact's leaf hash in hex, which names the store's log; empty where it has no fact."""
    return "".join(leaf_hash(leaf_of(row)).hex() for row in store.rows_after(0, 1))


def program() -> str:
    """The program's version, its code's, and a digest over the report's other files: style, templates, fonts."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*")):
        if path.is_file() and path.suffix not in (".py", ".pyc"):
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return f"{version('donghaeng')}+{code_version()}.{digest.hexdigest()[:8]}"


def lock_digest() -> str:
    """SHA-256 of the lock file, in hex; empty where the program came without it."""
    lock = _TREE / "requirements.lock"
    return hashlib.sha256(lock.read_bytes()).hexdigest() if lock.is_file() else ""
