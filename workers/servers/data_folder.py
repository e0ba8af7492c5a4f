"""The data folder: made and known to be writable, with a clear error where it cannot be."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from pathlib import Path

from trail.files import problem_of
from workers.servers.errors import FolderFull, FolderNotUsable


def ensure_folder(path: Path) -> Path:
    """The folder, made where it is missing, closed to others, and known to be writable.

    Raises FolderNotUsable, FolderFull.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path) as probe:
            probe.write(b"x" * 4096)
            probe.flush()
    except OSError as error:
        raise unusable(path, error) from None
    return path


def unusable(path: Path, error: OSError) -> FolderNotUsable | FolderFull:
    """The system's word on a folder as an error of ours."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FolderFull(path=path)
    return FolderNotUsable(path=path, problem=problem_of(error))


def name_of(path: Path) -> str:
    """A short name that stands for the folder."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
