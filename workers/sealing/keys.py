"""The keys that the log signs with: a file outside the database, for its owner's eyes alone. The oldest first."""

from __future__ import annotations

import stat
from pathlib import Path

from projections.trail.errors import BadNote
from projections.trail.note import Note, SignerKey, parse_private
from store.files import write_safely
from workers.sealing.errors import TrailKeyMissing, TrailKeyTooOpen


def key_path(data: Path) -> Path:
    """In the folder of keys, so that a backup takes it along."""
    return data / "keys" / "trail.key"


def read_keys(data: Path) -> tuple[SignerKey, ...]:
    """Raises TrailKeyMissing, TrailKeyTooOpen."""
    path = key_path(data)
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
    path = key_path(data)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_safely(path, "".join(f"{key.written()}\n" for key in keys).encode(), 0o600)


def signed(text: str, keys: tuple[SignerKey, ...]) -> Note:
    """The text under the signature of each key."""
    return Note(text, tuple(key.sign(text) for key in keys))
