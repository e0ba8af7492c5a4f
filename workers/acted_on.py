"""How far this machine has acted on the log, so that a restored store, which is behind that, does nothing twice.

Sending and sealing cannot be taken back. Whoever does either asks `may_act` first, each time.
"""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import msgspec
from msgspec.structs import replace

from domain.catalogue import aggregate_of
from domain.epoch.commands import EPOCHS
from store.files import write_safely
from store.json_bytes import BROKEN
from store.log import Store
from store.recorded import folded
from workers.servers.data_folder import made_folder, unusable


class ActedOn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file's content: the fact at `position` of `epoch`, with a hash of it, was the last when we acted.

    `restored`: this machine has restored the store since. `epoch` 0: not known.
    """

    epoch: int
    position: int
    fact: str = ""
    restored: bool = False


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the store is the one we acted on. `position`: its last; `acted_on`: ours, None if we never did."""

    state: Literal["current", "restored"]
    epoch: int
    position: int
    acted_on: int | None
    next_epoch: int


def may_act(store: Store, data: Path) -> bool:
    """Whether something may be sent, sealed or decided by rule; if so, how far the log is, is remembered first.

    Any number of workers may ask at once. Raises FolderNotUsable, FolderFull: who cannot remember does not act.
    """
    epoch, position = epoch_of(store), store.head().position
    with _alone(data, store.id) as file:
        found = _read(file)
        if found is not None and _is_restored(store, found, epoch):
            return False
        if found is None or (found.epoch, found.position) < (epoch, position):
            _write(file, ActedOn(epoch, position, _fact_at(store, position)))
    return True


def standing(store: Store, data: Path) -> Standing:
    """A store is restored if it ends before what we acted on, has another fact there, or was restored by us."""
    found = _read(_file(data, store.id))
    epoch, position = epoch_of(store), store.head().position
    return Standing(
        state="restored" if found is not None and _is_restored(store, found, epoch) else "current",
        epoch=epoch,
        position=position,
        acted_on=None if found is None else found.position or None,
        next_epoch=max(epoch, 0 if found is None else found.epoch) + 1,
    )


def epoch_of(store: Store) -> int:
    """Which epoch the store is in; the first has no fact."""
    number: int = folded(aggregate_of(EPOCHS), store.read(EPOCHS)).number
    return number


def begun(store: Store, data: Path) -> None:
    """A person has let the store go on: what we acted on before is over."""
    position = store.head().position
    with _alone(data, store.id) as file:
        _write(file, ActedOn(epoch_of(store), position, _fact_at(store, position)))


def mark_restored(data: Path, store_id: str, epoch: int = 0) -> None:
    """This machine restores the store: nothing is done until a person lets it go on. `epoch`: the store's, if known."""
    with _alone(data, store_id) as file:
        found = _read(file) or ActedOn(0, 0)
        _write(file, replace(found, restored=True, epoch=max(found.epoch, epoch)))


def _is_restored(store: Store, found: ActedOn, epoch: int) -> bool:
    if epoch > found.epoch > 0:
        return False  # a person let it go on, here or on another machine
    return found.restored or epoch < found.epoch or _fact_at(store, found.position) != found.fact


def _fact_at(store: Store, position: int) -> str:
    """A hash of one stored fact; nothing where there is none."""
    rows = store.rows_after(position - 1, 1) if position else []
    return hashlib.sha256(rows[0][6]).hexdigest() if rows else ""


def _file(data: Path, store_id: str) -> Path:
    return data / "acted-on" / store_id


def _read(file: Path) -> ActedOn | None:
    """None where we never acted. What cannot be read makes the store a restored one: a person has to look."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=ActedOn)
    except FileNotFoundError:
        return None
    except BROKEN:
        return ActedOn(0, 0, restored=True)
    except OSError as error:
        raise unusable(file, error) from None


@contextmanager
def _alone(data: Path, store_id: str) -> Iterator[Path]:
    """The file, with nobody else writing it."""
    file = _file(data, store_id)
    if not file.parent.is_dir():
        made_folder(file.parent)
    try:
        with file.with_name(f"{store_id}.lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield file
    except OSError as error:
        raise unusable(file, error) from None


def _write(file: Path, acted_on: ActedOn) -> None:
    """Whole or not at all, and there after a loss of power."""
    write_safely(file, msgspec.json.encode(acted_on))
