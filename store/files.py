"""Files that must not be lost: whole or as they were before, and there after a loss of power. And files of others."""

from __future__ import annotations

import errno
import os
from pathlib import Path

HALF = ".new"
MOST_BYTES = 20 * 1024 * 1024  # of a file that somebody hands in


def write_safely(path: Path, content: bytes, mode: int = 0o644) -> None:
    """The file whole or not at all, on the disk before this returns. One writer at a time. Raises OSError."""
    new = path.with_name(path.name + HALF)
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    force_folder(path.parent)


def read_foreign(path: Path, most: int = MOST_BYTES) -> bytes:
    """What somebody hands in, whatever lies there, a device without an end too. Raises OSError, EFBIG where it is more."""
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most >> 20} MB", str(path))
    return content


def force_folder(folder: Path) -> None:
    """What was made, renamed or removed in the folder is on the disk. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
