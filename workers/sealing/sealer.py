"""Seals the log: grows the tree, signs it, asks the witnesses, publishes, and puts what they signed into the log."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import msgspec
import structlog

from domain.errors import DonghaengError
from domain.seoul import local_day
from domain.trail.commands import RecordSeal
from domain.trail.facts import AgreedAgain, DifferenceFound, Sealed
from domain.trail.refusals import NotLarger
from projections.trail.checkpoint import Checkpoint
from projections.trail.errors import NotTrusted
from projections.trail.growing import grow, tiles_in
from projections.trail.leaf import leaf_of
from projections.trail.leaves import parse_leaf
from projections.trail.note import Note
from projections.trail.origin import Clock, clock_of
from projections.trail.policy import Policy
from projections.trail.tree import EMPTY_ROOT, consistency_proof, leaf_hash
from store.envelope import Actor, Cause
from store.log import Store
from workers.acted_on import may_act
from workers.bootstrap import Engine
from workers.sealing.errors import LogHasTwoTimes, LogIsAnother, LogIsShorter, StoreRestored
from workers.sealing.folder import Alarm, Disagreement, Signed, TrailFolder
from workers.sealing.keys import read_keys, signed
from workers.sealing.witnesses import Answer, ask_all, keep_sizes, known_sizes, sizes_after
from workflows.order import Order

_log = structlog.get_logger()
_CHUNK = 5000
_FRESH_SECONDS = 86_400
_RULE, _RULE_VERSION = "trail.seal", "1"
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
    Raises NoTrail, SealingNow, StoreRestored, LogIsShorter, LogIsAnother, LogHasTwoTimes, TrailKeyMissing, and of the folder.
    """
    folder = TrailFolder(engine.data)
    with folder.alone():
        try:
            if not may_act(engine.store, engine.data):
                raise StoreRestored
            found = _sealed(engine, folder, own_too)
        except DonghaengError as error:
            raise_alarm(folder, error)
            raise
        return found


def raise_alarm(folder: TrailFolder, error: DonghaengError) -> None:
    """Tell it in the log and keep it for `doctor` and `trail status`."""
    _log.error("trail_not_sealed", error=error.name, said=error.say("en"))
    now = datetime.now(UTC).isoformat(timespec="seconds")
    folder.raise_alarm(Alarm(error.name, now, error.say("ko"), error.say("en")))


def _sealed(engine: Engine, folder: TrailFolder, own_too: bool) -> Sealing:
    policy, before = folder.policy(), folder.signed()
    head = engine.store.head().position
    check_signed(engine.store, folder.path, before)
    published = folder.published()
    is_published = published is not None and published[1].size == before.size
    kinds = _kinds_after(engine.store, before.size, head)
    if published is not None and is_published and not (kinds if own_too else _others(kinds)):
        if Sealed.kind not in kinds:  # a crash came between
            _recorded(engine, published[1], published[0], policy)
        return _asked_again(engine, folder, policy, *published)
    real = clock_of_log(before, folder.path, engine.store) is Clock.REAL
    size = grow(folder.path, before.size, _leaves(engine.store, before.size, head, one_time=real))
    tiles = tiles_in(folder.path, size)
    checkpoint = Checkpoint(before.origin, size, tiles.root())
    keys = read_keys(engine.data)
    # remembered before anybody sees the signature
    folder.remember(Signed(before.origin, size, checkpoint.root.hex()))
    note, answers = _cosigned(folder, policy, signed(checkpoint.text, keys), size)
    folder.publish(note, size)
    _recorded(engine, checkpoint, note, policy)
    return _outcome("sealed", checkpoint, note, policy, answers, folder)


def check_signed(store: Store, path: Path, before: Signed) -> None:
    """Whether tiles and database still hold what was signed; tiles that are lost are grown again from the database.

    Raises LogIsShorter, LogIsAnother.
    """
    if before.size == 0:
        return
    head = store.head().position
    if head < before.size:
        raise LogIsShorter(size=head, signed=before.size)
    try:
        tiles = tiles_in(path, before.size)
        whole = tiles.root().hex() == before.root
    except DonghaengError:
        whole = False
    if not whole:
        grow(path, 0, _leaves(store, 0, before.size))
        tiles = tiles_in(path, before.size)
        if tiles.root().hex() != before.root:
            raise LogIsAnother(position="?")
    (last,) = store.rows_after(before.size - 1, 1)
    if leaf_hash(leaf_of(last)) != tiles.leaf_hash(before.size - 1):
        raise LogIsAnother(position=before.size)


def clock_of_log(log: Signed, path: Path, store: Store) -> Clock:
    """By which clock its facts are known: by its name, or of one of before by its first fact; else by the store's word."""
    said = clock_of(log.origin)
    if said is None and log.size:
        with suppress(NotTrusted):
            _, leaf = next(tiles_in(path, log.size).leaves(0, 1))
            first = parse_leaf(leaf, "tile/entries (event 1)")
            said = Clock.REAL if first.known_at == first.recorded_at else Clock.SIMULATED
    return said or (Clock.SIMULATED if store.simulated else Clock.REAL)


def _leaves(store: Store, after: int, last: int, *, one_time: bool = False) -> Iterator[bytes]:
    """`one_time`: raises LogHasTwoTimes where a fact was known at another time than it was recorded."""
    while after < last:
        rows = store.rows_after(after, min(_CHUNK, last - after))
        for row in rows:
            if one_time and row[4] != row[5]:
                raise LogHasTwoTimes(position=row[0], known_at=row[5], recorded_at=row[4])
            yield leaf_of(row)
        after = rows[-1][0]


def _kinds_after(store: Store, after: int, last: int) -> set[str]:
    """The kinds of facts that are not sealed yet; as soon as there are others than the trail's own, that is enough."""
    kinds: set[str] = set()
    while after < last and not _others(kinds):
        rows = store.rows_after(after, min(_CHUNK, last - after))
        kinds |= {row[3] for row in rows}
        after = rows[-1][0]
    return kinds


def unsealed_since(store: Store, size: int) -> datetime | None:
    """When the first fact after `size` was recorded that is a reason to seal; None where there is none."""
    while rows := store.rows_after(size, _CHUNK):
        for row in rows:
            if _others({row[3]}):
                at: datetime = row[4]
                return at
        size = rows[-1][0]
    return None


def _others(kinds: set[str]) -> bool:
    """A seal alone is no reason for another; that something differs from what was sealed is."""
    return any(not kind.startswith(_OWN) or kind in _REASONS for kind in kinds)


def _asked_again(
    engine: Engine, folder: TrailFolder, policy: Policy, note: Note, checkpoint: Checkpoint
) -> Sealing:
    """Nothing is new; but witnesses that were away may be back, and once a day they say that it is still the latest."""
    answers: list[Answer] = []
    if not policy.satisfied(note):
        more, answers = _cosigned(folder, policy, note, checkpoint.size)
        if more != note:
            note = more
            # first: a crash between the two has the witnesses asked again
            with suppress(NotLarger):
                _recorded(engine, checkpoint, note, policy)
            folder.publish(note, checkpoint.size)
    elif _is_old(policy, note):
        own = tuple(one for key in policy.log_keys if (one := key.signed(note)) is not None)
        fresh, answers = _cosigned(folder, policy, Note(note.text, own), checkpoint.size)
        note = note.renewed(fresh.signatures)
        # the one that is kept under its size has the times at which it was seen first
        folder.write("checkpoint", str(note).encode())
    return _outcome("quiet", checkpoint, note, policy, answers, folder)


def _is_old(policy: Policy, note: Note) -> bool:
    """Whether no witness has cosigned for a day; without witnesses nothing grows old."""
    times = [one.at for witness in policy.witnesses if (one := witness.key.signed(note)) is not None]
    return bool(times) and max(times) < datetime.now(UTC).timestamp() - _FRESH_SECONDS


def _cosigned(folder: TrailFolder, policy: Policy, note: Note, size: int) -> tuple[Note, list[Answer]]:
    """The note with the signatures of the witnesses that answered, of those that have not signed it yet."""
    there = {one.name for one in policy.answered(note)}
    asked = msgspec.structs.replace(
        policy, witnesses=tuple(one for one in policy.witnesses if one.url and one.name not in there)
    )
    if not asked.witnesses or size == 0:
        return note, []
    known = known_sizes(folder.path)
    subtree = tiles_in(folder.path, size).subtree

    def proof_from(old: int) -> list[bytes]:
        return consistency_proof(old, size, subtree) if 0 < old < size else []

    answers = ask_all(asked, note, known, proof_from)
    keep_sizes(folder.path, sizes_after(known, answers))
    return note.with_lines(one.signature for one in answers if one.signature is not None), answers


def _recorded(engine: Engine, checkpoint: Checkpoint, note: Note, policy: Policy) -> None:
    order = Order(
        command=RecordSeal(
            day=local_day(datetime.now(UTC)),
            size=checkpoint.size,
            root=base64.b64encode(checkpoint.root).decode(),
            note=str(note),
            witnesses=tuple(one.name for one in policy.answered(note)),
            quorum=policy.satisfied(note),
        ),
        actor=Actor(role="system"),
        via="rule",
        authn="system",
        cause=Cause(fact=checkpoint.size, rule=_RULE, rule_version=_RULE_VERSION),
        command_id=uuid.uuid4().hex,
    )
    engine.door.handle(order)


def _outcome(
    state: Literal["sealed", "quiet"],
    checkpoint: Checkpoint,
    note: Note,
    policy: Policy,
    answers: list[Answer],
    folder: TrailFolder,
) -> Sealing:
    missing = tuple(one for one in answers if one.problem is not None)
    quorum = policy.satisfied(note)
    names = tuple(one.name for one in policy.answered(note))
    for answer in missing:
        _log.warning("witness_missing", witness=answer.witness, problem=answer.problem, said=answer.words.en)
    _keep_disagreements(folder, missing)
    folder.no_alarm()  # what stood in the way of sealing is over; what witnesses said is not
    if not quorum:
        _log.error("trail_short_of_quorum", size=checkpoint.size, witnesses=names, needed=policy.needed)
    else:
        _log.info("trail_" + state, size=checkpoint.size, witnesses=names)
    return Sealing(state, checkpoint.size, checkpoint.root.hex(), names, quorum, missing)


def _keep_disagreements(folder: TrailFolder, missing: Sequence[Answer]) -> None:
    """Who has seen another log than this one is told until a person has looked, whatever it says afterwards."""
    known = folder.disagreements()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    new = [
        Disagreement(one.witness, now, one.words.ko, one.words.en)
        for one in missing
        if one.problem in ("ahead", "forked") and one.witness not in {before.witness for before in known}
    ]
    for one in new:
        _log.error("witness_disagrees", witness=one.witness, said=one.en)
    if new:
        folder.keep_disagreements((*known, *new))


def empty(origin: str) -> Signed:
    """What a new trail has signed: nothing."""
    return Signed(origin, 0, EMPTY_ROOT.hex())
