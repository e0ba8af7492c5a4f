"""Holds the database against what was sealed, without being asked: a part at each seal, all of it each night.

What differs is put on record as a fact and stays an alarm until an inspector has looked into it or it agrees again.
Sealing goes on meanwhile: what is sealed already cannot be sealed otherwise, and what is new is open to change until it
is. Who edits one old fact must not be able to keep all later ones from being sealed.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from msgspec.structs import replace

from projections.differing import Part
from projections.fresh import Unfoldable
from projections.rows_as_of import forget_removed, keep_spaced
from projections.views import VIEWS
from trail.errors import NotTrusted
from trail.growing import tiles_in
from trail.leaf_comparison import compare_some
from trail.logs import Logger
from workers.engine import Engine
from workers.restore_guard import may_act
from workers.sealing import differences
from workers.sealing.errors import NoTrail, StoreRestored
from workers.sealing.folder import Signed, TrailFolder
from workers.sealing.nights import (
    Night,
    Rolling,
    night,
    remember,
    rolling,
    tonight,
)
from workers.sealing.recording_differences import Found, agree, record
from workers.servers.data_folder import unusable
from workflows.trail.alarms import load_known
from workflows.trail.beside import check_beside
from workflows.trail.views import compare_views_on, differing_views

_log = Logger()
_LEAST = 2048  # facts compared at each seal
_SEALS_A_DAY = 2880  # so that a round takes no longer than a day, however many facts there are
_SLICE = 51_200  # facts of the night's comparison in one job, so that sealing does not wait for longer


def compare_rolling(engine: Engine, most: int | None = None) -> int:
    """Compare the next facts, and their texts, with what was sealed; up to which position.

    Safe to run twice, late or side by side: what differs is put on record once, and the place in the round only says
    where to go on. Raises NoTrail, StoreRestored, StoreFault.
    """
    with _alone(engine) as free:
        if not free:
            return 0
        signed, known = _load_signed(engine), rolling(engine.data)
        if known.origin != signed.origin or known.position >= signed.size:
            known = Rolling(signed.origin, 0, known.round_over)
        at_once = most or max(_LEAST, signed.size // _SEALS_A_DAY)
        up_to, _ = _compare(engine, signed, known.position, at_once, texts=True)
        over = datetime.now(UTC) if up_to >= signed.size else known.round_over
        remember(engine.data, Rolling(signed.origin, up_to, over))
    return up_to


def compare_nightly(engine: Engine, now: datetime | None = None, at_once: int = _SLICE) -> bool:
    """Compare the next part of all that there is; whether more is left for tonight.

    Safe to run twice, late or side by side; one that was killed goes on where it had come to. Raises as `compare_rolling`.
    """
    with _alone(engine) as free:
        if not free:
            return False
        signed, known = _load_signed(engine), night(engine.data)
        if known is None or known.origin != signed.origin or known.day < tonight(now):
            ended = None if known is None else known.ended
            known = Night(tonight(now), signed.origin, signed.size, datetime.now(UTC), ended=ended)
        if known.stage == "over":
            return False
        known = _stage(engine, signed, known, at_once)
        if known.stage == "over":
            known = replace(known, ended=datetime.now(UTC))
            _log.info("trail_compared", size=known.size, found=known.found)
        remember(engine.data, known)
    return known.stage != "over"


def _stage(engine: Engine, signed: Signed, known: Night, at_once: int) -> Night:
    if known.stage == "facts":
        up_to, found = _compare(engine, signed, known.position, at_once, texts=False)
        known = replace(known, position=up_to, found=tuple(dict.fromkeys((*known.found, *found))))
        if up_to < signed.size:
            return known
        if two := differences.two_times(engine, signed):
            record(engine, Part.FACTS, signed.size, two)
            known = replace(known, found=(*known.found, Part.FACTS))
        for part in (Part.FACTS, Part.TILES):
            if part not in known.found:
                agree(engine, part, signed.size)
        return replace(known, stage="beside")
    if known.stage == "beside":
        beside = differences.of_beside(check_beside(engine.store, load_known(engine.store, Part.BESIDE)))
        return replace(known, stage="entries", found=_settle(engine, known, Part.BESIDE, beside))
    if known.stage == "entries":
        return replace(
            known, stage="views", found=_settle(engine, known, Part.ENTRIES, differences.entries(engine))
        )
    if known.stage == "views":
        return _views(engine, known)
    return replace(
        known, stage="over", found=_settle(engine, known, Part.READINGS, differences.readings(engine))
    )


def _views(engine: Engine, known: Night) -> Night:
    """The next view, one a job; after the last one they agree where none of them differed."""
    views = compare_views_on()
    next_one = views[known.views : known.views + 1]
    some = differing_views(engine.store, next_one)
    for view in next_one:
        with suppress(Unfoldable):  # then it is stopped, which is said elsewhere
            keep_spaced(engine.store, view)
    differs = [Found(name, row=which) for name, which in some.items()]
    if differs:
        record(engine, Part.VIEWS, known.size, differs)
    found = tuple(dict.fromkeys((*known.found, *(Part.VIEWS for _ in differs))))
    known = replace(known, views=known.views + 1, found=found)
    if known.views < len(views):
        return known
    forget_removed(engine.store, VIEWS)
    if Part.VIEWS not in found:
        agree(engine, Part.VIEWS, known.size)
    return replace(known, stage="readings")


def _settle(engine: Engine, known: Night, part: Part, found: Sequence[Found] | None) -> tuple[str, ...]:
    """`found`: None where it could not be compared, so that nothing is said of it."""
    if found:
        record(engine, part, known.size, found)
        return (*known.found, part)
    if found is not None:
        agree(engine, part, known.size)
    return known.found


def _compare(
    engine: Engine, signed: Signed, after: int, most: int, *, texts: bool
) -> tuple[int, tuple[str, ...]]:
    """Up to where facts were compared, and the parts of which something differs, which is on record then."""
    tiles = tiles_in(TrailFolder(engine.data).path, signed.size)
    read = engine.store.rows_after
    try:
        differences.check_top(tiles, signed)
        found = compare_some(tiles, read, after, most)
        differing = differences.first_news(engine, tiles, found.differing)
    except NotTrusted as error:
        _log.error("tiles_not_as_sealed", said=error.say("en"))
        record(engine, Part.TILES, signed.size, [Found("unlike", row=str(error.details["where"]))])
        return min(after + most, signed.size), (Part.TILES,)
    parts: list[str] = [Part.FACTS] if found.differing else []
    if differing:
        record(engine, Part.FACTS, signed.size, differing)
    if texts and (beside := differences.texts_beside(engine, found.rows)):
        record(engine, Part.BESIDE, signed.size, beside)
        parts.append(Part.BESIDE)
    return found.up_to, tuple(parts)


def _load_signed(engine: Engine) -> Signed:
    if not may_act(engine.store, engine.data):
        raise StoreRestored
    return TrailFolder(engine.data).load_signed()


@contextmanager
def _alone(engine: Engine) -> Iterator[bool]:
    """Whether nobody else compares. Sealing goes on beside it. Raises NoTrail, FolderNotUsable, FolderFull."""
    folder = TrailFolder(engine.data).path
    if not folder.is_dir():
        raise NoTrail(path=folder)
    try:
        with (folder / "compared-lock").open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                free = True
            except BlockingIOError:
                free = False
            yield free
    except OSError as error:
        raise unusable(folder, error) from None
