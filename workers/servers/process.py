"""Child processes that end with the process that started them, however it ends; and waiting for the last of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from trail.locks import LockHeld, hold_lock
from workers.servers.errors import StillRunning

_BY_PRCTL = (
    "import ctypes, os, signal, sys; "
    "ctypes.CDLL(None).prctl(1, getattr(signal, 'SIG' + sys.argv[1])); os.execvp(sys.argv[2], sys.argv[2:])"
)
PATIENCE_SECONDS = 60.0


def dies_with_parent(command: Sequence[str], signal: str = "TERM") -> list[str]:
    """The command wrapped so that the kernel sends it this signal when the thread that started it dies.

    It is set after any change of user, which would clear it.
    """
    if shutil.which("setpriv"):
        return ["setpriv", "--pdeathsig", signal, "--", *command]
    return [sys.executable, "-c", _BY_PRCTL, signal, *command]


def start_module(module: str, told: str) -> subprocess.Popen[bytes]:
    """A module of ours as a process of its own that ends with this one: told a line, it answers on stdout."""
    pipe = subprocess.PIPE
    command = dies_with_parent([sys.executable, "-P", "-m", module])
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment_for_child())
    assert process.stdin is not None
    process.stdin.write(told.encode() + b"\n")
    process.stdin.flush()
    return process


def environment_for_child() -> dict[str, str]:
    """Our own environment for a child, without the token: workers and keepers never act as who started them."""
    return {name: value for name, value in os.environ.items() if name != "DONGHAENG_TOKEN"}


def environment() -> dict[str, str]:
    """What a server is told: no secret and no setting of ours, and its words come in English."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def start_server(
    command: Sequence[str], signal: str, log: Path, lock: int, **more: Any
) -> tuple[subprocess.Popen[bytes], int]:
    """The process, and from which byte on the log holds its words. `signal`: what it gets when we die; `more`: for Popen."""
    with log.open("ab") as words:
        begins = words.tell()
        process = subprocess.Popen(
            dies_with_parent(command, signal),
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            start_new_session=True,
            env=environment(),
            pass_fds=(lock,),
            **more,
        )
    return process, begins


def kill_server(process: subprocess.Popen[bytes], log: Path, begins: int) -> str:
    """End one that has not come up. Its words."""
    process.kill()
    process.wait()
    return log.read_bytes()[begins:].decode(errors="replace")


@contextmanager
def alone(place: Path) -> Iterator[int]:
    """A lock for the server to inherit, had when every process of an earlier server here is gone.

    Raises StillRunning after a minute.
    """
    with ExitStack() as held:
        try:
            lock = held.enter_context(hold_lock(place / "server.lock", PATIENCE_SECONDS))
        except LockHeld as error:
            raise StillRunning(path=place, holders=error.details["holders"]) from None
        yield lock
