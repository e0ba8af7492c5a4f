"""How far this machine has acted on the log, so that a store that went back, which is behind that, does nothing twice.

Sending and sealing cannot be taken back. Whoever does either asks `may_act` first, each time. Who appends asks `look`
whenever the connection is a new one. What is noticed is said in the store itself, and nobody appends to it then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from msgspec.structs import replace

from domain.errors import Refusal
from domain.register import fold_of
from domain.streams import EPOCHS
from store.halting import Halt, load_halt
from store.log import Store
from store.recorded import RecordedFact, fold_state
from trail.files import write_safely
from trail.json_bytes import BROKEN, json_in
from trail.locks import hold_lock
from trail.stored import STATE
from workers.servers.data_folder import ensure_folder, unusable
from workers.trail_folder import trail_folder

if TYPE_CHECKING:
    from domain.epoch.commands import BeginEpoch

_LOCK_SECONDS = 30.0


class LastAction(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The file's content: the fact at `position` of `epoch`, with a hash of it, was the last when we acted.

    `restored`: this machine has restored the store since. `epoch` 0: not known. `sealed`: how much was signed of a
    longer log when a person let this one go on.
    """

    epoch: int
    position: int
    fact: str = ""
    restored: bool = False
    sealed: int = 0


class _Signed(msgspec.Struct):
    """What workers.sealing.folder keeps of the largest tree that was ever signed here; the store's id is in `origin`."""

    origin: str
    size: int


class StoreState(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the store is the one we acted on. `position`: its last; `acted_on`: ours, None if we never did."""

    state: Literal["current", "restored"]
    epoch: int
    position: int
    acted_on: int | None
    next_epoch: int


class NotRestored(Refusal):
    """There is nothing to accept."""

    ko = "저장소는 복원된 상태가 아닙니다({epoch}번째 시기). 할 일이 없습니다."
    en = "The store is not a restored one (epoch {epoch}). There is nothing to accept."


def accepting(store: Store, data: Path) -> BeginEpoch:
    """The command that lets a restored store go on. Raises NotRestored."""
    found = state_of_store(store, data)
    if found.state != "restored":
        raise NotRestored(epoch=found.epoch)
    from domain.epoch.commands import BeginEpoch  # noqa: PLC0415 - every command looks here, and this one gives it

    return BeginEpoch(number=found.next_epoch, after=found.position)


def may_act(store: Store, data: Path) -> bool:
    """Whether something may be sent, sealed or decided by rule; if so, how far the log is, is remembered first.

    Any number of workers may ask at once. Raises FolderNotUsable, FolderFull: who cannot remember does not act.
    """
    with _alone(data, store.id) as file:
        found, seen = _read(file), _look_at_store(store, data)
        if seen.went_back(found):
            seen.halt(found)
            return False
        if found is None or (found.epoch, found.position) < (seen.epoch, seen.position):
            store.flush()
            _remember(file, store, seen.epoch, seen.position, seen.signed)
    return True


def look(store: Store, data: Path) -> None:
    """See whether the store is still the one that was acted on, or appended to by this process, and say it where it is not."""
    found, seen = _read(_file(data, store.id)), _look_at_store(store, data)
    if seen.went_back(found):
        seen.halt(found)


def state_of_store(store: Store, data: Path) -> StoreState:
    """A store is restored if it ends before what was acted on or sealed, has another fact there, or was restored by us.

    Where another machine has noticed it, it says so itself.
    """
    found, seen = _read(_file(data, store.id)), _look_at_store(store, data)
    known = [found.epoch] if found is not None else []
    if seen.halted is not None:
        known.append(seen.halted.epoch)
    acted_on = max(found.position if found else 0, seen.halted.acted_on if seen.halted else 0)
    return StoreState(
        state="restored" if seen.went_back(found) else "current",
        epoch=seen.epoch,
        position=seen.position,
        acted_on=acted_on or None,
        next_epoch=max([seen.epoch, *known]) + 1,
    )


class _Seen(msgspec.Struct, frozen=True):
    """The store as it is, and what else speaks of how long its log was. `signed`: the largest size, 0 without a trail.

    `appended`: the last position that this process appended.
    """

    store: Store
    epoch: int
    position: int
    halted: Halt | None
    signed: int
    appended: int

    def went_back(self, found: LastAction | None) -> bool:
        """Whether it is not the store that was acted on, and nobody has decided. `found`: what this machine remembers."""
        if self.halted is not None or self.position < self.appended:
            return True
        if found is not None and self.epoch > found.epoch > 0:
            return False  # a person let it go on, here or on another machine
        if self.position < self.signed and self.signed != (0 if found is None else found.sealed):
            return True
        return found is not None and (
            found.restored or self.epoch < found.epoch or _fact_at(self.store, found.position) != found.fact
        )

    def halt(self, found: LastAction | None) -> None:
        """Say so in the store. What cannot be read of our own memory is no reason to stop the others."""
        memory = found or LastAction(0, 0)
        acted_on = max(memory.position, self.signed, self.appended)
        if self.halted is None and (memory.epoch or self.position < max(self.signed, self.appended)):
            self.store.halt(Halt(self.position, acted_on, max(self.epoch, memory.epoch)))


def _look_at_store(store: Store, data: Path) -> _Seen:
    """The store last: what is appended or signed meanwhile is no sign that it went back."""
    known, signed = store.connections, _load_signed_size(data, store.id)
    with store.connection() as connection:
        epoch = _epoch(store.load((EPOCHS,), connection=connection).streams[EPOCHS])
        if epoch > known.epoch:  # a person has decided since; what was appended before counts no more
            known.epoch, known.appended = epoch, 0
        appended = known.appended  # read before the store is looked at
        position = store.recorder.head(connection).position
        return _Seen(store, epoch, position, load_halt(connection), signed, appended)


def _load_signed_size(data: Path, store_id: str) -> int:
    found = json_in(trail_folder(data) / "signed", _Signed)
    return 0 if found is None or store_id not in found.origin else found.size


def epoch_of(store: Store) -> int:
    """Which epoch the store is in; the first has no fact."""
    return _epoch(store.read(EPOCHS))


def _epoch(facts: Sequence[RecordedFact[Any]]) -> int:
    number: int = fold_state(fold_of(EPOCHS), facts).number
    return number


def remember_epoch(store: Store, data: Path) -> None:
    """A person has let the store go on: what we acted on before is over."""
    position = store.head().position
    store.connections.appended = position
    with _alone(data, store.id) as file:
        _remember(file, store, epoch_of(store), position, _load_signed_size(data, store.id))


def _remember(file: Path, store: Store, epoch: int, position: int, signed: int) -> None:
    """That the store was acted on up to there. `signed`: a larger size than that is the past of a decision."""
    sealed = signed if signed > position else 0
    _write(file, LastAction(epoch, position, _fact_at(store, position), sealed=sealed))


def mark_restored(data: Path, store_id: str, epoch: int = 0) -> None:
    """This machine restores the store: nothing is done until a person lets it go on. `epoch`: the store's, if known."""
    with _alone(data, store_id) as file:
        found = _read(file) or LastAction(0, 0)
        _write(file, replace(found, restored=True, epoch=max(found.epoch, epoch)))


def _fact_at(store: Store, position: int) -> str:
    """A hash of one stored fact; nothing where there is none."""
    rows = store.rows_after(position - 1, 1) if position else []
    return hashlib.sha256(rows[0][STATE]).hexdigest() if rows else ""


def _file(data: Path, store_id: str) -> Path:
    return data / "acted-on" / store_id


def _read(file: Path) -> LastAction | None:
    """None where we never acted. What cannot be read makes the store a restored one: a person has to look."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=LastAction)
    except FileNotFoundError:
        return None
    except BROKEN:
        return LastAction(0, 0, restored=True)
    except OSError as error:
        raise unusable(file, error) from None


@contextmanager
def _alone(data: Path, store_id: str) -> Iterator[Path]:
    """The file, with nobody else writing it."""
    file = _file(data, store_id)
    if not file.parent.is_dir():
        ensure_folder(file.parent)
    try:
        with hold_lock(file.with_name(f"{store_id}.lock"), _LOCK_SECONDS):
            yield file
    except OSError as error:
        raise unusable(file, error) from None


def _write(file: Path, acted_on: LastAction) -> None:
    """Whole or not at all, and there after a loss of power."""
    write_safely(file, msgspec.json.encode(acted_on))
