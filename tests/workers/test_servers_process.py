"""A child that ends with its parent: with the system's setpriv, and with ctypes where that is missing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workers.client_processes import eventually
from workers.servers.process import dies_with_parent, environment

SETPRIV = shutil.which("setpriv")


def lives(pid: int) -> bool:
    """A dead process that nobody has waited for does not live."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return False


def orphaned(command: list[str]) -> int:
    """Start the command as the child of a process that is killed once the child says something; the child's pid."""
    start = (
        "import os, subprocess as s, sys\n"
        "child = s.Popen(sys.argv[1:], stdout=s.PIPE)\n"
        "child.stdout.readline()\n"
        "print(child.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", start, *command], stdout=subprocess.PIPE, check=False)
    return int(done.stdout)


SAYS_SO = ["/bin/sh", "-c", "echo there; exec sleep 60"]


@pytest.mark.parametrize("with_setpriv", [True, False])
def test_a_child_ends_with_its_parent(
    with_setpriv: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if with_setpriv and SETPRIV is None:
        pytest.skip("there is no setpriv here")
    with monkeypatch.context() as without:
        if not with_setpriv:
            without.setenv("PATH", str(tmp_path))
        command = dies_with_parent(SAYS_SO)
    assert (SETPRIV is not None and command[0] == "setpriv") == with_setpriv
    child = orphaned(command)
    assert eventually(lambda: not lives(child))


def test_control_a_child_started_plainly_outlives_its_parent() -> None:
    child = orphaned(SAYS_SO)
    try:
        assert not eventually(lambda: not lives(child), seconds=0.5)
    finally:
        os.kill(child, signal.SIGKILL)


@pytest.mark.parametrize("with_setpriv", [True, False])
def test_the_child_gets_the_signal_that_was_asked_for(
    with_setpriv: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL takes SIGINT for a clean and fast end, and SIGTERM for waiting until all have left."""
    if not with_setpriv:
        monkeypatch.setenv("PATH", str(tmp_path))
    elif SETPRIV is None:
        pytest.skip("there is no setpriv here")
    heard = tmp_path / "heard"
    listening = (
        f"trap 'echo INT > {heard}; exit' INT; trap '' TERM; echo there; while :; do /bin/sleep 0.1; done"
    )
    command = dies_with_parent(["/bin/sh", "-c", listening], "INT")
    child = orphaned([f"{SETPRIV}", *command[1:]] if with_setpriv else command)
    assert eventually(lambda: not lives(child))
    assert heard.read_text(encoding="ascii").strip() == "INT"


def test_a_server_is_told_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:secret@host/db")
    monkeypatch.setenv("PGOPTIONS", "-c fsync=off")
    assert set(environment()) == {"PATH", "LC_ALL", "TZ"}
