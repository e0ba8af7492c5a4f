"""Other users of the machine: they get at nothing in a data folder, and who holds a lock is named."""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.workers.client_processes import TOP, eventually
from trail.locks import LockHeld, hold_lock, holders, open_lock
from workers.doctor.machine import rights
from workers.servers import client, running
from workers.servers.clearing import clear
from workers.servers.keeper import files
from workers.servers.place import passable
from workers.supervisor import AlreadyUp, only_up

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
_HOLD = 'exec 9<"$1" && flock 9 && echo && exec cat - "$2"'
_WAIT = "import fcntl, sys; fcntl.flock(open(sys.argv[1]), fcntl.LOCK_EX)"


@contextmanager
def held_by(path: Path, user: str | None = None) -> Iterator[int]:
    """Another process that has inherited the lock from one that ended; its id."""
    other = subprocess.Popen(
        ["sh", "-c", _HOLD, "sh", str(path), "\x1b[31mred"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        **({} if user is None else {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}),  # type: ignore[arg-type]
    )
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == b"\n"
        yield other.pid
    finally:
        other.communicate(timeout=10)


def open_to_others(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): f"{mode:04o}"
        for path in folder.rglob("*")
        if (mode := stat.S_IMODE(path.lstat().st_mode)) & 0o077
    }


@pytest.fixture
def var(data: Path) -> Iterator[Path]:
    """A data folder that is not there yet."""
    yield data / "var"
    clear(data / "var")
    shutil.rmtree(data / "var")


def test_what_a_command_and_its_servers_make_is_closed_whatever_the_umask(var: Path) -> None:
    command = [sys.executable, "-m", "scripts.cli.main", "migrate", "--data", str(var)]
    subprocess.run(command, cwd=TOP, check=True, umask=0, env=os.environ | {"PYTHONPATH": str(TOP)})
    assert stat.S_IMODE(var.stat().st_mode) == passable()
    assert {path.name for path in var.iterdir()} >= {"postgres.start.lock", "logs", "postgres"}
    assert open_to_others(var) == {}


@as_root
def test_another_user_gets_at_nothing_and_postgres_at_its_own(var: Path) -> None:
    with running(var, redis=False):
        for attempt in (["ls", str(var)], ["cat", str(files(var, "postgres").start)]):
            tried = subprocess.run(attempt, user="nobody", capture_output=True, cwd="/", check=False)
            assert "Permission denied" in tried.stderr.decode(), "and yet the server below it runs"
        (var / "postgres.start.lock").chmod(0o644)
        read = ["cat", str(files(var, "postgres").start)]
        assert subprocess.run(read, user="nobody", cwd="/", check=False).returncode == 0, "the control"


def test_a_lock_is_waited_for_so_long_and_its_holder_is_named(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_LOCK_SECONDS", 0.2)
    start = files(data, "postgres").start
    start.touch(0o644)
    user = "nobody" if os.geteuid() == 0 else None
    name = user or pwd.getpwuid(os.geteuid()).pw_name
    with held_by(start, user) as pid:
        with pytest.raises(LockHeld) as refused, running(data, redis=False):
            pass
        said = refused.value.say("en")
        assert f"pid {pid} ({name}: " in said
        assert "?[31mred" in said, "its own words cannot paint the screen"
        assert "\x1b" not in said
    with running(data, redis=False):
        pass
    assert stat.S_IMODE(start.stat().st_mode) == 0o600, "as an older program made it, it is closed"


def test_the_holder_of_an_up_is_named_and_who_waits_is_no_holder(data: Path) -> None:
    with held_by(lock := _made(data / "up.lock")) as pid, held_behind(lock):
        with pytest.raises(AlreadyUp, match=f"pid {pid} "), only_up(data):
            pass
        handle = open_lock(lock)
        assert holders(handle) == [pid]
        os.close(handle)
    with hold_lock(lock, 1):
        pass


def _made(path: Path) -> Path:
    path.touch(0o600)
    return path


@contextmanager
def held_behind(path: Path) -> Iterator[None]:
    """One that waits for the lock."""
    waiting = subprocess.Popen([sys.executable, "-c", _WAIT, str(path)])
    try:
        waits = f"-> FLOCK  ADVISORY  WRITE {waiting.pid} "
        assert eventually(lambda: waits in Path("/proc/locks").read_text())
        yield
    finally:
        waiting.kill()
        waiting.wait()


def test_doctor_tells_what_others_can_get_at(tmp_path: Path) -> None:
    data = tmp_path / "var"
    data.mkdir()

    def said() -> tuple[str, str]:
        (found,) = rights(data)
        return found.state, " ".join(found.say("en"))

    data.chmod(0o755)
    assert said()[0] == "wrong"
    assert f"chmod {passable():o} {data}" in said()[1]
    data.chmod(passable())
    assert said()[0] == "ok"
    (data / "open").touch(0o644)
    (data / "closed").mkdir(0o700)
    (data / "closed" / "inside").touch(0o644)
    assert said()[0] == ("wrong" if passable() & 0o077 else "ok"), "what lies in a closed folder is closed"
    data.chmod(0o711)
    if passable() == 0o711:
        assert f"chmod -R go-rwx {data}/*" in said()[1]
        (data / "open").chmod(0o600)
        assert said()[0] == "ok"
    assert list(rights(data / "nowhere")) == []


def test_who_forks_does_not_keep_a_lock_that_was_let_go(data: Path) -> None:
    lock = data / "x.lock"
    with hold_lock(lock, 1):
        handle = open_lock(lock)
        with pytest.raises(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(handle)
    with hold_lock(lock, 0):
        pass
