"""File systems of a test's own, small enough to be filled."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def can_mount() -> bool:
    """Whether this machine lets us have file systems of our own: root, and not in a closed container."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        return False
    tried = ["unshare", "-m", "sh", "-c", "mount -t tmpfs none /mnt"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


@contextmanager
def mounted(at: Path, options: str) -> Iterator[None]:
    """A file system of its own in the folder."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "donghaeng-test", str(at)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(at)], check=True)


needs_mount = pytest.mark.skipif(not can_mount(), reason="no rights to mount a file system here")
