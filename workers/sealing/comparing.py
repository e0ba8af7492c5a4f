"""Holds the database against what was sealed, without being asked: a part at each seal, all of it each night.

What differs is put on record as a fact and stays an alarm until an inspector has looked into it or it agrees again.
Sealing goes on meanwhile: what is sealed already cannot be sealed otherwise, and what is new is open to change until it
is. Who edits one old fact must not be able to keep all later ones from being sealed.
"""

from __future__ import annotations

import fcntl
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import msgspec
import structlog
from msgspec.structs import replace

from domain.errors import Refusal
from domain.trail.commands import RecordAgreement, RecordDifference
from projections.fresh import Unfoldable
from projections.positions import ViewNotBuilt
from projections.rebuilding.errors import OwnerNeeded
from projections.trail.comparing import compare_some, difference_at
from projections.trail.differing import Part, in_words
from projections.trail.errors import NotTrusted
from projections.trail.growing import tiles_in
from projections.trail.leaves import check_upper
from projections.trail.origin import Clock
from projections.trail.tiles import Tiles
from store.beside import Beside, begun, check_beside, check_texts
from store.connecting import Connection
from store.errors import StoreUnreachable
from workers.acted_on import may_act
from workers.bootstrap import Engine, owner_of
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
from workers.sealing.sealer import clock_of_log
from workers.servers.data_folder import unusable
from workflows.ruling import by_rule
from workflows.trail_alarms import alarms
from workflows.trail_completeness import compare_entries
from workflows.trail_verifying import first_of_two_times

_log = structlog.get_logger()
_LEAST = 2048  # facts compared at each seal
_SEALS_A_DAY = 2880  # so that a round takes no longer than a day, however many facts there are
_SLICE = 51_200  # facts of the night's comparison in one job, so that sealing does not wait for longer
_RULE, _RULE_VERSION = "trail.compare", "1"


class Found(msgspec.Struct, frozen=True):
    """One thing that differs."""

    what: str
    position: int | None = None


def compare_rolling(engine: Engine, most: int | None = None) -> int:
    """Compare the next facts, and their texts, with what was sealed; up to which position.

    Safe to run twice, late or side by side: what differs is put on record once, and the place in the round only says
    where to go on. Raises NoTrail, StoreRestored, StoreFault.
    """
    with _alone(engine) as free:
        if not free:
            return 0
        signed, known = _signed(engine), rolling(engine.data)
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
        signed, known = _signed(engine), night(engine.data)
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
        if two := _two_times(engine, signed):
            _record(engine, Part.FACTS, signed.size, two)
            known = replace(known, found=(*known.found, Part.FACTS))
        for part in (Part.FACTS, Part.TILES):
            if part not in known.found:
                _agree(engine, part, signed.size)
        return replace(known, stage="beside")
    if known.stage == "beside":
        with engine.store.connection() as connection:
            beside = _beside(check_beside(connection, lambda _: None))
        return replace(known, stage="entries", found=_settled(engine, known, Part.BESIDE, beside))
    return replace(known, stage="over", found=_settled(engine, known, Part.ENTRIES, _entries(engine)))


def _settled(engine: Engine, known: Night, part: Part, found: Sequence[Found] | None) -> tuple[str, ...]:
    """`found`: None where it could not be compared, so that nothing is said of it."""
    if found:
        _record(engine, part, known.size, found)
        return (*known.found, part)
    if found is not None:
        _agree(engine, part, known.size)
    return known.found


def _compare(
    engine: Engine, signed: Signed, after: int, most: int, *, texts: bool
) -> tuple[int, tuple[str, ...]]:
    """Up to where facts were compared, and the parts of which something differs, which is on record then."""
    tiles = tiles_in(TrailFolder(engine.data).path, signed.size)
    read = engine.store.rows_after
    seen = {one.position for one in alarms(engine.store) if one.part == Part.FACTS}
    try:
        _check_top(tiles, signed)
        found = compare_some(tiles, read, after, most)
        new = [position for position in found.differing if position not in seen]
        differing = [Found(difference_at(tiles, read, position).kind, position) for position in new[:1]]
    except NotTrusted as error:
        _log.error("tiles_not_as_sealed", said=error.say("en"))
        _record(engine, Part.TILES, signed.size, [Found("unlike")])
        return min(after + most, signed.size), (Part.TILES,)
    parts: list[str] = [Part.FACTS] if found.differing else []
    if differing:
        _record(engine, Part.FACTS, signed.size, differing)
    if texts and (beside := _texts(engine, found.rows)):
        _record(engine, Part.BESIDE, signed.size, beside)
        parts.append(Part.BESIDE)
    return found.up_to, tuple(parts)


def _two_times(engine: Engine, signed: Signed) -> list[Found]:
    """A fact that is not sealed yet and whose date somebody has set, which the sealer refuses; or that somebody calls the
    store another kind than its log.
    """
    clock = clock_of_log(signed, TrailFolder(engine.data).path, engine.store)
    if engine.store.simulated is not (clock is Clock.SIMULATED):
        return [Found("kind_of_store")]
    if clock is Clock.SIMULATED:
        return []
    two = first_of_two_times(engine.store, signed.size)
    return [] if two is None else [Found("two_times", two.position)]


def _check_top(tiles: Tiles, signed: Signed) -> None:
    """The tree's upper part leads to what was signed. Raises NotTrusted."""
    if tiles.root().hex() != signed.root:
        raise NotTrusted(where="tile", problem=in_words(Part.TILES, "unlike", None))
    check_upper(tiles)


def _texts(engine: Engine, rows: Sequence[Any]) -> list[Found]:
    """The texts of some facts; those that were taken in from an export left theirs behind."""
    with engine.store.connection() as connection:
        _, since = begun(connection)
        older = max((row[0] for row in rows if row[4] < since), default=0)
        return _beside(check_texts(connection, rows, older))


def _beside(found: Beside) -> list[Found]:
    return [Found(wrong, first.position) for wrong, first in found.wrong.items()]


def _entries(engine: Engine) -> list[Found] | None:
    """With the owner's connection, where it can be had, what was compared is marked for searches."""
    with ExitStack() as stack:
        owner: Connection | None = None
        with suppress(OwnerNeeded, StoreUnreachable):
            owner = stack.enter_context(owner_of(engine))
        try:
            difference = compare_entries(engine.store, owner).difference
        except ViewNotBuilt:
            return None
        except Unfoldable as error:
            return [Found("unfoldable", int(str(error.details["position"])))]
    return [] if difference is None else [Found(difference.fault, difference.position)]


def _record(engine: Engine, part: Part, size: int, found: Sequence[Found]) -> None:
    """One at a time for each part, until somebody has looked into it: a log that was cut has a thousand."""
    for one in found:
        said = in_words(part, one.what, one.position).en
        _log.error("not_as_sealed", differs=part, how=one.what, position=one.position, said=said)
    known = [one for one in alarms(engine.store) if one.part == part]
    if any(not one.examined for one in known):
        return
    seen = {(one.what, one.position) for one in known}
    new = next((one for one in found if (one.what, one.position) not in seen), None)
    if new is not None:
        command = RecordDifference(part=part, what=new.what, position=new.position, size=size)
        _given(engine, command)


def _agree(engine: Engine, part: Part, size: int) -> None:
    if any(one.part == part for one in alarms(engine.store)):
        _given(engine, RecordAgreement(part=part, size=size))


def _given(engine: Engine, command: RecordDifference | RecordAgreement) -> None:
    order = by_rule(
        engine.store.id,
        command,
        rule=_RULE,
        version=_RULE_VERSION,
        about=f"{command.part} {command.size}",
        named=uuid.uuid4().hex,  # the same may differ, agree and differ again
    )
    try:
        engine.door.handle(order)
    except Refusal as refusal:  # another has put it on record this moment
        _log.info("not_recorded", refusal=refusal.name)


def _signed(engine: Engine) -> Signed:
    if not may_act(engine.store, engine.data):
        raise StoreRestored
    return TrailFolder(engine.data).signed()


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
