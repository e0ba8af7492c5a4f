"""What a witness remembers, in a folder: its key, whom it trusts, and of each log the checkpoint it cosigned last.

A checkpoint is on the disk, whole, before its cosignature leaves. Whoever reads one to write the next holds `alone`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path

from trail.bilingual import Bilingual
from trail.errors import BadNote
from trail.files import force_folder, write_safely
from trail.locks import hold_lock
from trail.note import (
    COSIGNATURE,
    LOG,
    Note,
    SignerKey,
    VerifierKey,
    new_key,
    parse_note,
    parse_private,
    parse_vkey,
)
from trail.witness.errors import (
    FolderNeeded,
    NotAKeyForThis,
    NotRemembered,
    NoWitnessHere,
    OtherWitness,
    WitnessIsHere,
)

KEY, TRUSTED, SEEN = "witness.key", "trusted", "seen"
LOCK_SECONDS = 10.0  # another answer takes milliseconds


def make_witness(folder: Path, name: str) -> SignerKey:
    """A new key, in a file that only its owner reads. Raises WitnessIsHere, BadNote, NotRemembered."""
    key = new_key(name, COSIGNATURE)
    path = folder / KEY
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / SEEN).mkdir(mode=0o700, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(key.encode() + "\n")
            _force_to_disk(file.fileno(), folder)
    except FileExistsError:
        raise WitnessIsHere(folder=folder, name=key_of(folder).name) from None
    except OSError as error:
        raise _error_for(path, error) from None
    return key


def key_of(folder: Path) -> SignerKey:
    """Raises NoWitnessHere, NotRemembered, BadNote, NotAKeyForThis."""
    path = folder / KEY
    try:
        key = parse_private(path.read_text(), str(path))
    except FileNotFoundError:
        raise NoWitnessHere(folder=folder) from None
    except (OSError, UnicodeDecodeError) as error:
        raise _error_for(path, error) from None
    if key.algorithm != COSIGNATURE:
        problem = Bilingual("증인의 키(알고리즘 4)가 아닙니다", "it is no witness's key (algorithm 4)")
        raise NotAKeyForThis(where=path, problem=problem)
    return key


def the_key(folder: Path | None, name: str | None) -> tuple[Path, SignerKey]:
    """The folder of the witness that is to serve, and its key. `name`: that it must have, if any.

    Raises FolderNeeded, OtherWitness, and as `key_of` does.
    """
    if folder is None:
        raise FolderNeeded
    key = key_of(folder)
    if name not in (None, key.name):
        raise OtherWitness(folder=folder, name=key.name)
    return folder, key


def trust(folder: Path, vkey: str) -> VerifierKey:
    """Take a log's key as trusted from now on; its name is the log's origin, and an origin may have several.

    Raises NoWitnessHere, BadNote, NotAKeyForThis, NotRemembered.
    """
    key_of(folder)
    key = parse_vkey(vkey)
    if key.algorithm != LOG:
        problem = Bilingual("기록의 키(알고리즘 1)가 아닙니다", "it is no log's key (algorithm 1)")
        raise NotAKeyForThis(where=key.name, problem=problem)
    with alone(folder):
        known = [one for keys in load_trusted_keys(folder).values() for one in keys]
        if key not in known:
            path = folder / TRUSTED
            before = path.read_bytes().rstrip(b"\n") + b"\n" if path.exists() else b""
            _write(path, before + f"{key}\n".encode())
    return key


def load_trusted_keys(folder: Path) -> dict[str, tuple[VerifierKey, ...]]:
    """Of each origin its keys. Raises NotRemembered."""
    path = folder / TRUSTED
    try:
        lines = path.read_text().split("\n") if path.exists() else []
        keys = [parse_vkey(line.strip()) for line in lines if line.strip() and not line.startswith("#")]
    except (OSError, UnicodeDecodeError, BadNote) as error:
        raise _error_for(path, error) from None
    return {name: tuple(one for one in keys if one.name == name) for name in {one.name for one in keys}}


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else reads or writes what was seen, neither a thread nor another process. Raises NotRemembered, LockHeld."""
    path = folder / "lock"
    with ExitStack() as stack:
        try:
            stack.enter_context(hold_lock(path, LOCK_SECONDS))
        except OSError as error:
            raise _error_for(path, error) from None
        yield


def load_seen(folder: Path, origin: str) -> Note | None:
    """The checkpoint of this log that was cosigned last, with that cosignature. Raises NotRemembered.

    What was remembered before cosignatures were kept bears the log's signatures alone.
    """
    return load_seen_by_hash(folder, _hash_origin(origin))


def load_seen_by_hash(folder: Path, origin_hash: str) -> Note | None:
    """The same by SHA-256 of the log's origin, hex. Raises NotRemembered."""
    path = folder / SEEN / origin_hash
    try:
        return parse_note(path.read_bytes(), str(path))
    except FileNotFoundError:
        return None
    except (OSError, BadNote) as error:
        raise _error_for(path, error) from None


def remember(folder: Path, origin: str, note: Note) -> None:
    """It is there after a loss of power when this returns. Raises NotRemembered."""
    _write(folder / SEEN / _hash_origin(origin), str(note).encode())


def _hash_origin(origin: str) -> str:
    return sha256(origin.encode()).hexdigest()


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all."""
    try:
        write_safely(path, content)
    except OSError as error:
        raise _error_for(path, error) from None


def _force_to_disk(file: int, folder: Path) -> None:
    os.fsync(file)
    force_folder(folder)


def _error_for(path: Path, error: Exception) -> NotRemembered:
    problem = error.strerror if isinstance(error, OSError) else str(error)
    return NotRemembered(path=path, problem=problem)
