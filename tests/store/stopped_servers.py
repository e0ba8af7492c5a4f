"""A server that is stopped as SIGSTOP or a hanging machine stops it: postmaster and every session."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from workers.servers.postgres import PostgresServer


def family(pid: int) -> list[int]:
    """The process and its children; PostgreSQL's sessions are in no group of their parent's."""
    found = [pid]
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text(encoding="utf-8").rpartition(") ")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
    return found


@contextmanager
def stopped(server: PostgresServer) -> Iterator[None]:
    assert server.process is not None
    with stopped_family(server.process.pid):
        yield


@contextmanager
def stopped_family(pid: int) -> Iterator[None]:
    pids = family(pid)
    for one in pids:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGSTOP)
    try:
        yield
    finally:
        for one in pids:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGCONT)
