"""The data folder: made and known to be writable, with a clear error where it cannot be."""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from pathlib import Path

from workers.servers.errors import FolderFull, FolderNotUsable


def made_folder(path: Path, mode: int = 0o755) -> Path:
    """The folder, made where it is missing, and known to be writable. Raises FolderNotUsable, FolderFull."""
    try:
        path.mkdir(mode=mode, parents=True, exist_ok=True)
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
    return FolderNotUsable(path=path, problem=error.strerror)


def name_of(path: Path) -> str:
    """A short name that stands for the folder."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
