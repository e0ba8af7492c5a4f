"""Seals the log of readings and refusals beside the log of facts: a tree, a name and checkpoints of its own.

It is signed with the same key under that name and cosigned by the same witnesses. What stands in its way is told, and
never in the way of the facts. The fact of a seal of the facts says how far this log was sealed then. It has none of its
own: every look at the trail is a reading, and would make a fact.
"""

from __future__ import annotations

import time
from pathlib import Path

import msgspec
from msgspec.structs import replace

from domain.errors import DonghaengError
from projections.inspection.watched import NAME, origin_of, own_policy, own_signer
from trail.checkpoint import Checkpoint
from trail.growing import grow, tiles_in
from trail.json_bytes import json_in
from trail.logs import Logger
from trail.note import Note
from trail.policy import Policy
from workers.engine import Engine
from workers.sealing.cosigning import collect_cosignatures, keep_disagreements
from workers.sealing.errors import (
    LogIsAnother,
    LogIsShorter,
    TilesLost,
    WatchedIsAnother,
    WatchedIsShorter,
)
from workers.sealing.folder import Signed, TrailFolder
from workers.sealing.keys import read_keys, sign_note
from workers.sealing.logs import access_log_of, check_signed, empty
from workers.sealing.standbys import await_standbys
from workers.sealing.witnesses import Answer
from workers.servers.data_folder import unusable

_UNKNOWN_TO = "unknown-to"
_ASK_AGAIN = 3600  # seconds after which a witness is asked again that did not know the log
_log = Logger()


class WatchedFolder(TrailFolder):
    """`<data>/trail/readings`; key, witnesses and quorum are those of the trail. Only who holds the trail writes."""

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        self._trail = TrailFolder(data)
        self.path = self._trail.path / NAME

    def policy(self) -> Policy:
        """Raises NoTrail, BadPolicy."""
        return own_policy(self._trail.policy())

    def load_signed(self) -> Signed:
        """Nothing where nothing was sealed yet. Raises NoTrail where something was, and what was signed is lost."""
        origin = origin_of(self._trail.load_signed().origin)
        if not (self.path / "signed").exists() and not (self.path / "checkpoint").exists():
            return empty(origin)
        return super().load_signed()

    def unknown_to(self) -> dict[str, float]:
        """Witnesses that do not know this log's name, and when they were asked last, in seconds since 1970."""
        return json_in(self.path / _UNKNOWN_TO, dict[str, float]) or {}

    def keep_unknown_to(self, names: dict[str, float]) -> None:
        self.write(_UNKNOWN_TO, msgspec.json.encode(names))


def seal_watched(engine: Engine, *, own_too: bool = False) -> None:
    """Seal what is new, while nobody else seals the trail. Raises nothing: an alarm is kept for `doctor` and `status`.

    `own_too`: by hand; witnesses that did not know the log are asked again at once. Safe to repeat after a crash.
    """
    folder = WatchedFolder(engine.data)
    try:
        try:
            _seal(engine, folder, own_too)
            folder.no_alarm()
        except LogIsShorter as error:
            folder.raise_alarm_of(WatchedIsShorter(**error.details))
        except TilesLost as error:
            folder.raise_alarm_of(error)
        except LogIsAnother as error:
            folder.raise_alarm_of(WatchedIsAnother(**error.details))
        except DonghaengError as error:
            folder.raise_alarm_of(error)
    except OSError as error:
        _log.error("readings_not_sealed", said=unusable(folder.path, error).say("en"))


def load_published(data: Path) -> Checkpoint | None:
    """How far it is sealed; None where nothing is, or where that cannot be read."""
    try:
        found = WatchedFolder(data).load_published()
    except (DonghaengError, OSError):
        return None
    return None if found is None else found[1]


def _seal(engine: Engine, folder: WatchedFolder, own_too: bool) -> None:
    policy, before, log = folder.policy(), folder.load_signed(), access_log_of(engine.store)
    last = log.last()
    check_signed(log, folder.path, before)
    if last == 0:
        return
    published = folder.load_published()
    if published is not None and published[1].size == before.size == last:
        _ask_again(folder, policy, *published, own_too)
        return
    await_standbys(engine.store, engine.seal_standbys)
    size = grow(folder.path, before.size, log.leaves(before.size, last))
    checkpoint = Checkpoint(before.origin, size, tiles_in(folder.path, size).root())
    keys = tuple(own_signer(key) for key in read_keys(engine.data))
    # remembered before anybody sees the signature
    folder.remember(Signed(before.origin, size, checkpoint.root.hex()))
    note = _cosign(folder, policy, sign_note(checkpoint.text, keys), size, own_too)
    folder.publish(note, size)
    _log.info("readings_sealed", size=size, witnesses=[one.name for one in policy.witnesses_on(note)])


def _ask_again(
    folder: WatchedFolder, policy: Policy, note: Note, checkpoint: Checkpoint, own_too: bool
) -> None:
    """Nothing is new; but witnesses that were away may be back."""
    if policy.is_satisfied_by(note) and not (own_too and folder.unknown_to()):
        return
    more = _cosign(folder, policy, note, checkpoint.size, own_too)
    if more != note:
        folder.publish(more, checkpoint.size)


def _cosign(folder: WatchedFolder, policy: Policy, note: Note, size: int, all_of_them: bool) -> Note:
    """Cosigned by whoever knows the log. Who does not know it is told once, and asked again after a while."""
    unknown, now = folder.unknown_to(), time.time()
    rests = {
        name for name, at in unknown.items() if not all_of_them and abs(now - at) < _ASK_AGAIN
    }  # abs: a clock that was set back
    asked = replace(policy, witnesses=tuple(one for one in policy.witnesses if one.name not in rests))
    found, answers = collect_cosignatures(folder, asked, note, size)
    _keep_unknown(folder, unknown, answers, now)
    keep_disagreements(folder, [one for one in answers if one.problem is not None])
    return found


def _keep_unknown(
    folder: WatchedFolder, unknown: dict[str, float], answers: list[Answer], now: float
) -> None:
    known_now = {one.witness for one in answers if one.problem is None}
    told = {one.witness: now for one in answers if one.problem == "unknown"}
    for name in sorted(told.keys() - unknown.keys()):
        _log.warning("witness_does_not_know_the_readings", witness=name, key=str(folder.policy().log_keys[0]))
    kept = {name: at for name, at in (unknown | told).items() if name not in known_now}
    if kept != unknown:
        folder.keep_unknown_to(kept)
