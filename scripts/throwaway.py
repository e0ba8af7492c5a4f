"""Servers that nobody looks at again after a crash: their files in memory, and nothing waited for until it is on disk."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import psycopg

_MEMORY, _ENOUGH = Path("/dev/shm"), 2 << 30  # noqa: S108 - whoever asks makes a folder of its own in it


def in_memory() -> Path | None:
    """A folder in memory that programs may run in, with 2 GiB of room; None where there is none.

    A database takes 0.9 s to copy on a busy disk and 0.05 s here.
    """
    try:
        roomy = shutil.disk_usage(_MEMORY).free > _ENOUGH
        closed = os.statvfs(_MEMORY).f_flag & (os.ST_NOEXEC | os.ST_RDONLY)
    except OSError:
        return None
    return _MEMORY if roomy and not closed and os.access(_MEMORY, os.W_OK) else None


def forget_the_disk(owner_dsn: str) -> None:
    """Let the cluster of this superuser's connection wait for no disk. A crash of the machine would damage it."""
    with psycopg.connect(owner_dsn, autocommit=True) as connection:
        for statement in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"):
            connection.execute(statement.encode())
