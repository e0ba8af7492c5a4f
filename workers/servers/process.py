"""Child processes that end with the process that started them, however it ends; and waiting for the last of them."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from workers.servers.errors import StillRunning

_BY_PRCTL = (
    "import ctypes, os, signal, sys; "
    "ctypes.CDLL(None).prctl(1, getattr(signal, 'SIG' + sys.argv[1])); os.execvp(sys.argv[2], sys.argv[2:])"
)
_PATIENCE_SECONDS = 60.0


def dies_with_parent(command: Sequence[str], signal: str = "TERM") -> list[str]:
    """The command wrapped so that the kernel sends it this signal when the thread that started it dies.

    It is set after any change of user, which would clear it.
    """
    if shutil.which("setpriv"):
        return ["setpriv", "--pdeathsig", signal, "--", *command]
    return [sys.executable, "-c", _BY_PRCTL, signal, *command]


def inherited() -> dict[str, str]:
    """Our own environment for a child, without the token: workers and keepers never act as who started them."""
    return {name: value for name, value in os.environ.items() if name != "DONGHAENG_TOKEN"}


def environment() -> dict[str, str]:
    """What a server is told: no secret and no setting of ours, and its words come in English."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


@contextmanager
def alone(place: Path) -> Iterator[int]:
    """A lock for the server to inherit, had when every process of an earlier server here is gone.

    Raises StillRunning after a minute.
    """
    path = place / "server.lock"
    with path.open("ab") as lock:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise StillRunning(path=place) from None
                time.sleep(0.02)
        yield lock.fileno()
