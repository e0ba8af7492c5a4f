"""The library that stands before libc in a storm's processes, `rigged/shim.c`: made here, and told whom it is to meet."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from scripts.random_storms.rig import shim_of

_SOURCE = Path(__file__).parent / "rigged" / "shim.c"
_SLOT, _SLOTS = struct.Struct("=iiq"), 8  # as in the source: process, what fails it, seconds
NO_DISK, NO_MEMORY = 1, 2
_alone = Lock()  # each fault is made in a thread of its own
POSTGRES = -1  # instead of a process: every one of its, also of those that are started meanwhile


def make_shim(folder: Path) -> None:
    """Compile it, where there is a compiler; without one nothing stands there, and such faults meet nobody."""
    library, table = shim_of(folder)
    compiler = shutil.which("cc")
    if compiler is None:
        return
    table.write_bytes(b"\0" * _SLOT.size * _SLOTS)
    table.chmod(0o644)
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(_SOURCE), "-ldl"],
        check=True,
        capture_output=True,
    )
    library.chmod(0o755)


@contextmanager
def shim_process(folder: Path, pid: int, *, fails: int = 0, seconds: int = 0) -> Iterator[None]:
    """During the block the process has a clock that is so many seconds off, or gets EIO for what it
    writes (`NO_DISK`), or no memory (`NO_MEMORY`). Several may last at once, on one process too.

    Raises LookupError where there is no library; ValueError where more than eight last.
    """
    library, table = shim_of(folder)
    if not library.exists():
        raise LookupError("no compiler")
    with table.open("r+b") as out:
        with _alone:
            used = [pid for pid, _, _ in _SLOT.iter_unpack(out.read())]
            place = used.index(0) * _SLOT.size
            _put(out.fileno(), place, _SLOT.pack(pid, fails, seconds))
        try:
            yield
        finally:
            _put(out.fileno(), place, _SLOT.pack(0, 0, 0))


def _put(file: int, place: int, slot: bytes) -> None:
    os.pwrite(file, slot, place)
