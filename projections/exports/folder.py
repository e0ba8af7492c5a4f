"""A folder that is there whole or not at all: written beside its place, brought to the disk, then renamed."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from projections.exports.errors import ExportFolderNotEmpty, ExportNotWritable
from trail.files import problem_of, resolve_path

_AT_ONCE = 1024 * 1024


@contextmanager
def appearing_whole(out: Path) -> Iterator[Path]:
    """A new folder to write to, which gets the name `out` when the block ends well, and else goes with all in it.

    What a killed run left beside it, `.NAME.….part`, holds nobody up. Raises ExportFolderNotEmpty, ExportNotWritable.
    """
    out = out.absolute()
    try:
        out = resolve_path(out)
        _refuse_full(out)
        part = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}.", suffix=".part"))
        try:
            yield part
            _refuse_full(out)
            _to_the_disk(part)
            part.rename(out)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        _sync(out.parent)
    except OSError as error:
        raise ExportNotWritable(path=out, problem=problem_of(error)) from None


def _refuse_full(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ExportFolderNotEmpty(path=out)


def _to_the_disk(folder: Path) -> None:
    for at, _, names in os.walk(folder):
        for name in names:
            _sync(Path(at, name))
        _sync(Path(at))


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sum_of(file: BinaryIO) -> tuple[int, str]:
    """How many bytes a file has, and their SHA-256 in hex."""
    digest, size = hashlib.sha256(), 0
    while some := file.read(_AT_ONCE):
        digest.update(some)
        size += len(some)
    return size, digest.hexdigest()
