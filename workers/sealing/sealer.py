"""Seals the log: grows the tree, signs it, asks the witnesses, publishes, and puts what they signed into the log.

The log of readings and refusals is sealed after it: see workers.sealing.watched."""

from __future__ import annotations

import base64
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec

from domain.errors import DonghaengError
from domain.seoul import local_day
from domain.trail.commands import RecordSeal
from domain.trail.facts import AgreedAgain, DifferenceFound, Sealed
from domain.trail.refusals import NotLarger
from store.log import Store
from trail.checkpoint import Checkpoint
from trail.errors import NotTrusted
from trail.growing import grow, tiles_in
from trail.leaves import parse_leaf
from trail.logs import Logger
from trail.note import Note
from trail.origin import Clock, clock_of
from trail.policy import Policy
from trail.stored import KIND, POSITION, RECORDED_AT
from workers.engine import Engine
from workers.restore_guard import may_act
from workers.sealing.cosigning import collect_cosignatures, keep_disagreements
from workers.sealing.errors import LogHasTwoTimes, StoreRestored
from workers.sealing.folder import Signed, TrailFolder
from workers.sealing.keys import read_keys, sign_note
from workers.sealing.logs import check_signed, facts_of
from workers.sealing.recording import record
from workers.sealing.standbys import await_standbys
from workers.sealing.stream_counts import record_counts
from workers.sealing.watched import load_published, seal_watched
from workers.sealing.witnesses import Answer
from workflows.trail.verifying import first_of_two_times

_log = Logger()
_CHUNK = 5000
_FRESH_SECONDS = 86_400
_OWN = "trail."
_REASONS = (DifferenceFound.kind, AgreedAgain.kind)


class Sealing(msgspec.Struct, frozen=True):
    """What came of one run. `state`: `quiet` where there was nothing new. `missing`: witnesses that did not answer."""

    state: Literal["sealed", "quiet"]
    size: int
    root: str
    witnesses: tuple[str, ...]
    quorum: bool
    missing: tuple[Answer, ...] = ()


def seal(engine: Engine, *, own_too: bool = False) -> Sealing:
    """Seal what is new. `own_too`: also where only the trail's own facts are.

    Safe to run twice, late or side by side: one seals at a time, a tree that was signed is never signed smaller or
    otherwise, and what was signed but not published before a crash is published by the next run.
    Raises NoTrail, SealingNow, StoreRestored, LogIsShorter, LogIsAnother, LogHasTwoTimes, StandbysBehind, TrailKeyMissing, and of the folder.
    """
    folder = TrailFolder(engine.data)
    with folder.alone():
        try:
            if not may_act(engine.store, engine.data):
                # where the log is shorter than what was signed, that says more
                check_signed(facts_of(engine.store, folder.path), folder.path, folder.load_signed())
                raise StoreRestored
            found = _seal(engine, folder, own_too)
        except DonghaengError as error:
            folder.raise_alarm_of(error)
            raise
        if found.state == "quiet":
            seal_watched(engine, own_too=own_too)
        return found


def _seal(engine: Engine, folder: TrailFolder, own_too: bool) -> Sealing:
    policy, before, log = folder.policy(), folder.load_signed(), facts_of(engine.store, folder.path)
    head = log.last()
    check_signed(log, folder.path, before)
    published = folder.load_published()
    is_published = published is not None and published[1].size == before.size
    kinds = _kinds_after(engine.store, before.size, head)
    if published is not None and is_published and not (kinds if own_too else _others(kinds)):
        if Sealed.kind not in kinds:  # a crash came between
            _record_seal(engine, published[1], published[0], policy)
        return _ask_again(engine, folder, policy, *published)
    clock = clock_of_log(before, folder.path, engine.store)
    _check_times(engine.store, clock, before.size, head)  # before anything is said of them
    keys = read_keys(engine.data)
    counting = None
    if kinds:  # else it was signed before, and is only to be published
        checked = head
        head, counting = record_counts(engine, folder, before.origin)
        _check_times(engine.store, clock, checked, head)
    await_standbys(engine.store, engine.seal_standbys)
    size = grow(folder.path, before.size, log.leaves(before.size, head))
    tiles = tiles_in(folder.path, size)
    checkpoint = Checkpoint(before.origin, size, tiles.root())
    # remembered before anybody sees the signature
    folder.remember(Signed(before.origin, size, checkpoint.root.hex()))
    note, answers = collect_cosignatures(folder, policy, sign_note(checkpoint.text, keys), size)
    if counting is not None:
        counting.keep(folder.path)
    folder.publish(note, size)
    seal_watched(engine, own_too=own_too)  # so that the fact of the seal says how far that log is
    _record_seal(engine, checkpoint, note, policy)
    return _outcome("sealed", checkpoint, note, policy, answers, folder)


def clock_of_log(log: Signed, path: Path, store: Store) -> Clock:
    """By which clock its facts are known: by its name, or of one of before by its first fact; else by the store's word."""
    said = clock_of(log.origin)
    if said is None and log.size:
        with suppress(NotTrusted):
            _, leaf = next(tiles_in(path, log.size).leaves(0, 1))
            first = parse_leaf(leaf, "tile/entries (event 1)")
            said = Clock.REAL if first.known_at == first.recorded_at else Clock.SIMULATED
    return said or (Clock.SIMULATED if store.simulated else Clock.REAL)


def _check_times(store: Store, clock: Clock, after: int, last: int) -> None:
    """Raises LogHasTwoTimes where a fact that is to be sealed was known at another time than it was recorded."""
    two = first_of_two_times(store, after, last) if clock is Clock.REAL else None
    if two is not None:
        known, recorded = map(datetime.fromisoformat, (two.known_at, two.recorded_at))
        raise LogHasTwoTimes(position=two.position, known_at=known, recorded_at=recorded)


def _kinds_after(store: Store, after: int, last: int) -> set[str]:
    """The kinds of facts that are not sealed yet; as soon as there are others than the trail's own, that is enough."""
    kinds: set[str] = set()
    while after < last and not _others(kinds):
        rows = store.rows_after(after, min(_CHUNK, last - after))
        kinds |= {row[KIND] for row in rows}
        after = rows[-1][POSITION]
    return kinds


def waiting_since(store: Store, size: int) -> datetime | None:
    """When the first fact after `size` was recorded that is a reason to seal; None where there is none."""
    while rows := store.rows_after(size, _CHUNK):
        for row in rows:
            if _others({row[KIND]}):
                at: datetime = row[RECORDED_AT]
                return at
        size = rows[-1][POSITION]
    return None


def _others(kinds: set[str]) -> bool:
    """A seal alone is no reason for another; that something differs from what was sealed is."""
    return any(not kind.startswith(_OWN) or kind in _REASONS for kind in kinds)


def _ask_again(
    engine: Engine, folder: TrailFolder, policy: Policy, note: Note, checkpoint: Checkpoint
) -> Sealing:
    """Nothing is new; but witnesses that were away may be back, and once a day they say that it is still the latest."""
    answers: list[Answer] = []
    if not policy.is_satisfied_by(note):
        more, answers = collect_cosignatures(folder, policy, note, checkpoint.size)
        if more != note:
            note = more
            # first: a crash between the two has the witnesses asked again
            with suppress(NotLarger):
                _record_seal(engine, checkpoint, note, policy)
            folder.publish(note, checkpoint.size)
    elif _is_old(policy, note):
        own = tuple(one for key in policy.log_keys if (one := key.signature_on(note)) is not None)
        fresh, answers = collect_cosignatures(folder, policy, Note(note.text, own), checkpoint.size)
        note = note.renew(fresh.signatures)
        # the one that is kept under its size has the times at which it was seen first
        folder.write("checkpoint", str(note).encode())
    return _outcome("quiet", checkpoint, note, policy, answers, folder)


def _is_old(policy: Policy, note: Note) -> bool:
    """Whether no witness has cosigned for a day; without witnesses nothing grows old."""
    times = [one.at for witness in policy.witnesses if (one := witness.key.signature_on(note)) is not None]
    return bool(times) and max(times) < datetime.now(UTC).timestamp() - _FRESH_SECONDS


def _record_seal(engine: Engine, checkpoint: Checkpoint, note: Note, policy: Policy) -> None:
    readings = load_published(engine.data)
    command = RecordSeal(
        day=local_day(datetime.now(UTC)),
        size=checkpoint.size,
        root=base64.b64encode(checkpoint.root).decode(),
        note=str(note),
        witnesses=tuple(one.name for one in policy.witnesses_on(note)),
        quorum=policy.is_satisfied_by(note),
        readings_size=None if readings is None else readings.size,
        readings_root=None if readings is None else base64.b64encode(readings.root).decode(),
    )
    record(engine, command, "trail.seal", checkpoint.size)


def _outcome(
    state: Literal["sealed", "quiet"],
    checkpoint: Checkpoint,
    note: Note,
    policy: Policy,
    answers: list[Answer],
    folder: TrailFolder,
) -> Sealing:
    missing = tuple(one for one in answers if one.problem is not None)
    quorum = policy.is_satisfied_by(note)
    names = tuple(one.name for one in policy.witnesses_on(note))
    for answer in missing:
        _log.warning("witness_missing", witness=answer.witness, problem=answer.problem, said=answer.words.en)
    keep_disagreements(folder, missing)
    folder.no_alarm()  # what stood in the way of sealing is over; what witnesses said is not
    if not quorum:
        _log.error("trail_short_of_quorum", size=checkpoint.size, witnesses=names, needed=policy.needed)
    else:
        _log.info("trail_" + state, size=checkpoint.size, witnesses=names)
    return Sealing(state, checkpoint.size, checkpoint.root.hex(), names, quorum, missing)
