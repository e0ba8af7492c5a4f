"""The keys that the log signs with: a file outside the database, for its owner's eyes alone. The oldest first."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.errors import Refusal
from trail.errors import BadNote
from trail.files import write_safely
from trail.note import Note, SignerKey, new_key, parse_private
from workers.sealing.errors import TrailKeyMissing, TrailKeyTooOpen


def key_path(data: Path) -> Path:
    """In the folder of keys, so that a backup takes it along."""
    return data / "keys" / "trail.key"


def read_keys(data: Path) -> tuple[SignerKey, ...]:
    """Those that sign. Raises TrailKeyMissing, TrailKeyTooOpen."""
    return _read(key_path(data))


def _read(path: Path) -> tuple[SignerKey, ...]:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise TrailKeyTooOpen(path=path, mode=f"{mode:04o}")
        keys = tuple(parse_private(line, str(path)) for line in path.read_text(encoding="utf-8").splitlines())
    except (OSError, UnicodeDecodeError, BadNote):
        raise TrailKeyMissing(path=path) from None
    if not keys:
        raise TrailKeyMissing(path=path)
    return keys


def write_keys(data: Path, keys: tuple[SignerKey, ...]) -> None:
    """These sign from now on."""
    _write(key_path(data), keys)


@contextmanager
def key_to_be(data: Path, name: str, in_use: tuple[SignerKey, ...]) -> Iterator[SignerKey]:
    """A new key in a file of its own, from which nothing is signed: a fact is to name it before it comes into use.

    Where the block is refused nothing is left of it; one that was interrupted finds the same key again.
    """
    path = key_path(data).with_suffix(".key.next")
    left = _read(path)[0] if path.exists() else None
    key = left if left is not None and left.name == name and left not in in_use else new_key(name)
    _write(path, (key,))
    try:
        yield key
    except Refusal:
        path.unlink()
        raise
    path.unlink()


def _write(path: Path, keys: tuple[SignerKey, ...]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_safely(path, "".join(f"{key.encode()}\n" for key in keys).encode(), 0o600)


def sign_note(text: str, keys: tuple[SignerKey, ...]) -> Note:
    """The text under the signature of each key."""
    return Note(text, tuple(key.sign(text) for key in keys))
